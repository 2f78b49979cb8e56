import type { Figure } from '../figure.ts';
import { bestOf, timed, type Times } from '../measure.ts';
import { index } from '../workload.ts';
import { openNodeLibrary } from './node-library.ts';
import { diskTree, timeFind, timeScan } from './trees.ts';

const rounds = 5;
/** A tree of documents is small: less is not worth a ratio. */
const documentsMin = 1_000;
/** What is honest for names, kinds, sizes and times of a tree whose disk is warm. */
const asked = 5;

async function withCpu(what: string, work: () => Promise<unknown>): Promise<Times> {
	const before = process.cpuUsage();
	const wall = await timed(work);
	const used = process.cpuUsage(before);
	return { [what]: wall, [`${what}-cpu`]: (used.user + used.system) / 1_000 };
}

/** A library made of the tree for the first time, then brought up to date when nothing has changed. */
async function runIndex(path: string): Promise<Times> {
	const library = await openNodeLibrary();
	const { driver } = library;
	let entries = 0;
	const first = await withCpu('first', async () => {
		({ entries } = await index(driver, path));
	});
	const [location] = await driver.value('locations.list', {});
	if (location === undefined) throw new Error(`${path} is not under management`);
	const again = await withCpu('again', () =>
		driver.value('index.run', { location: location.id, acceptEmpty: false })
	);
	await library.close();
	library.remove();
	return { ...first, ...again, entries };
}

async function measureTree(name: string, path: string): Promise<Figure[]> {
	const canFind = (await timeFind(path)) !== null;
	const yardstick = async () => (canFind ? ((await timeFind(path)) ?? {}) : timeScan(path));
	const { core, walk } = await bestOf(rounds, { walk: yardstick, core: () => runIndex(path) });
	const figure = (what: string, than: string, tolerance: number): Figure => ({
		name: `node.index.${name}.${what}`,
		measured: (core[what] ?? NaN) / (walk[than] ?? NaN),
		unit: 'share',
		tolerance
	});
	const rate = (what: string): Figure => ({
		name: `node.index.${name}.${what}-rate`,
		measured: ((core['entries'] ?? NaN) * 1_000) / (core[what] ?? NaN),
		unit: 'per second'
	});
	return [
		{ ...figure('first', 'wall', 0.4), asked },
		{ ...figure('again', 'wall', 0.4), asked },
		figure('first-cpu', 'cpu', 0.2),
		figure('again-cpu', 'cpu', 0.2),
		rate('first'),
		rate('again'),
		{ name: `node.index.${name}.entries`, measured: core['entries'] ?? NaN, unit: 'count' },
		{ name: `node.index.${name}.${canFind ? 'find' : 'scan'}`, measured: walk['wall'] ?? NaN, unit: 'ms' }
	];
}

/** Indexing real folders against `find -printf` over them in the same run, the disk's names warm. */
export async function measureIndex(tree: string): Promise<Figure[]> {
	const documents = diskTree('/usr/share/doc', documentsMin);
	const large = diskTree(tree);
	return [
		...(documents.kind === 'real' ? await measureTree('documents', documents.path) : []),
		...(await measureTree(large.kind === 'real' ? 'tree' : 'generated', large.path))
	];
}
