import { entryId, err, ok, type Result } from '#core/kernel';
import type { DueOperation, StepContext, StepDone } from '#core/actions';
import { copyFiles, copyTree, giveUpCopy, makeFolder, type FromTo } from '#core/bytes';
import type { DiskEntry, DiskPlace } from '#core/ports';
import { seenOnDisk } from './move-steps.ts';
import { createPlaces, lookAt, settle, type Places, type StepsDeps } from './places.ts';
import type { CopyEntry, EntryPlace, FilesOperation, FilesStepFailure, MakeFolder, RemoveFolder } from './schema.ts';

type End = Result<StepDone<FilesOperation>, FilesStepFailure>;
/** What has become of a step that nobody goes on with; null where nothing is left of it. */
export type GivenUp = Result<StepDone<FilesOperation> | null, FilesStepFailure>;
type Size = { readonly items: number; readonly sizeBytes: number };

/** Puts what was made into the index; it goes into the trash when that is taken back. */
export function added(
	{ index }: StepsDeps,
	at: EntryPlace,
	{ items, sizeBytes }: Size,
	disk: DiskEntry
): StepDone<FilesOperation> {
	return {
		write: () => {
			const entry = index.writeAdded(entryId(at.folder), disk);
			return { kind: 'trash-entry', entry, items, sizeBytes, seen: seenOnDisk(disk), from: at, as: at.name };
		}
	};
}

async function copyLink(deps: StepsDeps, { from, to }: FromTo, isRepeat: boolean, signal: AbortSignal) {
	const made = await deps.changes.copyLink(from, to, signal);
	// A run that was cut off may have made it.
	if (made.ok || (isRepeat && made.failure.type === 'NameTaken')) return ok(null);
	return err({ ...made.failure, place: to });
}

/** What is copied from a place on a disk to one in the library. */
export type CopyLike = Pick<CopyEntry, 'seen' | 'items' | 'sizeBytes' | 'to'>;
type Source<T> = (operation: T, places: Places) => Promise<Result<DiskPlace, FilesStepFailure>>;
const sourceInLibrary: Source<CopyEntry> = ({ from }, places) => places.of(from);
type Copying<T> = { readonly due: DueOperation<T>; readonly step: Result<FromTo, FilesStepFailure> };

async function prepareCopy<T extends CopyLike>(
	places: Places,
	due: DueOperation<T>,
	sourceOf: Source<T>
): Promise<Copying<T>> {
	const { operation, step, isRepeat } = due;
	const [from, to] = [await sourceOf(operation, places), await places.of(operation.to)];
	if (!from.ok) return { due, step: from };
	if (!to.ok) return { due, step: to };
	return { due, step: ok({ step, from: from.value, to: to.value, expected: operation.seen, isFirst: !isRepeat }) };
}

/** Copies one after the other, files as one list, which saves a flush for each. */
async function copyAll(
	deps: StepsDeps,
	copying: readonly Copying<CopyLike>[],
	ends: Map<string, Result<null, FilesStepFailure>>,
	{ onBytes, signal }: StepContext
): Promise<void> {
	const files: FromTo[] = [];
	for (const { due, step } of copying) {
		if (!step.ok) ends.set(due.step, step);
		else if (due.operation.seen.kind === 'file') files.push(step.value);
		else if (due.operation.seen.kind === 'symlink')
			ends.set(due.step, await copyLink(deps, step.value, due.isRepeat, signal));
		else {
			const copied = await copyTree(deps, step.value, { proof: true }, onBytes, signal);
			ends.set(due.step, copied.ok ? ok(null) : copied);
		}
	}
	const copied = await copyFiles(deps, files, { proof: true }, onBytes, signal);
	for (const [at, { step }] of files.entries()) {
		const outcome = copied[at];
		if (outcome !== undefined) ends.set(step, outcome.ok ? ok(null) : outcome);
	}
}

/** Whether a file has its final name, which it gets last of all, though the copying was broken off. */
async function isThere({ files }: StepsDeps, { to, expected }: FromTo): Promise<boolean> {
	const found = await files.look(to.root, to.path, new AbortController().signal);
	const isFile = expected.kind === 'file' && found.ok && found.value?.kind === 'file';
	return isFile && found.value?.sizeBytes === expected.sizeBytes;
}

/** Copies what is due; once the signal has aborted, what is done is answered up to the first that is not. */
export function runCopies(
	deps: StepsDeps,
	due: readonly DueOperation<CopyEntry>[],
	context: StepContext
): Promise<End[]> {
	return copyDue(deps, due, sourceInLibrary, context);
}

/** As `runCopies`, from wherever `sourceOf` says. */
export async function copyDue<T extends CopyLike>(
	deps: StepsDeps,
	due: readonly DueOperation<T>[],
	sourceOf: Source<T>,
	context: StepContext
): Promise<End[]> {
	const { signal } = context;
	const places = createPlaces(deps, signal);
	const copying: Copying<T>[] = [];
	for (const one of due) copying.push(await prepareCopy(places, one, sourceOf));
	const ends = new Map<string, Result<null, FilesStepFailure>>();
	await copyAll(deps, copying, ends, context).catch((thrown: unknown) => {
		if (!signal.aborted) throw thrown;
	});
	const answers: End[] = [];
	for (const { due: one, step } of copying) {
		const end = ends.get(one.step);
		if (!step.ok) answers.push(step);
		else if (end === undefined && !(await isThere(deps, step.value))) break;
		else if (end?.ok === false)
			answers.push({ ok: false, failure: await settle(deps, step.value.from, end.failure, signal) });
		else {
			const disk = await lookAt(deps, step.value.to, new AbortController().signal);
			answers.push(disk.ok ? ok(added(deps, one.operation.to, one.operation, disk.value)) : disk);
		}
	}
	return answers;
}

/** What becomes of a copy that nobody goes on with; null where nothing is left of it. */
export function giveUpCopying(deps: StepsDeps, due: DueOperation<CopyEntry>, signal: AbortSignal): Promise<GivenUp> {
	return giveUpDue(deps, due, sourceInLibrary, signal);
}

/** As `giveUpCopying`, from wherever `sourceOf` says. */
export async function giveUpDue<T extends CopyLike>(
	deps: StepsDeps,
	due: DueOperation<T>,
	sourceOf: Source<T>,
	signal: AbortSignal
): Promise<GivenUp> {
	const { operation } = due;
	const { step } = await prepareCopy(createPlaces(deps, signal), due, sourceOf);
	if (!step.ok) return step;
	const { from, to } = step.value;
	const isLink = operation.seen.kind === 'symlink';
	const isDone = isLink ? ok(true) : await giveUpCopy(deps, step.value, signal);
	if (!isDone.ok) return { ok: false, failure: await settle(deps, from, isDone.failure, signal) };
	const disk = isDone.value ? await deps.files.look(to.root, to.path, signal) : ok(null);
	if (!disk.ok) return err({ ...disk.failure, place: to });
	// A link is made in one piece.
	if (disk.value === null || disk.value.kind !== operation.seen.kind) return ok(null);
	return ok(added(deps, operation.to, operation, disk.value));
}

/** Does one after the other, up to where the signal aborts: what was done by then is answered. */
async function untilAborted<T>(
	due: readonly DueOperation<T>[],
	signal: AbortSignal,
	one: (due: DueOperation<T>) => Promise<End>
): Promise<End[]> {
	const ends: End[] = [];
	for (const next of due) {
		if (signal.aborted) break;
		const end = await one(next).catch((thrown: unknown) => {
			if (!signal.aborted) throw thrown;
			return null;
		});
		if (end === null) break;
		ends.push(end);
	}
	return ends;
}

async function makeOne(
	deps: StepsDeps,
	places: Places,
	{ operation: { at }, isRepeat }: DueOperation<MakeFolder>,
	signal: AbortSignal
): Promise<End> {
	const place = await places.of(at);
	if (!place.ok) return place;
	const made = await makeFolder(deps, place.value, signal);
	if (!made.ok) return { ok: false, failure: await settle(deps, place.value, made.failure, signal) };
	// Somebody else's: only a run that was cut off may have made it before.
	if (made.value.wasThere && !isRepeat) return err({ type: 'NameTaken', retry: 'never', place: place.value });
	const disk = await lookAt(deps, place.value, signal);
	if (!disk.ok) return disk;
	return ok({
		write: () => {
			const entry = deps.index.writeAdded(entryId(at.folder), disk.value);
			return { kind: 'remove-folder', entry, at };
		}
	});
}

export async function runMakeFolders(
	deps: StepsDeps,
	due: readonly DueOperation<MakeFolder>[],
	{ signal }: StepContext
): Promise<End[]> {
	const places = createPlaces(deps, signal);
	return untilAborted(due, signal, (one) => makeOne(deps, places, one, signal));
}

/** A folder is made in one piece. */
export async function giveUpMaking(deps: StepsDeps, due: DueOperation<MakeFolder>, signal: AbortSignal) {
	const places = createPlaces(deps, signal);
	const place = await places.of(due.operation.at);
	if (!place.ok) return place;
	const there = await deps.files.look(place.value.root, place.value.path, signal);
	if (!there.ok) return err({ ...there.failure, place: place.value });
	return there.value?.kind === 'directory' ? makeOne(deps, places, due, signal) : ok(null);
}

async function removeOne(
	deps: StepsDeps,
	places: Places,
	{ operation, isRepeat }: DueOperation<RemoveFolder>,
	signal: AbortSignal
): Promise<End> {
	const place = await places.of(operation.at);
	if (!place.ok) return place;
	const expected = { kind: 'directory', sizeBytes: 0, modifiedMs: null, inode: null } as const;
	const removed = await deps.changes.remove(place.value, expected, signal);
	const isGone = removed.ok || (isRepeat && removed.failure.type === 'FileMissing');
	if (!isGone) {
		const failure = { ...removed.failure, place: place.value };
		return { ok: false, failure: await settle(deps, place.value, failure, signal) };
	}
	return ok({
		write: () => {
			deps.index.writeGone(entryId(operation.entry));
			return { kind: 'make-folder', at: operation.at };
		}
	});
}

/** Takes folders away that hold nothing, and are what was made. */
export async function runRemoveFolders(
	deps: StepsDeps,
	due: readonly DueOperation<RemoveFolder>[],
	{ signal }: StepContext
): Promise<End[]> {
	const places = createPlaces(deps, signal);
	return untilAborted(due, signal, (one) => removeOne(deps, places, one, signal));
}

/** An empty folder goes in one piece. */
export async function giveUpRemoving(deps: StepsDeps, due: DueOperation<RemoveFolder>, signal: AbortSignal) {
	const places = createPlaces(deps, signal);
	const place = await places.of(due.operation.at);
	if (!place.ok) return place;
	const there = await deps.files.look(place.value.root, place.value.path, signal);
	if (!there.ok) return err({ ...there.failure, place: place.value });
	return there.value === null ? removeOne(deps, places, due, signal) : ok(null);
}
