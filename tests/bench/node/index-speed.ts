import type { RootRef } from '#core/ports';
import { createFiles } from '../../../peer/host/files.ts';
import type { Driver } from '../../conformance/core-driver.ts';
import type { Figure } from '../figure.ts';
import { makeSparseTree, recipes } from '../input/sparse-tree.ts';
import { bestOf, timed, type Times } from '../measure.ts';
import { index } from '../workload.ts';
import { openNodeLibrary, temporaryFolder } from './node-library.ts';
import { timedWithCpu } from './processor-time.ts';
import { readAndHash } from './read-and-hash.ts';
import { diskTree, findTimer, timeScan } from './trees.ts';

const rounds = 3;
/** A tree of documents is small: less is not worth a ratio. */
const documentsMin = 1_000;
/** Against `find` over the same tree, the disk's names warm. */
const asked = { first: 5, again: 2, all: 14 };
/** Against a loop that only opens, reads and hashes. */
const askedIdentify = 1.5;
const askedBytes = 400;

/** A folder of this machine's disk; `files` are those that are read and hashed as a yardstick, if any. */
type Measured = { readonly name: string; readonly path: string; readonly files: readonly string[] };

/** Lists the whole tree as the index does, and keeps nothing: how quickly anything can be discovered. */
async function listAll(path: string): Promise<void> {
	const { signal } = new AbortController();
	const root = path as RootRef;
	const files = createFiles();
	const pending: (readonly string[])[] = [[]];
	for (let folder = pending.pop(); folder !== undefined; folder = pending.pop())
		for await (const page of files.list(root, folder, signal))
			for (const { kind, name } of page.ok ? page.value.entries : [])
				if (kind === 'directory') pending.push([...folder, name]);
}

async function timeContents(driver: Driver, location: Awaited<ReturnType<typeof index>>['location']): Promise<Times> {
	const identify = await timedWithCpu('identify', () => driver.value('content.identify', { location: location.id }));
	const asking = { folder: null, offset: 0, limit: 50 };
	const duplicates = await timed(() => driver.value('content.duplicates', asking));
	const risk = await timed(() => driver.value('content.at-risk', { folder: null }));
	return { ...identify, duplicates, risk };
}

/** A library made of the tree for the first time, its files known by their bytes, then all again with nothing changed. */
async function runIndex({ path, files }: Measured): Promise<Times> {
	const library = await openNodeLibrary();
	const { driver } = library;
	const { location, entries, first } = await firstIndex(driver, path);
	const contents = files.length > 0 ? await timeContents(driver, location) : {};
	const again = await timedWithCpu('again', () =>
		driver.value('index.run', { location: location.id, acceptEmpty: false })
	);
	await library.close();
	const bytes = library.sizeBytes() / entries;
	library.remove();
	return { ...first, ...contents, ...again, bytes, entries };
}

/** As the first of `runIndex`, but for the index of names. */
async function runNameless({ path }: Measured): Promise<Times> {
	const library = await openNodeLibrary({ isNameless: true });
	const times = await timedWithCpu('nameless', () => index(library.driver, path));
	await library.close();
	library.remove();
	return times;
}

async function firstIndex(driver: Driver, path: string) {
	let indexed: Awaited<ReturnType<typeof index>> | null = null;
	const first = await timedWithCpu('first', async () => {
		indexed = await index(driver, path);
	});
	const done = indexed as Awaited<ReturnType<typeof index>> | null;
	if (done === null) throw new Error(`${path} was not indexed`);
	return { ...done, first };
}

async function measureTree(measured: Measured): Promise<Figure[]> {
	const { name, path, files } = measured;
	const find = await findTimer(path);
	const best = await bestOf(rounds, {
		walk: find ?? (async () => timeScan(path)),
		list: () => timedWithCpu('list', () => listAll(path)),
		bare: () => timedWithCpu('bare', () => readAndHash(files)),
		core: () => runIndex(measured),
		nameless: () => runNameless(measured)
	});
	const times: Times = { ...best.walk, ...best.list, ...best.bare, ...best.core, ...best.nameless };
	const time = (what: string) => times[what] ?? NaN;
	const figure = (what: string, value: number, unit: Figure['unit'], more: Partial<Figure> = {}): Figure => ({
		name: `node.index.${name}.${what}`,
		measured: value,
		unit,
		...more
	});
	const rate = (what: string, count: number) => figure(`${what}-rate`, (count * 1_000) / time(what), 'per second');
	// Shares of processor time are compared with baselines: other people's load hardly touches them.
	const tolerance = 0.25;
	const entries = time('entries');
	const contents = [
		figure('identify', time('identify') / time('bare'), 'share', { asked: askedIdentify }),
		figure('identify-cpu', time('identify-cpu') / time('bare-cpu'), 'share', { tolerance }),
		figure('all', (time('first') + time('identify')) / time('wall'), 'share', { asked: asked.all }),
		rate('identify', files.length),
		rate('bare', files.length),
		figure('duplicates', time('duplicates'), 'ms'),
		figure('at-risk', time('risk'), 'ms')
	];
	return [
		figure('nameless', time('nameless') / time('wall'), 'share', { asked: asked.first }),
		figure('nameless-cpu', time('nameless-cpu') / time('cpu'), 'share', { tolerance }),
		figure('first', time('first') / time('wall'), 'share'),
		figure('first-cpu', time('first-cpu') / time('cpu'), 'share', { tolerance }),
		figure('again', time('again') / time('wall'), 'share', { asked: asked.again }),
		figure('again-cpu', time('again-cpu') / time('cpu'), 'share', { tolerance }),
		...(files.length > 0 ? contents : []),
		figure('bytes', time('bytes'), 'bytes', { asked: askedBytes, tolerance: 0.05 }),
		rate('list', entries),
		rate('first', entries),
		rate('again', entries),
		figure('entries', entries, 'count'),
		figure(find === null ? 'scan' : 'find', time('wall'), 'ms')
	];
}

async function measureRecipe(name: string, scale: number): Promise<Figure[]> {
	const recipe = recipes[name];
	if (recipe === undefined) throw new Error(`no recipe is called ${name}: ${Object.keys(recipes).join(', ')}`);
	const folder = temporaryFolder();
	const files = makeSparseTree(folder.path, recipe, scale);
	const figures = await measureTree({ name, path: folder.path, files });
	folder.remove();
	return figures;
}

/** Indexing generated and real folders against `find -printf` and a bare loop over them in the same run, the disk warm. */
export async function measureIndex(tree: string, names: readonly string[], scale: number): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const name of names) figures.push(...(await measureRecipe(name, scale)));
	const documents = diskTree('/usr/share/doc', documentsMin);
	if (documents.kind === 'real')
		figures.push(...(await measureTree({ name: 'documents', path: documents.path, files: [] })));
	const large = diskTree(tree);
	const name = large.kind === 'real' ? 'tree' : 'generated';
	return [...figures, ...(await measureTree({ name, path: large.path, files: [] }))];
}
