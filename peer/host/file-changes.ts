import {
	closeSync,
	constants,
	copyFileSync,
	fstatSync,
	lstatSync,
	lutimesSync,
	mkdirSync,
	openSync,
	readlinkSync,
	rmdirSync,
	symlinkSync,
	unlinkSync
} from 'node:fs';
import { err, ok, type Result } from '#core/kernel';
import type { ChangeFailure, DiskPlace, FileChangesPort, OpenFile, Rename, SeenEntry } from '#core/ports';
import { atNewPlace, atPlace, changeFailure, changing, checkSeen, Refused, refusals } from './change-failure.ts';
import { descriptorOf } from './files.ts';
import type { DiskPath } from './disk-path.ts';
import { flushChanges, folderOf } from './flush-changes.ts';
import { keepFacts, settableSeconds } from './keep-facts.ts';
import { openPart } from './part-file.ts';
import { giveNewName, takeOldName, type Renamed } from './rename-entries.ts';
import { errorCode } from './system-error.ts';
import { createTurns } from './turns.ts';

const { COPYFILE_EXCL, COPYFILE_FICLONE_FORCE, O_DIRECTORY, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;
/** What says that these two disks share no blocks. */
const cannotClone: readonly string[] = ['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ENOTTY', 'EXDEV', 'EINVAL', 'EPERM'];

function makeFolder(at: DiskPlace): null {
	atNewPlace(at, (path) => mkdirSync(path));
	return null;
}

/** Does something with the folder open, whatever its name leads to meanwhile. */
function withFolder<T>(path: DiskPath, work: (descriptor: number) => T): T {
	const descriptor = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	try {
		return work(descriptor);
	} finally {
		closeSync(descriptor);
	}
}

function keepFolderFacts(from: DiskPlace, to: DiskPlace): null {
	const keep = (descriptor: number) => {
		const source = { descriptor, stats: fstatSync(descriptor) };
		atPlace(to, (path) => withFolder(path, (made) => keepFacts(made, source)));
	};
	atPlace(from, (path) => withFolder(path, keep));
	return null;
}

/** Pairs of devices that were found to share no blocks: to try costs as much as a small file. */
const unshared = new Set<string>();
const unsharedMax = 256;

function clone(file: OpenFile, to: DiskPlace): null {
	const source = descriptorOf(file);
	const { descriptor, stats } = source;
	if (process.platform !== 'linux') throw new Refused(refusals.notInOneStep);
	atNewPlace(to, (path, { device }) => {
		const pair = `${stats.dev}:${device}`;
		if (unshared.has(pair)) throw new Refused(refusals.notInOneStep);
		try {
			copyFileSync(`/proc/self/fd/${descriptor}`, path, COPYFILE_EXCL | COPYFILE_FICLONE_FORCE);
		} catch (error) {
			if (!cannotClone.includes(errorCode(error))) throw error;
			if (unshared.size >= unsharedMax) unshared.clear();
			unshared.add(pair);
			throw new Refused(refusals.notInOneStep);
		}
		const made = openSync(path, O_WRONLY | O_NOFOLLOW);
		try {
			keepFacts(made, source);
		} finally {
			closeSync(made);
		}
	});
	return null;
}

function copyLink(from: DiskPlace, to: DiskPlace): null {
	const found = atPlace(from, (path) => ({ stats: lstatSync(path), text: readlinkSync(path, 'buffer') }));
	atNewPlace(to, (path) => {
		symlinkSync(found.text, path);
		lutimesSync(path, found.stats.atimeMs / 1_000, settableSeconds(found.stats.mtimeMs));
	});
	return null;
}

function remove(at: DiskPlace, expected: SeenEntry): null {
	atPlace(at, (path) => {
		const stats = lstatSync(path);
		checkSeen(expected, stats);
		if (stats.isDirectory()) rmdirSync(path);
		else unlinkSync(path);
	});
	return null;
}

async function flushed(
	files: readonly DiskPlace[],
	folders: readonly DiskPlace[]
): Promise<Result<null, ChangeFailure>> {
	try {
		await flushChanges(files, folders);
		return ok(null);
	} catch (error) {
		return err(changeFailure(error));
	}
}

type Outcome = Result<Renamed, ChangeFailure>;

/** Flushes the folders in which something has changed; where that fails, nothing in them has come to its end. */
async function flushNames(outcomes: readonly Outcome[], places: readonly DiskPlace[]): Promise<readonly Outcome[]> {
	const changed = places.filter((_, at) => outcomes[at]?.ok).map(folderOf);
	if (changed.length === 0) return outcomes;
	const sure = await flushed([], changed);
	return sure.ok ? outcomes : outcomes.map((one) => (one.ok ? sure : one));
}

async function renameAll(moves: readonly Rename[]): Promise<readonly Result<null, ChangeFailure>[]> {
	const begun = moves.map(giveNewName);
	const named = await flushNames(
		begun,
		moves.map(({ to }) => to)
	);
	const taken = moves.map((move, at): Outcome => {
		const outcome = named[at] ?? ok('done');
		if (!outcome.ok || outcome.value === 'done') return outcome;
		const gone = takeOldName(move);
		return gone.ok ? ok('done') : gone;
	});
	const ended = await flushNames(
		taken,
		moves.map(({ from }) => from)
	);
	return ended.map((one) => (one.ok ? ok(null) : one));
}

/** Changes folders of a real disk. */
export function createFileChanges(): FileChangesPort {
	const due = createTurns();
	const turn = async (signal: AbortSignal) => {
		const wait = due();
		if (wait !== null) await wait;
		signal.throwIfAborted();
	};
	const inTurn = async <T>(signal: AbortSignal, work: () => T): Promise<Result<T, ChangeFailure>> => {
		await turn(signal);
		return changing(work);
	};
	return {
		renamesFolders: true,
		makeFolder: (at, signal) => inTurn(signal, () => makeFolder(at)),
		keepFolderFacts: (from, to, signal) => inTurn(signal, () => keepFolderFacts(from, to)),
		openPart: (at, mode, signal) => inTurn(signal, () => openPart(at, mode)),
		clone: (file, to, signal) => inTurn(signal, () => clone(file, to)),
		copyLink: (from, to, signal) => inTurn(signal, () => copyLink(from, to)),
		async rename(moves, signal) {
			await turn(signal);
			return renameAll(moves);
		},
		remove: (at, expected, signal) => inTurn(signal, () => remove(at, expected)),
		async flush(files, folders, signal) {
			await turn(signal);
			return flushed(files, folders);
		}
	};
}
