import { ok, type Result } from '#core/kernel';
import type { DiskEntry, DiskPlace, OpenFile } from '#core/ports';
import { openSettled } from './compare-files.ts';
import { createBench } from './copy-parts.ts';
import { look } from './look.ts';
import { hashOf, isSame, type Bench } from './read-blocks.ts';
import { failedAt, isAsSeen, type FilesDeps, type OnBytes, type StepFailure } from './schema.ts';

/** Tells whether files are copies of others by every byte, all of them read since it was made. */
export type CopyProver = {
	/**
	 * Whether every byte of `copy` is that of `kept`, neither having changed since it was read. A file that several are
	 * compared with is read once. A failure says by its place which of the two it is about.
	 */
	isCopy(
		copy: DiskPlace,
		kept: DiskPlace,
		onBytes: OnBytes,
		signal: AbortSignal
	): Promise<Result<boolean, StepFailure>>;
	/** Whether what other files were compared with still is there, and is what was read. */
	stays(kept: DiskPlace, signal: AbortSignal): Promise<Result<boolean, StepFailure>>;
	/** Lets go of all that was read. */
	close(): Promise<void>;
};

/** A file that was read to its end and is held open. */
type Known = { readonly seen: DiskEntry; readonly file: OpenFile; readonly hash: Uint8Array };

async function readWhole(
	deps: FilesDeps,
	place: DiskPlace,
	bench: Bench,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<Result<Known, StepFailure>> {
	const seen = await look(deps, place, signal);
	if (!seen.ok) return seen;
	if (seen.value === null) return failedAt(place, { type: 'FileMissing', retry: 'when-online' });
	const opened = await openSettled(deps, place, seen.value.modifiedMs, signal);
	if (!opened.ok) return opened;
	const file = opened.value;
	const known = await hashOf(file, bench, signal).catch(async (thrown: unknown) => {
		await file.close();
		throw thrown;
	});
	if (known.ok) {
		onBytes(file.sizeBytes);
		return ok({ seen: seen.value, file, hash: known.value });
	}
	await file.close();
	return failedAt(place, known.failure);
}

async function isUntouched({ file }: Known, place: DiskPlace, signal: AbortSignal) {
	const unchanged = await file.isUnchanged(signal);
	return unchanged.ok ? unchanged : failedAt(place, unchanged.failure);
}

function keyOf({ root, path }: DiskPlace): string {
	return [root, ...path].join('\0');
}

export async function createCopyProver(deps: FilesDeps): Promise<CopyProver> {
	const bench = await createBench(deps);
	const kepts = new Map<string, Known>();

	async function isCopyOf(kept: Known, keptAt: DiskPlace, copy: Known, copyAt: DiskPlace, signal: AbortSignal) {
		const [first, second] = [await isUntouched(copy, copyAt, signal), await isUntouched(kept, keptAt, signal)];
		if (!first.ok) return first;
		if (!second.ok) return second;
		const isSize = copy.file.sizeBytes === kept.file.sizeBytes;
		return ok(first.value && second.value && isSize && isSame(copy.hash, kept.hash));
	}

	return {
		isCopy: async (copy, kept, onBytes, signal) => {
			const key = keyOf(kept);
			const before = kepts.get(key);
			const known = before === undefined ? await readWhole(deps, kept, bench, onBytes, signal) : ok(before);
			if (!known.ok) return known;
			kepts.set(key, known.value);
			const read = await readWhole(deps, copy, bench, onBytes, signal);
			if (!read.ok) return read;
			try {
				return await isCopyOf(known.value, kept, read.value, copy, signal);
			} finally {
				await read.value.file.close();
			}
		},
		stays: async (kept, signal) => {
			const known = kepts.get(keyOf(kept));
			if (known === undefined) return ok(false);
			const now = await look(deps, kept, signal);
			if (!now.ok) return now;
			if (now.value === null || !isAsSeen(known.seen, now.value)) return ok(false);
			return isUntouched(known, kept, signal);
		},
		close: async () => {
			for (const { file } of kepts.values()) await file.close();
			kepts.clear();
		}
	};
}
