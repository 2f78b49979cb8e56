import { describe, expect, test } from 'vitest';
import { countDifferences, differences, type DiskReport } from '#core/index';
import type { Database } from '#core/schema';
import { openDatabase } from '#core/schema';
import { addLocation, drive, type Driver, dump } from '../conformance/core-driver.ts';
import { patternBytes } from '../vectors/blake3.ts';
import type { SimNode, SimTree } from './host/files.ts';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

const signal = new AbortController().signal;

/** A tree of some 150 files with bytes, no two the same. */
function tree(random: SimRandom, depth = 2, at = ''): SimTree {
	const branch: Record<string, SimTree | Uint8Array> = {};
	for (let n = 0; n < 10; n++) {
		const own = new TextEncoder().encode(`${at}${n}`);
		branch[`file ${at}${n}`] = Uint8Array.from([...own, ...patternBytes(20 + random.integer(400))]);
	}
	if (depth > 0) for (let n = 0; n < 3; n++) branch[`folder ${at}${n}`] = tree(random, depth - 1, `${at}${n}`);
	return branch;
}

async function prepared(seed: number, hasInodes = true) {
	const host = createSimHost(seed);
	host.files.hasInodes = hasInodes;
	const root = host.files.put('/disk/home', tree(createSimRandom(seed)));
	const driver = drive(createSimWorld(seed, host), 1);
	await driver.value('library.create', { name: 'Home', password: null });
	const location = await addLocation(driver, { root, name: null });
	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	await driver.value('content.identify', { location: location.id });
	const verify = (content = true) => driver.value('index.verify', { entry: location.entry, content });
	return { host, root, driver, location, verify };
}

/** What a report says, as sorted lines. */
function told(report: DiskReport): string[] {
	const lines = differences.flatMap((difference) =>
		report[difference].items.map(({ path }) => `${difference} ${path.join('/')}`)
	);
	return lines.toSorted();
}

function walk(node: SimNode, at = ''): [string, SimNode][] {
	return [...node.children].flatMap(([name, child]) => {
		const path = at === '' ? name : `${at}/${name}`;
		return [[path, child] as [string, SimNode], ...walk(child, path)];
	});
}

/** The library's database, opened beside Atoll: what is done to it there no room has a hand in. */
async function edited(host: SimHost, driver: Driver, edit: (database: Database) => void): Promise<void> {
	const { key, salt } = await driver.value('library.raw-key', { password: null });
	await driver.value('library.lock', {});
	const connected = await host.database.connect(createSimWorld(1, host).libraryFolder(1), signal);
	if (!connected.ok) throw new Error(connected.failure.type);
	const opened = openDatabase(connected.value, { rawKey: `${key}${salt}`, where: 'the test', expect: 'existing' });
	if (!opened.ok) throw new Error(opened.failure.type);
	const written = opened.value.write(() => edit(opened.value));
	if (!written.ok) throw new Error(written.failure.type);
	connected.value.close();
	await driver.value('library.unlock', { by: 'device' });
}

const idAt = (database: Database, path: string): number => {
	let id = Number(database.prepare('SELECT entry FROM location').column()[0]);
	for (const name of path.split('/'))
		id = Number(database.prepare('SELECT id FROM entry WHERE parent = ? AND name = ?').column([id, name])[0]);
	return id;
};

/**
 * Makes rows differ from the disk in one way, and says what has to be found. A row that goes takes its sums and its
 * name with it, as nothing else is to be wrong; so does one that comes.
 */
const corruptions: readonly {
	readonly what: string;
	readonly apply: (database: Database, path: string, random: SimRandom) => string;
}[] = [
	{
		what: 'a size',
		apply: (database, path) => {
			const id = idAt(database, path);
			database.prepare('UPDATE entry SET sizeBytes = sizeBytes + 1, content = NULL WHERE id = ?').run([id]);
			return `stale ${path}`;
		}
	},
	{
		what: 'a time',
		apply: (database, path, random) => {
			const id = idAt(database, path);
			database.prepare('UPDATE entry SET modifiedMs = ? WHERE id = ?').run([5_000 + random.integer(9_000), id]);
			return `stale ${path}`;
		}
	},
	{
		what: 'an inode',
		apply: (database, path) => {
			database.prepare('UPDATE entry SET inode = 987654321 WHERE id = ?').run([idAt(database, path)]);
			return `stale ${path}`;
		}
	},
	{
		what: 'a kind',
		apply: (database, path) => {
			database.prepare('UPDATE entry SET kind = 2, content = NULL WHERE id = ?').run([idAt(database, path)]);
			return `stale ${path}`;
		}
	},
	{
		what: 'a row dropped',
		apply: (database, path) => {
			const id = idAt(database, path);
			database.prepare('DELETE FROM entry WHERE id = ?').run([id]);
			return `unindexed ${path}`;
		}
	},
	{
		what: 'a row added',
		apply: (database, path) => {
			const folder = path.includes('/') ? idAt(database, path.slice(0, path.lastIndexOf('/'))) : null;
			const parent = folder ?? Number(database.prepare('SELECT entry FROM location').column()[0]);
			const name = `ghost of ${path.split('/').at(-1) ?? ''}`;
			database
				.prepare('INSERT INTO entry (parent, kind, name, sortKey, sizeBytes, modifiedMs) VALUES (?, 1, ?, ?, 5, 5)')
				.run([parent, name, name]);
			return `missing ${[...path.split('/').slice(0, -1), name].join('/')}`;
		}
	},
	{
		what: 'a content',
		apply: (database, path) => {
			const content = Number(
				database.prepare('SELECT content FROM entry WHERE id = ?').column([idAt(database, path)])[0]
			);
			database.prepare('UPDATE content SET identity = randomblob(32) WHERE id = ?').run([content]);
			return `different ${path}`;
		}
	}
];

describe('the index against the disk', () => {
	test('a tree that is as the index says gives an empty report', async () => {
		for (const hasInodes of [true, false]) {
			const { verify, driver } = await prepared(1, hasInodes);
			const report = await verify();
			expect(told(report)).toEqual([]);
			expect([report.compared, report.filesRead, report.unread.count]).toEqual([142, 130, 0]);
			expect((await verify(false)).filesRead).toBe(0);
			await driver.core.close();
		}
	});

	test('rows edited, dropped and added at random are all found, and nothing else is; a repair leaves nothing', async () => {
		const seed = testSeed('verify against the disk');
		let planted = 0;
		for (let round = 0; round < (isNightly ? 100 : 12); round++) {
			const random = createSimRandom(seed + round);
			const { host, driver, location, verify } = await prepared(seed + round);
			const before = await dump(driver, location.entry);
			const files = walk(host.files.at('/disk/home')).filter(([, { kind }]) => kind === 'file');
			const expected: string[] = [];
			await edited(host, driver, (database) => {
				for (const [path] of files) {
					if (!random.chance(0.3)) continue;
					const corruption = corruptions[random.integer(corruptions.length)];
					if (corruption !== undefined) expected.push(corruption.apply(database, path, random));
				}
			});
			planted += expected.length;
			const report = await verify();
			expect(told(report), `seed ${seed + round}`).toEqual(expected.toSorted());
			expect(countDifferences(report)).toBe(expected.length);
			await driver.value('index.repair', { location: location.id, repair: report.repair });
			expect(told(await verify()), `after the repair, seed ${seed + round}`).toEqual([]);
			expect(await dump(driver, location.entry)).toEqual(before);
			await driver.core.close();
		}
		console.info(`${planted} differences planted, all found`);
	});

	test('what other programs did while nobody looked is found, and only what was asked about', async () => {
		const seed = testSeed('drift');
		const { host, driver, location, verify } = await prepared(seed);
		host.files.put('/disk/home/folder 1', { 'new.txt': 5, 'new folder': { inside: 6 } });
		host.files.remove('/disk/home/folder 2');
		host.files.overwrite('/disk/home/file 3', patternBytes(999));
		// Other bytes under the same size and time: only reading tells.
		const node = host.files.at('/disk/home/file 4');
		node.bytes = patternBytes(node.sizeBytes, 251);
		const usual = ['missing folder 2', 'stale file 3', 'unindexed folder 1/new folder', 'unindexed folder 1/new.txt'];
		expect(told(await verify(false))).toEqual(usual);
		expect(told(await verify())).toEqual(['different file 4', ...usual].toSorted());
		const at = async (path: string) => (await driver.value('entries.resolve', { path, from: null })).id;
		const part = async (path: string) =>
			told(await driver.value('index.verify', { entry: await at(`/home/${path}`), content: true }));
		expect(await part('folder 1')).toEqual(['unindexed folder 1/new folder', 'unindexed folder 1/new.txt']);
		expect(await part('folder 2')).toEqual(['missing folder 2']);
		expect(await part('file 4')).toEqual(['different file 4']);
		expect(await part('file 5')).toEqual([]);
		const report = await verify();
		await driver.value('index.repair', { location: location.id, repair: report.repair });
		expect(told(await verify())).toEqual([]);
		await driver.core.close();
	});

	test('the ordinary run alone does not see bytes that changed under the same size and time', async () => {
		const { host, driver, location, verify } = await prepared(3);
		const node = host.files.at('/disk/home/file 4');
		node.bytes = patternBytes(node.sizeBytes, 251);
		await driver.value('index.run', { location: location.id, acceptEmpty: false });
		await driver.value('content.identify', { location: location.id });
		expect(told(await verify())).toEqual(['different file 4']);
		await driver.core.close();
	});

	test('a folder that is away or suddenly empty is not reported as missing files', async () => {
		const { host, root, driver, location } = await prepared(4);
		const wanted = { entry: location.entry, content: false };
		host.files.at(root).fault = 'vanishes';
		expect((await driver.failure('index.verify', wanted)).type).toBe('FolderMissing');
		host.files.at(root).fault = null;
		for (const name of host.files.at(root).children.keys()) host.files.remove(`/disk/home/${name}`);
		expect((await driver.failure('index.verify', wanted)).type).toBe('FolderSuddenlyEmpty');
		await driver.core.close();
	});

	test('what cannot be read is told, and nothing else is said of it', async () => {
		const { host, driver, verify } = await prepared(5);
		host.files.at('/disk/home/folder 1').fault = 'denied';
		host.files.at('/disk/home/file 1').readFault = 'unreadable';
		host.files.at('/disk/home/file 2').fault = 'denied';
		const report = await verify();
		expect(told(report)).toEqual([]);
		expect(report.unread.items.map(({ path, reason }) => `${path.join('/')} ${reason}`).toSorted()).toEqual([
			'file 1 unreadable',
			'file 2 denied',
			'folder 1 denied'
		]);
		await driver.core.close();
	});
});
