/** Disks, and how soon their files are at hand, in words. */
import type { Location, StorageClass, Tier, Volume } from '#core/volumes';
import { sizeWords } from './values.ts';

const kinds: Readonly<Record<Volume['kind'], string>> = {
	internal: 'Disk inside this computer',
	removable: 'Removable disk',
	network: 'Network folder',
	cloud: 'Cloud storage',
	memory: 'Memory of this computer',
	browser: 'Storage of this browser',
	'picked-folder': 'Picked folder',
	unknown: 'Disk'
};

/** The same of one that is on another device. */
const kindsThere: Readonly<Partial<Record<Volume['kind'], string>>> = {
	internal: 'Disk inside that computer',
	memory: 'Memory of that computer',
	browser: 'Storage of that browser'
};

/** What kind of thing a volume is; `isTheirs` where it is on another device. */
export function diskKindWords({ kind }: Pick<Volume, 'kind'>, isTheirs = false): string {
	return (isTheirs ? kindsThere[kind] : undefined) ?? kinds[kind];
}

/** What a person calls a volume: by their own name, its label, the folder that is all of it, or its kind. */
export function diskName(volume: Volume, locations: readonly Location[]): string {
	const isTheirs = locations.some(({ problem }) => problem?.type === 'NotOnThisDevice');
	const [only] = volume.kind === 'picked-folder' ? locations : [];
	return volume.name ?? volume.label ?? only?.name ?? diskKindWords(volume, isTheirs);
}

export const classTitles: Readonly<Record<StorageClass, string>> = {
	hot: 'Hot',
	warm: 'Warm',
	cold: 'Cold',
	deep: 'Deep'
};

const classMeanings: Readonly<Record<StorageClass, string>> = {
	hot: 'there at once',
	warm: 'quickly there',
	cold: 'slow to come',
	deep: 'to be waited for'
};

/** A class and what it means: `Hot: there at once`. */
export function classWords(storageClass: StorageClass): string {
	return `${classTitles[storageClass]}: ${classMeanings[storageClass]}`;
}

/** The class that holds, or the wish where nothing is known of the disk; null where there is neither. */
export function tierWords({ physical, logical, effective }: Tier): string | null {
	if (physical === null) return logical === null ? null : `Wanted ${logical}; what its disk gives is not known`;
	return effective === null ? null : classWords(effective);
}

/** That a disk cannot give what is wanted of it; null where it can. */
export function slowerWords({ physical, logical, isSlowerThanWanted }: Tier): string | null {
	if (!isSlowerThanWanted || physical === null || logical === null) return null;
	return `You want it ${logical}, and its disk is ${physical}: files here are ${classMeanings[physical]}.`;
}

/** `1.2 TB free of 4.0 TB`, as far as the disk tells. */
export function roomWords({ capacityBytes, freeBytes }: Pick<Volume, 'capacityBytes' | 'freeBytes'>): string {
	if (capacityBytes === null || freeBytes === null) return 'Size not known';
	return `${sizeWords(freeBytes)} free of ${sizeWords(capacityBytes)}`;
}

/** Less free than a library needs to go on. */
const fullBelowBytes = 200_000_000;

/** Whether next to nothing is free on it. */
export function isFull({ freeBytes }: Pick<Volume, 'freeBytes'>): boolean {
	return freeBytes !== null && freeBytes < fullBelowBytes;
}

/** `609 MB/s`; a speed that a cache may have helped is said to be one. */
export function speedWords(speed: NonNullable<Volume['speed']>): string {
	return `${sizeWords(speed.bytesPerSecond)}/s${speed.isDirect ? '' : ', perhaps from memory'}`;
}
