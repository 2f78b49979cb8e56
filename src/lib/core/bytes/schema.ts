import { invariant } from '#core/kernel';
import type { ChangeFailure, DiskPlace, FileFailure, FilesFailure, Host, SeenEntry } from '#core/ports';

export type FilesDeps = Pick<Host, 'files' | 'changes' | 'compute' | 'clock'> & {
	/** How much is read and written at once, where somebody wants another measure. */
	readonly blockBytes?: number;
};

/** Why a step has ended, and where. */
export type StepFailure = StepCause & { readonly place: DiskPlace };
export type StepCause =
	| ChangeFailure
	| FilesFailure
	| FileFailure
	/** What was read back is not what was written. */
	| { readonly type: 'CopyDiffers'; readonly retry: 'soon' };

/** A file as it was left. */
export type Copied = {
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
	readonly inode: number | null;
	/** BLAKE3 of all bytes; null where they share their blocks with the source's and no proof was asked for. */
	readonly hash: Uint8Array | null;
};

/** A step that goes from one place to another. */
export type FromTo = {
	/**
	 * Names this very step for good: small letters, digits and dashes. What is on its way bears it in its name, so that
	 * the same step knows it again after a kill.
	 */
	readonly step: string;
	readonly from: DiskPlace;
	/** What is at `from`. */
	readonly expected: SeenEntry;
	readonly to: DiskPlace;
	/**
	 * Whoever keeps a journal knows that no earlier run was begun: then what has the target's name is somebody else's,
	 * whatever is in it. Else a target with the very bytes of the source counts as made by this step.
	 */
	readonly isFirst?: boolean;
};

export type Proof = {
	/** Whether what was written is read again and compared. */
	readonly proof: boolean;
};

/** Called with the number of bytes of the source that were dealt with since the last call. */
export type OnBytes = (bytes: number) => void;

/** Names of a step begin so, whatever they are for. */
export function ownPrefix(step: string): string {
	invariant(/^[0-9a-z][0-9a-z-]{0,63}$/.test(step), 'a step is named by small letters, digits and dashes');
	return `.atoll-${step}.`;
}

/** The step that has something of this name on its way; null where none does. */
export function stepOf(name: string): string | null {
	return /^\.atoll-([0-9a-z][0-9a-z-]{0,63})\.(?:part|moved|\d+)$/.exec(name)?.[1] ?? null;
}

/** What is being written; never taken for a whole thing. */
export function partName(step: string): string {
	return `${ownPrefix(step)}part`;
}

/** Lies beside a copy whose source is being taken away. */
export function movedName(step: string): string {
	return `${ownPrefix(step)}moved`;
}

export function beside({ root, path }: DiskPlace, name: string): DiskPlace {
	return { root, path: [...path.slice(0, -1), name] };
}

export function inside({ root, path }: DiskPlace, ...names: readonly string[]): DiskPlace {
	return { root, path: [...path, ...names] };
}

export function above({ root, path }: DiskPlace): DiskPlace {
	return { root, path: path.slice(0, -1) };
}

/** `failure`, with where it happened. */
export function failedAt(place: DiskPlace, failure: StepCause): { readonly ok: false; readonly failure: StepFailure } {
	return { ok: false, failure: { ...failure, place } };
}

/** Whether `now` is what was seen. */
export function isAsSeen(seen: SeenEntry, now: SeenEntry): boolean {
	if (seen.kind !== now.kind || (seen.inode !== null && now.inode !== null && seen.inode !== now.inode)) return false;
	return seen.kind === 'directory' || (seen.sizeBytes === now.sizeBytes && seen.modifiedMs === now.modifiedMs);
}
