import { err, ok, type Result } from '#core/kernel';
import type { DueOperation, StepContext } from '#core/actions';
import { createCopyProver, moveItem, type CopyProver } from '#core/bytes';
import type { DiskPlace } from '#core/ports';
import { freeName } from './free-name.ts';
import { dropBin, expectedAt, isWithin, moveAll, prepareTrash, type End, type Ready } from './move-steps.ts';
import { createPlaces, settle, type Places, type StepsDeps } from './places.ts';
import type { FilesStepFailure, TrashCopy } from './schema.ts';

/** Read before what was proved is moved: the shorter the way between the two, the less comes in between. */
const provedBytesMax = 256 * 1024 * 1024;
/** Names that are tried for what has lost its own meanwhile. */
const namesMax = 100;

type Prepared = { readonly kept: DiskPlace | null; readonly ready: Result<Ready, FilesStepFailure> };

/** What is done is finished also where it is broken off. */
const never = new AbortController().signal;

/** Takes out of the trash again what should not have come there; under another name where its own is taken by now. */
async function putBack(deps: StepsDeps, { step }: Ready): Promise<Result<null, FilesStepFailure>> {
	const there = await deps.files.look(step.to.root, step.to.path, never);
	if (!there.ok) return err({ ...there.failure, place: step.to });
	if (there.value === null) return ok(null);
	const taken = new Set<string>();
	const original = step.from.path.at(-1) ?? '';
	for (;;) {
		const name = freeName(original, false, (wanted) => taken.has(wanted));
		const to = { root: step.from.root, path: [...step.from.path.slice(0, -1), name] };
		const back = { step: step.step, from: step.to, to, expected: there.value };
		const moved = await moveItem(deps, back, () => undefined, never);
		if (moved.ok) break;
		if (moved.failure.type !== 'NameTaken' || taken.size >= namesMax) return err(moved.failure);
		taken.add(name);
	}
	await dropBin(deps, { root: step.to.root, path: step.to.path.slice(0, -1) }, never);
	return ok(null);
}

/** The end of what was put back, or could not be: then it is in the trash, from where a person can take it. */
async function refuse(deps: StepsDeps, ready: Ready, why: FilesStepFailure): Promise<Result<null, FilesStepFailure>> {
	const back = await putBack(deps, ready);
	if (back.ok) return err(why);
	const mayPass = 'retry' in back.failure && back.failure.retry !== 'never';
	return mayPass ? err(await settle(deps, ready.step.from, back.failure, never)) : ok(null);
}

/** Where the copy lies: at its place, or in the trash, where a run that was cut off has put it. */
async function copyPlace(deps: StepsDeps, { step }: Ready, isRepeat: boolean, signal: AbortSignal): Promise<DiskPlace> {
	if (!isRepeat) return step.from;
	const found = await deps.files.look(step.from.root, step.from.path, signal);
	return found.ok && found.value === null ? step.to : step.from;
}

/** Reads both, and says why the copy cannot go; null where it is proved. */
async function whyNot(
	deps: StepsDeps,
	prover: CopyProver,
	{ copy, kept }: { readonly copy: DiskPlace; readonly kept: DiskPlace },
	{ onBytes, signal }: StepContext
): Promise<FilesStepFailure | null> {
	const proved = await prover.isCopy(copy, kept, onBytes, signal);
	if (proved.ok) return proved.value ? null : { type: 'BytesDiffer' };
	if (proved.failure.place === kept) return { type: 'KeptMissing' };
	return settle(deps, copy, proved.failure, signal);
}

async function prepareCopy(
	deps: StepsDeps,
	places: Places,
	prover: CopyProver,
	due: DueOperation<TrashCopy>,
	context: StepContext
): Promise<Prepared> {
	const { signal } = context;
	const kept = await places.of(due.operation.copyOf.at);
	const made = await prepareTrash(deps, places, due, signal);
	if (!made.ok) return { kept: null, ready: made };
	const expected = await expectedAt(deps, made.value.step.from, due.operation.seen, signal);
	const ready: Ready = { ...made.value, step: { ...made.value.step, expected } };
	const copy = await copyPlace(deps, ready, due.isRepeat, signal);
	const why = kept.ok
		? await whyNot(deps, prover, { copy, kept: kept.value }, context)
		: ({ type: 'KeptMissing' } as const);
	if (why === null && kept.ok) return { kept: kept.value, ready: ok(ready) };
	if (copy !== ready.step.to || why === null) return { kept: null, ready: err(why ?? { type: 'KeptMissing' }) };
	const refused = await refuse(deps, ready, why);
	return refused.ok ? { kept: null, ready: ok(ready) } : { kept: null, ready: refused };
}

/** What was moved stays so only while what was kept for it is there; else it comes back. */
async function settleKept(deps: StepsDeps, prover: CopyProver, { kept, ready }: Prepared, end: End): Promise<End> {
	if (!end.ok || !ready.ok || kept === null) return end;
	const stays = await prover.stays(kept, never);
	if (stays.ok && stays.value) return end;
	const refused = await refuse(deps, ready.value, { type: 'KeptMissing' });
	return refused.ok ? end : refused;
}

/**
 * Puts copies into the trash, each only after every byte of it was found in what is kept, and for good only if that is
 * still there once the copy has left its place: of two that are each to go for the other, one stays.
 */
export async function runTrashCopies(
	deps: StepsDeps,
	due: readonly DueOperation<TrashCopy>[],
	context: StepContext
): Promise<End[]> {
	const places = createPlaces(deps, context.signal);
	const prover = await createCopyProver(deps);
	try {
		const prepared: Prepared[] = [];
		let provedBytes = 0;
		for (const one of due) {
			if (provedBytes >= provedBytesMax) break;
			const next = await prepareCopy(deps, places, prover, one, context);
			// Its place is another, or empty, once the ones before it are moved.
			const isBound = prepared.some(
				({ ready }) => ready.ok && next.kept !== null && isWithin(next.kept, ready.value.step.from)
			);
			if (isBound) break;
			prepared.push(next);
			provedBytes += one.operation.sizeBytes;
		}
		const ends = await moveAll(
			deps,
			prepared.map(({ ready }) => ready),
			context
		);
		const settled: End[] = [];
		for (const [at, end] of ends.entries()) {
			const one = prepared[at];
			settled.push(one === undefined ? end : await settleKept(deps, prover, one, end));
		}
		return settled;
	} finally {
		await prover.close();
	}
}
