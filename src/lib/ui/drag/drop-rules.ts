/** What may be dropped where, and whether that moves or copies. */
import type { Transfer } from '#ui/files/file-work.svelte.ts';

/** A folder of the library, as far as a drop is concerned. */
export type DropPlace = {
	readonly location: number;
	/** The disk it lies on; null where that is not known. */
	readonly volume: number | null;
	readonly isAway: boolean;
	/** The browser lets nothing be written there, and does not ask for it again. */
	readonly isReadOnly: boolean;
};

/** What is being dragged, all of it together. */
export type Dragged = {
	readonly ids: Float64Array;
	/** The folder that all of it lies in; null where that is not one. */
	readonly from: number | null;
	/** The folders of the library that it lies in. */
	readonly places: readonly DropPlace[];
};

/** The folder that a drop would go into. */
export type DropTarget = {
	/** From the folder of the library down to it; empty where it is not there any more. */
	readonly trail: readonly number[];
	readonly place: DropPlace | null;
};

/** The keys that say what a drop does. */
export type DropKeys = { readonly copies: boolean; readonly moves: boolean };

export type DropVerdict =
	| {
			readonly type: 'can';
			readonly transfer: Transfer;
			/** What has decided between moving and copying. */
			readonly by: 'key' | 'same-disk' | 'other-disk' | 'read-only';
	  }
	| {
			readonly type: 'cannot';
			readonly why:
				| 'target-gone'
				| 'inside-itself'
				| 'source-away'
				| 'target-away'
				| 'target-read-only'
				| 'source-read-only'
				| 'already-there';
	  };

type Held = {
	readonly ctrlKey: boolean;
	readonly altKey: boolean;
	readonly shiftKey: boolean;
	readonly metaKey: boolean;
};

/** The keys as people know them from this machine's own windows. */
export function dropKeys({ ctrlKey, altKey, shiftKey, metaKey }: Held, onApple: boolean): DropKeys {
	return onApple ? { copies: altKey, moves: metaKey } : { copies: ctrlKey || altKey, moves: shiftKey };
}

/** Whether a move between them writes names only. What is not known to be one disk is two. */
function isOneDisk(a: DropPlace, b: DropPlace): boolean {
	return a.location === b.location || (a.volume !== null && a.volume === b.volume);
}

function transferOf({ places }: Dragged, target: DropPlace, keys: DropKeys): Extract<DropVerdict, { type: 'can' }> {
	if (keys.copies || keys.moves) return { type: 'can', transfer: keys.copies ? 'copy' : 'move', by: 'key' };
	// As people know it: within a disk things are moved, to another one they are copied.
	if (!places.every((place) => isOneDisk(place, target))) return { type: 'can', transfer: 'copy', by: 'other-disk' };
	if (places.some(({ isReadOnly }) => isReadOnly)) return { type: 'can', transfer: 'copy', by: 'read-only' };
	return { type: 'can', transfer: 'move', by: 'same-disk' };
}

/** What a drop would do, or why there can be none; the plan of it says more. */
export function judgeDrop(dragged: Dragged, { trail, place }: DropTarget, keys: DropKeys): DropVerdict {
	const folder = trail.at(-1);
	if (folder === undefined || place === null) return { type: 'cannot', why: 'target-gone' };
	if (trail.some((id) => dragged.ids.includes(id))) return { type: 'cannot', why: 'inside-itself' };
	if (dragged.places.some(({ isAway }) => isAway)) return { type: 'cannot', why: 'source-away' };
	if (place.isAway) return { type: 'cannot', why: 'target-away' };
	if (place.isReadOnly) return { type: 'cannot', why: 'target-read-only' };
	const verdict = transferOf(dragged, place, keys);
	if (verdict.transfer === 'copy') return verdict;
	if (dragged.places.some(({ isReadOnly }) => isReadOnly)) return { type: 'cannot', why: 'source-read-only' };
	return dragged.from === folder ? { type: 'cannot', why: 'already-there' } : verdict;
}
