import { ok, type Result } from '#core/kernel';
import { settleMs } from '#core/content';
import type { DiskPlace, SmallEnd } from '#core/ports';
import { sharingKey, type Bench } from './read-blocks.ts';
import { failedAt, type FilesDeps, type OnBytes, type StepFailure } from './schema.ts';
import type { PartCopy } from './write-part.ts';

type Hashed = Result<Uint8Array, StepFailure>;

/** Whether `writeSmall` takes it: nobody has begun it, and no blocks can be shared instead. */
export function isSmall({ changes }: FilesDeps, copy: PartCopy, bench: Bench): boolean {
	const { from, part, isBegun, expected } = copy;
	const isTaken = changes.small !== null && expected.sizeBytes <= changes.small.sizeBytesMax;
	return isTaken && !isBegun && expected.kind === 'file' && bench.unshared.has(sharingKey(from, part));
}

function toHashed(end: SmallEnd, from: DiskPlace, to: DiskPlace): Hashed {
	if (end.failed === null) return ok(end.hash);
	return failedAt(end.failed === 'from' ? from : to, end.failure);
}

/** Does what `writePart` does for small files that no earlier run has begun. */
export async function writeSmall(
	{ changes: { small }, clock }: FilesDeps,
	copies: readonly PartCopy[],
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<readonly Hashed[]> {
	if (small === null || copies.length === 0) return [];
	const nowMs = clock.nowMs();
	// As `openSettled` says; after the longest wait all have settled.
	const waitMs = copies.reduce((most, { expected }) => Math.max(most, settleMs(expected.modifiedMs, nowMs)), 0);
	if (waitMs > 0) await clock.wait(waitMs, signal);
	const ends = await small.copy(
		copies.map(({ from, expected, part }) => ({ from, expected, to: part })),
		signal
	);
	onBytes(copies.reduce((sum, { expected }, at) => sum + (ends[at]?.failed === null ? expected.sizeBytes : 0), 0));
	return copies.flatMap(({ from, part }, at) => {
		const end = ends[at];
		return end === undefined ? [] : [toHashed(end, from, part)];
	});
}

/** The hash of each file; null for those that are not small. */
export async function hashSmall(
	{ changes: { small } }: FilesDeps,
	files: readonly { readonly place: DiskPlace; readonly sizeBytes: number }[],
	signal: AbortSignal
): Promise<readonly (Hashed | null)[]> {
	if (small === null) return [];
	const { sizeBytesMax } = small;
	const taken = files.flatMap(({ place, sizeBytes }) => (sizeBytes <= sizeBytesMax ? [place] : []));
	const ends = (taken.length === 0 ? [] : await small.hash(taken, signal)).values();
	return files.map(({ place, sizeBytes }) => {
		const end = sizeBytes <= sizeBytesMax ? ends.next().value : undefined;
		return end === undefined ? null : toHashed(end, place, place);
	});
}
