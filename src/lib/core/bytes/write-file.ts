import { ok, type Result } from '#core/kernel';
import type { DiskPlace } from '#core/ports';
import { hashAt } from './compare-files.ts';
import { createBench, discard } from './copy-parts.ts';
import { look, lookExactly } from './look.ts';
import { isSame, type Bench } from './read-blocks.ts';
import { above, beside, failedAt, partName, type FilesDeps, type StepFailure } from './schema.ts';

/** A file of a few bytes that are at hand. */
export type WriteStep = {
	/** Names this very step for good, as in `FromTo`. */
	readonly step: string;
	readonly to: DiskPlace;
	readonly bytes: Uint8Array;
	/** No earlier run was begun: what has the name is somebody else's. */
	readonly isFirst: boolean;
};

type Done = Result<null, StepFailure>;

/** Writes and flushes the part, and reads it again. */
async function fillPart(
	deps: FilesDeps,
	part: DiskPlace,
	isBegun: boolean,
	bytes: Uint8Array,
	bench: Bench,
	signal: AbortSignal
): Promise<Done> {
	const opened = await deps.changes.openPart(part, isBegun ? 'again' : 'new', signal);
	if (!opened.ok) return failedAt(part, opened.failure);
	try {
		const written = await opened.value.write(0, bytes, signal);
		const finished = written.ok ? await opened.value.finish(bytes.length, null, signal) : written;
		if (!finished.ok) return failedAt(part, finished.failure);
	} finally {
		await opened.value.close();
	}
	const flushed = await deps.changes.flush([part], [above(part)], signal);
	if (!flushed.ok) return failedAt(part, flushed.failure);
	const same = await hasBytes(deps, part, bytes, bench, signal);
	if (!same.ok) return same;
	return same.value ? ok(null) : failedAt(part, { type: 'CopyDiffers', retry: 'soon' });
}

async function hasBytes(deps: FilesDeps, at: DiskPlace, bytes: Uint8Array, bench: Bench, signal: AbortSignal) {
	bench.hasher.digest();
	bench.hasher.update(bytes);
	const wanted = bench.hasher.digest();
	const found = await hashAt(deps, at, bench, signal);
	return found.ok ? ok(isSame(found.value, wanted)) : found;
}

/** Whether what has the name was made by an earlier run of the step; then nothing of that run is left beside it. */
async function wasWritten(
	deps: FilesDeps,
	{ to, bytes, isFirst }: WriteStep,
	part: DiskPlace,
	bench: Bench,
	signal: AbortSignal
): Promise<Result<boolean, StepFailure>> {
	await discard(deps, part, signal);
	const there = await lookExactly(deps, to, signal);
	if (!there.ok) return there;
	const isFile = there.value !== null && there.value !== 'other' && there.value.kind === 'file';
	if (isFirst || !isFile) return ok(false);
	const same = await hasBytes(deps, to, bytes, bench, signal);
	if (!same.ok || !same.value) return same;
	const flushed = await deps.changes.flush([to], [above(to)], signal);
	return flushed.ok ? ok(true) : failedAt(to, flushed.failure);
}

/**
 * Makes a file of these bytes. It has its name only once all of it is on the disk and was read again; nothing is
 * written over. The same step asked for again after a kill comes to the same end.
 */
export async function writeFile(deps: FilesDeps, step: WriteStep, signal: AbortSignal): Promise<Done> {
	const bench = await createBench(deps);
	const { to, bytes } = step;
	const part = beside(to, partName(step.step));
	const [taken, left] = [await lookExactly(deps, to, signal), await look(deps, part, signal)];
	if (!taken.ok) return taken;
	if (!left.ok) return left;
	if (taken.value !== null) {
		const written = await wasWritten(deps, step, part, bench, signal);
		if (!written.ok) return written;
		return written.value ? ok(null) : failedAt(to, { type: 'NameTaken', retry: 'never' });
	}
	const filled = await fillPart(deps, part, left.value !== null, bytes, bench, signal);
	if (!filled.ok) return giveUp(deps, part, filled, signal);
	const there = await look(deps, part, signal);
	if (!there.ok) return there;
	if (there.value === null) return failedAt(part, { type: 'FileMissing', retry: 'when-online' });
	const [named] = await deps.changes.rename([{ from: part, to, expected: there.value }], signal);
	return named && !named.ok ? giveUp(deps, part, failedAt(to, named.failure), signal) : ok(null);
}

/** What no later run can use takes room. */
async function giveUp(deps: FilesDeps, part: DiskPlace, failed: Done, signal: AbortSignal): Promise<Done> {
	if (!failed.ok && failed.failure.retry === 'never') await discard(deps, part, signal);
	return failed;
}
