import { err, ok, type EntryId, type Result } from '#core/kernel';
import type { TagNode } from '#core/metadata';
import type { AnyFailure } from './failure.ts';
import { findPlace } from './find-place.ts';
import type { OpenLibrary } from './open-library.ts';
import { parsePrinted } from './print.ts';

/** The names of a tag from the top of the graph down, by its first parents. */
export function tagPath(tag: TagNode, tags: readonly TagNode[]): string {
	const [parent] = tag.parents;
	const above = parent === undefined ? undefined : tags.find(({ id }) => id === parent);
	return above === undefined ? tag.name : `${tagPath(above, tags)}/${tag.name}`;
}

/** The tag that `text` names: by its id, its name, or its path (`Places/Paris`) where a name stands twice. */
export async function findTag(
	{ commands, context }: OpenLibrary,
	text: string
): Promise<Result<{ readonly tag: TagNode; readonly tags: readonly TagNode[] }, AnyFailure>> {
	const listed = await commands['metadata.tags']({}, context());
	if (!listed.ok) return listed;
	const tags = listed.value;
	for (const form of [text, parsePrinted(text)]) {
		const found = tags.filter((tag) => [tag.id, tag.name, tagPath(tag, tags)].some((name) => name === form));
		const exact = found.length > 1 ? found.filter((tag) => tagPath(tag, tags) === form) : found;
		const [tag, ...others] = exact.length === 0 ? found : exact;
		if (tag === undefined) continue;
		return others.length === 0 ? ok({ tag, tags }) : err({ type: 'TagAmbiguous', name: text });
	}
	return err({ type: 'TagUnknown', name: text });
}

/** The entries that `paths` name, in their order. */
export async function findEntries(
	library: OpenLibrary,
	paths: readonly string[],
	{ command, folder }: { readonly command: string; readonly folder: string }
): Promise<Result<EntryId[], AnyFailure>> {
	const entries: EntryId[] = [];
	for (const path of paths) {
		const place = await findPlace(library, path, folder);
		if (!place.ok) return place;
		if (place.value.entry === null)
			return err({ type: 'UsageWrong', command, problem: 'The list of all locations is nothing to be tagged.' });
		entries.push(place.value.entry.row.id);
	}
	return ok(entries);
}
