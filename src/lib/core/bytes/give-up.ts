import { ok, type Result } from '#core/kernel';
import type { DiskPlace } from '#core/ports';
import { sameBytes } from './compare-files.ts';
import { copyFile } from './copy-files.ts';
import { createBench } from './copy-parts.ts';
import { copyTree } from './copy-tree.ts';
import { look, lookExactly } from './look.ts';
import { moveItem } from './move-items.ts';
import { removeTree, type MayGo } from './remove-tree.ts';
import { beside, inside, ownPrefix, partName, type FilesDeps, type FromTo, type StepFailure } from './schema.ts';
import { sweepStep } from './sweep-step.ts';

type Rerun = (step: FromTo) => Promise<Result<unknown, StepFailure>>;

const silent = () => undefined;

/** Whether a folder has its name though not all of it is there, as where a host cannot rename folders. */
async function isHalfNamed(deps: FilesDeps, { step, to, expected }: FromTo, signal: AbortSignal) {
	if (deps.changes.renamesFolders || expected.kind !== 'directory') return ok(false);
	const marked = await look(deps, beside(to, partName(step)), signal);
	return marked.ok ? ok(marked.value?.kind === 'file') : marked;
}

/** Lets go of a copy what its source has too, byte for byte; what somebody else has put there stays. */
async function takeBack(deps: FilesDeps, { step, from, to }: FromTo, signal: AbortSignal) {
	const bench = await createBench(deps);
	const mayGo: MayGo = async (place, { name, kind }) => {
		if (name.startsWith(ownPrefix(step))) return ok(true);
		const source: DiskPlace = inside(from, ...place.path.slice(to.path.length));
		const there = await lookExactly(deps, source, signal);
		if (!there.ok) return there;
		if (there.value === null || there.value === 'other' || there.value.kind !== kind) return ok(false);
		if (kind !== 'file') return ok(kind === 'directory');
		const same = await sameBytes(deps, source, place, bench, signal);
		return same.ok ? ok(same.value !== null) : same;
	};
	return removeTree(deps, to, mayGo, signal);
}

async function giveUp(
	deps: FilesDeps,
	step: FromTo,
	rerun: Rerun,
	signal: AbortSignal
): Promise<Result<boolean, StepFailure>> {
	const [half, target] = [await isHalfNamed(deps, step, signal), await lookExactly(deps, step.to, signal)];
	if (!half.ok) return half;
	if (!target.ok) return target;
	const back = half.value && target.value !== null ? await takeBack(deps, step, signal) : ok(null);
	if (!back.ok) return back;
	// All that is written has its name only once it is whole: little is left to do, or nothing was done.
	const ended = half.value || target.value === null ? null : await rerun({ ...step, isFirst: false });
	if (ended?.ok === true) return ok(true);
	if (ended !== null && ended.failure.type !== 'NameTaken') return ended;
	const swept = await sweepStep(deps, step.step, step.to, signal);
	return swept.ok ? ok(false) : swept;
}

/**
 * Brings a copy to an end that was begun and that nobody will ask for again: done where its target has its name, which
 * is answered, else nothing is left of it.
 */
export function giveUpCopy(deps: FilesDeps, step: FromTo, signal: AbortSignal): Promise<Result<boolean, StepFailure>> {
	const rerun: Rerun = (again) =>
		step.expected.kind === 'directory'
			? copyTree(deps, again, { proof: true }, silent, signal)
			: copyFile(deps, again, { proof: true }, silent, signal);
	return giveUp(deps, step, rerun, signal);
}

/** As `giveUpCopy` for a move: of which the source is whole, where it is not done. */
export function giveUpMove(deps: FilesDeps, step: FromTo, signal: AbortSignal): Promise<Result<boolean, StepFailure>> {
	return giveUp(deps, step, (again) => moveItem(deps, again, silent, signal), signal);
}
