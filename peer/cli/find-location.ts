import { err, type Result, ok } from '#core/kernel';
import type { Location } from '#core/volumes';
import type { AnyFailure } from './failure.ts';
import { folderArgument } from './find-place.ts';
import type { OpenLibrary } from './open-library.ts';
import { parsePrinted } from './print.ts';

/** Whether a location is of this device: with those of others nothing is done here unless it is asked for by name. */
export function isHere({ problem }: Location): boolean {
	return problem?.type !== 'NotOnThisDevice';
}

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
	const everywhere = listed.value.filter(({ name }) => forms.includes(name));
	// Another device may have called a folder the same.
	const here = everywhere.filter(isHere);
	const named = here.length > 0 ? here : everywhere;
	if (named.length > 1) return err({ type: 'LocationAmbiguous', name: text });
	const found = named[0] ?? listed.value.find(({ root }) => root === path);
	return found === undefined ? err({ type: 'LocationUnknown', name: text }) : ok(found);
}
