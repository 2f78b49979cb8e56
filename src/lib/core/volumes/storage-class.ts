import type { Medium } from '#core/ports';

/** How soon bytes can be had, from the soonest: at once, quickly, slowly, after asking for them and waiting. */
export const storageClasses = ['hot', 'warm', 'cold', 'deep'] as const;
export type StorageClass = (typeof storageClasses)[number];

/** How quickly a volume was read. `isDirect` where no cache of the system can have helped. */
export type Speed = { readonly bytesPerSecond: number; readonly isDirect: boolean };

/** Null is what is not known, and for `logical` no wish. */
export type Tier = {
	/** What the volume can do. */
	readonly physical: StorageClass | null;
	/** What the person wants of the location. */
	readonly logical: StorageClass | null;
	/** The colder of the two. */
	readonly effective: StorageClass | null;
	/** The volume is slower than what is wanted of it. */
	readonly isSlowerThanWanted: boolean;
};

/** What no disk with moving parts gives, and every flash disk inside a computer does. */
const hotBytesPerSecondMin = 300_000_000;
/** A film can be watched and a photo opened without waiting. */
const warmBytesPerSecondMin = 25_000_000;

/** Slower than every cache, and than a browser hands files on (some 250 MB/s): only the disk can be the reason. */
const onlyDiskBytesPerSecondMax = 100_000_000;

const ofMedium: Readonly<Record<Medium, StorageClass>> = {
	memory: 'hot',
	flash: 'hot',
	spinning: 'warm',
	network: 'cold',
	cloud: 'cold'
};

export function isStorageClass(value: unknown): value is StorageClass {
	return storageClasses.some((known) => known === value);
}

function rank(storageClass: StorageClass): number {
	return storageClasses.indexOf(storageClass);
}

/** The colder of the two; where one is unknown, the other. */
export function colderOf(a: StorageClass | null, b: StorageClass | null): StorageClass | null {
	if (a === null || b === null) return a ?? b;
	return rank(a) >= rank(b) ? a : b;
}

function classOfSpeed(bytesPerSecond: number): StorageClass {
	if (bytesPerSecond >= hotBytesPerSecondMin) return 'hot';
	return bytesPerSecond >= warmBytesPerSecondMin ? 'warm' : 'cold';
}

/**
 * The class of a volume: what was measured, else what the system says of its medium. A speed that a cache may have
 * helped, or the way to the disk hindered, counts only where it is too slow for either, and never makes a class warmer.
 */
export function physicalClassOf(medium: Medium | null, speed: Speed | null): StorageClass | null {
	const told = medium === null ? null : ofMedium[medium];
	if (speed === null) return told;
	if (speed.isDirect) return classOfSpeed(speed.bytesPerSecond);
	return speed.bytesPerSecond > onlyDiskBytesPerSecondMax ? told : colderOf(told, classOfSpeed(speed.bytesPerSecond));
}

export function tierOf(physical: StorageClass | null, logical: StorageClass | null): Tier {
	return {
		physical,
		logical,
		effective: colderOf(physical, logical),
		isSlowerThanWanted: physical !== null && logical !== null && rank(physical) > rank(logical)
	};
}

/** Sorts the warmer first, what is unknown last. */
export function compareClasses(a: StorageClass | null, b: StorageClass | null): number {
	return (a === null ? storageClasses.length : rank(a)) - (b === null ? storageClasses.length : rank(b));
}
