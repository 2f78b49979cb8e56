import { describe, expect, test } from 'vitest';
import type { EntryId, LocationId } from '#core/kernel';
import { act, addLocation, drive, dump } from '../conformance/core-driver.ts';
import { patternBytes } from '../vectors/blake3.ts';
import type { SimNode, SimTree } from './host/files.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { createSimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

const dayMs = 24 * 60 * 60 * 1000;
const names = ['here', 'there'] as const;
type Name = (typeof names)[number];

/** A library with two folders, over a disk that tells of files no more than a browser does. */
async function prepared(here: SimTree, seed = 1) {
	const host = createSimHost(seed);
	host.files.hasInodes = false;
	const driver = drive(createSimWorld(seed, host), 1, { runsJobs: 'asked' });
	await driver.value('library.create', { name: 'Home', password: null });
	const add = async (name: Name, tree: SimTree) =>
		addLocation(driver, { root: host.files.put(`/disk/${name}`, tree), name: null });
	const locations = { here: await add('here', here), there: await add('there', { 'own.txt': 9_999 }) };
	const index = (name: Name) => driver.value('index.run', { location: locations[name].id, acceptEmpty: true });
	const identify = (location: LocationId) => driver.value('content.identify', { location });
	const id = async (path: string): Promise<EntryId> =>
		(await driver.value('entries.resolve', { path: `/${path}`, from: null })).id;
	const noFlaws = async () => expect((await driver.value('library.verify', {})).flaws).toEqual([]);
	for (const name of names) await index(name);
	const content = async (path: string) =>
		(await driver.value('content.of', { entry: await id(path), limit: 5 }))?.content?.id ?? null;
	const move = (from: string, to: string) => host.files.move(`/disk/${from}`, `/disk/${to}`);
	return { host, driver, locations, index, identify, id, content, move, noFlaws };
}

const usual = {
	notes: { 'a.txt': 10, 'b.txt': 20, deep: { er: { 'c.txt': 30 } } },
	'e.txt': patternBytes(50, 1),
	stays: 1
};

describe('without inodes, what one run has lost and a later one of another location finds', () => {
	test('a file keeps its number and its content', async () => {
		const { index, id, content, move, identify, locations, driver, noFlaws } = await prepared(usual);
		await identify(locations.here.id);
		const before = [await id('here/e.txt'), await content('here/e.txt')];
		move('here/e.txt', 'there/moved.txt');
		expect(await index('here')).toMatchObject({ removed: 1 });
		await noFlaws();
		expect(await index('there')).toMatchObject({ added: 0, moved: 1 });
		expect([await id('there/moved.txt'), await content('there/moved.txt')]).toEqual(before);
		const { found } = await driver.value('search.first', { text: 'moved', limit: 5 });
		expect(found.map((row) => row.id)).toEqual([before[0]]);
		expect(await index('there')).toMatchObject({ added: 0, changed: 0, moved: 0, removed: 0 });
		await noFlaws();
	});

	test('a folder keeps its number, and all in it that has lain there; what is new in it has a new one', async () => {
		const { host, index, id, move, driver, locations, noFlaws } = await prepared(usual);
		const paths = ['', '/a.txt', '/b.txt', '/deep', '/deep/er', '/deep/er/c.txt'];
		const before = await Promise.all(paths.map((path) => id(`here/notes${path}`)));
		move('here/notes', 'there/renamed');
		host.files.put('/disk/there/renamed/deep', { 'new.txt': 7 });
		host.files.put('/disk/there/renamed', { 'b.txt': 21 });
		await index('here');
		expect(await index('there')).toMatchObject({ added: 1, moved: 1, removed: 0 });
		expect(await Promise.all(paths.map((path) => id(`there/renamed${path}`)))).toEqual(before);
		expect(before).not.toContain(await id('there/renamed/deep/new.txt'));
		expect(await driver.value('entries.usage', { entry: locations.there.entry })).toEqual({
			files: 5,
			folders: 3,
			sizeBytes: 9_999 + 10 + 21 + 30 + 7
		});
		await noFlaws();
		// It is read and moved from there like anything else.
		move('there/renamed', 'here/back');
		await index('there');
		await index('here');
		expect(await Promise.all(paths.map((path) => id(`here/back${path}`)))).toEqual(before);
		await noFlaws();
	});

	test('also after the library was closed, for a month, and no longer', async () => {
		for (const [days, isKnown] of [
			[29, true],
			[31, false]
		] as const) {
			const { host, driver, locations, id, index, move, noFlaws } = await prepared(usual);
			const before = await id('here/e.txt');
			move('here/e.txt', 'there/e.txt');
			await index('here');
			await driver.value('library.lock', {});
			await host.clock.advance(days * dayMs);
			await driver.value('library.unlock', { by: 'device' });
			await noFlaws();
			await driver.value('index.run', {
				location: locations.there.id,
				acceptEmpty: false
			});
			expect((await id('there/e.txt')) === before, `${days} days`).toBe(isKnown);
			await noFlaws();
		}
	});

	test('not where two have come, nor where its bytes are others, nor a copy that was there before', async () => {
		const { host, index, id, identify, locations, noFlaws } = await prepared(usual);
		await identify(locations.here.id);
		const before = [await id('here/notes'), await id('here/notes/a.txt'), await id('here/e.txt')];
		host.files.put('/disk/there', { copy: usual.notes });
		await index('there');
		await index('here');
		host.files.remove('/disk/here/notes');
		host.files.remove('/disk/here/e.txt');
		await index('here');
		host.files.put('/disk/there', { one: usual.notes, two: usual.notes, e: patternBytes(50, 2) });
		expect(await index('there')).toMatchObject({ moved: 0 });
		for (const path of ['copy', 'one', 'two', 'one/a.txt', 'two/a.txt', 'e'])
			expect(before).not.toContain(await id(`there/${path}`));
		await noFlaws();
	});

	test('what a person takes from the library is not kept', async () => {
		const { driver, locations, host, index, id } = await prepared(usual);
		const before = await id('here/e.txt');
		await act(driver, 'locations.remove', { location: locations.here.id });
		host.files.move('/disk/here/e.txt', '/disk/there/e.txt');
		await index('there');
		expect(await id('there/e.txt')).not.toBe(before);
	});
});

function walk(node: SimNode, at: string): [string, SimNode][] {
	return [...node.children].flatMap(([name, child]) => [
		[`${at}/${name}`, child] as [string, SimNode],
		...walk(child, `${at}/${name}`)
	]);
}

/** Moves anything about between two locations that are read one after the other; how many files lost their number. */
async function moveAbout(seed: number, rounds: number, forgets: boolean): Promise<{ moves: number; lost: string[] }> {
	const random = createSimRandom(seed);
	const world = await prepared(usual, seed);
	const { host, driver, index, id, noFlaws, locations } = world;
	const known = new Map<SimNode, EntryId>();
	const lost: string[] = [];
	let moves = 0;
	for (let round = 0; round < rounds; round++) {
		for (let n = 0; n < 8; n++) {
			const all = names.flatMap((name) => walk(host.files.at(`/disk/${name}`), name));
			const folders = [...names, ...all.filter(([, { kind }]) => kind === 'directory').map(([path]) => path)];
			const into = folders[random.integer(folders.length)] ?? 'here';
			const [path] = all[random.integer(all.length)] ?? [];
			const fresh = `new ${round} ${n}`;
			if (path === undefined || random.chance(0.3))
				host.files.put(`/disk/${into}`, { [fresh]: random.chance(0.4) ? {} : 1_000 + round * 8 + n });
			else if (random.chance(0.1)) host.files.remove(`/disk/${path}`);
			else if (into !== path && !into.startsWith(`${path}/`)) world.move(path, `${into}/moved ${round} ${n}`);
		}
		const order = random.chance(0.5) ? names : names.toReversed();
		for (const name of order) {
			moves += (await index(name)).moved;
			if (!forgets) continue;
			await driver.value('library.lock', {});
			await host.clock.advance(40 * dayMs);
			await driver.value('library.unlock', { by: 'device' });
		}
		// What has gone one way and another the other is known when both have been read.
		for (const name of names)
			for (const [path, node] of walk(host.files.at(`/disk/${name}`), name).filter(([, { kind }]) => kind === 'file')) {
				const now = await id(path);
				if ((known.get(node) ?? now) !== now) lost.push(`${path} in round ${round}, seed ${seed}`);
				known.set(node, now);
			}
		for (const name of names)
			expect(Object.keys(await dump(driver, locations[name].entry)).length).toBe(
				walk(host.files.at(`/disk/${name}`), name).length
			);
		await noFlaws();
	}
	await driver.core.close();
	return { moves, lost };
}

test(
	'whatever is moved between locations that are read one after the other, every file that is like no other keeps its number',
	{
		timeout: 600_000
	},
	async () => {
		const seed = testSeed('moves found later');
		let moves = 0;
		for (let n = 0; n < (isNightly ? 200 : 8); n++) {
			const done = await moveAbout(seed + n, 6, false);
			expect(done.lost).toEqual([]);
			moves += done.moves;
		}
		expect(moves).toBeGreaterThan(0);
	}
);

test(
	'where nothing that was lost is kept, files lose their numbers (negative control)',
	{ timeout: 600_000 },
	async () => {
		const seed = testSeed('moves found too late');
		const lost: string[] = [];
		for (let n = 0; n < 4; n++) lost.push(...(await moveAbout(seed + n, 4, true)).lost);
		expect(lost.length).toBeGreaterThan(0);
	}
);
