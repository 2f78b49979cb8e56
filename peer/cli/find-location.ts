import { err, type Result, ok } from '#core/kernel';
import type { Location } from '#core/volumes';
import type { AnyFailure } from './failure.ts';
import { folderArgument } from './find-place.ts';
import type { OpenLibrary } from './open-library.ts';
import { parsePrinted } from './print.ts';

/** The location that `text` names: by its name, with or without a leading slash, or by the path of its folder. */
export async function findLocation(
	library: OpenLibrary,
	text: string,
	folder: string
): Promise<Result<Location, AnyFailure>> {
	const listed = await library.commands['locations.list']({}, library.context());
	if (!listed.ok) return listed;
	const forms = [text, parsePrinted(text) ?? text].map((form) => form.replace(/^\/|\/+$/g, ''));
	const path = folderArgument(text, folder);
	const named = listed.value.filter(({ name }) => forms.includes(name));
	if (named.length > 1) return err({ type: 'LocationAmbiguous', name: text });
	const found = named[0] ?? listed.value.find(({ root }) => root === path);
	return found === undefined ? err({ type: 'LocationUnknown', name: text }) : ok(found);
}
