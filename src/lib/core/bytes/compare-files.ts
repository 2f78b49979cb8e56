import { ok, type Result } from '#core/kernel';
import { settleMs } from '#core/content';
import type { DiskPlace, OpenFile } from '#core/ports';
import { blockAt, hashOf, isSame, readBlock, type Bench } from './read-blocks.ts';
import { failedAt, type FilesDeps, type StepFailure } from './schema.ts';

/**
 * Opens a file for a copy of it. Waits where it was written to so lately that another write would not show in its time,
 * so that `isUnchanged` tells of every one.
 */
export async function openSettled(
	{ files, clock }: FilesDeps,
	place: DiskPlace,
	modifiedMs: number | null,
	signal: AbortSignal
): Promise<Result<OpenFile, StepFailure>> {
	const waitMs = settleMs(modifiedMs, clock.nowMs());
	if (waitMs > 0) await clock.wait(waitMs, signal);
	const opened = await files.open(place.root, place.path, signal);
	return opened.ok ? opened : failedAt(place, opened.failure);
}

/** The BLAKE3 of the bytes at `place`. */
export async function hashAt(
	{ files }: FilesDeps,
	place: DiskPlace,
	bench: Bench,
	signal: AbortSignal
): Promise<Result<Uint8Array, StepFailure>> {
	const opened = await files.open(place.root, place.path, signal);
	if (!opened.ok) return failedAt(place, opened.failure);
	try {
		const hash = await hashOf(opened.value, bench, signal);
		return hash.ok ? hash : failedAt(place, hash.failure);
	} finally {
		await opened.value.close();
	}
}

/** The hash of the bytes of both where they are the same, all read to the end; else null. */
export async function sameBytes(
	deps: FilesDeps,
	a: DiskPlace,
	b: DiskPlace,
	bench: Bench,
	signal: AbortSignal
): Promise<Result<Uint8Array | null, StepFailure>> {
	const seen = await deps.files.look(a.root, a.path, signal);
	if (!seen.ok) return failedAt(a, seen.failure);
	const opened = await openSettled(deps, a, seen.value?.modifiedMs ?? null, signal);
	if (!opened.ok) return opened;
	try {
		const first = await hashOf(opened.value, bench, signal);
		if (!first.ok) return failedAt(a, first.failure);
		const second = await hashAt(deps, b, bench, signal);
		if (!second.ok) return second;
		const unchanged = await opened.value.isUnchanged(signal);
		if (!unchanged.ok) return failedAt(a, unchanged.failure);
		return ok(unchanged.value && isSame(first.value, second.value) ? first.value : null);
	} finally {
		await opened.value.close();
	}
}

/** How many of the first bytes, in whole blocks or all of them, are the same in both. */
export async function samePrefix(
	deps: FilesDeps,
	source: OpenFile,
	from: DiskPlace,
	part: DiskPlace,
	{ blocks: [left, right] }: Bench,
	signal: AbortSignal
): Promise<Result<number, StepFailure>> {
	const opened = await deps.files.open(part.root, part.path, signal);
	if (!opened.ok) return failedAt(part, opened.failure);
	const file = opened.value;
	try {
		const length = Math.min(source.sizeBytes, file.sizeBytes);
		for (let offset = 0; offset < length; offset += left.length) {
			const wanted = await readBlock(source, offset, blockAt(left, offset, length), signal);
			if (!wanted.ok) return failedAt(from, wanted.failure);
			const found = await readBlock(file, offset, blockAt(right, offset, length), signal);
			if (!found.ok) return failedAt(part, found.failure);
			if (!isSame(wanted.value, found.value)) return ok(offset);
		}
		return ok(length);
	} finally {
		await file.close();
	}
}
