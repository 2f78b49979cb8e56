import { entryId, err, ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { DueOperation, StepContext, StepDone } from '#core/actions';
import { giveUpMove, makeFolder, moveItems, type FromTo } from '#core/bytes';
import { readLocationOf, readTrashed, readTrashedAbove, type Trashed } from '#core/index';
import type { DiskEntry, DiskPlace } from '#core/ports';
import { createPlaces, lookAt, settle, type Places, type StepsDeps } from './places.ts';
import type {
	FilesOperation,
	FilesStepFailure,
	MoveEntry,
	RestoreEntry,
	Seen,
	TrashCopy,
	TrashEntry
} from './schema.ts';

export type End = Result<StepDone<FilesOperation>, FilesStepFailure>;

/** A move that is ready to be made on disks, and what is written once it is. */
export type Ready = { readonly step: FromTo; readonly done: (disk: DiskEntry) => StepDone<FilesOperation> };

export function seenOnDisk({ kind, sizeBytes, modifiedMs, inode }: DiskEntry): Seen {
	return { kind, sizeBytes, modifiedMs: modifiedMs === null ? null : Math.trunc(modifiedMs), inode };
}

/** What was moved when the moving was broken off, up to the first step that was not. */
async function answerBroken(deps: StepsDeps, prepared: readonly Result<Ready, FilesStepFailure>[]): Promise<End[]> {
	const ends: End[] = [];
	const { signal } = new AbortController();
	for (const one of prepared) {
		if (!one.ok) ends.push(one);
		else {
			const { from, to, expected } = one.value.step;
			const left = await deps.files.look(from.root, from.path, signal);
			const there = await deps.files.look(to.root, to.path, signal);
			const isMoved = left.ok && left.value === null && there.ok && there.value?.kind === expected.kind;
			if (!isMoved || there.value === null) break;
			// Its last part, what it has left on the way, may be due still.
			const ended = await giveUpMove(deps, one.value.step, signal);
			if (!ended.ok || !ended.value) break;
			ends.push(ok(one.value.done(there.value)));
		}
	}
	return ends;
}

/** What becomes of something that was to be moved and that nobody goes on with; null where it is where it was. */
async function giveUp(
	deps: StepsDeps,
	prepared: Result<Ready, FilesStepFailure>,
	signal: AbortSignal
): Promise<Result<StepDone<FilesOperation> | null, FilesStepFailure>> {
	if (!prepared.ok) return prepared;
	const { step, done } = prepared.value;
	const ended = await giveUpMove(deps, step, signal);
	if (!ended.ok) return { ok: false, failure: await settle(deps, step.from, ended.failure, signal) };
	if (!ended.value) return ok(null);
	const disk = await lookAt(deps, step.to, signal);
	return disk.ok ? ok(done(disk.value)) : disk;
}

/** Moves all that is ready, as one, and answers for each due operation in its order. */
export async function moveAll(
	deps: StepsDeps,
	prepared: readonly Result<Ready, FilesStepFailure>[],
	{ onBytes, signal }: StepContext
): Promise<End[]> {
	const ready = prepared.flatMap((one) => (one.ok ? [one.value] : []));
	const steps = ready.map(({ step }) => step);
	const outcomes = await moveItems(deps, steps, onBytes, signal).catch((thrown: unknown) => {
		if (!signal.aborted) throw thrown;
		return null;
	});
	if (outcomes === null) return answerBroken(deps, prepared);
	const moved = outcomes.values();
	const ends: End[] = [];
	for (const one of prepared) {
		const outcome = one.ok ? moved.next().value : undefined;
		if (!one.ok) ends.push(one);
		else if (outcome?.ok === false)
			ends.push({ ok: false, failure: await settle(deps, one.value.step.from, outcome.failure, signal) });
		else {
			// What is done is answered, also when it is broken off now.
			const disk = await lookAt(deps, one.value.step.to, new AbortController().signal);
			ends.push(disk.ok ? ok(one.value.done(disk.value)) : disk);
		}
	}
	return ends;
}

/**
 * What is held to be at the source. On a host that moves folders by copying a file may have got another time by an
 * earlier step: there it is what lies there now, if it has the size that was seen.
 */
export async function expectedAt(
	{ files, changes }: StepsDeps,
	{ root, path }: DiskPlace,
	seen: Seen,
	signal: AbortSignal
): Promise<Seen> {
	if (changes.renamesFolders) return seen;
	const found = await files.look(root, path, signal);
	const isLike = found.ok && found.value?.kind === seen.kind && found.value.sizeBytes === seen.sizeBytes;
	return isLike && found.value !== null ? seenOnDisk(found.value) : seen;
}

async function prepareMove(
	deps: StepsDeps,
	places: Places,
	{ operation, step, isRepeat }: DueOperation<MoveEntry>,
	signal: AbortSignal
): Promise<Result<Ready, FilesStepFailure>> {
	const { index } = deps;
	const from = await places.of(operation.from);
	if (!from.ok) return from;
	const to = await places.of(operation.to);
	if (!to.ok) return to;
	const done = (disk: DiskEntry): StepDone<FilesOperation> => ({
		write: () => {
			index.writeMoved(entryId(operation.entry), entryId(operation.to.folder), disk);
			return { ...operation, seen: seenOnDisk(disk), from: operation.to, to: operation.from };
		}
	});
	const expected = await expectedAt(deps, from.value, operation.seen, signal);
	return ok({ step: { step, from: from.value, to: to.value, expected, isFirst: !isRepeat }, done });
}

/** Moves what is due, up to the first that an earlier one of them has to do with. */
export async function runMoves(
	deps: StepsDeps,
	due: readonly DueOperation<MoveEntry>[],
	context: StepContext
): Promise<End[]> {
	const places = createPlaces(deps, context.signal);
	const together: Result<Ready, FilesStepFailure>[] = [];
	for (const one of due) {
		const ready = await prepareMove(deps, places, one, context.signal);
		if (isHeldUp(together, ready)) break;
		together.push(ready);
	}
	return moveAll(deps, together, context);
}

export async function giveUpMoving(deps: StepsDeps, due: DueOperation<MoveEntry>, signal: AbortSignal) {
	return giveUp(deps, await prepareMove(deps, createPlaces(deps, signal), due, signal), signal);
}

/** Whether a move has to wait for the end of one before it: its place is another by then. */
function isHeldUp(
	earlier: readonly Result<Ready, FilesStepFailure>[],
	ready: Result<Ready, FilesStepFailure>
): boolean {
	return ready.ok && earlier.some((one) => one.ok && isBound(one.value.step, ready.value.step));
}

/** Whether one of two moves is of a folder that the other one's source or target lies in. */
function isBound(a: FromTo, b: FromTo): boolean {
	return (
		[a.from, a.to].some((place) => isWithin(place, b.from)) || [b.from, b.to].some((place) => isWithin(place, a.from))
	);
}

export function isWithin(place: DiskPlace, folder: DiskPlace): boolean {
	return place.root === folder.root && folder.path.every((name, at) => place.path[at] === name);
}

function above({ root, path }: DiskPlace): DiskPlace {
	return { root, path: path.slice(0, -1) };
}

/** The bin of an action: its steps are named after it. */
function binOf(step: string): string {
	return step.slice(0, step.lastIndexOf('-'));
}

/**
 * Makes the bin of an action. One that is there is its own, as nothing else is called so, and is not made again: that
 * reads the folder around it, which may be large. Only what was cut off may not have flushed it.
 */
async function makeBin(
	deps: StepsDeps,
	places: Places,
	{ location, bin, isRepeat }: { readonly location: LocationId; readonly bin: string; readonly isRepeat: boolean },
	signal: AbortSignal
): Promise<Result<null, FilesStepFailure>> {
	const at = await places.trash(location, bin);
	if (!at.ok) return at;
	const found = isRepeat ? ok(null) : await deps.files.look(at.value.root, at.value.path, signal);
	if (found.ok && found.value?.kind === 'directory') return ok(null);
	for (const folder of [above(at.value), at.value]) {
		const made = await makeFolder(deps, folder, signal);
		if (!made.ok) return made;
	}
	return ok(null);
}

export async function prepareTrash(
	deps: StepsDeps,
	places: Places,
	{ operation, step, isRepeat }: DueOperation<TrashEntry | TrashCopy>,
	signal: AbortSignal
): Promise<Result<Ready, FilesStepFailure>> {
	const { database, index, clock } = deps;
	const folder = entryId(operation.from.folder);
	const from = await places.of(operation.from);
	if (!from.ok) return from;
	const known = database.read(() => readLocationOf(database, folder));
	if (!known.ok) return known;
	if (known.value === null) return err({ type: 'EntryGone' });
	const [location, bin] = [known.value, binOf(step)];
	const made = await makeBin(deps, places, { location, bin, isRepeat }, signal);
	if (!made.ok) return made;
	const to = await places.trash(location, bin, operation.as);
	if (!to.ok) return to;
	// A clock that is behind must not make it seem to have been there for long.
	const trashedMs = Math.max(clock.nowMs(), deps.passedMs());
	const originalPath = from.value.path.slice(0, -1).join('/');
	const done = (disk: DiskEntry): StepDone<FilesOperation> => ({
		write: () => {
			const originalName = operation.from.name;
			const { entry, items, sizeBytes } = operation;
			const planned = { items, sizeBytes };
			const trashing = { location, bin, folder, originalName, originalPath, trashedMs, planned };
			index.writeTrashed(entryId(entry), trashing, disk);
			const back = { entry, items, sizeBytes, seen: seenOnDisk(disk), to: operation.from };
			if (operation.kind === 'trash-entry') return { kind: 'restore-entry', ...back };
			return { kind: 'restore-entry', ...back, copyOf: operation.copyOf };
		}
	});
	return ok({ step: { step, from: from.value, to: to.value, expected: operation.seen, isFirst: !isRepeat }, done });
}

/** Puts things into the trash of their location: a folder of this action alone, so that no two are called alike. */
export async function runTrashings(
	deps: StepsDeps,
	due: readonly DueOperation<TrashEntry>[],
	context: StepContext
): Promise<End[]> {
	const places = createPlaces(deps, context.signal);
	const together: Result<Ready, FilesStepFailure>[] = [];
	for (const one of due) {
		const ready = await prepareTrash(deps, places, one, context.signal);
		if (isHeldUp(together, ready)) break;
		together.push(ready);
	}
	return moveAll(deps, together, context);
}

export async function giveUpTrashing(deps: StepsDeps, due: DueOperation<TrashEntry>, signal: AbortSignal) {
	const ready = await prepareTrash(deps, createPlaces(deps, signal), due, signal);
	const ended = await giveUp(deps, ready, signal);
	if (ready.ok && ended.ok && ended.value === null) await dropBin(deps, above(ready.value.step.to), signal);
	return ended;
}

function findTrashed({ database }: StepsDeps, id: EntryId): Result<Trashed, FilesStepFailure> {
	const found = database.read(() => readTrashed(database, id));
	if (!found.ok) return found;
	return found.value === null ? err({ type: 'EntryGone' }) : ok(found.value);
}

async function prepareRestore(
	deps: StepsDeps,
	places: Places,
	{ operation, step, isRepeat }: DueOperation<RestoreEntry>
): Promise<Result<Ready & { readonly bin: DiskPlace }, FilesStepFailure>> {
	const trashed = findTrashed(deps, entryId(operation.entry));
	if (!trashed.ok) return trashed;
	const { location, bin, name } = trashed.value;
	const [from, binPlace] = [await places.trash(location, bin, name), await places.trash(location, bin)];
	if (!from.ok) return from;
	if (!binPlace.ok) return binPlace;
	const to = await places.of(operation.to);
	if (!to.ok) return to;
	const done = (disk: DiskEntry): StepDone<FilesOperation> => ({
		write: () => {
			deps.index.writeRestored(entryId(operation.entry), entryId(operation.to.folder), disk);
			const { entry, items, sizeBytes, copyOf } = operation;
			// What lay in several bins comes into one: names that differed by their bins alone would meet there.
			const as = `${entry}`;
			const again = { entry, items, sizeBytes, seen: seenOnDisk(disk), from: operation.to, as };
			return copyOf === undefined ? { kind: 'trash-entry', ...again } : { kind: 'trash-copy', ...again, copyOf };
		}
	});
	return ok({
		step: { step, from: from.value, to: to.value, expected: operation.seen, isFirst: !isRepeat },
		done,
		bin: binPlace.value
	});
}

/** Takes a bin away that holds nothing any more; one that does stays. */
export async function dropBin({ files, changes }: StepsDeps, bin: DiskPlace, signal: AbortSignal): Promise<void> {
	const found = await files.look(bin.root, bin.path, signal);
	if (found.ok && found.value !== null) await changes.remove(bin, found.value, signal);
}

export async function giveUpRestoring(deps: StepsDeps, due: DueOperation<RestoreEntry>, signal: AbortSignal) {
	const ready = await prepareRestore(deps, createPlaces(deps, signal), due);
	const ended = await giveUp(deps, ready, signal);
	if (ready.ok && ended.ok && ended.value !== null) await dropBin(deps, ready.value.bin, signal);
	return ended;
}

export async function runRestores(
	deps: StepsDeps,
	due: readonly DueOperation<RestoreEntry>[],
	context: StepContext
): Promise<End[]> {
	const places = createPlaces(deps, context.signal);
	const prepared: Result<Ready, FilesStepFailure>[] = [];
	const bins = new Map<string, DiskPlace>();
	for (const one of due) {
		const folder = entryId(one.operation.to.folder);
		const above = deps.database.read(() => readTrashedAbove(deps.database, folder));
		// Its folder has to come out of the trash first.
		if (prepared.length > 0 && above.ok && above.value !== null) break;
		const ready = await prepareRestore(deps, places, one);
		prepared.push(ready);
		if (ready.ok) bins.set(ready.value.bin.path.join('/'), ready.value.bin);
	}
	const ends = await moveAll(deps, prepared, context);
	// Also where it was broken off: what is done has to be answered.
	for (const bin of bins.values()) await dropBin(deps, bin, new AbortController().signal);
	return ends;
}
