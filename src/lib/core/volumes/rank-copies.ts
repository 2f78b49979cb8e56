import { err, ok, type EntryId, type Result } from '#core/kernel';
import { compareClasses, type StorageClass } from './storage-class.ts';

/** One of the places that hold a content. */
export type Copy = {
	readonly entry: EntryId;
	/** 0 for this device; the larger, the farther away another one is. */
	readonly distance: number;
	readonly isReachable: boolean;
	readonly storageClass: StorageClass | null;
	/** What people call the disk that it lies on. */
	readonly disk: string;
};

export type CopyFailure =
	/** Nothing that is known has this content. */
	| { readonly type: 'ContentUnknown'; readonly content: string }
	/** It is on `disks`, none of which can be reached now. */
	| { readonly type: 'CopiesAway'; readonly disks: readonly string[] };

function compareCopies(a: Copy, b: Copy): number {
	return a.distance - b.distance || compareClasses(a.storageClass, b.storageClass) || a.entry - b.entry;
}

/** The reachable copy on the nearest device, there on the warmest disk; else the disks that would have one. */
export function bestCopy(content: string, copies: readonly Copy[]): Result<Copy, CopyFailure> {
	if (copies.length === 0) return err({ type: 'ContentUnknown', content });
	const [best] = copies.filter(({ isReachable }) => isReachable).toSorted(compareCopies);
	if (best !== undefined) return ok(best);
	const disks = copies.toSorted(compareCopies).map(({ disk }) => disk);
	return err({ type: 'CopiesAway', disks: [...new Set(disks)] });
}
