import { createIdentityReader } from '#core/content';
import { ok, type EntryId, type Result } from '#core/kernel';
import type { StorageFailure } from '#core/schema';
import type { Run } from './index-folder.ts';
import { hasKept, readKept, readKeptIn, readKeptLike, type KeptLost } from './kept-lost.ts';
import { isMissing, readNewest, readNewFiles, type Lost, type NewFile } from './lost-files.ts';
import { matchFolders, type Above } from './match-folders.ts';
import { readEntry } from './read-entries.ts';
import { aboveReader, areWitnessesSame, pairFiles } from './recognize-moves.ts';
import { renumberTree } from './renumber.ts';
import { readLocationOf } from './store.ts';
import { changeTree } from './tree.ts';

/** Entries looked at in one go, some 10 ms. */
const scannedMax = 20_000;
/** Lost entries compared in one run, at the most; what is beyond them is known again by the next. */
const comparedMax = 100_000;

type Kept = Omit<Lost, 'files'> & { readonly files: readonly KeptLost[] };

/** What was lost earlier and is like a file that this run has found. */
async function findLike(
	{ database, clock, newestEntry, newestAtStart }: Run,
	scope: 'all' | 'noted',
	signal: AbortSignal
): Promise<Result<ReadonlyMap<EntryId, KeptLost>, StorageFailure>> {
	const found = new Map<EntryId, KeptLost>();
	// A run of a few folders comes often, and knows what it has found itself.
	let after = scope === 'all' ? newestEntry : newestAtStart;
	for (;;) {
		const from = after;
		const part = database.read(() =>
			hasKept(database)
				? { like: readKeptLike(database, from, from + scannedMax), isOver: readNewest(database) <= from + scannedMax }
				: { like: [], isOver: true }
		);
		if (!part.ok) return part;
		for (const kept of part.value.like) found.set(kept.id, kept);
		if (part.value.isOver || found.size > comparedMax) return ok(found);
		after += scannedMax;
		await clock.wait(0, signal);
		signal.throwIfAborted();
	}
}

/** With the folders that held them, as far as those are lost themselves, and all else that those held. */
function withFolders({ database }: Run, like: ReadonlyMap<EntryId, KeptLost>): Kept {
	const all = new Map(like);
	const tops = new Map<EntryId, KeptLost>();
	for (const file of like.values()) {
		let top: KeptLost | null = null;
		for (let above = readKept(database, file.parent); above !== null; above = readKept(database, above.parent))
			top = above;
		if (top !== null) tops.set(top.id, top);
	}
	const folders = [...tops.values()];
	for (const folder of folders) {
		all.set(folder.id, folder);
		if (all.size >= comparedMax) break;
		for (const inside of readKeptIn(database, folder.id, comparedMax - all.size)) {
			all.set(inside.id, inside);
			if (inside.kind === 'directory') folders.push(inside);
		}
	}
	const files = [...all.values()].filter(({ kind }) => kind === 'file');
	return { files, folders: new Set(folders.map(({ id }) => id)), tops: [...tops.keys()] };
}

/** What has come anywhere since one of the lost ones was lost, and is like it. */
async function findCome(
	{ database, clock }: Run,
	{ files }: Kept,
	signal: AbortSignal
): Promise<Result<NewFile[], StorageFailure>> {
	const lostBefore = new Map<string, number>();
	for (const { like, newestEntry } of files)
		lostBefore.set(like, Math.min(newestEntry, lostBefore.get(like) ?? Infinity));
	const likenesses = new Set(lostBefore.keys());
	const come: NewFile[] = [];
	let after: number | null = Math.min(...lostBefore.values());
	while (after !== null) {
		const from: number = after;
		const part = database.read(() => {
			const { files: found, last } = readNewFiles(database, from, likenesses, scannedMax);
			const isCome = ({ id, like }: NewFile) => id > (lostBefore.get(like) ?? Infinity) && !isMissing(database, id);
			return { found: found.filter(isCome), last };
		});
		if (!part.ok) return part;
		come.push(...part.value.found);
		after = part.value.last;
		await clock.wait(0, signal);
		signal.throwIfAborted();
	}
	return ok(come);
}

/** Names and parents of what is lost and of what is there. */
function aboveOf(run: Run): Above {
	const there = aboveReader(run.database);
	return (id) => {
		const kept = readKept(run.database, id);
		return kept === null ? there(id) : { parent: kept.parent, name: kept.name };
	};
}

/** Gives what was found the number of what was lost; whether both were still what they were taken for. */
function adopt(run: Run, lost: EntryId, found: EntryId): Result<boolean, StorageFailure> {
	const { database, names, location, newestAtStart, batch, movements, onChange } = run;
	const written = database.write(() => {
		const parent = readEntry(database, found)?.parent ?? null;
		if (parent === null || isMissing(database, found)) return null;
		const isMine = readLocationOf(database, parent) === location.id;
		const gone = changeTree(database, names, (tree) => renumberTree(tree, lost, found));
		return gone.length === 0 ? null : { parent, added: gone.filter((id) => isMine && id > newestAtStart).length };
	});
	if (!written.ok) return written;
	if (written.value === null) return ok(false);
	const { parent, added } = written.value;
	movements.count++;
	batch.recount({ added: -added, moved: 1, removed: 0 });
	onChange([parent]);
	return ok(true);
}

/**
 * Finds out which of what this run has found was lost by an earlier run, of whichever location, where no inode tells:
 * as `recognizeMoves` does for what a run misses itself. Answers how many were known again: then there may be more. To
 * be called when every folder was read.
 */
export async function recognizeKept(
	run: Run,
	scope: 'all' | 'noted',
	signal: AbortSignal
): Promise<Result<number, StorageFailure>> {
	const { database, compute } = run;
	const like = await findLike(run, scope, signal);
	if (!like.ok) return like;
	if (like.value.size === 0) return ok(0);
	const lost = database.read(() => withFolders(run, like.value));
	if (!lost.ok) return lost;
	const come = await findCome(run, lost.value, signal);
	if (!come.ok) return come;
	if (come.value.length === 0) return ok(0);
	const newest = lost.value.files.reduce((most, file) => Math.max(most, file.newestEntry), 0);
	const pairs = database.read(() => matchFolders(lost.value, come.value, (folder) => folder > newest, aboveOf(run)));
	if (!pairs.ok) return pairs;
	const recognizing = { ...run, read: createIdentityReader(run, await compute.blake3()) };
	let known = 0;
	for (const pair of pairs.value) {
		const same = await areWitnessesSame(recognizing, pair, signal);
		if (!same.ok) return same;
		const adopted = same.value ? adopt(run, pair.lost, pair.found) : ok(false);
		if (!adopted.ok) return adopted;
		known += adopted.value ? 1 : 0;
	}
	if (known > 0) return ok(known);
	const files = await pairFiles(recognizing, lost.value, come.value, signal);
	if (!files.ok) return files;
	for (const pair of files.value) {
		const adopted = adopt(run, pair.lost.id, pair.found.id);
		if (!adopted.ok) return adopted;
		known += adopted.value ? 1 : 0;
	}
	return ok(known);
}
