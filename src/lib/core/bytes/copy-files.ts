import { ok, type Result } from '#core/kernel';
import type { DiskEntry } from '#core/ports';
import { sameBytes } from './compare-files.ts';
import { copyParts, createBench, discard, inBatches, type Hashed, type NamedCopy } from './copy-parts.ts';
import { look, lookExactly } from './look.ts';
import type { Bench } from './read-blocks.ts';
import {
	above,
	beside,
	failedAt,
	partName,
	type Copied,
	type FilesDeps,
	type FromTo,
	type OnBytes,
	type Proof,
	type StepFailure
} from './schema.ts';

type Outcome = Result<Copied, StepFailure>;
/** What an earlier run of the same step has left: nothing or a part of it, or all. */
type Begun =
	{ readonly isDone: false; readonly copy: NamedCopy } | { readonly isDone: true; readonly hash: Uint8Array };

/** Finishes a renaming that a kill has cut in two: then the part is a second name of the whole file. */
async function finishNaming({ changes }: FilesDeps, copy: NamedCopy, there: DiskEntry, signal: AbortSignal) {
	if (copy.to !== null) await changes.rename([{ from: copy.part, to: copy.to, expected: there }], signal);
}

async function findBegun(deps: FilesDeps, step: FromTo, bench: Bench, signal: AbortSignal) {
	const part = beside(step.to, partName(step.step));
	const copy = { from: step.from, expected: step.expected, part, to: step.to };
	const [target, left] = [await lookExactly(deps, step.to, signal), await look(deps, part, signal)];
	if (!target.ok) return target;
	if (!left.ok) return left;
	if (target.value === null) return ok<Begun>({ isDone: false, copy: { ...copy, isBegun: left.value !== null } });
	const taken = failedAt(step.to, { type: 'NameTaken', retry: 'never' });
	if (left.value !== null) {
		await finishNaming(deps, { ...copy, isBegun: true }, left.value, signal);
		await discard(deps, part, signal);
	}
	if (step.isFirst || target.value === 'other' || target.value.kind !== 'file') return taken;
	if (target.value.sizeBytes !== step.expected.sizeBytes) return taken;
	const hash = await sameBytes(deps, step.from, step.to, bench, signal);
	if (!hash.ok) return hash;
	if (hash.value === null) return taken;
	// The run that has named it may have ended before that was sure.
	const flushed = await deps.changes.flush([step.to], [above(step.to)], signal);
	return flushed.ok ? ok<Begun>({ isDone: true, hash: hash.value }) : failedAt(step.to, flushed.failure);
}

/** What the disk says of a copy that was made. */
async function told(deps: FilesDeps, { to }: FromTo, hashed: Hashed, signal: AbortSignal): Promise<Outcome> {
	if (!hashed.ok) return hashed;
	const found = await look(deps, to, signal);
	if (!found.ok) return found;
	if (found.value === null) return failedAt(to, { type: 'FileMissing', retry: 'when-online' });
	const { sizeBytes, modifiedMs, inode } = found.value;
	return ok({ sizeBytes, modifiedMs, inode, hash: hashed.value });
}

async function copyBatch(
	deps: FilesDeps,
	steps: readonly FromTo[],
	proof: boolean,
	bench: Bench,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<readonly Outcome[]> {
	const hashes: (Hashed | null)[] = [];
	const copies: NamedCopy[] = [];
	for (const step of steps) {
		const begun = await findBegun(deps, step, bench, signal);
		if (begun.ok && !begun.value.isDone) copies.push(begun.value.copy);
		if (begun.ok && begun.value.isDone) onBytes(step.expected.sizeBytes);
		hashes.push(!begun.ok ? begun : begun.value.isDone ? ok(begun.value.hash) : null);
	}
	const copied = (await copyParts(deps, copies, proof, bench, onBytes, signal)).values();
	const outcomes: Outcome[] = [];
	for (const [at, step] of steps.entries()) {
		const hashed = hashes[at] ?? copied.next().value ?? ok(null);
		outcomes.push(await told(deps, step, hashed, signal));
	}
	return outcomes;
}

/**
 * Copies files, one answer for each in their order. A copy has its final name only once all of it is on the disk, with
 * `proof` also read again and found to be the source's by BLAKE3 of all bytes. Nothing is written over. The same steps
 * asked for again after a kill go on where they were; what is done is answered again. An abort leaves what was written
 * for that, and rejects with the signal's reason.
 */
export async function copyFiles(
	deps: FilesDeps,
	steps: readonly FromTo[],
	{ proof }: Proof,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<readonly Outcome[]> {
	const bench = await createBench(deps);
	const outcomes: Outcome[] = [];
	for (const batch of inBatches(steps)) outcomes.push(...(await copyBatch(deps, batch, proof, bench, onBytes, signal)));
	return outcomes;
}

/** Copies one file, as `copyFiles` does. */
export async function copyFile(
	deps: FilesDeps,
	step: FromTo,
	proof: Proof,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<Outcome> {
	const [outcome] = await copyFiles(deps, [step], proof, onBytes, signal);
	return outcome ?? failedAt(step.from, { type: 'FileMissing', retry: 'when-online' });
}
