import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readlinkSync, statSync } from 'node:fs';
import { childPath, diskPath, maybeRaw, type DiskPath } from './disk-path.ts';
import { errorCode } from './system-error.ts';

/** A directory held open, so that what is read of it cannot become another one's. */
export type OpenDirectory = {
	/** Reads exactly this directory, wherever its name leads by now. */
	readonly held: DiskPath;
	/** Its path: quicker to look names up by, and to be believed only while `isInPlace`. */
	readonly path: DiskPath;
	isInPlace(): boolean;
	/** The number of the device that it is on. */
	readonly device: number;
	close(): void;
};

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
/** Where Linux names what this process has open. */
export const descriptors = '/proc/self/fd';
/** Linux lets an open directory be named, which takes the race out of every check. */
const canNameDescriptors = process.platform === 'linux' && existsSync(descriptors);

/**
 * Opens the directory `segments` below `root`. The root may be a symlink, nothing below it: one that was put in
 * place of a directory fails as `ENOTDIR` or `ELOOP`. Throws the system's errors.
 */
export function openDirectory(root: string, segments: readonly string[]): OpenDirectory {
	return canNameDescriptors ? openByDescriptor(root, segments) : openByPath(root, segments);
}

function openByDescriptor(root: string, segments: readonly string[]): OpenDirectory {
	const path = diskPath(root, segments);
	const descriptor = openBelow(root, segments, path);
	const held = `${descriptors}/${descriptor}`;
	const here = fstatSync(descriptor);
	return {
		held,
		path,
		device: here.dev,
		isInPlace() {
			const there = statOrNull(path);
			return there !== null && there.dev === here.dev && there.ino === here.ino;
		},
		close: () => closeSync(descriptor)
	};
}

function statOrNull(path: DiskPath): { readonly dev: number; readonly ino: number } | null {
	try {
		return statSync(path);
	} catch {
		return null;
	}
}

function openBelow(root: string, segments: readonly string[], path: DiskPath): number {
	if (segments.length === 0) return openSync(path, O_RDONLY | O_DIRECTORY);
	const descriptor = openAtOnce(path);
	if (descriptor !== null) {
		if (isStraightBelow(root, segments, descriptor)) return descriptor;
		closeSync(descriptor);
		// Perhaps the root leads elsewhere by now.
		systemNames.delete(root);
	}
	return openStepByStep(root, segments);
}

/** Null where the path is longer than the system takes in one piece. */
function openAtOnce(path: DiskPath): number | null {
	try {
		return openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	} catch (error) {
		if (errorCode(error) === 'ENAMETOOLONG') return null;
		throw error;
	}
}

/**
 * What the system calls a root, the last time that we looked. Out of date it only costs the sure way: a directory
 * that the system calls by it and then `segments` was reached without a symlink.
 */
const systemNames = new Map<string, DiskPath>();
/** Roots are what a person added by hand. */
const systemNamesMax = 64;

function systemName(root: string): DiskPath {
	const known = systemNames.get(root);
	if (known !== undefined) return known;
	const descriptor = openSync(diskPath(root, []), O_RDONLY | O_DIRECTORY);
	try {
		const name = pathOf(descriptor);
		if (systemNames.size >= systemNamesMax) systemNames.clear();
		systemNames.set(root, name);
		return name;
	} finally {
		closeSync(descriptor);
	}
}

/** The system's own name for what is open, on Linux. */
export function pathOf(descriptor: number): DiskPath {
	const path = readlinkSync(`${descriptors}/${descriptor}`);
	return maybeRaw(path) ? readlinkSync(`${descriptors}/${descriptor}`, 'buffer') : path;
}

/**
 * Whether the system's own name for `descriptor` is the root's and then `segments`: so no symlink was passed. False
 * where it cannot tell, or where the root leads elsewhere by now.
 */
export function isStraightBelow(root: string, segments: readonly string[], descriptor: number): boolean {
	if (!canNameDescriptors) return false;
	const top = systemName(root);
	const expected =
		typeof top === 'string'
			? diskPath(top, segments)
			: segments.reduce<DiskPath>((at, segment) => childPath(at, segment), top);
	const found = pathOf(descriptor);
	if (typeof found === 'string' || typeof expected === 'string') return found === expected;
	return found.equals(expected);
}

/** The sure way, where names do not tell: case folding, a path too long, a directory moved meanwhile. */
function openStepByStep(root: string, segments: readonly string[]): number {
	let at = openSync(diskPath(root, []), O_RDONLY | O_DIRECTORY);
	for (const segment of segments) {
		const above = at;
		try {
			at = openSync(childPath(`${descriptors}/${above}`, segment), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
		} finally {
			closeSync(above);
		}
	}
	return at;
}

/** Where directories cannot be held, the path is checked before and after: a swap in between is found out. */
function openByPath(root: string, segments: readonly string[]): OpenDirectory {
	const path = diskPath(root, segments);
	const here = checkedStat(root, segments);
	return {
		held: path,
		path,
		device: here.dev,
		isInPlace() {
			const now = checkedStat(root, segments);
			return now.dev === here.dev && now.ino === here.ino;
		},
		close: () => undefined
	};
}

function checkedStat(root: string, segments: readonly string[]): { readonly dev: number; readonly ino: number } {
	let found = statSync(diskPath(root, []));
	for (let depth = 1; depth <= segments.length; depth++) {
		found = lstatSync(diskPath(root, segments.slice(0, depth)));
		if (!found.isDirectory()) throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR', syscall: 'lstat' });
	}
	return found;
}
