import { statfsSync, type Stats } from 'node:fs';
import { err, ok, type Result } from '#core/kernel';
import type { ChangeFailure, DiskPlace, SeenEntry } from '#core/ports';
import { checkRoot, checkSegments, childPath, type DiskPath } from './disk-path.ts';
import { diskEntry, folderFailure } from './read-folder.ts';
import { openDirectory, type OpenDirectory } from './open-directory.ts';
import { errorCode } from './system-error.ts';

/** Thrown where a change is refused for a reason that is ours, not the system's. */
export class Refused extends Error {
	override readonly name = 'Refused';
	readonly failure: ChangeFailure;

	constructor(failure: ChangeFailure) {
		super(failure.type);
		this.failure = failure;
	}
}

export const refusals = {
	taken: { type: 'NameTaken', retry: 'never' },
	refused: { type: 'NameRefused', retry: 'never' },
	changed: { type: 'SourceChanged', retry: 'never' },
	notInOneStep: { type: 'NotInOneStep', retry: 'never' },
	insideItself: { type: 'InsideItself', retry: 'never' }
} as const satisfies Readonly<Record<string, ChangeFailure>>;

/** What an error of the system means for a change of one entry. */
export function changeFailure(error: unknown): ChangeFailure {
	if (error instanceof Refused) return error.failure;
	const code = errorCode(error);
	switch (code) {
		case 'ENOENT':
			return { type: 'FileMissing', retry: 'when-online' };
		case 'EEXIST':
			return refusals.taken;
		case 'ENOTEMPTY':
			return { type: 'FolderNotEmpty', retry: 'never' };
		case 'ENAMETOOLONG':
		case 'EINVAL':
		case 'EILSEQ':
			return refusals.refused;
		case 'EXDEV':
			return refusals.notInOneStep;
		case 'ENOSPC':
		case 'EDQUOT':
			return { type: 'NoSpace', retry: 'soon' };
		case 'EFBIG':
			return { type: 'TooLarge', retry: 'never' };
		case 'EROFS':
			return { type: 'FolderReadOnly', retry: 'when-online' };
		case 'EACCES':
		case 'EPERM':
			return { type: 'ChangeDenied', retry: 'when-online' };
		// A symlink or a folder in place of what was seen.
		case 'ELOOP':
		case 'EISDIR':
		case 'ENOTDIR':
			return refusals.changed;
		default:
			return { type: 'ChangeFailed', code, retry: 'soon' };
	}
}

export function changing<T>(work: () => T): Result<T, ChangeFailure> {
	try {
		return ok(work());
	} catch (error) {
		return err(changeFailure(error));
	}
}

/** The folder `path` of `root`, open while `work` runs, which does not wait. */
export function inFolder<T>(root: string, path: readonly string[], work: (folder: OpenDirectory) => T): T {
	const key = [root, ...path].join('\0');
	const known = kept.get(key);
	if (known?.isInPlace()) return work(known);
	const folder = openFolder(root, path);
	keep(key, folder);
	return work(folder);
}

/** Folders that were opened in this turn: thousands of files are written into one. They are shut when others have theirs. */
const kept = new Map<string, OpenDirectory>();
/** More than any one change needs at the same time. */
const keptMax = 16;

function keep(key: string, folder: OpenDirectory): void {
	if (kept.size === 0) setImmediate(shutAll);
	const oldest = kept.has(key) ? key : kept.size >= keptMax ? [...kept.keys()][0] : undefined;
	if (oldest !== undefined) {
		kept.get(oldest)?.close();
		kept.delete(oldest);
	}
	kept.set(key, folder);
}

function shutAll(): void {
	for (const folder of kept.values()) folder.close();
	kept.clear();
}

function openFolder(root: string, path: readonly string[]): OpenDirectory {
	checkRoot(root);
	checkSegments(path);
	try {
		return openDirectory(root, path);
	} catch (error) {
		throw new Refused(folderFailure(errorCode(error)));
	}
}

/** The folder that `place` is in, open while `work` runs, and the path of the name in it. */
export function atPlace<T>({ root, path }: DiskPlace, work: (at: DiskPath, folder: OpenDirectory) => T): T {
	const name = path.slice(-1);
	checkSegments(name);
	return inFolder(root, path.slice(0, -1), (folder) => work(childPath(folder.held, name[0] ?? ''), folder));
}

/** As `atPlace`, for a name that is to come. */
export function atNewPlace<T>(place: DiskPlace, work: (at: DiskPath, folder: OpenDirectory) => T): T {
	const name = place.path.at(-1) ?? '';
	if (leadsElsewhere(name)) throw new Refused(refusals.refused);
	return atPlace(place, (at, folder) => {
		if (isForeignToWindows(name) && hasWindowsNames(folder)) throw new Refused(refusals.refused);
		return work(at, folder);
	});
}

/** Whether the system would take `name` for a path, or for another name. */
function leadsElsewhere(name: string): boolean {
	return name === '' || name === '.' || name === '..' || /[/\0]/.test(name) || !name.isWellFormed();
}

const reserved = /^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(\.|$)/i;
const unwanted = /[\x00-\x1f"*:<>?|\\]|[. ]$/;

/** Names that Windows does not take, or takes as another one: without its last dot, or for a stream or a device. */
export function isForeignToWindows(name: string): boolean {
	return reserved.test(name) || unwanted.test(name);
}

/** File systems of Windows as Linux calls them (`statfs(2)`). Their drivers drop a last dot without a word. */
const windowsTypes: ReadonlySet<number> = new Set([
	0x4d44, // FAT
	0x2011bab0, // exFAT
	0x5346544e, // NTFS, the old driver
	0x7366746e, // NTFS, the new one
	0x65735546, // FUSE on a disk, which is NTFS more often than not
	0xff534d42, // CIFS
	0xfe534d42, // SMB 2
	0x517b // SMB
]);
/** By the number of the device. A number that another disk gets meanwhile would judge a name by the old one's rules. */
const windowsDevices = new Map<number, boolean>();
const windowsDevicesMax = 64;

function hasWindowsNames({ held, device }: OpenDirectory): boolean {
	if (process.platform === 'win32') return true;
	const known = windowsDevices.get(device);
	if (known !== undefined) return known;
	const found = windowsTypes.has(statfsSync(held).type);
	if (windowsDevices.size >= windowsDevicesMax) windowsDevices.clear();
	windowsDevices.set(device, found);
	return found;
}

/** Throws unless `stats` are of what was seen. */
export function checkSeen(seen: SeenEntry, stats: Stats): void {
	const now = diskEntry('', stats);
	const isSame =
		seen.kind === now.kind &&
		(seen.inode === null || seen.inode === now.inode) &&
		(seen.kind === 'directory' || (seen.sizeBytes === now.sizeBytes && seen.modifiedMs === now.modifiedMs));
	if (!isSame) throw new Refused(refusals.changed);
}
