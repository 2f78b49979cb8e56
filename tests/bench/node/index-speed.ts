import type { Figure } from '../figure.ts';
import { bestOf, timed, type Times } from '../measure.ts';
import { index } from '../workload.ts';
import { openNodeLibrary } from './node-library.ts';
import { diskTree, findTimer, timeScan } from './trees.ts';

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
	const again = await withCpu('again', () => driver.value('index.run', { location: location.id, acceptEmpty: false }));
	await library.close();
	library.remove();
	return { ...first, ...again, entries };
}

async function measureTree(name: string, path: string): Promise<Figure[]> {
	const find = await findTimer(path);
	const { core, walk } = await bestOf(rounds, {
		walk: find ?? (async () => timeScan(path)),
		core: () => runIndex(path)
	});
	const share = (what: string, than: string) => (core[what] ?? NaN) / (walk[than] ?? NaN);
	const figure = (what: string, measured: number, unit: Figure['unit'], more: Partial<Figure> = {}): Figure => ({
		name: `node.index.${name}.${what}`,
		measured,
		unit,
		...more
	});
	const entries = core['entries'] ?? NaN;
	const rate = (what: string) => (entries * 1_000) / (core[what] ?? NaN);
	return [
		figure('first', share('first', 'wall'), 'share', { asked }),
		figure('again', share('again', 'wall'), 'share', { asked }),
		// Compared by processor time, which other people's load hardly touches.
		figure('first-cpu', share('first-cpu', 'cpu'), 'share', { tolerance: 0.25 }),
		figure('again-cpu', share('again-cpu', 'cpu'), 'share', { tolerance: 0.25 }),
		figure('first-rate', rate('first'), 'per second'),
		figure('again-rate', rate('again'), 'per second'),
		figure('entries', entries, 'count'),
		figure(find === null ? 'scan' : 'find', walk['wall'] ?? NaN, 'ms')
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
