import type { AnyOperation } from '#core';
import type { KeepPolicy } from '#core/files';
import type { Wish } from './plan-sheet.svelte.ts';

type Asked = { readonly keep?: KeepPolicy; readonly folder?: number | null; readonly kept?: readonly number[] };

/** What was asked for about which copy is kept; nothing where an action does not ask that. */
export function askedOf({ action, input }: Wish): Asked {
	return action === 'files.deduplicate' && typeof input === 'object' && input !== null ? input : {};
}

/** Whether a person chooses which of several copies stays. */
export function choosesKept({ action }: Wish): boolean {
	return action === 'files.deduplicate';
}

/** What stays by a person's word where the copy of `operation` is to stay in place of the one that would. */
export function keptInstead(
	wish: Wish,
	{ entry, copyOf }: Extract<AnyOperation, { readonly kind: 'trash-copy' }>
): readonly number[] {
	const { kept = [] } = askedOf(wish);
	return [...kept.filter((id) => id !== copyOf.entry), entry];
}
