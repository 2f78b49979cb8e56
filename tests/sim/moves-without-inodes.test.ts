import { describe, expect, test } from 'vitest';
import type { EntryId } from '#core/kernel';
import { addLocation, dump } from '../conformance/core-driver.ts';
import { patternBytes } from '../vectors/blake3.ts';
import type { SimNode, SimTree } from './host/files.ts';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';
import type { SimHost } from './host/sim-host.ts';
import { noFlaws, prepared as preparedOn, usual, walk } from './moving-world.ts';
import { isNightly } from '../tier.ts';

/** A library over a disk that tells of files no more than a browser does; their bytes are looked at when asked for. */
async function prepared(tree: SimTree, seed = 1) {
	const made = await preparedOn({ hasInodes: false, tree, seed }, { runsJobs: 'asked' });
	const identify = () => made.driver.value('content.identify', { location: made.location.id });
	return { ...made, identify };
}

describe('without inodes, what moves on the disk keeps its number', () => {
	test('a file: renamed, moved, both', async () => {
		const { host, index, id, driver, identify } = await prepared(usual);
		const before = await id('notes/a.txt');
		for (const [from, to] of [
			['notes/a.txt', 'notes/z.txt'],
			['notes/z.txt', 'other/z.txt'],
			['other/z.txt', 'y.txt']
		] as const) {
			host.files.move(`/disk/home/${from}`, `/disk/home/${to}`);
			expect(await index()).toMatchObject({ added: 0, moved: 1, removed: 0 });
			expect(await id(to)).toBe(before);
			// The first time nothing is known of the bytes, from then on they have to be the same.
			await identify();
		}
		const { found } = await driver.value('search.first', { text: 'y.txt', limit: 5 });
		expect(found.map((row) => [row.id, row.trail])).toEqual([[before, ['home']]]);
		expect((await driver.value('search.first', { text: 'z.txt', limit: 5 })).found).toEqual([]);
		expect((await identify()).files).toBe(0);
		await noFlaws(driver);
	});

	test('a folder: all below it moves with it, and is read in its new place', async () => {
		const { host, index, id, driver, location } = await prepared(usual);
		const [folder, inner] = [await id('notes'), await id('notes/deep/er/c.txt')];
		host.files.move('/disk/home/notes', '/disk/home/other/renamed');
		host.files.put('/disk/home/other/renamed/deep', { 'new.txt': 7 });
		host.files.remove('/disk/home/other/renamed/b.txt');
		expect(await index()).toMatchObject({ added: 1, moved: 1, removed: 1 });
		expect([await id('other/renamed'), await id('other/renamed/deep/er/c.txt')]).toEqual([folder, inner]);
		expect(await driver.value('entries.usage', { entry: location.entry })).toEqual({
			files: 5,
			folders: 4,
			sizeBytes: 137
		});
		await noFlaws(driver);
	});

	test('a folder in a folder, both under new names, and files that left it', async () => {
		const many = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`file ${n}`, 100 + n]));
		const { host, index, id, driver } = await prepared({ top: { ...many, sub: { x: 200, y: 201 } }, stays: { z: 1 } });
		const before = [await id('top'), await id('top/sub'), await id('top/sub/x'), await id('top/file 3')];
		host.files.move('/disk/home/top/sub', '/disk/home/top/below');
		host.files.move('/disk/home/top/file 3', '/disk/home/stays/file 3');
		host.files.move('/disk/home/top', '/disk/home/high');
		expect(await index()).toMatchObject({ added: 0, moved: 3, removed: 0 });
		expect([await id('high'), await id('high/below'), await id('high/below/x'), await id('stays/file 3')]).toEqual(
			before
		);
		await noFlaws(driver);
	});

	test('a file and a folder, from one location to another that is read first', async () => {
		const { host, index, id, driver } = await prepared(usual);
		const archive = await addLocation(driver, {
			root: host.files.put('/disk/archive', { 'old.txt': 1 }),
			name: null
		});
		await index(archive.id);
		const before = [await id('other/d.txt'), await id('notes/deep'), await id('notes/deep/er/c.txt')];
		host.files.move('/disk/home/other/d.txt', '/disk/archive/d.txt');
		host.files.move('/disk/home/notes/deep', '/disk/archive/deep');
		await index(archive.id);
		expect(await index()).toMatchObject({ moved: 2, removed: 0 });
		expect([await id('/archive/d.txt'), await id('/archive/deep'), await id('/archive/deep/er/c.txt')]).toEqual(before);
		expect(await index(archive.id)).toMatchObject({ added: 0, changed: 0, moved: 0, removed: 0 });
		await noFlaws(driver);
	});

	test('between locations that are read at the same time, whichever is through first', async () => {
		for (const isLargerTo of [true, false]) {
			const { host, driver, location, index, id } = await prepared(usual);
			const many = Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`folder ${n}`, { [`own ${n}`]: 900 + n }]));
			const root = host.files.put('/disk/archive', isLargerTo ? many : { 'old.txt': 1 });
			const archive = await addLocation(driver, { root, name: null });
			if (!isLargerTo) host.files.put('/disk/home', many);
			await Promise.all([index(location.id), index(archive.id)]);
			const before = [await id('other/d.txt'), await id('notes'), await id('notes/deep/er/c.txt')];
			host.files.move('/disk/home/other/d.txt', '/disk/archive/d.txt');
			host.files.move('/disk/home/notes', '/disk/archive/notes');
			await Promise.all([index(location.id), index(archive.id)]);
			const now = [await id('/archive/d.txt'), await id('/archive/notes'), await id('/archive/notes/deep/er/c.txt')];
			expect(now, isLargerTo ? 'the new place is larger' : 'the old place is larger').toEqual(before);
			await noFlaws(driver);
		}
	});

	test('in a run that was cut off between the old place and the new one', async () => {
		const { host, index, id, driver, location } = await prepared(usual);
		const before = await id('notes/a.txt');
		host.files.move('/disk/home/notes/a.txt', '/disk/home/other/a.txt');
		const stop = new AbortController();
		host.files.beforePage = (path) => {
			if (path[0] === 'other') stop.abort();
		};
		const run = { location: location.id, acceptEmpty: false };
		await expect(driver.value('index.run', run, { signal: stop.signal })).rejects.toThrow();
		await driver.value('index.stop', { location: location.id });
		host.files.beforePage = () => undefined;
		await index();
		expect(await id('other/a.txt')).toBe(before);
		await noFlaws(driver);
	});
});

/** Folders that hold nothing but folders. */
async function preparedEmpty() {
	const folders = { one: { empty: { er: {} } }, two: { empty: { er: {} } }, three: { x: 1 }, four: { y: 2 } };
	const world = await prepared(folders);
	return { ...world, noFlaws: () => noFlaws(world.driver) };
}

describe('without inodes, a folder that holds no files keeps its number', () => {
	test('where it has the same name in another place', async () => {
		const { host, index, id, noFlaws } = await preparedEmpty();
		const before = [await id('one/empty'), await id('one/empty/er')];
		host.files.move('/disk/home/one/empty', '/disk/home/three/empty');
		expect(await index()).toMatchObject({ added: 0, moved: 1, removed: 0 });
		expect([await id('three/empty'), await id('three/empty/er')]).toEqual(before);
		await noFlaws();
	});

	test('where it has another name in the same place', async () => {
		const { host, index, id, noFlaws } = await preparedEmpty();
		const before = [await id('one/empty'), await id('two/empty'), await id('two/empty/er')];
		host.files.move('/disk/home/one/empty', '/disk/home/one/renamed');
		host.files.move('/disk/home/two/empty', '/disk/home/two/too');
		expect(await index()).toMatchObject({ added: 0, moved: 2, removed: 0 });
		expect([await id('one/renamed'), await id('two/too'), await id('two/too/er')]).toEqual(before);
		await noFlaws();
	});

	test('not where other folders are in it, or files', async () => {
		const { host, index, id, noFlaws } = await preparedEmpty();
		const before = await id('one/empty');
		host.files.remove('/disk/home/one/empty');
		host.files.put('/disk/home/three', { empty: { other: {} } });
		host.files.put('/disk/home/four', { empty: { er: {}, file: 5 } });
		expect(await index()).toMatchObject({ moved: 0, removed: 2 });
		for (const path of ['three/empty', 'four/empty']) expect(await id(path)).not.toBe(before);
		await noFlaws();
	});
});

describe('without inodes, what is no move', () => {
	test('a copy, however like', async () => {
		const { host, index, id } = await prepared(usual);
		const before = await id('notes/a.txt');
		host.files.put('/disk/home/other', { 'a.txt': 10 });
		host.files.put('/disk/home/copy', usual.notes);
		expect(await index()).toMatchObject({ moved: 0, removed: 0 });
		expect(await id('notes/a.txt')).toBe(before);
	});

	test('one that is gone and two that have come: which is it?', async () => {
		const { host, index, id, driver } = await prepared(usual);
		const [file, folder] = [await id('notes/a.txt'), await id('notes')];
		host.files.put('/disk/home/one', usual.notes);
		host.files.put('/disk/home/two', usual.notes);
		host.files.remove('/disk/home/notes');
		expect(await index()).toMatchObject({ moved: 0, removed: 6 });
		for (const path of ['one', 'two', 'one/a.txt', 'two/a.txt']) expect([file, folder]).not.toContain(await id(path));
		await noFlaws(driver);
	});

	test('two that are gone and two that have come, of one size and time: only their bytes tell', async () => {
		const bytes = (fill: number) => patternBytes(300, fill);
		const tree = { here: { x: bytes(1), y: bytes(2), same: bytes(3), too: bytes(3) }, there: { z: 1 } };
		for (const isKnown of [false, true]) {
			const { host, index, id, driver, identify } = await prepared(tree);
			if (isKnown) await identify();
			const [x, y, same] = [await id('here/x'), await id('here/y'), await id('here/same')];
			for (const [from, to] of [
				['x', 'p'],
				['y', 'q'],
				['same', 'r'],
				['too', 's']
			])
				host.files.move(`/disk/home/here/${from}`, `/disk/home/there/${to}`);
			expect(await index()).toMatchObject(isKnown ? { moved: 2, removed: 2 } : { moved: 0, removed: 4 });
			if (isKnown) expect([await id('there/p'), await id('there/q')]).toEqual([x, y]);
			for (const path of ['there/r', 'there/s']) expect(await id(path)).not.toBe(same);
			await noFlaws(driver);
		}
	});

	test('another file of the same size and time, where the bytes of the lost one are known', async () => {
		const { host, index, id, driver, identify } = await prepared({
			a: patternBytes(300, 1),
			f: { b: patternBytes(400, 1) }
		});
		await identify();
		const before = [await id('a'), await id('f')];
		host.files.remove('/disk/home/a');
		host.files.remove('/disk/home/f');
		host.files.put('/disk/home', { 'a too': patternBytes(300, 2), 'f too': { b: patternBytes(400, 2) } });
		expect(await index()).toMatchObject({ moved: 0, removed: 3 });
		expect(before).not.toContain(await id('a too'));
		expect(before).not.toContain(await id('f too'));
		await noFlaws(driver);
	});

	test('folders without files that could be each other: which is it?', async () => {
		const { host, index, id, noFlaws } = await preparedEmpty();
		const before = [await id('one/empty'), await id('two/empty')];
		host.files.move('/disk/home/one/empty', '/disk/home/three/empty');
		host.files.move('/disk/home/two/empty', '/disk/home/four/empty');
		expect(await index()).toMatchObject({ moved: 0 });
		for (const path of ['three/empty', 'four/empty']) expect(before).not.toContain(await id(path));
		await noFlaws();
	});
});

/** Walks that once lost a number: folders in folders, of which both moved, each found in another round. */
const unlucky = [2054013512, 2541440213, 2541440223, 2554469550];

/** A new file or folder, something moved or renamed, something deleted: no name and no size comes twice. */
function changeByChance({ files }: SimHost, random: SimRandom, fresh: number): void {
	const all = walk(files.at('/disk/home')).filter(([path]) => path !== 'e.txt');
	const folders = ['', ...all.filter(([, node]) => node.kind === 'directory').map(([path]) => path)];
	const into = folders[random.integer(folders.length)] ?? '';
	const [path] = all[random.integer(all.length)] ?? [];
	const what = random.integer(10);
	const target = `/disk/home/${into}`.replace(/\/$/, '');
	if (path === undefined || what < 3) files.put(target, { [`new ${fresh}`]: random.chance(0.4) ? {} : 1_000 + fresh });
	else if (what < 8 && into !== path && !into.startsWith(`${path}/`)) {
		const name = random.chance(0.5) ? (path.split('/').at(-1) ?? '') : `moved ${fresh}`;
		files.move(`/disk/home/${path}`, `${target}/${name}`);
	} else if (what === 9) files.remove(`/disk/home/${path}`);
}

test(
	'without inodes, whatever is moved, every file that is like no other keeps its number',
	{ timeout: 600_000 },
	async () => {
		const seed = testSeed('moves without inodes');
		let moves = 0;
		for (const walkSeed of [...unlucky, ...Array.from({ length: isNightly ? 300 : 15 }, (_, n) => seed + n)]) {
			const random = createSimRandom(walkSeed);
			const { host, driver, location, index, id } = await prepared(usual, walkSeed);
			const known = new Map<SimNode, EntryId>();
			for (let round = 0; round < 8; round++) {
				for (let n = 0; n < 12; n++) changeByChance(host, random, round * 12 + n);
				moves += (await index()).moved;
				const there = walk(host.files.at('/disk/home'));
				for (const [path, node] of there.filter(([, { kind }]) => kind === 'file')) {
					const now = await id(path);
					expect(known.get(node) ?? now, `${path} in round ${round}, seed ${walkSeed}`).toBe(now);
					known.set(node, now);
				}
				expect(Object.keys(await dump(driver, location.entry)).length).toBe(there.length);
				await noFlaws(driver);
			}
			await driver.core.close();
		}
		expect(moves).toBeGreaterThan(0);
	}
);
