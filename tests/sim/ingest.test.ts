import { expect, test } from 'vitest';
import type { AnyAction } from '#core';
import type { ActionId } from '#core/kernel';
import { addIndexed, drive, type Driver } from '../conformance/core-driver.ts';
import { patternBytes } from '../vectors/blake3.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { contentAt } from './step-world.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

const rounds = isNightly ? 60 : 4;

const outside = {
	album: { 'one.jpg': patternBytes(900, 1), below: { 'two.jpg': patternBytes(3_000, 2) }, none: {} },
	here: { 'new.txt': patternBytes(80, 3), 'old.txt': patternBytes(90, 4) },
	'loose.bin': patternBytes(2_500, 5)
};
const items = [
	{ name: 'album', kind: 'directory', parent: null, sizeBytes: 0, modifiedMs: null },
	{ name: 'one.jpg', kind: 'file', parent: 0, sizeBytes: 900, modifiedMs: 1_000 },
	{ name: 'below', kind: 'directory', parent: 0, sizeBytes: 0, modifiedMs: null },
	{ name: 'two.jpg', kind: 'file', parent: 2, sizeBytes: 3_000, modifiedMs: 1_000 },
	{ name: 'none', kind: 'directory', parent: 0, sizeBytes: 0, modifiedMs: null },
	{ name: 'here', kind: 'directory', parent: null, sizeBytes: 0, modifiedMs: null },
	{ name: 'new.txt', kind: 'file', parent: 5, sizeBytes: 80, modifiedMs: 1_000 },
	{ name: 'old.txt', kind: 'file', parent: 5, sizeBytes: 90, modifiedMs: 1_000 },
	{ name: 'loose.bin', kind: 'file', parent: null, sizeBytes: 2_500, modifiedMs: 1_000 }
];

type Device = { host: SimHost; driver: Driver };

function start(host: SimHost): Driver {
	return drive({ host, libraryFolder: () => 'library.sdlibrary' }, 1);
}

/** A library with a folder in which `here` is, and things outside of it. */
async function begin(seed: number, isBrowser: boolean): Promise<Device & { readonly folder: number }> {
	const host = createSimHost(seed);
	if (isBrowser) {
		host.files.hasInodes = false;
		host.changes.renamesFolders = false;
		host.changes.keepsTimes = false;
	}
	host.changes.losesPower = false;
	host.files.put('/outside', outside);
	const root = host.files.put('/files', { here: { 'old.txt': patternBytes(70, 9), 'mine.txt': patternBytes(7, 9) } });
	const driver = start(host);
	await driver.value('library.create', { name: 'Home', password: null });
	const { entry } = await addIndexed(driver, root);
	return { host, driver, folder: entry };
}

/** The program starts again on the device as the kill has left it. */
async function restart(device: Device, seed: number): Promise<void> {
	await passing(device, device.driver.core.close());
	const { files, changes, volumes, secrets, disk } = device.host;
	changes.restart();
	device.host = { ...createSimHost(seed, disk), files, changes, volumes, secrets };
	device.driver = start(device.host);
	await device.driver.value('library.unlock', { by: 'device' });
}

/** Takes an action back, as someone does who has seen what that removes. */
async function undo(driver: Driver, action: ActionId) {
	const request = { action: 'actions.undo', input: { action } };
	const { id } = await driver.value('actions.preview', request);
	return driver.value('actions.commit', { ...request, plan: id });
}

/** Lets time pass until something has come. */
async function passing<T>({ host }: Device, coming: Promise<T>): Promise<T> {
	let isHere = false;
	const settled = coming.finally(() => (isHere = true));
	settled.catch(() => undefined);
	while (!isHere) await host.clock.advance(5_000);
	return settled;
}

/** What ends first: the action, or the program. */
async function untilEnd(device: Device): Promise<AnyAction | 'killed'> {
	const { driver, host } = device;
	const killed = new Promise<'killed'>((resolve) => {
		host.changes.onEnd = () => {
			// One program: its database dies with it.
			host.disk.kill();
			resolve('killed');
		};
	});
	const ended = async () => {
		const [latest] = await driver.value('actions.history', { before: null });
		if (latest === undefined) throw new Error('an action that was committed is told of');
		return latest.state === 'running' ? driver.value('actions.end', { action: latest.id }) : latest;
	};
	return passing(device, Promise.race([killed, ended().catch(() => killed)]));
}

/** What is not as it must be at any instant: something half under its final name, or something of the person gone. */
function faultsNow({ host }: Device, before: ReadonlyMap<string, string>): string[] {
	const now = contentAt(host, '/files');
	const come = contentAt(host, '/outside');
	const known = new Set([...before.values(), ...come.values()]);
	const faults = [...now].flatMap(([path, what]) =>
		path.split('/').some((name) => name.startsWith('.atoll-')) || known.has(what) ? [] : [`half a thing at ${path}`]
	);
	const all = new Set(now.values());
	for (const [path, what] of before) if (!all.has(what)) faults.push(`${path} is gone`);
	return faults;
}

/** Everything but what lies in the trash. */
function shown(host: SimHost): ReadonlyMap<string, string> {
	return new Map([...contentAt(host, '/files')].filter(([path]) => !path.startsWith('.atoll-trash')));
}

async function checkEnd({ driver, host }: Device): Promise<void> {
	expect([...contentAt(host, '/files').keys()].filter((path) => /\.atoll-(?!trash)/.test(path))).toEqual([]);
	const [location] = await driver.value('locations.list', {});
	if (location === undefined) throw new Error('the folder is there');
	const report = await driver.value('index.verify', { entry: location.entry, content: false });
	expect([report.missing.count, report.unindexed.count]).toEqual([0, 0]);
}

const request = (folder: number) => ({
	action: 'files.ingest',
	input: { folder, source: '/outside', items, conflicts: 'replace' }
});

async function goThrough(seed: number): Promise<number> {
	const random = createSimRandom(seed);
	const isBrowser = random.chance(0.5);
	const device = await begin(seed, isBrowser);
	const before = shown(device.host);
	const plan = await device.driver.value('actions.preview', request(device.folder));
	expect(plan.counts).toEqual({ operations: 5, blocked: 0 });
	let kills = 0;
	device.host.changes.endAt = device.host.changes.operations + random.integer(40);
	await device.driver.value('actions.commit', { ...request(device.folder), plan: plan.id });
	let end = await untilEnd(device);
	for (; end === 'killed'; end = await untilEnd(device)) {
		kills++;
		expect(faultsNow(device, before), `seed ${seed}`).toEqual([]);
		await restart(device, seed);
		if (random.chance(0.5)) device.host.changes.endAt = device.host.changes.operations + random.integer(20);
	}
	expect([end.state, end.failed], `seed ${seed}`).toEqual(['done', 0]);
	expect(faultsNow(device, before), `seed ${seed}`).toEqual([]);
	const now = shown(device.host);
	for (const [path, what] of contentAt(device.host, '/outside')) if (path !== '') expect(now.get(path)).toBe(what);
	expect(now.get('here/mine.txt')).toBe(before.get('here/mine.txt'));
	await checkEnd(device);
	device.host.changes.endAt = null;
	const undone = await undo(device.driver, end.id);
	const back = await passing(device, device.driver.value('actions.end', { action: undone.id }));
	expect(back.state).toBe('done');
	expect(shown(device.host), `seed ${seed}, undone`).toEqual(before);
	await checkEnd(device);
	await device.driver.core.close();
	return kills;
}

test('what is brought in comes whole or not at all, wherever the program is killed, and is taken back', async () => {
	const seed = testSeed('ingest');
	let kills = 0;
	for (let at = 0; at < rounds; at++) kills += await goThrough(seed + at);
	expect(kills, 'kills').toBeGreaterThan(rounds / 3);
});

test('a source that is gone ends what is left with plain words, and what was brought stays and can be taken back', async () => {
	const world = createSimWorld(testSeed('a source that is gone'));
	const { files, changes } = world.host;
	changes.renamesFolders = false;
	files.put('/outside', outside);
	const root = files.put('/files', {});
	const driver = drive(world, 1);
	await driver.value('library.create', { name: 'Home', password: null });
	const { entry } = await addIndexed(driver, root);
	const input = { folder: entry, source: '/outside', items };
	const plan = await driver.value('actions.preview', { action: 'files.ingest', input });
	// The page is closed when the second folder has its first file.
	const rename = changes.rename.bind(changes);
	changes.rename = async (moves, signal) => {
		const named = await rename(moves, signal);
		if (moves.some(({ to }) => to.path.at(-1) === 'new.txt')) files.remove('/outside');
		return named;
	};
	const begun = await driver.value('actions.commit', { action: 'files.ingest', input, plan: plan.id });
	const done = await driver.value('actions.end', { action: begun.id });
	expect([done.state, done.job]).toEqual(['halted', null]);
	const steps = await driver.value('actions.steps', { action: begun.id, from: 0 });
	expect(steps.map(({ failure }) => failure?.type ?? null)).toEqual([null, 'SourceGone', 'SourceGone']);
	const paths = () => [...shown(world.host).keys()].toSorted();
	const whole = ['album', 'album/below', 'album/below/two.jpg', 'album/none', 'album/one.jpg'];
	expect(paths()).toEqual(['', ...whole, 'here', 'here/new.txt', 'here/old.txt']);
	const undone = await undo(driver, begun.id);
	expect((await driver.value('actions.end', { action: undone.id })).state).toBe('done');
	expect(paths()).toEqual(['', 'here', 'here/new.txt', 'here/old.txt']);
	await driver.core.close();
});

test('F30: ten thousand files that come into a folder that is there are planned one by one, and some brought', async () => {
	const world = createSimWorld(testSeed('ten thousand'));
	const { files } = world.host;
	const many = Array.from({ length: 10_000 }, (_, at) => `${at}.txt`);
	const bytes = patternBytes(10, 1);
	files.put('/outside', { many: Object.fromEntries(many.map((name) => [name, bytes])) });
	const root = files.put('/files', { many: { '7.txt': patternBytes(3, 2) } });
	const driver = drive(world, 1);
	await driver.value('library.create', { name: 'Home', password: null });
	const { entry } = await addIndexed(driver, root);
	const folder = { name: 'many', kind: 'directory', parent: null, sizeBytes: 0, modifiedMs: null };
	const all = many.map((name) => ({ name, kind: 'file', parent: 0, sizeBytes: 10, modifiedMs: 1_000 }));
	const input = { folder: entry, source: '/outside', items: [folder, ...all], conflicts: 'skip' };
	const beganMs = performance.now();
	const plan = await driver.value('actions.preview', { action: 'files.ingest', input });
	console.log(`10,000 files planned in ${Math.round(performance.now() - beganMs)} ms`);
	expect([plan.counts, plan.asks]).toEqual([{ operations: many.length - 1, blocked: 1 }, true]);
	const some = { action: 'files.ingest', input: { ...input, items: input.items.slice(0, 301) } };
	const seen = await driver.value('actions.preview', some);
	const begun = await driver.value('actions.commit', { ...some, plan: seen.id });
	const done = await driver.value('actions.end', { action: begun.id });
	expect([done.state, done.failed]).toEqual(['done', 0]);
	expect(contentAt(world.host, '/files/many').size).toBe(301);
	await driver.core.close();
});
