import { ok, type Result } from '#core/kernel';
import type { ChangeFailure, DiskPlace, OpenFile, PartFile, SeenEntry } from '#core/ports';
import { openSettled, samePrefix } from './compare-files.ts';
import { later, readAhead, type Bench } from './read-blocks.ts';
import { failedAt, isAsSeen, type FilesDeps, type OnBytes, type StepFailure } from './schema.ts';

/** A file on its way. */
export type PartCopy = {
	readonly from: DiskPlace;
	readonly expected: SeenEntry;
	/** Where its bytes are put. */
	readonly part: DiskPlace;
	/** Whether an earlier run of the same step has left some of them there. */
	readonly isBegun: boolean;
};

type Written = Result<Uint8Array | null, StepFailure>;

/**
 * Writes all bytes of the source to its part, going on where an earlier run has ended, and answers their hash. Nothing
 * is flushed. `SourceChanged` where the source is not, or does not stay, what was expected.
 */
export async function writePart(
	deps: FilesDeps,
	copy: PartCopy,
	bench: Bench,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<Written> {
	const opened = await openSettled(deps, copy.from, copy.expected.modifiedMs, signal);
	if (!opened.ok) return opened;
	const source = opened.value;
	try {
		if (!isAsSeen(copy.expected, { kind: 'file', ...source })) return changed(copy.from);
		const written = await writeFrom(deps, source, copy, bench, onBytes, signal);
		const unchanged = await source.isUnchanged(signal);
		// A read that fails because the file is being written is a change, not a broken disk.
		if (unchanged.ok && !unchanged.value) return changed(copy.from);
		if (!written.ok) return written;
		return unchanged.ok ? written : failedAt(copy.from, unchanged.failure);
	} finally {
		await source.close();
	}
}

function changed(place: DiskPlace): { readonly ok: false; readonly failure: StepFailure } {
	return failedAt(place, { type: 'SourceChanged', retry: 'never' });
}

async function writeFrom(
	deps: FilesDeps,
	source: OpenFile,
	copy: PartCopy,
	bench: Bench,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<Written> {
	const { changes } = deps;
	const { part, isBegun } = copy;
	const roots = `${copy.from.root}\0${part.root}`;
	if (!isBegun && !bench.unshared.has(roots)) {
		const cloned = await changes.clone(source, part, signal);
		if (cloned.ok) onBytes(source.sizeBytes);
		if (cloned.ok) return cloned;
		if (cloned.failure.type !== 'NotInOneStep') return failedAt(part, cloned.failure);
		bench.unshared.add(roots);
	}
	const begun = isBegun ? await samePrefix(deps, source, copy.from, part, bench, signal) : ok(0);
	if (!begun.ok) return begun;
	const opened = await changes.openPart(part, isBegun ? 'again' : 'new', signal);
	if (!opened.ok) return failedAt(part, opened.failure);
	try {
		// A host that cannot go on begins anew.
		const start = Math.min(begun.value, opened.value.sizeBytes);
		const hash = await pour(source, copy, opened.value, start, bench, onBytes, signal);
		if (!hash.ok) return hash;
		const finished = await opened.value.finish(source.sizeBytes, source, signal);
		return finished.ok ? hash : failedAt(part, finished.failure);
	} finally {
		await opened.value.close();
	}
}

/** Reads and hashes all of the source, and writes what comes after `start`: one block while the next is read. */
async function pour(
	source: OpenFile,
	{ from, part }: PartCopy,
	into: PartFile,
	start: number,
	bench: Bench,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<Result<Uint8Array, StepFailure>> {
	const { hasher, blocks } = bench;
	hasher.digest();
	let reading = readAhead(source, 0, bench, signal);
	let writing = later<Result<null, ChangeFailure>>(Promise.resolve(ok(null)));
	try {
		for (let offset = 0; offset < source.sizeBytes; offset += blocks[0].length) {
			const block = (await reading)();
			if (!block.ok) return failedAt(from, block.failure);
			const written = (await writing)();
			if (!written.ok) return failedAt(part, written.failure);
			const next = offset + blocks[0].length;
			if (next < source.sizeBytes) reading = readAhead(source, next, bench, signal);
			const skipped = Math.max(0, start - offset);
			if (skipped < block.value.length)
				writing = later(into.write(offset + skipped, block.value.subarray(skipped), signal));
			hasher.update(block.value);
			onBytes(block.value.length);
		}
		const last = (await writing)();
		return last.ok ? ok(hasher.digest()) : failedAt(part, last.failure);
	} finally {
		// Nobody closes the files before.
		await reading;
		await writing;
	}
}
