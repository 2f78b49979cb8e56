import { describe, expect, test } from 'vitest';
import type { EntryId } from '#core/kernel';
import { addLocation, dump } from '../conformance/core-driver.ts';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';
import type { SimHost } from './host/sim-host.ts';
import { noFlaws, prepared as preparedOn, walk } from './moving-world.ts';
import { isNightly } from '../tier.ts';

const prepared = (seed = 1) => preparedOn({ hasInodes: true, seed });

describe('an entry that moves on the disk keeps its number', () => {
	test('a file: renamed, moved, both', async () => {
		const { host, index, id, driver } = await prepared();
		const before = await id('notes/a.txt');
		for (const [from, to] of [
			['notes/a.txt', 'notes/z.txt'],
			['notes/z.txt', 'other/z.txt'],
			['other/z.txt', 'y.txt']
		] as const) {
			host.files.move(`/disk/home/${from}`, `/disk/home/${to}`);
			expect(await index()).toMatchObject({ added: 0, moved: 1, removed: 0 });
			expect(await id(to)).toBe(before);
		}
		const { found } = await driver.value('search.first', { text: 'y.txt', limit: 5 });
		expect(found.map((row) => [row.id, row.trail])).toEqual([[before, ['home']]]);
		expect((await driver.value('search.first', { text: 'z.txt', limit: 5 })).found).toEqual([]);
		await noFlaws(driver);
	});

	test('a folder: all below it moves with it, and is read in its new place', async () => {
		const { host, index, id, driver, location } = await prepared();
		const [folder, inner] = [await id('notes'), await id('notes/deep/er/c.txt')];
		host.files.move('/disk/home/notes', '/disk/home/other/renamed');
		host.files.put('/disk/home/other/renamed/deep', { 'new.txt': 7 });
		expect(await index()).toMatchObject({ added: 1, moved: 1, removed: 0 });
		expect([await id('other/renamed'), await id('other/renamed/deep/er/c.txt')]).toEqual([folder, inner]);
		expect(await driver.value('entries.usage', { entry: location.entry })).toEqual({
			files: 6,
			folders: 4,
			sizeBytes: 157
		});
		await noFlaws(driver);
	});

	test('two that change places, and a folder that goes into the one that was in it', async () => {
		const { host, index, id, driver } = await prepared();
		const [a, b, outer, inner] = [
			await id('notes/a.txt'),
			await id('notes/b.txt'),
			await id('notes'),
			await id('notes/deep')
		];
		host.files.move('/disk/home/notes/a.txt', '/disk/home/notes/x');
		host.files.move('/disk/home/notes/b.txt', '/disk/home/notes/a.txt');
		host.files.move('/disk/home/notes/x', '/disk/home/notes/b.txt');
		await index();
		expect([await id('notes/b.txt'), await id('notes/a.txt')]).toEqual([a, b]);
		host.files.move('/disk/home/notes/deep', '/disk/home/deep');
		host.files.move('/disk/home/notes', '/disk/home/deep/notes');
		expect(await index()).toMatchObject({ added: 0, removed: 0 });
		expect([await id('deep'), await id('deep/notes')]).toEqual([inner, outer]);
		await noFlaws(driver);
	});

	test('a folder that gives its name to another one while what lies in it waits to be read', async () => {
		const { host, index, id, driver } = await prepared();
		host.files.put('/disk/home/top', {
			one: { inner: { 'a.txt': 3, deep: { 'b.txt': 4 } } },
			two: { 'c.txt': 5 },
			zoo: { z: { last: {} } }
		});
		await index();
		const [one, two, inner] = [await id('top/one'), await id('top/two'), await id('top/one/inner/deep/b.txt')];
		host.files.move('/disk/home/top/one', '/disk/home/top/zoo/z/last/far');
		host.files.move('/disk/home/top/two', '/disk/home/top/one');
		expect(await index()).toMatchObject({ added: 0, removed: 0 });
		expect([
			await id('top/zoo/z/last/far'),
			await id('top/one'),
			await id('top/zoo/z/last/far/inner/deep/b.txt')
		]).toEqual([one, two, inner]);
		await noFlaws(driver);
	});

	test('what is written over by a move goes, and what moved there stays', async () => {
		const { host, index, id, driver, location } = await prepared();
		const moved = await id('notes/a.txt');
		host.files.move('/disk/home/notes/a.txt', '/disk/home/e.txt');
		expect(await index()).toMatchObject({ moved: 1, removed: 1 });
		expect(await id('e.txt')).toBe(moved);
		expect(Object.keys(await dump(driver, location.entry))).not.toContain('/notes/a.txt');
		await noFlaws(driver);
	});

	test('from one location to another', async () => {
		const { host, index, id, driver } = await prepared();
		const root = host.files.put('/disk/archive', { 'old.txt': 1 });
		const archive = await addLocation(driver, { root, name: null });
		const run = { location: archive.id, acceptEmpty: false };
		await driver.value('index.run', run);
		const [file, folder] = [await id('notes/a.txt'), await id('notes/deep')];
		host.files.move('/disk/home/notes/a.txt', '/disk/archive/a.txt');
		host.files.move('/disk/home/notes/deep', '/disk/archive/deep');
		expect(await driver.value('index.run', run)).toMatchObject({ added: 0, moved: 2 });
		await index();
		const at = async (path: string) => (await driver.value('entries.resolve', { path, from: null })).id;
		expect([await at('/archive/a.txt'), await at('/archive/deep')]).toEqual([file, folder]);
		expect(await driver.value('entries.usage', { entry: archive.entry })).toEqual({
			files: 3,
			folders: 2,
			sizeBytes: 41
		});
		await noFlaws(driver);
	});
});

describe('what is no move', () => {
	test('a hard link is a new entry', async () => {
		const { host, index, id } = await prepared();
		const before = await id('notes/a.txt');
		host.files.link('/disk/home/notes/a.txt', '/disk/home/other/link.txt');
		expect(await index()).toMatchObject({ added: 1, moved: 0 });
		expect(await id('notes/a.txt')).toBe(before);
		expect(await id('other/link.txt')).not.toBe(before);
	});

	test('another file that was given the number of a deleted one', async () => {
		const { host, index, id } = await prepared();
		const before = await id('notes/a.txt');
		host.files.move('/disk/home/notes/a.txt', '/disk/home/other/new.txt');
		const node = host.files.at('/disk/home/other/new.txt');
		[node.sizeBytes, node.modifiedMs] = [11, 2_000];
		expect(await index()).toMatchObject({ added: 1, moved: 0, removed: 1 });
		expect(await id('other/new.txt')).not.toBe(before);
	});

	test('a file that turns up while the disk it was on is away: nothing is known of its old place', async () => {
		const { host, root, id, driver } = await prepared();
		const before = await id('notes/a.txt');
		const second = host.files.put('/disk/second', { 'x.txt': 1 });
		host.files.link('/disk/home/notes/a.txt', '/disk/second/a.txt');
		host.files.at(root).fault = 'vanishes';
		const location = await addLocation(driver, { root: second, name: null });
		const outcome = await driver.value('index.run', { location: location.id, acceptEmpty: false });
		expect(outcome).toMatchObject({ added: 2, moved: 0 });
		expect(await id('notes/a.txt')).toBe(before);
	});
});

describe('a run that is cut off', () => {
	test('what was missing and has come back keeps its number', async () => {
		const { host, index, id, driver, location } = await prepared();
		const before = await id('notes/deep/er/c.txt');
		host.files.move('/disk/home/notes/deep', '/disk/aside');
		const stop = new AbortController();
		host.files.beforePage = (path) => {
			if (path[0] === 'other') stop.abort();
		};
		const cut = driver.value('index.run', { location: location.id, acceptEmpty: false }, { signal: stop.signal });
		await expect(cut).rejects.toThrow();
		await driver.value('index.stop', { location: location.id });
		host.files.beforePage = () => undefined;
		host.files.move('/disk/aside', '/disk/home/notes/deep');
		await index();
		expect(await id('notes/deep/er/c.txt')).toBe(before);
		await noFlaws(driver);
	});
});

/** Paths of all nodes below a folder, with the nodes. */
/** One change that a person makes: a new file or folder, something moved or renamed, something deleted. */
function changeByChance({ files }: SimHost, random: SimRandom, fresh: string): void {
	// One stays, as a folder that is suddenly empty is not believed.
	const all = walk(files.at('/disk/home')).filter(([path]) => path !== 'e.txt');
	const folders = ['', ...all.filter(([, node]) => node.kind === 'directory').map(([path]) => path)];
	const into = folders[random.integer(folders.length)] ?? '';
	const [path] = all[random.integer(all.length)] ?? [];
	const what = random.integer(10);
	const target = `/disk/home/${into}`.replace(/\/$/, '');
	if (path === undefined || what < 3) files.put(target, { [fresh]: random.chance(0.4) ? {} : random.integer(9_999) });
	else if (what < 8 && into !== path && !into.startsWith(`${path}/`)) {
		const name = random.chance(0.5) ? (path.split('/').at(-1) ?? fresh) : fresh;
		// Not over something else: what is written over is gone, and that has a test of its own.
		if (!files.at(target).children.has(name)) files.move(`/disk/home/${path}`, `${target}/${name}`);
	} else if (what === 9) files.remove(`/disk/home/${path}`);
}

test(
	'whatever is moved, every file and folder that is still there keeps its number',
	{ timeout: 600_000 },
	async () => {
		const seed = testSeed('moves');
		for (let walks = 0; walks < (isNightly ? 300 : 15); walks++) {
			const random = createSimRandom(seed + walks);
			const { host, driver, location, index, id } = await prepared(seed + walks);
			const known = new Map<number | null, EntryId>();
			for (let round = 0; round < 8; round++) {
				for (let n = 0; n < 12; n++) changeByChance(host, random, `new ${round} ${n}`);
				await index();
				const there = walk(host.files.at('/disk/home'));
				for (const [path, { inode }] of there) {
					const now = await id(path);
					expect(known.get(inode) ?? now, `${path} in round ${round}, seed ${seed + walks}`).toBe(now);
					known.set(inode, now);
				}
				expect(Object.keys(await dump(driver, location.entry)).length).toBe(there.length);
				await noFlaws(driver);
			}
			await driver.core.close();
		}
	}
);
