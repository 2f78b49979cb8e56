import { invariant, ok, type Result } from '#core/kernel';
import type { DiskPlace } from '#core/ports';
import { sameBytes } from './compare-files.ts';
import { createBench } from './copy-parts.ts';
import { placeKey, TreeFill, type Filled } from './fill-tree.ts';
import { listAll, look, lookExactly } from './look.ts';
import type { Bench } from './read-blocks.ts';
import { anything, removeTree, type MayGo } from './remove-tree.ts';
import {
	above,
	beside,
	failedAt,
	inside,
	isAsSeen,
	ownPrefix,
	partName,
	type FilesDeps,
	type FromTo,
	type OnBytes,
	type Proof,
	type StepFailure
} from './schema.ts';

/** The folder that is being filled, and whether it has its final name. */
type Stage = { readonly top: DiskPlace; readonly isNamed: boolean; readonly isNew: boolean };
type Done = Result<null, StepFailure>;

function isInside(a: DiskPlace, b: DiskPlace): boolean {
	return a.root === b.root && b.path.every((name, at) => a.path[at] === name);
}

/** Makes an empty file that says how far a step has come. */
export async function mark({ changes }: FilesDeps, at: DiskPlace, signal: AbortSignal): Promise<Done> {
	const opened = await changes.openPart(at, 'new', signal);
	if (!opened.ok) return opened.failure.type === 'NameTaken' ? ok(null) : failedAt(at, opened.failure);
	const made = await opened.value.finish(0, null, signal);
	const flushed = made.ok ? await changes.flush([at], [above(at)], signal) : made;
	return flushed.ok ? ok(null) : failedAt(at, flushed.failure);
}

/** A folder beside the target that gets its name in the end. */
async function stageBeside(deps: FilesDeps, { step, to }: FromTo, signal: AbortSignal) {
	const top = beside(to, partName(step));
	const left = await look(deps, top, signal);
	if (!left.ok) return left;
	if (left.value !== null) return ok<Stage>({ top, isNamed: false, isNew: false });
	const made = await deps.changes.makeFolder(top, signal);
	return made.ok ? ok<Stage>({ top, isNamed: false, isNew: true }) : failedAt(top, made.failure);
}

/** The target itself, with a mark beside it until it is whole. */
async function stageInPlace(deps: FilesDeps, { step, to }: FromTo, isThere: boolean, signal: AbortSignal) {
	const marked = await mark(deps, beside(to, partName(step)), signal);
	if (!marked.ok) return marked;
	const made = isThere ? ok(null) : await deps.changes.makeFolder(to, signal);
	return made.ok ? ok<Stage>({ top: to, isNamed: true, isNew: !isThere }) : failedAt(to, made.failure);
}

/** Whether two folders hold the same: names, and every byte of each file. */
async function isSameTree(
	deps: FilesDeps,
	a: DiskPlace,
	b: DiskPlace,
	bench: Bench,
	signal: AbortSignal
): Promise<Result<boolean, StepFailure>> {
	const [first, second] = [await listAll(deps, a, signal), await listAll(deps, b, signal)];
	if (!first.ok) return first;
	if (!second.ok) return second;
	const wanted = first.value.entries.filter(({ kind }) => kind !== 'other');
	const found = new Map(second.value.entries.map((entry) => [entry.name, entry]));
	if (found.size !== wanted.length) return ok(false);
	for (const { name, kind, sizeBytes } of wanted) {
		const there = found.get(name);
		if (there?.kind !== kind || there.sizeBytes !== sizeBytes) return ok(false);
		const [left, right] = [inside(a, name), inside(b, name)];
		if (kind === 'file') {
			const same = await sameBytes(deps, left, right, bench, signal);
			if (!same.ok) return same;
			if (same.value === null) return ok(false);
		} else if (kind === 'directory') {
			const same = await isSameTree(deps, left, right, bench, signal);
			if (!same.ok || !same.value) return same;
		}
	}
	return ok(true);
}

async function findStage(deps: FilesDeps, step: FromTo, isThere: boolean, signal: AbortSignal) {
	const taken = failedAt(step.to, { type: 'NameTaken', retry: 'never' });
	if (isThere && step.isFirst) return taken;
	if (deps.changes.renamesFolders) return isThere ? taken : stageBeside(deps, step, signal);
	const marked = isThere ? await look(deps, beside(step.to, partName(step.step)), signal) : null;
	if (marked !== null && !marked.ok) return marked;
	return marked?.value === null ? taken : stageInPlace(deps, step, isThere, signal);
}

/** Gives a full stage its final name, or takes its mark away. */
async function finishStage(deps: FilesDeps, { to, step }: FromTo, stage: Stage, signal: AbortSignal): Promise<Done> {
	if (stage.isNamed) {
		const gone = await removeTree(deps, beside(to, partName(step)), anything, signal);
		return gone.ok ? ok(null) : gone;
	}
	const filled = await look(deps, stage.top, signal);
	if (!filled.ok) return filled;
	if (filled.value === null) return failedAt(stage.top, { type: 'FileMissing', retry: 'when-online' });
	const [named] = await deps.changes.rename([{ from: stage.top, to, expected: filled.value }], signal);
	return named && !named.ok ? failedAt(to, named.failure) : ok(null);
}

/** Failures after which another run of the same step could not use what this one has made. */
const inVain: ReadonlySet<StepFailure['type']> = new Set([
	'SourceChanged',
	'NameTaken',
	'NameRefused',
	'NoSpace',
	'TooLarge',
	'InsideItself'
]);

/** Lets go what a copy has made: its source is still there. */
function isCopyOf({ seen }: TreeFill, { step, from, to }: FromTo): MayGo {
	// A disk may keep names in another Unicode form than it was given.
	const key = (place: DiskPlace, sizeBytes: number) => `${placeKey(place).normalize()}\0${sizeBytes}`;
	const known = new Set([...seen].map(([path, { sizeBytes }]) => `${path.normalize()}\0${sizeBytes}`));
	return async (place, { name, kind, sizeBytes }) => {
		if (kind === 'directory' || name.startsWith(ownPrefix(step))) return ok(true);
		return ok(known.has(key(inside(from, ...place.path.slice(to.path.length)), sizeBytes)));
	};
}

export type Staged = { readonly filled: Filled; readonly seen: TreeFill['seen'] };

/**
 * Copies a folder with all in it; the target gets its name once all of it is there. `beforeName` runs before that.
 * `isThere`: something has the target's name.
 */
export async function stageTree(
	deps: FilesDeps,
	step: FromTo,
	isThere: boolean,
	{ proof, bench, onBytes }: { readonly proof: boolean; readonly bench: Bench; readonly onBytes: OnBytes },
	beforeName: () => Promise<Done>,
	signal: AbortSignal
): Promise<Result<Staged, StepFailure>> {
	const { from, to } = step;
	if (isInside(to, from)) return failedAt(to, { type: 'InsideItself', retry: 'never' });
	const stage = await findStage(deps, step, isThere, signal);
	if (!stage.ok) return stage;
	const { top, isNamed, isNew } = stage.value;
	const fill = new TreeFill(deps, { step: step.step, from, top, isNamed, proof, bench, onBytes }, signal);
	const filled = await fill.run(isNew);
	const prepared = filled.ok ? await beforeName() : filled;
	const finished = prepared.ok ? await finishStage(deps, step, stage.value, signal) : prepared;
	if (filled.ok && finished.ok) return ok({ filled: filled.value, seen: fill.seen });
	const failed = filled.ok ? finished : filled;
	invariant(!failed.ok, 'a stage that has not come to its end has failed');
	if (!inVain.has(failed.failure.type)) return failed;
	// In a folder that had its name somebody else may have put something.
	await removeTree(deps, top, isNamed ? isCopyOf(fill, step) : anything, signal);
	if (isNamed) await removeTree(deps, beside(to, partName(step.step)), anything, signal);
	return failed;
}

/**
 * Copies a folder with all in it, links as links. On a host that renames folders the target appears whole, elsewhere
 * its files do, one by one; nothing is written over. The same step asked for again after a kill goes on where it was.
 */
export async function copyTree(
	deps: FilesDeps,
	step: FromTo,
	{ proof }: Proof,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<Result<Filled, StepFailure>> {
	const bench = await createBench(deps);
	const [source, target] = [await look(deps, step.from, signal), await lookExactly(deps, step.to, signal)];
	if (!source.ok) return source;
	if (!target.ok) return target;
	if (source.value === null) return failedAt(step.from, { type: 'FileMissing', retry: 'when-online' });
	if (!isAsSeen(step.expected, source.value)) return failedAt(step.from, { type: 'SourceChanged', retry: 'never' });
	const isThere = target.value !== null;
	const staged = await stageTree(deps, step, isThere, { proof, bench, onBytes }, async () => ok(null), signal);
	if (staged.ok) return ok(staged.value.filled);
	if (staged.failure.type !== 'NameTaken' || step.isFirst) return staged;
	if (target.value === null || target.value === 'other') return staged;
	// An earlier run may have been done but for its answer.
	const same =
		target.value.kind === 'directory' ? await isSameTree(deps, step.from, step.to, bench, signal) : ok(false);
	if (!same.ok) return same;
	if (!same.value) return staged;
	const flushed = await deps.changes.flush([], [above(step.to)], signal);
	return flushed.ok ? countTree(deps, step.to, signal) : failedAt(step.to, flushed.failure);
}

/** What a copy that is there holds. */
async function countTree(deps: FilesDeps, at: DiskPlace, signal: AbortSignal): Promise<Result<Filled, StepFailure>> {
	const listed = await listAll(deps, at, signal);
	if (!listed.ok) return listed;
	let [files, folders, sizeBytes] = [0, 1, 0];
	for (const entry of listed.value.entries) {
		if (entry.kind === 'file') files++;
		sizeBytes += entry.sizeBytes;
		if (entry.kind !== 'directory') continue;
		const below = await countTree(deps, inside(at, entry.name), signal);
		if (!below.ok) return below;
		files += below.value.files;
		folders += below.value.folders;
		sizeBytes += below.value.sizeBytes;
	}
	return ok({ files, folders, sizeBytes, left: [] });
}
