import { fchmodSync, fchownSync, fstatSync, futimesSync, type Stats } from 'node:fs';
import { accessList, readAttributes, writeAttributes } from './extended-attributes.ts';
import { errorCode } from './system-error.ts';

/** What a new file of ours may be used for by others, as this process was told. */
const newMode = 0o666 & ~process.umask();

/** Gives the open file the rights of a new one. */
export function newFileMode(descriptor: number): void {
	fchmodSync(descriptor, newMode);
}

/** Errors of a file system that has no owners or rights, or of a person who may not give a file away. */
const cannotKeep: readonly string[] = ['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'];

function kept(work: () => void): boolean {
	try {
		work();
		return true;
	} catch (error) {
		if (!cannotKeep.includes(errorCode(error))) throw error;
		return false;
	}
}

/** Bits that lend the owner's rights to whoever runs the file. */
const lendsRights = 0o6000;
/** Where there is an access list, these say no longer what the group may do, but the most that anybody in the list may. */
const groupRights = 0o070;

/** What is open, and what the system said of it. */
export type Source = { readonly descriptor: number; readonly stats: Stats };

/**
 * Gives what is open as `descriptor` the owner, permissions, times and extended attributes of `source`, as far as the
 * system lets. Lent rights go only with their owner, and the group's rights not without the access list that bounds them.
 */
export function keepFacts(descriptor: number, { descriptor: from, stats }: Source): void {
	const now = fstatSync(descriptor);
	const isOwned =
		(now.uid === stats.uid && now.gid === stats.gid) || kept(() => fchownSync(descriptor, stats.uid, stats.gid));
	const attributes = readAttributes(from);
	const written = writeAttributes(descriptor, attributes);
	const isBounded = !attributes.has(accessList) || written.has(accessList);
	const mode = stats.mode & 0o7777 & ~(isOwned ? 0 : lendsRights) & ~(isBounded ? 0 : groupRights);
	kept(() => fchmodSync(descriptor, mode));
	futimesSync(descriptor, stats.atimeMs / 1_000, settableSeconds(stats.mtimeMs));
}

/**
 * Seconds that the system turns into a time of the same millisecond as `timeMs`. A number of seconds cannot hold every
 * millisecond: the next lower one would be kept for some.
 */
export function settableSeconds(timeMs: number): number {
	const seconds = timeMs / 1_000;
	const whole = Math.floor(seconds);
	const isLower = Math.floor(((seconds - whole) * 1e9) / 1e6) < Math.floor(timeMs) - whole * 1_000;
	return isLower ? seconds + 2 ** -21 : seconds;
}
