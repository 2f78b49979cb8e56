import type { TagNode } from '#core/metadata';

/** A tag that can be chosen; one that is not there yet can be made. */
export type TagChoice = { readonly id: string; readonly name: string; readonly tag: TagNode | null };

const plain = (text: string): string => text.normalize('NFKC').trim().toLocaleLowerCase();

export const isNamed = (name: string, typed: string): boolean => plain(name) === plain(typed);

/** Those that have what is typed in their names: first those that begin with it, each in the order of `items`. */
export function findNamed<T extends { readonly name: string }>(items: readonly T[], typed: string): readonly T[] {
	const words = plain(typed);
	const found = items.filter(({ name }) => plain(name).includes(words));
	const isFirst = ({ name }: T): boolean => plain(name).startsWith(words);
	return [...found.filter(isFirst), ...found.filter((item) => !isFirst(item))];
}

/** Tags that what is typed may mean. A hidden tag is found by its whole name alone. */
export function tagsNamed(tags: readonly TagNode[], typed: string): readonly TagNode[] {
	return findNamed(
		tags.filter(({ name, privacy }) => privacy !== 'hidden' || isNamed(name, typed)),
		typed
	);
}

/** Tags that what is typed may mean; last the tag of that name, to be made, where there is none. */
export function findTags(tags: readonly TagNode[], typed: string): readonly TagChoice[] {
	const found = tagsNamed(tags, typed);
	const choices = found.map((tag): TagChoice => ({ id: tag.id, name: tag.name, tag }));
	const isThere = plain(typed) === '' || found.some(({ name }) => isNamed(name, typed));
	return isThere ? choices : [...choices, { id: 'make', name: typed.trim(), tag: null }];
}

/** Tags that are shown without being asked for. */
export function openTags<T extends { readonly privacy: TagNode['privacy'] }>(tags: readonly T[]): readonly T[] {
	return tags.filter(({ privacy }) => privacy !== 'hidden');
}

/** 128 random bits, as a new tag or collection is known by. */
export function newId(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
