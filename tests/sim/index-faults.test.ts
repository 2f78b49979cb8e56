import { describe, expect, test } from 'vitest';
import type { RootRef } from '#core/ports';
import { addIndexed, addLocation, drive, type Driver, dump, refusal } from '../conformance/core-driver.ts';
import type { SimTree } from './host/files.ts';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

function tree(random: SimRandom, depth: number, files = 12): SimTree {
	const branch: Record<string, SimTree | number> = {};
	for (let n = 0; n < files; n++) branch[`file ${n}.txt`] = random.integer(5_000);
	if (depth > 0) for (let n = 0; n < 4; n++) branch[`folder ${n}`] = tree(random, depth - 1, files);
	return branch;
}

async function unlocked(seed: number, host: SimHost): Promise<Driver> {
	const driver = drive(createSimWorld(seed, host), 1);
	await driver.value('library.unlock', { by: 'device' });
	return driver;
}

/** A library that has indexed nothing yet, over a folder of some 1,000 entries. */
async function prepared(seed: number, filesPerFolder?: number) {
	const host = createSimHost(seed);
	const root = host.files.put('/files/tree', tree(createSimRandom(seed), 3, filesPerFolder));
	const driver = drive(createSimWorld(seed, host), 1);
	await driver.value('library.create', { name: 'Home', password: null });
	const location = await addLocation(driver, { root, name: null });
	return { host, root, driver, location, run: { location: location.id, acceptEmpty: false } };
}

/** The same device after a restart: its disk, its folders and its own secrets are what is left. */
function restarted(seed: number, host: SimHost): SimHost {
	return { ...createSimHost(seed, host.disk), files: host.files, volumes: host.volumes, secrets: host.secrets };
}

function usedBytes({ disk }: SimHost): number {
	return [...disk.contents().values()].reduce((sum, bytes) => sum + bytes.length, 0);
}

async function expected(seed: number, filesPerFolder?: number): Promise<Record<string, string>> {
	const { driver, location, run } = await prepared(seed, filesPerFolder);
	await driver.value('index.run', run);
	return dump(driver, location.entry);
}

describe('an index run and the disk under the library', () => {
	test('the power goes at any operation: nothing half is left, and the run goes on to the same end', async () => {
		const seed = testSeed('power loss while indexing');
		const random = createSimRandom(seed);
		const whole = await expected(seed);
		const points = isNightly ? 400 : 40;
		let lost = 0;
		for (let point = 0; point < points; point++) {
			const { host, driver, location, run } = await prepared(seed);
			host.disk.powerLossAt = host.disk.operations + random.integer(250);
			const ended = await driver.core.commands['index.run'](run, {
				signal: new AbortController().signal,
				command: '0'.repeat(32) as never
			}).then(
				({ ok }) => ok,
				() => false
			);
			if (ended) continue;
			lost++;
			host.disk.kill();
			const again = await unlocked(seed, restarted(seed, host));
			expect((await again.value('library.verify', {})).flaws, `point ${point}, seed ${seed}`).toEqual([]);
			await again.value('index.run', run);
			expect(await dump(again, location.entry), `point ${point}, seed ${seed}`).toEqual(whole);
			await again.core.close();
		}
		console.info(`${lost} losses of power in ${points} runs`);
		expect(lost).toBeGreaterThan(points / 4);
	});

	test('a full disk ends the run with one failure; reads go on, and so does the run when there is room', async () => {
		for (const manner of ['throws', 'short', 'nonsense'] as const) {
			const seed = testSeed(`full disk, ${manner}`);
			const { host, driver, location, run } = await prepared(seed);
			host.disk.fullManner = manner;
			host.disk.capacityBytes = usedBytes(host) + 60_000;
			expect((await driver.failure('index.run', run)).type).toBe('DiskFull');
			expect((await driver.value('library.verify', {}).catch(() => ({ flaws: [] }))).flaws).toEqual([]);
			await driver.value('entries.ids', { folder: location.entry, order: { by: 'name', descending: false } });
			host.disk.capacityBytes = Infinity;
			await driver.value('index.run', run);
			expect(await dump(driver, location.entry)).toEqual(await expected(seed));
			expect((await driver.value('library.verify', {})).flaws).toEqual([]);
		}
	});

	test('a batch that does not fit is not passed over by a smaller one that does', async () => {
		const seed = testSeed('ever more room');
		const random = createSimRandom(seed);
		const filesPerFolder = 120;
		const whole = await expected(seed, filesPerFolder);
		const { host, driver, location, run } = await prepared(seed, filesPerFolder);
		let refusals = 0;
		for (;;) {
			host.disk.capacityBytes = usedBytes(host) + 20_000 + random.integer(1_000_000);
			const refusal = await driver.refusal('index.run', run);
			if (refusal === null) break;
			expect(refusal.type).toBe('DiskFull');
			refusals++;
		}
		expect(refusals).toBeGreaterThan(1);
		expect(await dump(driver, location.entry)).toEqual(whole);
	});
});

describe('an index run and folders that cannot be read (T08)', () => {
	test('1 % that cannot be read is listed with its reason, and all the rest is indexed', async () => {
		const seed = testSeed('unreadable');
		const random = createSimRandom(seed);
		const { host, root, driver, location, run } = await prepared(seed);
		const whole = Object.keys(await expected(seed));
		const bad = new Map<string, 'denied' | 'unreadable'>();
		while (bad.size < whole.length / 100) {
			const path = whole[random.integer(whole.length)] ?? '';
			// One that lies below another would be hidden by it.
			if (![...bad.keys()].some((other) => path.startsWith(other) || other.startsWith(path)))
				bad.set(path, random.chance(0.5) ? 'denied' : 'unreadable');
		}
		for (const [path, fault] of bad) host.files.at(`${root}${path}`).fault = fault;
		const outcome = await driver.value('index.run', run);
		const known = await dump(driver, location.entry);
		const isBelowBad = (path: string) => [...bad.keys()].some((top) => path.startsWith(`${top}/`));
		const isDirectory = (path: string) => host.files.at(`${root}${path}`).kind === 'directory';
		const wanted = whole.filter((path) => !isBelowBad(path) && (!bad.has(path) || isDirectory(path)));
		expect(Object.keys(known).toSorted()).toEqual(wanted.toSorted());
		const problems = await driver.value('index.problems', { location: location.id });
		expect(problems).toHaveLength(bad.size);
		expect(outcome.problems).toBe(bad.size);
		expect(new Set(problems.map(({ reason }) => reason))).toEqual(new Set(bad.values()));

		for (const path of bad.keys()) host.files.at(`${root}${path}`).fault = null;
		expect((await driver.value('index.run', run)).problems).toBe(0);
		expect(await dump(driver, location.entry)).toEqual(await expected(seed));
	});

	test('what cannot be read for a while keeps its place in the index', async () => {
		const seed = testSeed('unreadable later');
		const { host, root, driver, location, run } = await prepared(seed);
		await driver.value('index.run', run);
		const before = await dump(driver, location.entry);
		host.files.at(`${root}/folder 1`).fault = 'denied';
		host.files.at(`${root}/file 3.txt`).fault = 'unreadable';
		expect((await driver.value('index.run', run)).removed).toBe(0);
		expect(await dump(driver, location.entry)).toEqual(before);
	});

	test('a disk that goes away in the middle of a run ends it and removes nothing', async () => {
		const seed = testSeed('unplugged');
		const { host, root, driver, location, run } = await prepared(seed);
		await driver.value('index.run', run);
		const before = await dump(driver, location.entry);
		let pages = 0;
		host.files.beforePage = () => {
			if (++pages === 40) host.files.remove(root);
		};
		expect((await driver.failure('index.run', run)).type).toBe('FolderMissing');
		expect(await dump(driver, location.entry)).toEqual(before);
	});
});

test('an entry that is gone never lends its number to another: folders still to be listed would be taken for it', async () => {
	const host = createSimHost(1);
	const folders = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`folder ${n}`, { inner: { file: 1 } }]));
	const root = host.files.put('/files/tree', { top: { keep: 1, last: folders } });
	const driver = drive(createSimWorld(1, host), 1);
	await driver.value('library.create', { name: 'Home', password: null });
	const location = await addIndexed(driver, root);
	host.files.remove('/files/tree/top/last');
	host.files.put('/files/tree/top', Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`new ${n}`, n])));
	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
	expect(Object.keys(await dump(driver, location.entry))).toHaveLength(42);
});

test('two locations may lie one in the other; the same folder is not managed twice', async () => {
	const seed = testSeed('nested locations');
	const { root, driver, location } = await prepared(seed);
	const inner = await addIndexed(driver, `${root}/folder 1` as RootRef, 'Inner');
	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	const outer = await dump(driver, location.entry);
	const below = Object.keys(outer).filter((path) => path.startsWith('/folder 1/'));
	expect(Object.keys(await dump(driver, inner.entry))).toHaveLength(below.length);
	expect(await refusal(driver, 'locations.add', { root, name: 'Again' })).toEqual({
		type: 'LocationExists',
		location: location.id
	});
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
});

test('verify finds what is planted (negative control)', async () => {
	const seed = testSeed('planted flaws');
	for (const [kind, sql] of [
		['tree', 'DELETE FROM closure WHERE depth = 2'],
		['tree', 'UPDATE closure SET depth = depth + 1 WHERE depth = 1'],
		['tree', 'DELETE FROM directory WHERE entry > 5'],
		['name-index', 'DELETE FROM entry WHERE id = (SELECT max(id) FROM entry WHERE kind = 1)'],
		['reference', 'UPDATE entry SET parent = 999999 WHERE id = 9']
	] as const) {
		const host = createSimHost(seed);
		const connect = host.database.connect;
		let planted = () => {};
		const bent: SimHost = {
			...host,
			database: {
				...host.database,
				connect: async (...args) => {
					const connection = await connect(...args);
					if (connection.ok)
						planted = () => {
							connection.value.exec('PRAGMA foreign_keys = OFF');
							connection.value.exec(sql);
						};
					return connection;
				}
			}
		};
		const root = host.files.put('/files/tree', tree(createSimRandom(seed), 3));
		const driver = drive(createSimWorld(seed, bent), 1);
		await driver.value('library.create', { name: 'Home', password: null });
		await addIndexed(driver, root);
		expect((await driver.value('library.verify', {})).flaws).toEqual([]);
		planted();
		expect((await driver.value('library.verify', {})).flaws.map((flaw) => flaw.kind)).toContain(kind);
	}
});
