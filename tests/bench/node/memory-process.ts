/** Indexes 1,000,000 entries, once for the first time and once with nothing changed, and tells what memory that took. */
import { createEndlessFiles } from '../input/endless-files.ts';
import { timed } from '../measure.ts';
import { index } from '../workload.ts';
import { openNodeLibrary } from './node-library.ts';

export type MemoryUse = {
	/** Resident, with an empty library open. */
	readonly idleBytes: number;
	/** The most that was resident while everything was indexed for the first time, then again. */
	readonly peakBytes: number;
	readonly peakAgainBytes: number;
	readonly entries: number;
	readonly firstMs: number;
	readonly againMs: number;
	/** Of the database, for each entry. */
	readonly bytes: number;
};

/** Time between two looks; the peak of a second cannot hide between them. */
const everyMs = 20;

async function peakOf<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly peakBytes: number }> {
	let peakBytes = process.memoryUsage.rss();
	const timer = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), everyMs);
	try {
		const value = await work();
		return { value, peakBytes: Math.max(peakBytes, process.memoryUsage.rss()) };
	} finally {
		clearInterval(timer);
	}
}

async function measure(): Promise<MemoryUse> {
	const library = await openNodeLibrary({ files: createEndlessFiles() });
	const idleBytes = process.memoryUsage.rss();
	const first = await peakOf(() => index(library.driver, '/endless'));
	const again = await peakOf(() =>
		timed(() => library.driver.value('index.run', { location: first.value.location.id, acceptEmpty: false }))
	);
	await library.close();
	const { entries, ms: firstMs } = first.value;
	const bytes = library.sizeBytes() / entries;
	library.remove();
	return {
		idleBytes,
		peakBytes: first.peakBytes,
		peakAgainBytes: again.peakBytes,
		entries,
		firstMs,
		againMs: again.value,
		bytes
	};
}

process.send?.(await measure());
process.disconnect?.();
