import { expect, test } from 'vitest';
import type { RunsJobs } from '#core';
import { act, addIndexed, addLocation, drive, type Driver } from '../conformance/core-driver.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

async function prepared(host: SimHost, tree: Record<string, number>, runsJobs: RunsJobs = 'all') {
	const root = host.files.put('/files/tree', tree);
	const driver = drive(createSimWorld(1, host), 1, { runsJobs });
	await driver.value('library.create', { name: 'Home', password: null });
	return { driver, root };
}

async function contentJob(driver: Driver) {
	return (await driver.value('jobs.list', {})).find(({ kind }) => kind === 'content');
}

/** Resolves once the job that looks at files is in `state`. */
function until(driver: Driver, state: 'running' | 'completed' | 'queued'): Promise<void> {
	return new Promise((resolve, reject) => {
		const look = async () => {
			if ((await contentJob(driver))?.state !== state) return;
			end();
			resolve();
		};
		const end = driver.core.subscribe(() => void look().catch(reject));
		void look().catch(reject);
	});
}

async function unknownFiles(driver: Driver): Promise<number> {
	return (await driver.value('content.duplicates', { folder: null, offset: 0, limit: 1 })).unknown;
}

test('when a location was read its files are looked at by themselves, and again when they change', async () => {
	const host = createSimHost(1);
	const { driver, root } = await prepared(host, { a: 10, b: 200_000, c: 10 });
	const location = await addIndexed(driver, root);
	await until(driver, 'completed');
	expect(await contentJob(driver)).toMatchObject({
		target: String(location.id),
		done: 3,
		total: 3,
		// All of the small ones, and the windows of the large one.
		doneBytes: 20 + 57_344,
		totalBytes: 20 + 57_344,
		outcome: { files: 3, problems: 0 }
	});
	expect(await unknownFiles(driver)).toBe(0);
	host.files.overwrite(`${root}/a`, new Uint8Array(11).fill(7));
	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	await until(driver, 'completed');
	expect(await contentJob(driver)).toMatchObject({ done: 1, outcome: { files: 1 } });
	expect(await unknownFiles(driver)).toBe(0);
	const { id } = (await contentJob(driver)) ?? expect.unreachable();
	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	expect((await contentJob(driver))?.id, 'where nothing is new there is nothing to look at').toBe(id);
	await driver.core.close();
});

test('files of a shallow location are not read; made content they are, made shallow again that ends', async () => {
	const host = createSimHost(1);
	const { driver, root } = await prepared(host, { a: 10, b: 20 });
	let reads = 0;
	host.files.beforeRead = () => void reads++;
	const { id: location } = await addLocation(driver, { root, name: null });
	await act(driver, 'locations.set-mode', { location, mode: 'shallow' });
	await driver.value('index.run', { location, acceptEmpty: false });
	expect([await contentJob(driver), reads, await unknownFiles(driver)]).toEqual([undefined, 0, 2]);
	await act(driver, 'locations.set-mode', { location, mode: 'content' });
	await until(driver, 'completed');
	expect([reads, await unknownFiles(driver)]).toEqual([2, 0]);
	expect((await driver.value('locations.list', {}))[0]?.mode).toBe('content');
	await act(driver, 'locations.set-mode', { location, mode: 'shallow' });
	expect(await contentJob(driver)).toBeUndefined();
	expect(await unknownFiles(driver), 'what is known stays').toBe(0);
	await driver.core.close();
});

test('what cannot be read is a warning of the job, by its path; where the disk is away the job waits', async () => {
	const host = createSimHost(1);
	const { driver, root } = await prepared(host, { fine: 10, broken: 20 });
	host.files.at(`${root}/broken`).readFault = 'unreadable';
	const location = await addIndexed(driver, root);
	await until(driver, 'completed');
	const { id, warnings } = (await contentJob(driver)) ?? expect.unreachable();
	expect(warnings).toBe(1);
	expect(await driver.value('jobs.warnings', { job: id })).toMatchObject([
		{ item: 'tree/broken', reason: 'unreadable' }
	]);
	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	await until(driver, 'completed');
	host.files.at(root).fault = 'vanishes';
	expect((await driver.failure('content.identify', { location: location.id })).type).toBe('FolderMissing');
	expect(await contentJob(driver)).toMatchObject({ state: 'queued', failure: { type: 'FolderMissing' } });
	host.files.at(root).fault = null;
	await host.clock.advance(30_000);
	await until(driver, 'completed');
	await driver.core.close();
});

test('a paused look stays paused beyond a lock, though its location is read again, and goes on where it was', async () => {
	const host = createSimHost(1);
	const tree = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`file ${n}`, n]));
	const { driver, root } = await prepared(host, tree);
	const times = new Map<string, number>();
	host.files.beforeRead = ([name = '']) => void times.set(name, (times.get(name) ?? 0) + 1);
	const location = await addIndexed(driver, root);
	await until(driver, 'running');
	await driver.value('content.stop', { location: location.id });
	const paused = (await contentJob(driver)) ?? expect.unreachable();
	expect(paused.state).toBe('paused');
	await driver.value('library.lock', {});
	await driver.value('library.unlock', { by: 'device' });
	host.files.put(root, { fresh: 3 });
	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	expect((await contentJob(driver))?.state).toBe('paused');
	await driver.value('jobs.run', { job: paused.id });
	expect(await unknownFiles(driver)).toBe(0);
	// An empty file has no bytes to read; what was being read when it was broken off is read again.
	expect(times.size).toBe(200);
	expect([...times.values()].filter((count) => count > 1).length).toBeLessThanOrEqual(4);
	await driver.core.close();
});

/** Resolves once nothing is left to be done. */
function untilIdle(driver: Driver): Promise<void> {
	return new Promise((resolve, reject) => {
		const look = async () => {
			if ((await driver.value('jobs.list', {})).some(({ endedMs }) => endedMs === null)) return;
			end();
			resolve();
		};
		const end = driver.core.subscribe(() => void look().catch(reject));
		void look().catch(reject);
	});
}

type Toll = { losses: number; midLook: number; hashedTwiceMax: number; timesMax: number; left: number; flaws: number };

const filesMax = 300;

/** A location that is about to be read and looked at, where reading a file takes `readMs`. */
async function aboutToLook(seed: number, readMs: number) {
	const tree = Object.fromEntries(Array.from({ length: filesMax }, (_, n) => [`file ${n}`, 1 + n]));
	const times = new Map<string, number>();
	let passedMs = 0;
	// Advancing the simulation's own clock lets other work run: here time passes in the middle of a read.
	const withReads = (host: SimHost): SimHost => ({
		...host,
		clock: { ...host.clock, elapsedMs: () => host.clock.elapsedMs() + passedMs }
	});
	const host = withReads(createSimHost(seed));
	host.files.beforeRead = ([name = '']) => {
		times.set(name, (times.get(name) ?? 0) + 1);
		passedMs += readMs;
	};
	const { driver, root } = await prepared(host, tree, 'asked');
	const location = await addLocation(driver, { root, name: null });
	const run = { location: location.id, acceptEmpty: false };
	const work = () =>
		driver.value('index.run', run).then(() => driver.value('content.identify', { location: location.id }));
	return { host, times, run, work, withReads, driver };
}

/** Operations of the disk in all of it. */
async function operationsOf(seed: number, readMs: number): Promise<number> {
	const { host, work, driver } = await aboutToLook(seed, readMs);
	const before = host.disk.operations;
	await work();
	const operations = host.disk.operations - before;
	await driver.core.close();
	return operations;
}

/**
 * The power goes at an operation that chance chooses while a location is read and its files are looked at, each taking
 * `readMs`; after a restart all goes on by itself.
 */
async function loseThePower(seed: number, points: number, readMs: number): Promise<Toll> {
	const random = createSimRandom(seed);
	const toll = { losses: 0, midLook: 0, hashedTwiceMax: 0, timesMax: 0, left: 0, flaws: 0 };
	const operations = await operationsOf(seed, readMs);
	for (let point = 0; point < points; point++) {
		const { host, times, run, work, withReads } = await aboutToLook(seed + point, readMs);
		host.disk.powerLossAt = host.disk.operations + 1 + random.integer(operations);
		const ended = await work().then(
			() => true,
			() => false
		);
		if (ended) continue;
		toll.losses++;
		if (times.size > 0) toll.midLook++;
		host.disk.kill();
		const restarted = { ...createSimHost(seed + point, host.disk), files: host.files, secrets: host.secrets };
		const again = drive(createSimWorld(1, withReads(restarted)), 1);
		await again.value('library.unlock', { by: 'device' });
		// Nobody asks for it: only where the power went before it was queued there is nothing to go on with.
		if ((await again.value('jobs.list', {})).length === 0) await again.value('index.run', run);
		await untilIdle(again);
		toll.left += (await unknownFiles(again)) + filesMax - times.size;
		toll.flaws += (await again.value('library.verify', {})).flaws.length;
		toll.hashedTwiceMax = Math.max(toll.hashedTwiceMax, [...times.values()].filter((count) => count > 1).length);
		toll.timesMax = Math.max(toll.timesMax, ...times.values());
		await again.core.close();
	}
	return toll;
}

const points = isNightly ? 200 : 30;

test(
	'the power goes at any operation: it goes on by itself, no file is left out and none hashed twice but the last batch',
	{ timeout: points * 2_000 },
	async () => {
		const seed = testSeed('power loss while files are looked at');
		const toll = await loseThePower(seed, points, 20);
		console.info(`${points} points: ${JSON.stringify(toll)}`);
		expect(toll, `seed ${seed}`).toMatchObject({ left: 0, flaws: 0 });
		// A batch is a second, and four files are read at a time.
		expect(toll.hashedTwiceMax).toBeLessThanOrEqual(1_000 / 20 + 4);
		expect(toll.timesMax).toBeLessThanOrEqual(2);
		expect(toll.midLook).toBeGreaterThan(points / 4);
	}
);

test('control: where all files are one batch, all of them are hashed twice', async () => {
	const seed = testSeed('power loss, one batch');
	const toll = await loseThePower(seed, 20, 0);
	expect(toll).toMatchObject({ left: 0, hashedTwiceMax: filesMax });
});
