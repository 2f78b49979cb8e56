import { describe, expect, test } from 'vitest';
import { addLocation, drive, type Driver } from '../conformance/core-driver.ts';
import { patternBytes } from '../vectors/blake3.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

/** Files in three folders, some larger than the windows of the quick identity. */
async function prepared(seed = 1, files = 12) {
	const host = createSimHost(seed);
	const folder = (at: number) =>
		Object.fromEntries(
			Array.from({ length: files }, (_, n) => [
				`file ${n}`,
				patternBytes((n % 4 === 0 ? 150_000 : 900) + n, at * 40 + n)
			])
		);
	const root = host.files.put('/disk/home', { a: folder(0), b: folder(1), c: folder(2) });
	const driver = drive(createSimWorld(seed, host), 1);
	await driver.value('library.create', { name: 'Home', password: null });
	const location = await addLocation(driver, { root, name: null });
	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	await driver.value('content.identify', { location: location.id });
	const scrub = () => driver.value('content.scrub', { location: location.id });
	const job = async (of: Driver = driver) => (await of.value('jobs.list', {})).find(({ kind }) => kind === 'scrub');
	return { host, driver, location, scrub, job };
}

/** One bit of the file is another, and the disk says nothing of it. */
function rot(host: SimHost, path: string, at: number): void {
	const node = host.files.at(path);
	const bytes = node.bytes?.slice() ?? new Uint8Array();
	bytes[at] = (bytes[at] ?? 0) ^ 0x10;
	node.bytes = bytes;
}

async function contentAt(driver: Driver, path: string) {
	const { id } = await driver.value('entries.resolve', { path, from: null });
	return driver.value('content.of', { entry: id, limit: 10 });
}

async function noFlaws(driver: Driver): Promise<void> {
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
}

/** A byte of a file of 150,000 that no window of the quick identity covers. */
const unseen = 30_000;

describe('a scrub', () => {
	test('proves what is whole, and finds every flipped bit later, wherever it is', async () => {
		const seed = testSeed('scrub');
		const random = createSimRandom(seed);
		const { host, driver, location, scrub, job } = await prepared(seed);
		expect(await scrub()).toMatchObject({ whole: 36, damaged: 0, unread: 0 });
		expect((await contentAt(driver, '/home/a/file 3')).proven).toBe(true);
		expect((await job())?.warnings).toBe(0);
		const rotten = new Set<string>();
		for (let n = 0; n < 10; n++) {
			const path = `${'abc'[random.integer(3)]}/file ${random.integer(12)}`;
			if (rotten.has(path)) continue;
			rotten.add(path);
			rot(host, `/disk/home/${path}`, random.integer(host.files.sizeOf(`/disk/home/${path}`)));
		}
		// What an ordinary run and a quick look see of it: the negative control.
		expect(await driver.value('index.run', { location: location.id, acceptEmpty: false })).toMatchObject({
			changed: 0
		});
		expect((await driver.value('content.identify', { location: location.id })).files).toBe(0);
		expect(await scrub()).toMatchObject({ whole: 36 - rotten.size, damaged: rotten.size, unread: 0 });
		const found = await driver.value('jobs.warnings', { job: (await job())?.id ?? (0 as never) });
		expect(found.map(({ item, reason }) => `${item} ${reason}`).toSorted()).toEqual(
			[...rotten].map((path) => `home/${path} damaged`).toSorted()
		);
		for (const path of rotten)
			expect(await contentAt(driver, `/home/${path}`)).toMatchObject({ damaged: true, proven: false });
		const report = await driver.value('index.verify', { entry: location.entry, content: false });
		expect(report.different.items.map(({ path }) => path.join('/')).toSorted()).toEqual([...rotten].toSorted());
		await noFlaws(driver);
		await driver.core.close();
	});

	test('a bit that no window of the identity covers is found where the file was proven before', async () => {
		const { host, driver, location, scrub } = await prepared();
		await scrub();
		rot(host, '/disk/home/a/file 0', unseen);
		const verify = () => driver.value('index.verify', { entry: location.entry, content: true });
		expect((await verify()).different.count, 'what the windows tell').toBe(0);
		expect(await scrub()).toMatchObject({ whole: 35, damaged: 1 });
		expect((await verify()).different.count).toBe(1);
		rot(host, '/disk/home/a/file 0', unseen);
		expect(await scrub(), 'restored from a copy with its old time').toMatchObject({ whole: 36, damaged: 0 });
		expect(await contentAt(driver, '/home/a/file 0')).toMatchObject({ damaged: false, proven: true });
		await noFlaws(driver);
		await driver.core.close();
	});

	test('a damaged file is a copy of nothing, and no proof makes a file of its own of it', async () => {
		const { host, driver, location, scrub } = await prepared();
		host.files.put('/disk/home/copies', { one: patternBytes(5_000, 99), two: patternBytes(5_000, 99) });
		await driver.value('index.run', { location: location.id, acceptEmpty: false });
		await driver.value('content.identify', { location: location.id });
		const groups = async () => (await driver.value('content.duplicates', { folder: null, offset: 0, limit: 9 })).groups;
		const atRisk = async () => (await driver.value('content.at-risk', { folder: null })).files;
		expect([await groups(), await atRisk()]).toEqual([1, 36]);
		await scrub();
		rot(host, '/disk/home/copies/one', 7);
		await scrub();
		expect([await groups(), await atRisk()]).toEqual([0, 37]);
		const { content, copiesCount } = await contentAt(driver, '/home/copies/one');
		expect(copiesCount).toBe(1);
		expect((await contentAt(driver, '/home/copies/two')).copiesCount).toBe(0);
		const proved = await driver.value('content.prove', { content: content?.id ?? (0 as never) });
		expect(proved).toMatchObject({ proven: 1, split: 0, unread: 1 });
		expect((await contentAt(driver, '/home/copies/one')).damaged).toBe(true);
		const report = await driver.value('index.verify', { entry: location.entry, content: false });
		await driver.value('index.repair', { location: location.id, repair: report.repair });
		expect(await contentAt(driver, '/home/copies/one')).toMatchObject({ damaged: false, copiesCount: 0 });
		await noFlaws(driver);
		await driver.core.close();
	});

	test('a file that was written to is no damage; one that cannot be read is told', async () => {
		const { host, driver, location, scrub, job } = await prepared();
		await scrub();
		host.files.overwrite('/disk/home/a/file 1', patternBytes(77));
		host.files.at('/disk/home/a/file 2').readFault = 'unreadable';
		host.files.remove('/disk/home/a/file 3');
		expect(await scrub()).toMatchObject({ whole: 33, damaged: 0, unread: 3 });
		const told = await driver.value('jobs.warnings', { job: (await job())?.id ?? (0 as never) });
		expect(told.map(({ item, reason }) => `${item} ${reason}`)).toEqual([
			'home/a/file 1 changing',
			'home/a/file 2 unreadable',
			'home/a/file 3 vanished'
		]);
		rot(host, '/disk/home/b/file 1', 0);
		await scrub();
		host.files.overwrite('/disk/home/b/file 1', patternBytes(78));
		await driver.value('index.run', { location: location.id, acceptEmpty: false });
		const report = await driver.value('index.verify', { entry: location.entry, content: false });
		expect(report.different.count, 'written anew since').toBe(0);
		await driver.core.close();
	});

	test('a folder that is away says so, and nothing is marked', async () => {
		const { host, driver, location } = await prepared();
		host.files.move('/disk/home', '/disk/away');
		expect((await driver.failure('content.scrub', { location: location.id })).type).toBe('FolderMissing');
		host.files.move('/disk/away', '/disk/home');
		const report = await driver.value('index.verify', { entry: location.entry, content: false });
		expect(report.different.count).toBe(0);
		await driver.core.close();
	});

	test('paused, resumed and killed at any file it goes on where its last batch was', async () => {
		const seed = testSeed('scrub kills');
		const random = createSimRandom(seed);
		for (let round = 0; round < (isNightly ? 60 : 2); round++) {
			const { host, driver, location, job } = await prepared(seed + round, 150);
			const reads = new Map<string, number>();
			const stopAt = random.integer(450);
			const isKill = round % 2 === 0;
			let seen = 0;
			let halt: (() => void) | null = null;
			const stopped = new Promise<void>((resolve) => (halt = resolve));
			host.files.beforeRead = (path, offset) => {
				const key = path.join('/');
				if (offset === 0) reads.set(key, (reads.get(key) ?? 0) + 1);
				if (offset === 0 && ++seen === stopAt * 2 + 1) halt?.();
			};
			const scrubbing = driver.core.commands['content.scrub'](
				{ location: location.id },
				{ signal: new AbortController().signal, command: 'f'.repeat(32) as never }
			);
			await stopped;
			if (isKill) await driver.core.close();
			else await driver.value('jobs.pause', { job: (await job())?.id ?? (0 as never) });
			expect(await scrubbing).toMatchObject({ ok: false, failure: { type: 'ScrubPaused' } });
			const again = isKill ? drive(createSimWorld(seed + round, host), 1) : driver;
			if (isKill) await again.value('library.unlock', { by: 'device' });
			const outcome = await again.value('content.scrub', { location: location.id });
			expect(outcome, `seed ${seed + round}`).toMatchObject({ whole: 450, damaged: 0, unread: 0 });
			// Each file is opened at its start twice: for the windows and for all of it.
			const twice = [...reads.values()].filter((count) => count > 2).length;
			expect(twice, `files read again, seed ${seed + round}`).toBeLessThanOrEqual(200);
			expect([...reads.values()].every((count) => count <= 4)).toBe(true);
			expect(reads.size).toBe(450);
			await again.core.close();
		}
	});
});
