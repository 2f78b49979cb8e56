import { expect, test, vi } from 'vitest';
import { addLocation, drive, type Driver, dump } from '../conformance/core-driver.ts';
import type { SimFiles } from './host/files.ts';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

async function watched(seed: number, host = createSimHost(seed)) {
	const root = host.files.put('/disk/home', { a: { 'one.txt': 1, deep: { 'two.txt': 2 } }, b: {}, 'keep.txt': 3 });
	const driver = drive(createSimWorld(seed, host), 1, { watches: true });
	await driver.value('library.create', { name: 'Home', password: null });
	const location = await addLocation(driver, { root, name: null });
	const index = () => driver.value('index.run', { location: location.id, acceptEmpty: false });
	await index();
	await vi.waitFor(async () => expect(await driver.value('index.watched', {})).toEqual([location.id]));
	return { host, root, driver, location, index };
}

/** Everything below the folder as the disk has it, as `dump` shows the index. */
function disk(files: SimFiles, path = '/disk/home', at = ''): Record<string, string> {
	const found: Record<string, string> = {};
	for (const [name, { kind, sizeBytes }] of files.at(path).children) {
		found[`${at}/${name}`] = kind === 'file' ? `file:${sizeBytes}` : kind;
		if (kind === 'directory') Object.assign(found, disk(files, `${path}/${name}`, `${at}/${name}`));
	}
	return found;
}

/** Lets time pass until the index agrees with the disk. */
async function agrees(driver: Driver, host: SimHost, entry: Parameters<typeof dump>[1], why: string): Promise<void> {
	const check = async () => {
		await host.clock.advance(1_000);
		expect(await dump(driver, entry), why).toEqual(disk(host.files));
	};
	await vi.waitFor(check, { timeout: 5_000, interval: 0 });
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
}

/** One change anywhere below the folder. */
function changeByChance({ files }: SimHost, random: SimRandom, fresh: string): void {
	const folders = ['', ...Object.entries(disk(files)).flatMap(([path, kind]) => (kind === 'directory' ? [path] : []))];
	const all = Object.keys(disk(files)).filter((path) => path !== '/keep.txt');
	const into = `/disk/home${folders[random.integer(folders.length)] ?? ''}`;
	const path = all[random.integer(all.length || 1)];
	const what = random.integer(10);
	if (path === undefined || what < 5)
		files.put(into, { [fresh]: random.chance(0.3) ? { inner: { deepest: random.integer(99) } } : random.integer(99) });
	else if (what < 8 && !`${into}/`.startsWith(`/disk/home${path}/`) && !files.at(into).children.has(fresh))
		files.move(`/disk/home${path}`, `${into}/${fresh}`);
	else files.remove(`/disk/home${path}`);
}

test('what changes on the disk is in the index, without anybody asking', async () => {
	const { host, driver, location } = await watched(1);
	host.files.put('/disk/home/a/deep', { 'three.txt': 30, new: { folder: { 'four.txt': 4 } } });
	await agrees(driver, host, location.entry, 'new files');
	host.files.move('/disk/home/a', '/disk/home/b/a');
	await agrees(driver, host, location.entry, 'a folder that moved');
	host.files.remove('/disk/home/b/a/deep');
	await agrees(driver, host, location.entry, 'a folder that is gone');
	await driver.core.close();
});

test('by many seeds, while changes go on', { timeout: 300_000 }, async () => {
	const seed = testSeed('watched changes');
	for (let walk = 0; walk < (isNightly ? 300 : 20); walk++) {
		const random = createSimRandom(seed + walk);
		const { host, driver, location } = await watched(seed + walk);
		for (let change = 0; change < 40; change++) {
			changeByChance(host, random, `new ${change}`);
			if (random.chance(0.2)) await driver.value('locations.list', {});
		}
		await agrees(driver, host, location.entry, `seed ${seed + walk}`);
		await driver.core.close();
	}
});

test('T12: where changes are missed, the next run finds all of them', { timeout: 300_000 }, async () => {
	const seed = testSeed('missed changes');
	let drifted = 0;
	for (let walk = 0; walk < (isNightly ? 1_000 : 30); walk++) {
		const random = createSimRandom(seed + walk);
		const { host, driver, location, index } = await watched(seed + walk);
		host.files.missesChange = () => random.chance(0.3);
		for (let change = 0; change < 20; change++) changeByChance(host, random, `new ${change}`);
		for (let second = 0; second < 5; second++) await host.clock.advance(1_000);
		if (JSON.stringify(await dump(driver, location.entry)) !== JSON.stringify(disk(host.files))) drifted++;
		await index();
		await agrees(driver, host, location.entry, `seed ${seed + walk}`);
		await driver.core.close();
	}
	console.info(`${drifted} indexes had drifted`);
	expect(drifted).toBeGreaterThan(0);
});

test('a folder that goes away is no longer watched and loses nothing; it is watched again when it was read again', async () => {
	const { host, root, driver, location, index } = await watched(3);
	const before = await dump(driver, location.entry);
	host.files.at(root).fault = 'vanishes';
	host.files.put('/disk/home/b', {});
	await vi.waitFor(async () => expect(await driver.value('index.watched', {})).toEqual([]));
	expect(await dump(driver, location.entry)).toEqual(before);
	host.files.at(root).fault = null;
	await index();
	await vi.waitFor(async () => expect(await driver.value('index.watched', {})).toEqual([location.id]));
	host.files.put('/disk/home/b', { 'again.txt': 1 });
	await agrees(driver, host, location.entry, 'watched again');
	await driver.core.close();
});

test('a run that a person has paused is not gone on with', async () => {
	const { host, driver, location, index } = await watched(4);
	host.files.put('/disk/home', Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`folder ${n}`, { file: n }])));
	await agrees(driver, host, location.entry, 'before');
	const stop = new AbortController();
	host.files.beforePage = (path) => {
		if (path[0] === 'folder 7') stop.abort();
	};
	const run = driver.value('index.run', { location: location.id, acceptEmpty: false }, { signal: stop.signal });
	await expect(run).rejects.toThrow();
	host.files.beforePage = () => undefined;
	host.files.put('/disk/home/folder 3', { 'late.txt': 1 });
	expect((await driver.value('locations.list', {}))[0]?.unfinished).toBe(true);
	await index();
	await agrees(driver, host, location.entry, 'gone on with');
	await driver.core.close();
});

test('after being away, what came, went or was renamed is there before anything else is read', async () => {
	const { host, driver, location, index } = await watched(4);
	for (let n = 0; n < 200; n++) host.files.put(`/disk/home/many/folder ${n}`, { a: 1, b: 2 });
	await index();
	await driver.core.close();

	await host.clock.advance(60_000);
	host.files.put('/disk/home/many/folder 7', { new: 5 });
	host.files.remove('/disk/home/many/folder 150/b');
	host.files.put('/disk/home/b/fresh', { inside: 3 });
	for (const path of ['many/folder 7', 'many/folder 150', 'b']) host.files.at(`/disk/home/${path}`).modifiedMs = 9_000;
	// What a folder's time does not tell.
	host.files.at('/disk/home/many/folder 9/a').sizeBytes = 77;
	const listed: string[] = [];
	host.files.beforePage = (path) => void listed.push(path.join('/'));

	const again = drive(createSimWorld(4, host), 1, { watches: true });
	const wanted = disk(host.files);
	await again.value('library.unlock', { by: 'device' });
	await vi.waitFor(() => expect(listed.length).toBeGreaterThanOrEqual(5));
	expect(listed.slice(0, 5).toSorted()).toEqual(['', 'b', 'b/fresh', 'many/folder 150', 'many/folder 7'].toSorted());
	await vi.waitFor(async () => expect(await dump(again, location.entry)).toEqual(wanted));
	expect(listed.length, 'and then all of it').toBeGreaterThan(200);
	await again.core.close();
});
