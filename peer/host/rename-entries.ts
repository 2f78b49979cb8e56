import { linkSync, lstatSync, readdirSync, readFileSync, renameSync, statSync, unlinkSync, type Stats } from 'node:fs';
import type { Result } from '#core/kernel';
import type { ChangeFailure, Rename } from '#core/ports';
import { atNewPlace, atPlace, changing, checkSeen, Refused, refusals } from './change-failure.ts';
import { pathFromBytes, type DiskPath } from './disk-path.ts';
import type { OpenDirectory } from './open-directory.ts';
import { errorCode } from './system-error.ts';

/** `linked`: it has both names, and the old one is to go once the new one is sure. */
export type Renamed = 'linked' | 'done';

/** What says that this file system, or this file, takes no second name. */
const cannotLink: readonly string[] = ['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'];

type Ends = {
	readonly from: DiskPath;
	readonly to: DiskPath;
	readonly stats: Stats;
	readonly names: readonly [string, string];
	readonly folders: readonly [OpenDirectory, OpenDirectory];
};

function statOrNull(at: DiskPath): Stats | null {
	return lstatSync(at, { throwIfNoEntry: false }) ?? null;
}

function isSame(a: Stats, b: Stats): boolean {
	return a.dev === b.dev && a.ino === b.ino;
}

/**
 * Whether both names are one entry of one folder, which only a disk that takes some names for the same can have: then
 * to remove the one would remove the file.
 */
function isOneEntry({ names: [from, to], folders: [above, below] }: Ends): boolean {
	if (!isSame(statSync(above.held), statSync(below.held))) return false;
	const listed = readdirSync(below.held, { encoding: 'buffer' }).map((bytes) => pathFromBytes(bytes));
	return from === to || !listed.includes(from) || !listed.includes(to);
}

function mountOf({ held }: OpenDirectory): string {
	const path = held.toString();
	if (!path.startsWith('/proc/self/fd/')) return '';
	return /^mnt_id:\s*(\d+)/m.exec(readFileSync(path.replace('/fd/', '/fdinfo/'), 'utf8'))?.[1] ?? '';
}

/** Throws that the name is taken, or, as between two mounts of one disk, that nothing could be renamed there at all. */
function refuseTaken({ folders: [above, below] }: Ends): never {
	const isOneMount = above.device === below.device && mountOf(above) === mountOf(below);
	throw new Refused(isOneMount ? refusals.taken : refusals.notInOneStep);
}

/** Looks before it renames: somebody who makes `to` in between is written over, if it is a file or an empty folder. */
function renameChecked(ends: Ends): Renamed {
	const there = statOrNull(ends.to);
	if (there !== null && !(isSame(there, ends.stats) && isOneEntry(ends))) refuseTaken(ends);
	try {
		renameSync(ends.from, ends.to);
	} catch (error) {
		const code = errorCode(error);
		if (ends.stats.isDirectory() && code === 'EINVAL') throw new Refused(refusals.insideItself);
		if (code === 'ENOTEMPTY' || code === 'EISDIR' || code === 'ENOTDIR') throw new Refused(refusals.taken);
		throw error;
	}
	return 'done';
}

/** A second name is never given over one that is there, whoever else is at work. */
function linkOrRename(ends: Ends): Renamed {
	if (ends.stats.isDirectory()) return renameChecked(ends);
	// Elsewhere than on Linux a second name for a symlink is one for what it leads to.
	if (ends.stats.isSymbolicLink() && process.platform !== 'linux') return renameChecked(ends);
	try {
		linkSync(ends.from, ends.to);
		return 'linked';
	} catch (error) {
		const code = errorCode(error);
		if (cannotLink.includes(code)) return renameChecked(ends);
		if (code !== 'EEXIST') throw error;
		const there = statOrNull(ends.to);
		if (there === null || !isSame(there, ends.stats)) refuseTaken(ends);
		return isOneEntry(ends) ? renameChecked(ends) : 'linked';
	}
}

/** The first half of a renaming. */
export function giveNewName({ from, to, expected }: Rename): Result<Renamed, ChangeFailure> {
	return changing(() =>
		atPlace(from, (fromPath, above) => {
			const stats = lstatSync(fromPath);
			checkSeen(expected, stats);
			return atNewPlace(to, (toPath, below) =>
				linkOrRename({
					from: fromPath,
					to: toPath,
					stats,
					names: [from.path.at(-1) ?? '', to.path.at(-1) ?? ''],
					folders: [above, below]
				})
			);
		})
	);
}

/** The second half, of what is `linked`: the old name goes while it still is one of the same file. */
export function takeOldName({ from, to }: Rename): Result<null, ChangeFailure> {
	return changing(() =>
		atPlace(from, (fromPath) =>
			atPlace(to, (toPath) => {
				const [old, now] = [statOrNull(fromPath), statOrNull(toPath)];
				if (old === null) return null;
				if (now === null || !isSame(old, now)) throw new Refused(refusals.changed);
				unlinkSync(fromPath);
				return null;
			})
		)
	);
}
