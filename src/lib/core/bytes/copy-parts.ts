import type { Result } from '#core/kernel';
import type { DiskPlace } from '#core/ports';
import { hashAt, sameBytes } from './compare-files.ts';
import { look } from './look.ts';
import { isSame, usualBlockBytes, type Bench } from './read-blocks.ts';
import { above, failedAt, type FilesDeps, type OnBytes, type StepFailure } from './schema.ts';
import { writePart, type PartCopy } from './write-part.ts';

/** A file that gets its final name in the end; null where its part has it already. */
export type NamedCopy = PartCopy & { readonly to: DiskPlace | null };
/** What a copy has come to: its hash, or null where none was needed. */
export type Hashed = Result<Uint8Array | null, StepFailure>;

type Going = { readonly copy: NamedCopy; hashed: Hashed };

export async function createBench({ compute, blockBytes = usualBlockBytes }: FilesDeps): Promise<Bench> {
	return {
		hasher: await compute.blake3(),
		blocks: [new Uint8Array(blockBytes), new Uint8Array(blockBytes)],
		unshared: new Set()
	};
}

/** What these failures leave is of no use to a later run, and takes room. */
const inVain: ReadonlySet<StepFailure['type']> = new Set([
	'SourceChanged',
	'CopyDiffers',
	'NameTaken',
	'NameRefused',
	'NoSpace',
	'TooLarge'
]);

/** Flushes what was written; where that fails, none of it counts. */
async function flushParts({ changes }: FilesDeps, going: readonly Going[], signal: AbortSignal): Promise<void> {
	const written = going.filter(({ hashed }) => hashed.ok);
	const parts = written.map(({ copy }) => copy.part);
	if (parts.length === 0) return;
	const flushed = await changes.flush(parts, parts.map(above), signal);
	if (!flushed.ok) for (const one of written) one.hashed = failedAt(one.copy.part, flushed.failure);
}

/** Reads the part again, and the source as well where no one has read it. */
async function prove(deps: FilesDeps, { copy, hashed }: Going, bench: Bench, signal: AbortSignal): Promise<Hashed> {
	if (!hashed.ok) return hashed;
	if (hashed.value === null) {
		const both = await sameBytes(deps, copy.from, copy.part, bench, signal);
		if (!both.ok || both.value !== null) return both;
		return failedAt(copy.from, { type: 'SourceChanged', retry: 'never' });
	}
	const read = await hashAt(deps, copy.part, bench, signal);
	if (!read.ok || isSame(read.value, hashed.value)) return read;
	return failedAt(copy.part, { type: 'CopyDiffers', retry: 'soon' });
}

/** Gives what is whole its final name. */
async function giveNames(deps: FilesDeps, going: readonly Going[], signal: AbortSignal): Promise<void> {
	const moves = [];
	for (const one of going) {
		if (!one.hashed.ok || one.copy.to === null) continue;
		const { part, to } = one.copy;
		const there = await look(deps, part, signal);
		if (!there.ok) one.hashed = there;
		else if (there.value === null) one.hashed = failedAt(part, { type: 'FileMissing', retry: 'when-online' });
		else moves.push({ one, rename: { from: part, to, expected: there.value } });
	}
	if (moves.length === 0) return;
	const named = await deps.changes.rename(
		moves.map(({ rename }) => rename),
		signal
	);
	for (const [at, { one, rename }] of moves.entries()) {
		const outcome = named[at];
		if (outcome && !outcome.ok) one.hashed = failedAt(rename.to, outcome.failure);
	}
}

/** Takes away a part that leads to nothing. What cannot be taken away stays for `sweepStep`. */
export async function discard(deps: FilesDeps, part: DiskPlace, signal: AbortSignal): Promise<void> {
	const there = await look(deps, part, signal);
	if (there.ok && there.value?.kind === 'file') await deps.changes.remove(part, there.value, signal);
}

/**
 * Copies each as far as it goes, one answer for each in their order: written, flushed side by side, proved where asked
 * for, and only then named. What is answered as done outlasts a loss of power.
 */
export async function copyParts(
	deps: FilesDeps,
	copies: readonly NamedCopy[],
	proof: boolean,
	bench: Bench,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<readonly Hashed[]> {
	const going: Going[] = [];
	for (const copy of copies) going.push({ copy, hashed: await writePart(deps, copy, bench, onBytes, signal) });
	await flushParts(deps, going, signal);
	if (proof) for (const one of going) one.hashed = await prove(deps, one, bench, signal);
	await giveNames(deps, going, signal);
	for (const { copy, hashed } of going)
		if (!hashed.ok && inVain.has(hashed.failure.type)) await discard(deps, copy.part, signal);
	return going.map(({ hashed }) => hashed);
}

/** What is done side by side: beyond it nothing is gained, and more would be done again after a kill. */
export const batchFilesMax = 16_000;
export const batchBytesMax = 256 * 1024 * 1024;

/** `items` in groups that are copied side by side. */
export function* inBatches<T extends { readonly expected: { readonly sizeBytes: number } }>(
	items: Iterable<T>
): Generator<readonly T[]> {
	let batch: T[] = [];
	let sizeBytes = 0;
	for (const item of items) {
		batch.push(item);
		sizeBytes += item.expected.sizeBytes;
		if (batch.length < batchFilesMax && sizeBytes < batchBytesMax) continue;
		yield batch;
		[batch, sizeBytes] = [[], 0];
	}
	if (batch.length > 0) yield batch;
}
