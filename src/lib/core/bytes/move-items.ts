import { ok, type Result } from '#core/kernel';
import type { DiskEntry, DiskPlace } from '#core/ports';
import { sameBytes } from './compare-files.ts';
import { copyFile } from './copy-files.ts';
import { createBench } from './copy-parts.ts';
import { mark, stageTree, type Staged } from './copy-tree.ts';
import { placeKey } from './fill-tree.ts';
import { look, lookExactly } from './look.ts';
import type { Bench } from './read-blocks.ts';
import { anything, removeOwn, removeTree, type MayGo } from './remove-tree.ts';
import {
	above,
	beside,
	failedAt,
	inside,
	isAsSeen,
	movedName,
	ownPrefix,
	partName,
	type FilesDeps,
	type FromTo,
	type OnBytes,
	type StepFailure
} from './schema.ts';

/** What was moved, and what of it stayed at the source: it came or was changed meanwhile, or cannot be copied. */
export type Moved = { readonly inOneStep: boolean; readonly left: readonly DiskPlace[] };

type Outcome = Result<Moved, StepFailure>;

const inOneStep: Outcome = ok({ inOneStep: true, left: [] });

/** Takes away what this step and its earlier runs have put beside the target. */
async function sweep(deps: FilesDeps, { step, to }: FromTo, signal: AbortSignal) {
	const own = ownPrefix(step);
	return removeOwn(deps, above(to), (name) => name.startsWith(own), signal);
}

/** Lets go of the source what is at the target too: as it was when it was copied, or byte for byte the same. */
function isAtTarget(
	deps: FilesDeps,
	{ from, to }: FromTo,
	seen: Staged['seen'] | null,
	bench: Bench,
	signal: AbortSignal
): MayGo {
	return async (place, entry) => {
		const known = seen?.get(placeKey(place));
		if (known !== undefined) return ok(isAsSeen(known, entry));
		const target = inside(to, ...place.path.slice(from.path.length));
		const there = await lookExactly(deps, target, signal);
		if (!there.ok) return there;
		if (there.value === null || there.value === 'other' || there.value.kind !== entry.kind) return ok(false);
		if (entry.kind !== 'file') return ok(entry.kind !== 'other');
		const same = await sameBytes(deps, place, target, bench, signal);
		return same.ok ? ok(same.value !== null) : same;
	};
}

/** The second half of moving a folder between disks. */
async function takeAway(
	deps: FilesDeps,
	step: FromTo,
	staged: Staged | null,
	bench: Bench,
	signal: AbortSignal
): Promise<Outcome> {
	const isSafe = isAtTarget(deps, step, staged?.seen ?? null, bench, signal);
	// The folder itself was listed by nobody; it goes if nothing is left in it.
	const mayGo: MayGo = async (place, entry, during) =>
		place.path.length === step.from.path.length ? ok(true) : isSafe(place, entry, during);
	const removed = await removeTree(deps, step.from, mayGo, signal);
	if (!removed.ok) return removed;
	const swept = await sweep(deps, step, signal);
	return swept.ok ? ok({ inOneStep: false, left: removed.value.left }) : swept;
}

async function moveFolder(
	deps: FilesDeps,
	step: FromTo,
	target: DiskEntry | 'other' | null,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<Outcome> {
	const bench = await createBench(deps);
	const moved = beside(step.to, movedName(step.step));
	const marked = await look(deps, moved, signal);
	if (!marked.ok) return marked;
	// While this is there a loss of power may have taken from the target what the mark was made for.
	const begun = await look(deps, beside(step.to, partName(step.step)), signal);
	if (!begun.ok) return begun;
	const isCopied = target !== null && target !== 'other' && marked.value !== null && begun.value === null;
	if (isCopied) return takeAway(deps, step, null, bench, signal);
	const room = { proof: true, bench, onBytes };
	const staged = await stageTree(deps, step, target !== null, room, () => mark(deps, moved, signal), signal);
	if (staged.ok) return takeAway(deps, step, staged.value, bench, signal);
	await removeTree(deps, moved, anything, signal);
	return staged;
}

async function moveFile(deps: FilesDeps, step: FromTo, onBytes: OnBytes, signal: AbortSignal): Promise<Outcome> {
	const copied = await copyFile(deps, step, { proof: true }, onBytes, signal);
	if (!copied.ok) return copied;
	return takeSource(deps, step, signal);
}

async function takeSource(deps: FilesDeps, { from, expected }: FromTo, signal: AbortSignal): Promise<Outcome> {
	const gone = await deps.changes.remove(from, expected, signal);
	if (!gone.ok && gone.failure.type === 'SourceChanged') return ok({ inOneStep: false, left: [from] });
	if (!gone.ok && gone.failure.type !== 'FileMissing') return failedAt(from, gone.failure);
	const flushed = await deps.changes.flush([], [above(from)], signal);
	return flushed.ok ? ok({ inOneStep: false, left: [] }) : failedAt(from, flushed.failure);
}

/** A link whose copy is there has its time, as that is named last. */
async function moveLink(
	deps: FilesDeps,
	step: FromTo,
	target: DiskEntry | 'other' | null,
	signal: AbortSignal
): Promise<Outcome> {
	if (target !== null) {
		const isIt = !step.isFirst && target !== 'other' && isAsSeen({ ...step.expected, inode: null }, target);
		return isIt ? takeSource(deps, step, signal) : failedAt(step.to, { type: 'NameTaken', retry: 'never' });
	}
	const part = beside(step.to, partName(step.step));
	const cleared = await removeTree(deps, part, anything, signal);
	if (!cleared.ok) return cleared;
	const made = await deps.changes.copyLink(step.from, part, signal);
	if (!made.ok) return failedAt(part, made.failure);
	const found = await look(deps, part, signal);
	if (!found.ok) return found;
	if (found.value === null) return failedAt(part, { type: 'FileMissing', retry: 'when-online' });
	const [named] = await deps.changes.rename([{ from: part, to: step.to, expected: found.value }], signal);
	return named && !named.ok ? failedAt(step.to, named.failure) : takeSource(deps, step, signal);
}

/** What an earlier run has left to do, where the source is gone: its target has to be there. */
async function endGone(deps: FilesDeps, step: FromTo, signal: AbortSignal): Promise<Outcome> {
	const target = await lookExactly(deps, step.to, signal);
	if (!target.ok) return target;
	const { expected, from } = step;
	const isIt =
		target.value !== null &&
		target.value !== 'other' &&
		target.value.kind === expected.kind &&
		(expected.kind !== 'file' || target.value.sizeBytes === expected.sizeBytes);
	if (!isIt) return failedAt(from, { type: 'FileMissing', retry: 'when-online' });
	const swept = await sweep(deps, step, signal);
	if (!swept.ok) return swept;
	// The run that took it away may have ended before that was sure.
	const flushed = await deps.changes.flush([], [above(from)], signal);
	return flushed.ok || flushed.failure.type === 'FolderMissing' ? inOneStep : failedAt(from, flushed.failure);
}

/** Moves what cannot be renamed, or what an earlier run had begun to move so. */
async function moveByCopy(deps: FilesDeps, step: FromTo, onBytes: OnBytes, signal: AbortSignal): Promise<Outcome> {
	const [source, target] = [await look(deps, step.from, signal), await lookExactly(deps, step.to, signal)];
	if (!source.ok) return source;
	if (!target.ok) return target;
	if (source.value === null) return endGone(deps, step, signal);
	if (!isAsSeen(step.expected, source.value)) return failedAt(step.from, { type: 'SourceChanged', retry: 'never' });
	switch (source.value.kind) {
		case 'directory':
			return moveFolder(deps, step, target.value, onBytes, signal);
		case 'file':
			return moveFile(deps, step, onBytes, signal);
		case 'symlink':
			return moveLink(deps, step, target.value, signal);
		case 'other':
			return failedAt(step.from, { type: 'NotAFile', retry: 'never' });
	}
}

/**
 * Moves files, links and folders, one answer for each in their order. Within one disk each is renamed. Between disks it
 * is copied, every file flushed and proved on both sides by BLAKE3 of all its bytes, and only then taken away, deepest
 * first, each only while it still is what was copied. Nothing is written over. The same steps asked for again after a
 * kill go on where they were; an abort rejects with the signal's reason.
 */
export async function moveItems(
	deps: FilesDeps,
	steps: readonly FromTo[],
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<readonly Outcome[]> {
	const renamed = await deps.changes.rename(steps, signal);
	const outcomes: Outcome[] = [];
	for (const [at, step] of steps.entries()) {
		const one = renamed[at] ?? ok(null);
		if (one.ok) outcomes.push(inOneStep);
		else if (byCopy.has(one.failure.type)) outcomes.push(await moveByCopy(deps, step, onBytes, signal));
		else outcomes.push(failedAt(step.from, one.failure));
	}
	return outcomes;
}

/** What a renaming says where copying may help, or where an earlier run may have done it. */
const byCopy: ReadonlySet<StepFailure['type']> = new Set(['NotInOneStep', 'FileMissing', 'FolderMissing']);

/** Moves one file, link or folder, as `moveItems` does. */
export async function moveItem(deps: FilesDeps, step: FromTo, onBytes: OnBytes, signal: AbortSignal): Promise<Outcome> {
	const [outcome] = await moveItems(deps, [step], onBytes, signal);
	return outcome ?? inOneStep;
}
