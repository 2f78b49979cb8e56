import { entryId, err, ok, type Result } from '#core/kernel';
import type { DueOperation, StepContext, StepDone } from '#core/actions';
import { anything, copyFiles, copyTree, makeFolder, removeTree, type FromTo } from '#core/bytes';
import { readTrashed } from '#core/index';
import type { DiskEntry } from '#core/ports';
import { dropBin, seenOnDisk } from './move-steps.ts';
import { createPlaces, lookAt, settle, type Places, type StepsDeps } from './places.ts';
import type {
	CopyEntry,
	DeleteEntry,
	EntryPlace,
	FilesOperation,
	FilesStepFailure,
	MakeFolder,
	RemoveFolder
} from './schema.ts';

type End = Result<StepDone<FilesOperation>, FilesStepFailure>;
type Size = { readonly items: number; readonly sizeBytes: number };

/** Puts what was made into the index; it goes into the trash when that is taken back. */
function added(
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

/** Copies one after the other; files that follow one another as one, which saves a flush for each. */
export async function runCopies(
	deps: StepsDeps,
	due: readonly DueOperation<CopyEntry>[],
	{ onBytes, signal }: StepContext
): Promise<End[]> {
	const places = createPlaces(deps, signal);
	const ends = new Map<string, Result<null, FilesStepFailure>>();
	const steps = new Map<string, FromTo>();
	const files: FromTo[] = [];
	for (const { operation, step, isRepeat } of due) {
		const [from, to] = [await places.of(operation.from), await places.of(operation.to)];
		if (!from.ok || !to.ok) {
			ends.set(step, from.ok ? (to.ok ? ok(null) : to) : from);
			continue;
		}
		const one = { step, from: from.value, to: to.value, expected: operation.seen, isFirst: !isRepeat };
		steps.set(step, one);
		if (operation.seen.kind === 'file') files.push(one);
		else if (operation.seen.kind === 'symlink') ends.set(step, await copyLink(deps, one, isRepeat, signal));
		else {
			const copied = await copyTree(deps, one, { proof: true }, onBytes, signal);
			ends.set(step, copied.ok ? ok(null) : copied);
		}
	}
	const copied = await copyFiles(deps, files, { proof: true }, onBytes, signal);
	for (const [at, { step }] of files.entries()) {
		const outcome = copied[at];
		if (outcome !== undefined) ends.set(step, outcome.ok ? ok(null) : outcome);
	}
	const answers: End[] = [];
	for (const { operation, step } of due) {
		const [end, fromTo] = [ends.get(step), steps.get(step)];
		if (end === undefined || fromTo === undefined) answers.push(end?.ok === false ? end : err({ type: 'EntryGone' }));
		else if (!end.ok) answers.push({ ok: false, failure: await settle(deps, fromTo.from, end.failure, signal) });
		else {
			const disk = await lookAt(deps, fromTo.to, signal);
			answers.push(disk.ok ? ok(added(deps, operation.to, operation, disk.value)) : disk);
		}
	}
	return answers;
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
	const ends: End[] = [];
	for (const one of due) ends.push(await makeOne(deps, places, one, signal));
	return ends;
}

/** Takes folders away that hold nothing, and are what was made. */
export async function runRemoveFolders(
	deps: StepsDeps,
	due: readonly DueOperation<RemoveFolder>[],
	{ signal }: StepContext
): Promise<End[]> {
	const places = createPlaces(deps, signal);
	const ends: End[] = [];
	for (const { operation, isRepeat } of due) {
		const place = await places.of(operation.at);
		if (!place.ok) {
			ends.push(place);
			continue;
		}
		const expected = { kind: 'directory', sizeBytes: 0, modifiedMs: null, inode: null } as const;
		const removed = await deps.changes.remove(place.value, expected, signal);
		const isGone = removed.ok || (isRepeat && removed.failure.type === 'FileMissing');
		if (!isGone) {
			const failure = { ...removed.failure, place: place.value };
			ends.push({ ok: false, failure: await settle(deps, place.value, failure, signal) });
			continue;
		}
		ends.push(
			ok({
				write: () => {
					deps.index.writeGone(entryId(operation.entry));
					return { kind: 'make-folder', at: operation.at };
				}
			})
		);
	}
	return ends;
}

async function deleteOne(
	deps: StepsDeps,
	places: Places,
	{ operation }: DueOperation<DeleteEntry>,
	signal: AbortSignal
): Promise<End> {
	const { database, index } = deps;
	const id = entryId(operation.entry);
	const trashed = database.read(() => readTrashed(database, id));
	if (!trashed.ok) return trashed;
	if (trashed.value === null) return err({ type: 'EntryGone' });
	const { location, bin, name } = trashed.value;
	const [place, binPlace] = [await places.trash(location, bin, name), await places.trash(location, bin)];
	if (!place.ok) return place;
	if (!binPlace.ok) return binPlace;
	const removed = await removeTree(deps, place.value, anything, signal);
	if (!removed.ok) return removed;
	await dropBin(deps, binPlace.value, signal);
	return ok({
		write: () => {
			index.writeGone(id);
			return null;
		}
	});
}

/** Removes what lies in the trash for good. */
export async function runDeletions(
	deps: StepsDeps,
	due: readonly DueOperation<DeleteEntry>[],
	{ signal }: StepContext
): Promise<End[]> {
	const places = createPlaces(deps, signal);
	const ends: End[] = [];
	for (const one of due) ends.push(await deleteOne(deps, places, one, signal));
	return ends;
}
