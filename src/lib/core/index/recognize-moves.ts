import { createIdentityReader, readContent, type IdentityReader } from '#core/content';
import { entryId, invariant, ok, type EntryId, type Result } from '#core/kernel';
import type { Database, StorageFailure } from '#core/schema';
import { readFileEntry } from './file-contents.ts';
import type { Run } from './index-folder.ts';
import { isMissing, readLost, readNewFiles, type Lost, type LostFile, type NewFile } from './lost-files.ts';
import { matchEmptyFolders } from './match-empty-folders.ts';
import { groupBy, matchFolders, type Above, type FolderPair } from './match-folders.ts';
import { displace } from './missing.ts';
import { moveEntry } from './move-entry.ts';
import { readEntry, readUsage } from './read-entries.ts';
import { removeSomeOfTree } from './remove-tree.ts';
import { readLocationOf, readPath } from './store.ts';
import { changeTree, removeEntry, type Tree } from './tree.ts';

/** Entries looked at in one go, some 10 ms. */
const scannedMax = 20_000;
/** Files moved in one transaction. */
const movedMax = 500;
/** Files of one size and time that are told apart by their bytes; more are not worth reading. */
const alikeMax = 50;
/** Files of a folder whose bytes must be as they were, where those are known. */
const provedMax = 3;

type FilePair = { readonly lost: LostFile; readonly found: NewFile };
type Recognizing = Run & { readonly read: IdentityReader };

/** Names and parents of folders, each read once. */
export function aboveReader(database: Database): Above {
	const one = database.prepare('SELECT parent, name FROM entry WHERE id = ?');
	const known = new Map<EntryId, ReturnType<Above>>();
	return (id) => {
		const before = known.get(id);
		if (before !== undefined) return before;
		const row = one.get([id]);
		const parent = row?.['parent'];
		const above =
			row === undefined
				? null
				: { parent: typeof parent === 'number' ? entryId(parent) : null, name: String(row['name']) };
		known.set(id, above);
		return above;
	};
}

/** What has come anywhere since the last run ended and is like something that is lost. */
async function findNewFiles(run: Run, lost: Lost, signal: AbortSignal): Promise<Result<NewFile[], StorageFailure>> {
	const { database, clock, newestEntry } = run;
	const likenesses = new Set(lost.files.map(({ like }) => like));
	const found: NewFile[] = [];
	for (let after: number | null = newestEntry; after !== null;) {
		const from: number = after;
		const part = database.read(() => {
			const { files, last } = readNewFiles(database, from, likenesses, scannedMax);
			return { files: files.filter(({ id }) => !isMissing(database, id)), last };
		});
		if (!part.ok) return part;
		found.push(...part.value.files);
		after = part.value.last;
		await clock.wait(0, signal);
		signal.throwIfAborted();
	}
	return ok(found);
}

/** The quick identity of a new file, as text; null where it cannot be read now. */
async function identityOf(
	{ database, read, rootOf }: Recognizing,
	{ id, location }: NewFile,
	signal: AbortSignal
): Promise<Result<string | null, StorageFailure>> {
	const known = database.read(() => {
		const file = readFileEntry(database, id);
		// Another run may have missed it by now, or taken its folder's name: then it is in no place to be read.
		if (file === null || isMissing(database, id)) return null;
		const content = file.content === null ? null : readContent(database, file.content);
		return { file, path: [...readPath(database, file.folder), file.name], identity: content?.identity ?? null };
	});
	if (!known.ok) return known;
	const root = rootOf(location);
	if (known.value === null || root === null) return ok(null);
	if (known.value.identity !== null) return ok(String(known.value.identity));
	const { file, path } = known.value;
	const found = await read({ file, root, path }, signal);
	return ok(found.ok ? String(found.value.identity) : null);
}

function lostIdentity(database: Database, { content }: LostFile): Result<string | null, StorageFailure> {
	return database.read(() => {
		const known = content === null ? null : readContent(database, content);
		return known === null ? null : String(known.identity);
	});
}

/** Whether the bytes of the two are the same as far as those of the lost one are known. */
async function isSameContent(
	recognizing: Recognizing,
	{ lost, found }: FilePair,
	signal: AbortSignal
): Promise<Result<boolean, StorageFailure>> {
	const before = lostIdentity(recognizing.database, lost);
	if (!before.ok || before.value === null) return before.ok ? ok(true) : before;
	const now = await identityOf(recognizing, found, signal);
	return now.ok ? ok(now.value === before.value) : now;
}

/** Several that are alike: those are pairs of which one lost and one new have bytes that no other has. */
async function pairByContent(
	recognizing: Recognizing,
	lost: readonly LostFile[],
	come: readonly NewFile[],
	signal: AbortSignal
): Promise<Result<FilePair[], StorageFailure>> {
	if (lost.length > alikeMax || come.length > alikeMax) return ok([]);
	const before = new Map<string, LostFile[]>();
	for (const file of lost) {
		const identity = lostIdentity(recognizing.database, file);
		if (!identity.ok) return identity;
		if (identity.value !== null) before.set(identity.value, [...(before.get(identity.value) ?? []), file]);
	}
	if (before.size === 0) return ok([]);
	const now = new Map<string, NewFile[]>();
	for (const file of come) {
		const identity = await identityOf(recognizing, file, signal);
		if (!identity.ok) return identity;
		if (identity.value !== null) now.set(identity.value, [...(now.get(identity.value) ?? []), file]);
	}
	const pairs = [...before].flatMap(([identity, [first, ...others]]) => {
		const [found, ...more] = now.get(identity) ?? [];
		const isSure = first !== undefined && found !== undefined && others.length + more.length === 0;
		return isSure ? [{ lost: first, found }] : [];
	});
	return ok(pairs);
}

export async function pairFiles(
	recognizing: Recognizing,
	lost: Lost,
	come: readonly NewFile[],
	signal: AbortSignal
): Promise<Result<FilePair[], StorageFailure>> {
	const [before, now] = [groupBy(lost.files, ({ like }) => like), groupBy(come, ({ like }) => like)];
	const pairs: FilePair[] = [];
	for (const [like, [first, ...others]] of before) {
		const [found, ...more] = now.get(like) ?? [];
		if (first === undefined || found === undefined) continue;
		if (others.length + more.length > 0) {
			const told = await pairByContent(recognizing, [first, ...others], [found, ...more], signal);
			if (!told.ok) return told;
			pairs.push(...told.value);
			continue;
		}
		const same = await isSameContent(recognizing, { lost: first, found }, signal);
		if (!same.ok) return same;
		if (same.value) pairs.push({ lost: first, found });
	}
	return ok(pairs);
}

/** Puts a lost file into the place of the new entry that it is; false where either is another by now. */
function moveFile(run: Run, tree: Tree, { lost, found }: FilePair): boolean {
	const { database, readRun } = run;
	const row = readEntry(database, found.id);
	const target = readRun(found.location);
	if (row === null || row.parent === null || target === null) return false;
	if (!isMissing(database, lost.id) || isMissing(database, found.id)) return false;
	const { name, sizeBytes, modifiedMs, parent } = row;
	removeEntry(tree, row.id);
	const place = { folder: parent, location: found.location, run: target.run };
	const hasMoved = moveEntry(tree, lost.id, place, { name, kind: 'file', sizeBytes, modifiedMs, inode: null });
	invariant(hasMoved, 'a file has nothing below it');
	return true;
}

function moveFiles(run: Run, pairs: readonly FilePair[]): Result<number, StorageFailure> {
	const { database, names, batch, movements, onChange } = run;
	let moved = 0;
	for (let at = 0; at < pairs.length; at += movedMax) {
		const due = pairs.slice(at, at + movedMax);
		const written = database.write(() =>
			changeTree(database, names, (tree) => due.filter((pair) => moveFile(run, tree, pair)))
		);
		if (!written.ok) return written;
		const { length } = written.value;
		moved += length;
		movements.count += length;
		batch.recount({ added: -length, moved: length, removed: 0 });
		onChange([...new Set(written.value.flatMap(({ lost, found }) => [lost.parent, found.parent]))]);
	}
	return ok(moved);
}

/** Puts a lost folder with all below it into the place of the new one; the number of new entries that go for it. */
function moveFolder(run: Run, tree: Tree, { lost, found, isWhole }: FolderPair): number | null {
	const { database, location, number } = run;
	const [before, now] = [readEntry(database, lost), readEntry(database, found)];
	if (before === null || now === null || now.parent === null) return null;
	if (!isMissing(database, lost) || isMissing(database, found)) return null;
	const there = readLocationOf(database, found);
	const [mine, its] = [readUsage(database, lost), readUsage(database, found)];
	const { parent, name, modifiedMs } = now;
	const entry = { name, kind: 'directory', sizeBytes: 0, modifiedMs, inode: null } as const;
	if (there === location.id) {
		// It goes at the end of the run; what has moved into its place is read there once more.
		displace(tree, { id: location.id, run: number }, { id: found, folder: parent, name });
		const target = { folder: parent, location: location.id, run: number };
		invariant(moveEntry(tree, lost, target, entry), 'a new folder does not lie in a lost one');
		return its.files + its.folders + 1;
	}
	// No run is about to read the other location again, so there the two have to be the same.
	const isSame = mine.files === its.files && mine.folders === its.folders && mine.sizeBytes === its.sizeBytes;
	const last = there === null ? null : run.readRun(there);
	if (!isWhole || !isSame || there === null || last === null) return null;
	removeSomeOfTree(tree, found, Number.MAX_SAFE_INTEGER);
	// One more than the last run: what moves counts as read by that one.
	const target = { folder: parent, location: there, run: last.run + 1 };
	invariant(moveEntry(tree, lost, target, entry), 'a new folder does not lie in a lost one');
	return 0;
}

/** Whether the first files of a lost folder whose bytes are known have the same bytes in the new one. */
export async function areWitnessesSame(
	recognizing: Recognizing,
	{ witnesses }: FolderPair,
	signal: AbortSignal
): Promise<Result<boolean, StorageFailure>> {
	for (const witness of witnesses.filter(({ lost }) => lost.content !== null).slice(0, provedMax)) {
		const same = await isSameContent(recognizing, witness, signal);
		if (!same.ok || !same.value) return same;
	}
	return ok(true);
}

async function moveFolders(
	recognizing: Recognizing,
	pairs: readonly FolderPair[],
	signal: AbortSignal
): Promise<Result<number, StorageFailure>> {
	const { database, names, batch, movements, onChange } = recognizing;
	let moved = 0;
	const depths = database.read(() => new Map(pairs.map(({ found }) => [found, readPath(database, found).length])));
	if (!depths.ok) return depths;
	const depthOf = ({ found }: FolderPair) => depths.value.get(found) ?? 0;
	// What lies in a new folder goes with it, and is found anew where that is read again.
	for (const pair of pairs.toSorted((a, b) => depthOf(a) - depthOf(b))) {
		const same = await areWitnessesSame(recognizing, pair, signal);
		if (!same.ok) return same;
		if (!same.value) continue;
		const written = database.write(() => {
			const parents = [pair.lost, pair.found].map((id) => readEntry(database, id)?.parent ?? null);
			const gone = changeTree(database, names, (tree) => moveFolder(recognizing, tree, pair));
			return { gone, folders: parents.filter((id) => id !== null) };
		});
		if (!written.ok) return written;
		const { gone, folders } = written.value;
		if (gone === null) continue;
		moved++;
		movements.count++;
		batch.recount({ added: -gone, moved: 1, removed: -gone });
		onChange(folders);
	}
	return ok(moved);
}

/**
 * Finds out which of what a run has not found has come up elsewhere, where no inode tells: a file of the same size,
 * time and, where that is known, content; a folder that holds the same files, or none and has the same name or place.
 * Entries keep their numbers so. Answers
 * how many have moved: then there may be folders to read anew, and more to be found. To be called when every folder
 * was read.
 */
export async function recognizeMoves(run: Run, signal: AbortSignal): Promise<Result<number, StorageFailure>> {
	const { database, location, newestEntry, compute } = run;
	const lost = database.read(() => readLost(database, location.id, newestEntry));
	if (!lost.ok) return lost;
	const recognized = lost.value.files.length === 0 ? ok(0) : await recognizeFiles(run, lost.value, signal);
	if (!recognized.ok || recognized.value > 0) return recognized;
	const empty = database.read(() => matchEmptyFolders(database, lost.value, newestEntry));
	if (!empty.ok) return empty;
	const pairs = empty.value.map((pair) => ({ ...pair, witnesses: [], isWhole: true }));
	if (pairs.length === 0) return ok(0);
	return moveFolders({ ...run, read: createIdentityReader(run, await compute.blake3()) }, pairs, signal);
}

/** As `recognizeMoves`, by the files that are lost. */
async function recognizeFiles(run: Run, lost: Lost, signal: AbortSignal): Promise<Result<number, StorageFailure>> {
	const { database, newestEntry, compute } = run;
	const come = await findNewFiles(run, lost, signal);
	if (!come.ok) return come;
	if (come.value.length === 0) return ok(0);
	const recognizing = { ...run, read: createIdentityReader(run, await compute.blake3()) };
	const pairs = database.read(() =>
		matchFolders(lost, come.value, (folder) => folder > newestEntry, aboveReader(database))
	);
	if (!pairs.ok) return pairs;
	const folders = await moveFolders(recognizing, pairs.value, signal);
	if (!folders.ok || folders.value > 0) return folders;
	const files = await pairFiles(recognizing, lost, come.value, signal);
	return files.ok ? moveFiles(run, files.value) : files;
}
