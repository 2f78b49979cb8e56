import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Blake3Hasher } from '@napi-rs/blake-hash';
import type { Figure } from '../figure.ts';
import { makeSparseTree, recipes } from '../input/sparse-tree.ts';
import { bestOf, timed, type Times } from '../measure.ts';
import { index } from '../workload.ts';
import { openNodeLibrary, temporaryFolder } from './node-library.ts';

const rounds = 3;
/** Over a loop that only opens, reads and hashes: what the index and its transactions may add. */
const asked = 1.5;
const askedBytes = 400;

/** Opens, reads the same bytes and hashes them by the same code, and keeps nothing. */
function readAndHash(files: readonly string[]): void {
	const hasher = new Blake3Hasher();
	const input = Buffer.alloc(8 + 102_400);
	for (const path of files) {
		const file = openSync(path, 'r');
		const { size } = fstatSync(file);
		input.writeBigUInt64LE(BigInt(size), 0);
		let filled = 8;
		const read = (offset: number, length: number) => (filled += readSync(file, input, filled, length, offset));
		if (size <= 102_400) read(0, size);
		else {
			const step = Math.floor((size - 16_384) / 4);
			read(0, 18_432);
			for (let n = 1; n < 4; n++) read(8_192 + n * step, 10_240);
			read(size - 8_192, 8_192);
		}
		hasher.update(input.subarray(0, filled));
		hasher.digestBuffer();
		hasher.reset();
		closeSync(file);
	}
}

async function withCpu(what: string, work: () => Promise<unknown>): Promise<Times> {
	const before = process.cpuUsage();
	const wall = await timed(work);
	const used = process.cpuUsage(before);
	return { [what]: wall, [`${what}-cpu`]: (used.user + used.system) / 1_000 };
}

async function identifyAll(root: string): Promise<Times> {
	const library = await openNodeLibrary();
	const { driver } = library;
	const { location, ms, entries } = await index(driver, root);
	const identify = await withCpu('identify', () => driver.value('content.identify', { location: location.id }));
	const asking = { folder: null, offset: 0, limit: 50 };
	const duplicates = await timed(() => driver.value('content.duplicates', asking));
	const risk = await timed(() => driver.value('content.at-risk', { folder: null }));
	await library.close();
	const bytes = library.sizeBytes() / entries;
	library.remove();
	return { index: ms, ...identify, duplicates, risk, bytes };
}

/** What the files of a tree are, against a loop that reads and hashes the same bytes in the same run. */
export async function measureContent(name: string, scale: number): Promise<Figure[]> {
	const recipe = recipes[name];
	if (recipe === undefined) throw new Error(`no recipe is called ${name}: ${Object.keys(recipes).join(', ')}`);
	const folder = temporaryFolder();
	const files = makeSparseTree(folder.path, recipe, scale);
	const { bare, core } = await bestOf(rounds, {
		bare: () => withCpu('bare', async () => readAndHash(files)),
		core: () => identifyAll(folder.path)
	});
	folder.remove();
	const identify = core['identify'] ?? NaN;
	const share = (what: string, than: string) => (core[what] ?? NaN) / (bare[than] ?? NaN);
	const figure = (what: string, measured: number, unit: Figure['unit'], more: Partial<Figure> = {}): Figure => ({
		name: `node.content.${name}.${what}`,
		measured,
		unit,
		...more
	});
	return [
		figure('identify', share('identify', 'bare'), 'share', { asked }),
		// Compared by processor time, which other people's load hardly touches.
		figure('identify-cpu', share('identify-cpu', 'bare-cpu'), 'share', { tolerance: 0.25 }),
		figure('rate', (files.length * 1_000) / identify, 'per second'),
		figure('bare', bare['bare'] ?? NaN, 'ms'),
		figure('bytes', core['bytes'] ?? NaN, 'bytes', { asked: askedBytes, tolerance: 0.05 }),
		figure('duplicates', core['duplicates'] ?? NaN, 'ms'),
		figure('at-risk', core['risk'] ?? NaN, 'ms'),
		figure('files', files.length, 'count')
	];
}
