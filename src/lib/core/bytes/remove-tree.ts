import { ok, type Result } from '#core/kernel';
import type { DiskEntry, DiskPlace } from '#core/ports';
import { listAll, look } from './look.ts';
import { above, failedAt, inside, type FilesDeps, type StepFailure } from './schema.ts';

/** What was taken away, and what stayed: it is not what was expected, or lies above something that stayed. */
export type Removed = { readonly removed: number; readonly left: readonly DiskPlace[] };

/** Whether what is listed at `place` may go. Of a folder it is asked once all in it is gone. */
export type MayGo = (place: DiskPlace, entry: DiskEntry, signal: AbortSignal) => Promise<Result<boolean, StepFailure>>;

type Tally = { removed: number; readonly left: DiskPlace[] };

async function removeOne(
	{ changes }: FilesDeps,
	place: DiskPlace,
	entry: DiskEntry,
	tally: Tally,
	signal: AbortSignal
): Promise<Result<null, StepFailure>> {
	const gone = await changes.remove(place, entry, signal);
	if (gone.ok) tally.removed++;
	else if (gone.failure.type === 'SourceChanged' || gone.failure.type === 'FolderNotEmpty') tally.left.push(place);
	else if (gone.failure.type !== 'FileMissing') return failedAt(place, gone.failure);
	return ok(null);
}

async function removeBelow(
	deps: FilesDeps,
	place: DiskPlace,
	mayGo: MayGo,
	tally: Tally,
	signal: AbortSignal
): Promise<Result<null, StepFailure>> {
	const listed = await listAll(deps, place, signal);
	if (!listed.ok) return listed;
	tally.left.push(...listed.value.unread.map((name) => inside(place, name)));
	for (const entry of listed.value.entries) {
		const removed = await removeEntry(deps, inside(place, entry.name), entry, mayGo, tally, signal);
		if (!removed.ok) return removed;
	}
	return ok(null);
}

async function removeEntry(
	deps: FilesDeps,
	place: DiskPlace,
	entry: DiskEntry,
	mayGo: MayGo,
	tally: Tally,
	signal: AbortSignal
): Promise<Result<null, StepFailure>> {
	const leftBefore = tally.left.length;
	if (entry.kind === 'directory') {
		const below = await removeBelow(deps, place, mayGo, tally, signal);
		if (!below.ok) return below;
	}
	const may = tally.left.length === leftBefore ? await mayGo(place, entry, signal) : ok(false);
	if (!may.ok) return may;
	if (may.value) return removeOne(deps, place, entry, tally, signal);
	tally.left.push(place);
	return ok(null);
}

/** As `removeTree`, but for the folder that it lay in: that it is gone from there is not sure yet. */
async function removeUnsure(
	deps: FilesDeps,
	at: DiskPlace,
	mayGo: MayGo,
	signal: AbortSignal
): Promise<Result<Removed, StepFailure>> {
	const found = await look(deps, at, signal);
	if (!found.ok) return found;
	const tally: Tally = { removed: 0, left: [] };
	if (found.value === null) return ok(tally);
	const removed = await removeEntry(deps, at, found.value, mayGo, tally, signal);
	if (!removed.ok) return removed;
	// What is gone took its names with it; what stays has lost some.
	const flushed = await deps.changes.flush([], tally.left.map(above), signal);
	return flushed.ok ? ok(tally) : failedAt(at, flushed.failure);
}

/**
 * Removes what is at `at`, deepest first, each entry only if `mayGo` says so of what is there now and it is still that.
 * Nothing there is fine. Links are removed, never followed. What was answered as removed outlasts a loss of power.
 */
export async function removeTree(
	deps: FilesDeps,
	at: DiskPlace,
	mayGo: MayGo,
	signal: AbortSignal
): Promise<Result<Removed, StepFailure>> {
	const removed = await removeUnsure(deps, at, mayGo, signal);
	if (!removed.ok) return removed;
	const sure = await flushFolder(deps, above(at), signal);
	return sure.ok ? removed : sure;
}

/**
 * As `removeTree`, for many things of one folder, which is flushed once for all of them. Where it is broken off, the
 * answers are fewer than the places: those after them were not begun or not ended.
 */
export async function removeTrees(
	deps: FilesDeps,
	folder: DiskPlace,
	names: readonly string[],
	mayGo: MayGo,
	signal: AbortSignal
): Promise<Result<Removed, StepFailure>[]> {
	const ends: Result<Removed, StepFailure>[] = [];
	for (const name of names) {
		if (signal.aborted) break;
		const removed = await removeUnsure(deps, inside(folder, name), mayGo, signal).catch((thrown: unknown) => {
			if (!signal.aborted) throw thrown;
			return null;
		});
		if (removed === null) break;
		ends.push(removed);
	}
	// Also when it was broken off: what is answered has to be sure.
	const sure = await flushFolder(deps, folder, new AbortController().signal);
	return sure.ok ? ends : ends.map((end) => (end.ok ? sure : end));
}

/** Also where an earlier run has removed something from it, as that may not be sure. */
async function flushFolder(
	{ changes }: FilesDeps,
	folder: DiskPlace,
	signal: AbortSignal
): Promise<Result<null, StepFailure>> {
	const flushed = await changes.flush([], [folder], signal);
	return flushed.ok || flushed.failure.type === 'FolderMissing' ? ok(null) : failedAt(folder, flushed.failure);
}

/** Lets all of it go. */
export const anything: MayGo = async () => ok(true);

/** Takes away what a step that is given up has left beside and in its target. */
export async function removeOwn(
	deps: FilesDeps,
	folder: DiskPlace,
	isOwn: (name: string) => boolean,
	signal: AbortSignal
): Promise<Result<Removed, StepFailure>> {
	const tally: Tally = { removed: 0, left: [] };
	const listed = await listAll(deps, folder, signal);
	if (!listed.ok) return listed;
	for (const entry of listed.value.entries.filter(({ name }) => isOwn(name))) {
		const removed = await removeEntry(deps, inside(folder, entry.name), entry, anything, tally, signal);
		if (!removed.ok) return removed;
	}
	const flushed = await deps.changes.flush([], [folder], signal);
	return flushed.ok ? ok(tally) : failedAt(folder, flushed.failure);
}
