import { err, ok, type Result } from '#core/kernel';
import { nameOfVolume, type Volume } from '#core/volumes';
import type { AnyFailure } from './failure.ts';
import type { OpenLibrary } from './open-library.ts';
import { parsePrinted } from './print.ts';

/** The volume that `text` names: by its number, or by its name where no other bears that. */
export async function findVolume(library: OpenLibrary, text: string): Promise<Result<Volume, AnyFailure>> {
	const listed = await library.commands['volumes.list']({}, library.context());
	if (!listed.ok) return listed;
	const byNumber = listed.value.find(({ id }) => String(id) === text);
	const forms = [text, parsePrinted(text) ?? text];
	const named = listed.value.filter((volume) => forms.includes(nameOfVolume(volume) ?? ''));
	const found = byNumber ?? (named.length === 1 ? named[0] : undefined);
	return found === undefined ? err({ type: 'VolumeMissing' }) : ok(found);
}
