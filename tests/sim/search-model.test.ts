import { expect, test } from 'vitest';
import type { LocatedEntry } from '#core/index';
import { nameExtension, nameSortKey, type TagId } from '#core/kernel';
import type { FacetName, Facets, FindOrder } from '#core/search';
import { isNightly } from '../tier.ts';
import type { SimTree } from './host/files.ts';
import { createSimRandom, seedOf, type SimRandom } from './host/random.ts';
import { act, bytesOf, createTag, prepared } from './metadata-world.ts';

type Prepared = Awaited<ReturnType<typeof prepared>>;
/** An entry with all that a search may ask of it. */
type Known = LocatedEntry & { readonly tags: readonly string[]; readonly note: string; readonly rating: number };

const stems = [
	'report',
	'IMG_2024_beach',
	'C++',
	"it's",
	'foo-bar',
	'日本語',
	'Cafe\u0301',
	'tag a',
	'A',
	'2024',
	'05',
	'hello world',
	'a*b(c'
];
const endings = ['', '.pdf', '.JPG', '.txt', '.tar.gz'];
const asked = [
	'report',
	'REPORT.pdf',
	'beach',
	'c++',
	'it\u2019s',
	'foo-bar',
	'日本',
	'caf\u00e9',
	'cafe',
	'a',
	'2',
	'.',
	'"',
	'(',
	'*',
	':',
	'AND',
	'2024/05',
	'hello world?',
	'"hello world"',
	'tag',
	'remember',
	'-report',
	'report OR beach',
	'ext:pdf',
	'ext:jpg,txt',
	'-ext:pdf a',
	'kind:folder',
	'kind:image OR kind:folder',
	'kind:text',
	'size:>1kB',
	'size:empty',
	'size:10..2kB',
	'rating:>=3',
	'is:noted',
	'is:tagged',
	'-is:tagged report',
	'tag:"tag a"',
	'in:2024',
	'in:2024/05',
	'path:2024',
	'location:tree',
	'location:nowhere',
	'size:oops report',
	'\u{1f600}',
	'qqqq'
];

function fold(text: string): string {
	return text
		.normalize('NFKD')
		.replace(/\p{M}+/gu, '')
		.toLowerCase()
		.replaceAll('\u2019', "'");
}

/** Whether one entry has what one word of the language asks for: as plain as it can be said. */
function has(entry: Known, item: string): boolean {
	if (item.startsWith('-')) return !has(entry, item.slice(1));
	const [, key, value = ''] = /^(ext|kind|size|rating|is|tag|in|path|location):(.*)$/.exec(item) ?? [];
	const path = `/${[...entry.trail, entry.name].map(fold).join('/')}`;
	const folders = entry.trail.map(fold);
	switch (key) {
		case 'ext':
			return entry.kind === 'file' && value.split(',').includes(nameExtension(entry.name));
		case 'kind':
			return value === 'folder' ? entry.kind === 'directory' : entry.type?.kind === value;
		case 'size': {
			const [from, to] = value === 'empty' ? [0, 0] : value === '>1kB' ? [1_001, Infinity] : [10, 2_000];
			return entry.sizeBytes >= from && entry.sizeBytes <= to;
		}
		case 'rating':
			return entry.rating >= 3;
		case 'is':
			return value === 'noted' ? entry.note !== '' : entry.tags.length > 0;
		case 'tag':
			return entry.tags.includes(value.replaceAll('"', ''));
		case 'in':
			return folders.some((_, index) => `/${folders.slice(0, index + 1).join('/')}`.endsWith(`/${value}`));
		case 'path':
			return path.includes(value);
		case 'location':
			return value === 'tree';
		case undefined:
		default:
			return hasText(entry, fold(item.replaceAll(/^"(?=.)|(?<=.)"$/g, '')), path);
	}
}

function hasText(entry: Known, text: string, path: string): boolean {
	const inSaid = (word: string) =>
		[...entry.tags, entry.note].some((said) => {
			const folded = fold(said);
			return Array.from(folded, (_, at) => at).some(
				(at) => folded.startsWith(word, at) && !/[\p{L}\p{N}]/u.test(folded[at - 1] ?? ' ')
			);
		});
	const bare = text.replace(/[?!.,:;]+$/, '').replace(/^[("]+/, '');
	return [text, bare, text.replaceAll('/', '-')]
		.filter((word) => word !== '')
		.some(
			(word) => fold(entry.name).includes(word) || inSaid(word) || (word.includes('/') && `${path}/`.includes(word))
		);
}

function items(text: string): string[][] {
	if (text.includes(' OR ')) return [text.split(' OR ')];
	const words = text.match(/(?:-?[a-z]+:)?"[^"]+"|\S+/g) ?? [];
	return words.filter((word) => word !== 'size:oops').map((word) => [word]);
}

function modelFinds(all: readonly Known[], text: string): Known[] {
	return all.filter((entry) => items(text).every((any) => any.some((item) => has(entry, item))));
}

async function readAll({ driver, location }: Prepared): Promise<Known[]> {
	const ids = [Number(location.entry)];
	const order = { by: 'name', descending: false } as const;
	for (const id of ids) {
		const [row] = await driver.value('entries.rows', { ids: [id] });
		if (row?.kind === 'directory') ids.push(...(await driver.value('entries.ids', { folder: row.id, order })));
	}
	const rows = await driver.value('entries.located', { ids });
	const said = await driver.value('metadata.of', { entries: ids });
	return rows.map((row, index) => ({
		...row,
		tags: said[index]?.tags.map(({ name }) => name) ?? [],
		note: said[index]?.note ?? '',
		rating: said[index]?.rating ?? 0
	}));
}

function randomTree(random: SimRandom, depth: number): SimTree {
	const tree: Record<string, SimTree | Uint8Array | number> = {};
	for (let at = random.integer(9); at >= 0; at--) {
		const stem = stems[random.integer(stems.length)] ?? '';
		const name = stem + (random.chance(0.3) ? ` ${random.integer(30)}` : '');
		if (depth > 0 && random.chance(0.4)) tree[name] = randomTree(random, depth - 1);
		else if (random.chance(0.2))
			tree[name + (endings[random.integer(endings.length)] ?? '')] = bytesOf(`same ${random.integer(3)}`);
		else tree[name + (endings[random.integer(endings.length)] ?? '')] = random.chance(0.2) ? 0 : random.integer(4_000);
	}
	return tree;
}

async function compare(world: Prepared): Promise<void> {
	const { driver } = world;
	const all = await readAll(world);
	const found = async (text: string, order?: FindOrder) => [
		...(await driver.value('search.find', { text, ...(order && { order }) })).ids
	];
	for (const text of asked) {
		const wanted = modelFinds(all, text);
		const ids = wanted.map(({ id }) => Number(id)).toSorted((a, b) => a - b);
		expect(
			(await found(text)).toSorted((a, b) => a - b),
			text
		).toEqual(ids);
		const byId = new Map(wanted.map((entry) => [Number(entry.id), entry]));
		const listed = async (by: FindOrder['by'], descending: boolean) =>
			(await found(text, { by, descending })).map((id) => byId.get(id)).filter((entry) => entry !== undefined);
		const keys = (await listed('name', false)).map(({ name }) => nameSortKey(fold(name)));
		expect(keys, `${text} by name`).toEqual(keys.toSorted());
		const sizes = (await listed('size', true)).map(({ sizeBytes }) => sizeBytes);
		expect(sizes, `${text} by size`).toEqual(sizes.toSorted((a, b) => b - a));
	}
	for (const text of ['a', 'report', 'report OR beach', 'a OR', '"a', 'kind:folder', '2024/05']) {
		const facets = await driver.value('search.facets', { text });
		for (const { text: narrowed, term, count } of Object.values(facets).flat()) {
			expect(narrowed).toContain(term);
			expect((await found(narrowed)).length, narrowed).toBe(count);
		}
		const listed = new Set(await found(text));
		const wanted = modelFacets(all.filter(({ id }) => listed.has(id)));
		for (const name of ['kind', 'ext', 'tag', 'location'] as const)
			expect(counts(facets[name]), `${name} of ${text}`).toEqual(wanted[name]);
	}
}

type Counts = Readonly<Record<string, number>>;

/** By what each value is called. */
function counts(values: Facets[FacetName]): Counts {
	return Object.fromEntries(
		values.map(({ label, count }) => [label.is === 'kind' ? label.kind : 'name' in label ? label.name : '', count])
	);
}

/** How entries are spread, counted one by one from what the library says of each. */
function modelFacets(found: readonly Known[]) {
	const spread = (valuesOf: (entry: Known) => readonly string[]): Counts => {
		const counted: Record<string, number> = {};
		for (const value of found.flatMap(valuesOf)) counted[value] = (counted[value] ?? 0) + 1;
		return counted;
	};
	const classOf = ({ kind, type }: Known) => (kind === 'directory' ? 'folder' : (type?.kind ?? 'other'));
	return {
		kind: spread((entry) => [classOf(entry)]),
		ext: spread(({ kind, name }) => (kind === 'directory' ? [] : [nameExtension(name)].filter((one) => one !== ''))),
		tag: spread(({ tags }) => tags),
		location: spread(() => ['tree'])
	};
}

/** Something that changes what is found; there are so many kinds of it. */
const kindsOfChange = 7;
async function change(world: Prepared, random: SimRandom, tag: TagId, kind: number): Promise<void> {
	const { driver, host, root } = world;
	const all = (await readAll(world)).filter(({ parent }) => parent !== null);
	const one = all[random.integer(all.length)];
	if (one === undefined) return;
	const path = `${root}/${[...one.trail.slice(1), one.name].join('/')}`;
	const files = { entries: [one.id] };
	switch (kind % kindsOfChange) {
		case 0:
			host.files.remove(path);
			await world.index();
			return;
		case 1:
			host.files.move(
				path,
				`${root}/${stems[random.integer(stems.length)] ?? ''} moved ${random.integer(99)}${endings[random.integer(endings.length)] ?? ''}`
			);
			await world.index();
			return;
		case 2:
			host.files.put(`${root}/2024/05`, randomTree(random, 1));
			await world.index();
			return;
		case 3:
			if (one.tags.length === 0) await act(driver, 'metadata.tag-files', { tag, files });
			return;
		case 4:
			if (one.note === '') await act(driver, 'metadata.set-note', { files, value: 'remember the C++ report' });
			return;
		case 5:
			await act(driver, 'metadata.set-rating', { files, value: (one.rating % 5) + 1 });
			return;
		default:
			await world.identify();
	}
}

test('whatever is typed finds what one look at every entry finds, beside changes of all kinds', async () => {
	const seed = seedOf('search-model');
	const random = createSimRandom(seed);
	for (let round = 0; round < (isNightly ? 40 : 2); round++) {
		const world = await prepared({ keep: 1, 2024: { '05': randomTree(random, 1) }, ...randomTree(random, 2) });
		const tag = await createTag(world.driver, 'a');
		await compare(world);
		// Each kind is looked at by itself first: what one brings into step would hide that another does not.
		for (let step = 0; step < kindsOfChange + 4; step++) {
			await change(world, random, tag, step);
			if (step >= kindsOfChange) await change(world, random, tag, random.integer(kindsOfChange));
			await compare(world).catch((thrown: unknown) => {
				throw new Error(`seed ${seed}, round ${round}, step ${step}: ${String(thrown)}`, { cause: thrown });
			});
		}
		await world.driver.core.close();
	}
});

test.runIf(isNightly)('so many changes that all is read again are followed as few are', async () => {
	const files = (first: number, count: number, word: string) =>
		Object.fromEntries(Array.from({ length: count }, (_, at) => [`${word} ${first + at}.txt`, 1]));
	const world = await prepared({ 2024: files(0, 30_000, 'heron'), keep: 1 });
	const counted = async (text: string) => (await world.driver.value('search.first', { text, limit: 0 })).count;
	expect(await counted('heron')).toBe(30_000);
	// More than are taken in one by one.
	world.host.files.put(`${world.root}/2025`, files(0, 25_000, 'egret'));
	await world.index();
	expect([await counted('egret'), await counted('heron'), await counted('keep')]).toEqual([25_000, 30_000, 1]);
	// What has gone is more than what is left.
	world.host.files.remove(`${world.root}/2024`);
	await world.index();
	world.host.files.remove(`${world.root}/2025`);
	await world.index();
	expect([await counted('egret'), await counted('heron'), await counted('keep')]).toEqual([0, 0, 1]);
	world.host.files.put(`${world.root}/2026`, files(0, 10, 'heron'));
	await world.index();
	expect(await counted('heron')).toBe(10);
	const tag = await createTag(world.driver, 'a');
	await act(world.driver, 'metadata.tag-files', { tag, files: { entries: [await world.at('2026/heron 3.txt')] } });
	expect([await counted('tag:"tag a"'), await counted('is:tagged')]).toEqual([1, 1]);
	await world.driver.core.close();
});
