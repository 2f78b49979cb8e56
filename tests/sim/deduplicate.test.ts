import { expect, test } from 'vitest';
import type { DiskEntry } from '#core/ports';
import { addIndexed, drive, type Driver } from '../conformance/core-driver.ts';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { walk } from './moving-world.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

const groups = 4;

/** Copies of some files, in folders of two locations. */
function copiesByChance(random: SimRandom) {
	const [a, b]: [Record<string, Uint8Array>, Record<string, Uint8Array>] = [{}, {}];
	for (let group = 0; group < groups; group++) {
		const bytes = random.bytes(40 + group);
		a[`${group} first`] = bytes;
		b[`${group} second`] = bytes;
		if (random.chance(0.5)) a[`${group} third`] = bytes;
	}
	return { a, b };
}

/** Files by what they hold, of those that lie in no trash. */
function placesOf({ files }: SimHost): ReadonlyMap<string, readonly string[]> {
	const found = new Map<string, string[]>();
	for (const root of ['/disk/a', '/disk/b'])
		for (const [path, { kind, bytes }] of walk(files.at(root))) {
			if (kind !== 'file' || path.startsWith('.atoll-trash')) continue;
			const key = String(bytes);
			found.set(key, [...(found.get(key) ?? []), `${root}/${path}`]);
		}
	return found;
}

/** Has every call to the disk wait for a while by chance, and `between` come before some of them. */
function disturb({ files, changes }: SimHost, random: SimRandom, between: () => void): void {
	const wait = async () => {
		for (let turns = random.integer(12); turns > 0; turns--) await Promise.resolve();
		between();
	};
	const after =
		<A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) =>
		async (...args: A): Promise<T> => {
			await wait();
			return call(...args);
		};
	files.look = after(files.look.bind(files));
	files.open = after(files.open.bind(files));
	changes.rename = after(changes.rename.bind(changes));
}

/** For the control: a disk that goes on telling of what was there when it was looked at first. */
function remember({ files }: SimHost): void {
	const look = files.look.bind(files);
	const known = new Map<string, DiskEntry>();
	files.look = async (root, path, signal) => {
		const key = [root, ...path].join('/');
		const before = known.get(key);
		if (before !== undefined) return { ok: true, value: before };
		const found = await look(root, path, signal);
		if (found.ok && found.value !== null && !key.includes('.atoll-')) known.set(key, found.value);
		return found;
	};
}

async function prepared(seed: number) {
	const random = createSimRandom(seed);
	const host = createSimHost(seed);
	const { a, b } = copiesByChance(random);
	const roots = [host.files.put('/disk/a', a), host.files.put('/disk/b', b)];
	const driver = drive(createSimWorld(seed, host), 1);
	await driver.value('library.create', { name: 'Home', password: null });
	for (const root of roots) {
		const { id } = await addIndexed(driver, root);
		await driver.value('content.identify', { location: id });
	}
	return { random, host, driver };
}

/** Deduplicates for one folder and for the other, planned before either is begun, and done at the same time. */
async function dedupeTwice(driver: Driver): Promise<readonly string[]> {
	const folders = [];
	for (const path of ['/a', '/b']) folders.push((await driver.value('entries.resolve', { path, from: null })).id);
	const requests = folders.map((folder) => ({ action: 'files.deduplicate', input: { keep: 'in-folder', folder } }));
	const plans = [];
	for (const request of requests) plans.push((await driver.value('actions.preview', request)).id);
	const begun = [];
	for (const [at, request] of requests.entries())
		begun.push(await driver.value('actions.commit', { ...request, plan: plans[at] ?? null }));
	return Promise.all(begun.map(async ({ id }) => (await driver.value('actions.end', { action: id })).state));
}

/** Two that overlap while a person removes files; answers contents of which no file is left that nobody removed. */
async function overlap(seed: number, isBlind: boolean): Promise<{ lost: number; back: number; removed: number }> {
	const { random, host, driver } = await prepared(seed);
	const before = placesOf(host);
	const excused = new Set<string>();
	let removed = 0;
	const removeSome = () => {
		if (!random.chance(0.01)) return;
		const all = [...placesOf(host)];
		const [key, places] = all[random.integer(all.length)] ?? ['', []];
		const place = places[random.integer(places.length)];
		if (place === undefined) return;
		// Who takes the last one away by hand has done so.
		if (places.length === 1) excused.add(key);
		host.files.remove(place);
		removed++;
	};
	if (isBlind) remember(host);
	disturb(host, random, removeSome);
	const states = await dedupeTwice(driver);
	const after = placesOf(host);
	const lost = [...before.keys()].filter((key) => !after.has(key) && !excused.has(key)).length;
	await driver.core.close();
	return { lost, removed, back: states.filter((state) => state === 'halted').length };
}

test('of two that overlap each keeps a copy, whatever a person removes meanwhile', async () => {
	const seed = testSeed('deduplicate');
	const rounds = isNightly ? 400 : 12;
	let [back, removed] = [0, 0];
	for (let round = 0; round < rounds; round++) {
		const end = await overlap(seed + round, false);
		expect(end.lost, `seed ${seed + round}: contents without a file`).toBe(0);
		back += end.back;
		removed += end.removed;
	}
	expect([back > rounds / 2, removed > 0], `seed ${seed}: they met, and a person did something`).toEqual([true, true]);
}, 60_000);

test('control: where the disk does not tell that the other copy has gone, the last one goes', async () => {
	const seed = testSeed('deduplicate blindly');
	let lost = 0;
	for (let round = 0; round < 12 && lost === 0; round++) lost += (await overlap(seed + round, true)).lost;
	expect(lost, `seed ${seed}`).toBeGreaterThan(0);
}, 60_000);

type Twice = { readonly hasInodes: boolean; readonly at: 'inside' | 'mirrored' };

/** One file that the library has twice: by a location in another one, or by two that are one folder. */
async function dedupeOneFile({ hasInodes, at }: Twice) {
	const host = createSimHost(1);
	host.files.hasInodes = hasInodes;
	const film = new Uint8Array(50).fill(3);
	const outer = host.files.put('/disk/a', { inner: { 'film.bin': film }, 'other.bin': 7 });
	if (at === 'mirrored') host.files.at('/disk').children.set('mirror', host.files.at('/disk/a'));
	const other = host.files.put(at === 'inside' ? '/disk/a/inner' : '/disk/mirror', {});
	const driver = drive(createSimWorld(1, host), 1);
	await driver.value('library.create', { name: 'Home', password: null });
	for (const root of [outer, other]) {
		const { id } = await addIndexed(driver, root);
		await driver.value('content.identify', { location: id });
	}
	const request = { action: 'files.deduplicate', input: {} };
	const plan = await driver.value('actions.preview', request);
	const { operations } = plan.counts;
	const begun = operations === 0 ? null : await driver.value('actions.commit', { ...request, plan: plan.id });
	const end = begun === null ? null : await driver.value('actions.end', { action: begun.id });
	expect(host.files.find('/disk/a/inner/film.bin')?.bytes).toEqual(film);
	await driver.core.close();
	return { warnings: plan.warnings.map(({ type }) => type), operations, failed: end?.failed ?? 0 };
}

test('a file that the library has twice is no copy of itself', async () => {
	const told = { warnings: ['NamesOfOneFile'], operations: 0, failed: 0 };
	for (const hasInodes of [true, false]) expect(await dedupeOneFile({ hasInodes, at: 'inside' })).toEqual(told);
	expect(await dedupeOneFile({ hasInodes: true, at: 'mirrored' })).toMatchObject({ operations: 0 });
	// Nothing tells that they are one: what was to stay goes with the other, which comes back then.
	const back = await dedupeOneFile({ hasInodes: false, at: 'mirrored' });
	expect([back.operations > 0, back.failed]).toEqual([true, back.operations]);
});
