import { err, ok, type EntryId, type Result } from '#core/kernel';
import type { Trashed } from '#core/index';
import type { AnyFailure } from './failure.ts';
import type { OpenLibrary } from './open-library.ts';
import { parsePrinted } from './print.ts';

/** Rows that are asked for at once. */
const pageMax = 1_000;

/** Something in the trash and the path of the library that it had. */
export type TrashedPlace = Trashed & { readonly path: string };

/** All that lies in the trash, the latest first. */
export async function listTrash(library: OpenLibrary): Promise<Result<TrashedPlace[], AnyFailure>> {
	const { commands, context } = library;
	const locations = await commands['locations.list']({}, context());
	if (!locations.ok) return locations;
	const names = new Map(locations.value.map(({ id, name }) => [id, name]));
	const all: TrashedPlace[] = [];
	for (;;) {
		const page = await commands['files.trash-list']({ offset: all.length, limit: pageMax }, context());
		if (!page.ok) return page;
		for (const trashed of page.value.items) {
			const above = [names.get(trashed.location) ?? '', trashed.originalPath].filter((part) => part !== '');
			all.push({ ...trashed, path: `/${[...above, trashed.originalName].join('/')}` });
		}
		if (page.value.items.length < pageMax) return ok(all);
	}
}

/** What `text` names in the trash: a number of the list, the path that it had, or its name if no other is called so. */
function findOne(trash: readonly TrashedPlace[], command: string, text: string): Result<EntryId, AnyFailure> {
	const numbered = /^[1-9]\d{0,14}$/.test(text) ? trash.find(({ entry }) => entry === Number(text)) : undefined;
	if (numbered !== undefined) return ok(numbered.entry);
	const forms = [text, parsePrinted(text) ?? text];
	const alike = trash.filter(({ path, originalName }) => forms.includes(path) || forms.includes(originalName));
	const [found, another] = alike;
	if (found === undefined) return err({ type: 'TrashedMissing', name: text });
	if (another === undefined) return ok(found.entry);
	const numbers = alike.slice(0, 10).map(({ entry }) => entry);
	const problem = `Several in the trash are called "${text}": say which by its number (${numbers.join(', ')}).`;
	return err({ type: 'UsageWrong', command, problem });
}

/** What `texts` name in the trash, all of it or the failure of the first that names nothing. */
export function findTrashed(
	trash: readonly TrashedPlace[],
	command: string,
	texts: readonly string[]
): Result<EntryId[], AnyFailure> {
	const entries: EntryId[] = [];
	for (const text of texts) {
		const found = findOne(trash, command, text);
		if (!found.ok) return found;
		entries.push(found.value);
	}
	return ok(entries);
}
