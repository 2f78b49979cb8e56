import type { LocationId } from '#core/kernel';
import type { SharedFile } from '#core/index';
import type { Location } from '#core/volumes';
import type { KeepPolicy } from './schema.ts';

/** One file on a disk, under all names that the library knows it by. */
export type OneFile = { readonly key: string; readonly names: readonly SharedFile[] };

/** What is kept of some files of the same content, and what goes for it. */
export type CopyGroup = {
	readonly kept: SharedFile | null;
	readonly going: readonly SharedFile[];
	/** Bytes that no name holds any more once all of them have gone. */
	readonly savedBytes: number;
	/** Further names of what stays, or of what keeps a name elsewhere. */
	readonly names: number;
};

export type Keep = {
	readonly by: KeepPolicy;
	/** Where to keep one, for `in-folder`. */
	isInFolder(file: SharedFile): boolean;
	/** Entries that a person has chosen: where a group has some, these and no others stay. */
	readonly chosen: ReadonlySet<number>;
	/** Whether what holds it can be reached now. */
	isHere(location: LocationId): boolean;
};

/**
 * What tells one file from another: hard links have one inode and all times in common on their volume, and locations
 * that lie in one another list one file twice.
 */
export function fileKeys(files: readonly SharedFile[], locationOf: (id: LocationId) => Location | null): string[] {
	const byPath = new Map<string, string>();
	return files.map((file) => {
		const place = locationOf(file.location)?.place ?? null;
		const disk = place === null ? `l${file.location}` : `v${place.volume}`;
		const path = [disk, ...(place?.path ?? []), ...file.path, file.name].join('/');
		const key = file.inode === null ? path : `${disk}:${file.inode}:${file.modifiedMs}`;
		const known = byPath.get(path) ?? key;
		byPath.set(path, known);
		return known;
	});
}

function pathLength({ path, name }: SharedFile): number {
	return path.reduce((sum, part) => sum + part.length + 1, name.length);
}

/** Below zero where `a` is rather kept than `b`. */
function compare(by: KeepPolicy, a: SharedFile, b: SharedFile): number {
	const shorter = pathLength(a) - pathLength(b) || a.id - b.id;
	if (by === 'shortest-path') return shorter;
	// What has no time is neither the oldest nor the newest.
	const times = [a.modifiedMs, b.modifiedMs].map((ms) => ms ?? (by === 'newest' ? -Infinity : Infinity));
	const [first = 0, second = 0] = times;
	if (first === second) return shorter;
	return (first < second ? -1 : 1) * (by === 'newest' ? -1 : 1);
}

/** What stays: what a person has chosen, else the first by the policy of what is here; null where there is none. */
function chooseKept(copies: readonly SharedFile[], { by, chosen, isInFolder, isHere }: Keep): SharedFile | null {
	const wanted = copies.filter(({ id }) => chosen.has(id));
	const open =
		wanted.length > 0 ? wanted : by === 'chosen' ? [] : copies.filter((file) => file.isWithin || by === 'in-folder');
	const here = open.filter((file) => isHere(file.location));
	const placed = wanted.length === 0 && by === 'in-folder' ? here.filter(isInFolder) : here;
	return placed.toSorted((a, b) => compare(by, a, b))[0] ?? null;
}

/** Which files of one content stay and which go. `keys` tell which of them are one file. */
export function groupCopies(copies: readonly SharedFile[], keys: readonly string[], keep: Keep): CopyGroup {
	const kept = chooseKept(copies, keep);
	const keyOf = new Map(copies.map(({ id }, at) => [id, keys[at] ?? '']));
	const staying = new Set(
		copies.flatMap((file) => (file.id === kept?.id || keep.chosen.has(file.id) ? [keyOf.get(file.id) ?? ''] : []))
	);
	const others = copies.filter((file) => file.isWithin && file.id !== kept?.id && !keep.chosen.has(file.id));
	if (kept === null) return { kept, going: [], savedBytes: 0, names: 0 };
	const going = others.filter((file) => !staying.has(keyOf.get(file.id) ?? ''));
	const goingIds = new Set(going.map(({ id }) => id));
	// A file that keeps a name goes on taking its room.
	const held = new Set(copies.flatMap(({ id }) => (goingIds.has(id) ? [] : [keyOf.get(id) ?? ''])));
	const freed = new Set(going.flatMap(({ id }) => (held.has(keyOf.get(id) ?? '') ? [] : [keyOf.get(id) ?? ''])));
	const idle = going.filter(({ id }) => held.has(keyOf.get(id) ?? ''));
	return {
		kept,
		going,
		savedBytes: freed.size * kept.sizeBytes,
		names: others.length - going.length + idle.length
	};
}
