import type { TagNode } from '#core/metadata';

/** A tag that can be chosen; one that is not there yet can be made. */
export type TagChoice = { readonly id: string; readonly name: string; readonly tag: TagNode | null };

const plain = (text: string): string => text.normalize('NFKC').trim().toLocaleLowerCase();

/**
 * Tags that what is typed may mean: first those that begin with it, each in the order of `tags`; last the tag of that
 * name, to be made, where there is none. A hidden tag is found by its whole name alone.
 */
export function findTags(tags: readonly TagNode[], typed: string): readonly TagChoice[] {
	const words = plain(typed);
	const found = tags.filter(({ name, privacy }) =>
		privacy === 'hidden' ? plain(name) === words : plain(name).includes(words)
	);
	const isFirst = ({ name }: TagNode): boolean => plain(name).startsWith(words);
	const choices: TagChoice[] = [...found.filter(isFirst), ...found.filter((tag) => !isFirst(tag))].map((tag) => ({
		id: tag.id,
		name: tag.name,
		tag
	}));
	const isThere = found.some(({ name }) => plain(name) === words);
	return words === '' || isThere ? choices : [...choices, { id: 'make', name: typed.trim(), tag: null }];
}

/** Tags that are shown without being asked for. */
export function openTags<T extends { readonly privacy: TagNode['privacy'] }>(tags: readonly T[]): readonly T[] {
	return tags.filter(({ privacy }) => privacy !== 'hidden');
}

/** 128 random bits, as a new tag is known by. */
export function newTagId(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
