import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { ok } from '#core/kernel';
import type { RuleEffect } from '#core/index';
import { everything, usual, type LeftOut, type RuleSet } from '#core/rules';
import { act, addLocation, drive, type Driver, dump, nextCommand } from '../conformance/core-driver.ts';
import type { SimTree } from './host/files.ts';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

const text = (lines: string) => new TextEncoder().encode(lines);

const folderNames = ['src', 'build', 'node_modules', '.git', '.cache', 'photos', 'a', 'b', '.config', 'lost+found'];
const fileNames = ['x.log', 'keep.log', 'a.txt', '.env', 'Thumbs.db', 'build', 'b.iso', '._a', 'main.ts'];
const lines = [
	'*.log',
	'!keep.log',
	'build/',
	'/src',
	'a/b',
	'!build',
	'**/photos/*.txt',
	'.env',
	'# no',
	'a*',
	'!a.txt'
];

function pick(random: SimRandom, all: readonly string[], count: number): string[] {
	return Array.from({ length: count }, () => all[random.integer(all.length)] ?? '');
}

function tree(random: SimRandom, depth: number): SimTree {
	const branch: Record<string, SimTree | Uint8Array | number> = {};
	for (const name of pick(random, fileNames, 5)) branch[name] = random.integer(5_000);
	if (random.chance(0.4)) branch['.gitignore'] = text(pick(random, lines, 3).join('\n'));
	if (depth > 0) for (const name of pick(random, folderNames, 4)) branch[name] = tree(random, depth - 1);
	return branch;
}

function someRules(random: SimRandom): RuleSet {
	return {
		withSystem: random.chance(0.5),
		withDevelopment: random.chance(0.5),
		withHidden: random.chance(0.5),
		obeysGitignore: random.chance(0.6),
		patterns: [
			...new Set(
				pick(
					random,
					lines.filter((line) => !line.startsWith('#')),
					random.integer(3)
				)
			)
		],
		minBytes: random.chance(0.3) ? random.integer(500) : null,
		maxBytes: random.chance(0.3) ? 3_000 : null
	};
}

async function prepared(seed: number, host = createSimHost(seed), put: SimTree = tree(createSimRandom(seed), 3)) {
	const root = host.files.put('/disk/home', put);
	const driver = drive(createSimWorld(seed, host), 1);
	await driver.value('library.create', { name: 'Home', password: null });
	const { id: location, entry } = await addLocation(driver, { root, name: null });
	const index = () => driver.value('index.run', { location, acceptEmpty: false });
	const set = (rules: RuleSet) => act(driver, 'locations.set-rules', { location, rules });
	const preview = (rules: RuleSet) => driver.value('locations.preview-rules', { location, rules });
	return { host, root, driver, location, entry, index, set, preview };
}

/** What a library shows that had these rules before it was indexed. */
async function fresh(seed: number, rules: RuleSet, put?: SimTree): Promise<Record<string, string>> {
	const { set, index, driver, entry } = await prepared(seed, createSimHost(seed), put);
	await set(rules);
	await index();
	return dump(driver, entry);
}

function countAll(counts: RuleEffect['leaving']): number {
	return counts.reduce((sum, { files, folders }: LeftOut) => sum + files + folders, 0);
}

async function noFlaws({ driver }: { readonly driver: Driver }): Promise<void> {
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
}

/** The same device, whose database writes each statement by itself. */
function withoutTransactions(host: SimHost): SimHost {
	const connect: SimHost['database']['connect'] = async (folder, signal) => {
		const connected = await host.database.connect(folder, signal);
		if (!connected.ok) return connected;
		const { value: connection } = connected;
		const exec = (sql: string) => {
			if (!/^(BEGIN|COMMIT|ROLLBACK)/.test(sql)) connection.exec(sql);
		};
		return ok({
			prepare: (sql) => connection.prepare(sql),
			exec,
			inTransaction: false,
			close: () => connection.close()
		});
	};
	return { ...host, database: { ...host.database, connect } };
}

type Losses = {
	/** Operations of the disk among which the power goes. */
	readonly operations: number;
	readonly points: number;
	readonly deviceOf: (host: SimHost) => SimHost;
};

/** Answers false once the power has gone. */
async function lossOf(disk: SimHost['disk']): Promise<false> {
	while (disk.powerLossAt !== null && disk.operations <= disk.powerLossAt) await setImmediate();
	return false;
}

/** Loses the power at an operation that chance chooses while rules are applied, and says what was not whole afterwards. */
async function loseThePower(seed: number, { operations, points, deviceOf }: Losses) {
	const random = createSimRandom(seed);
	const rules = { ...everything, withHidden: false, withDevelopment: false, patterns: ['a', 'src'] };
	const expected = await fresh(seed, rules);
	const broken: string[] = [];
	let lost = 0;
	for (let point = 0; point < points; point++) {
		const world = await prepared(seed, deviceOf(createSimHost(seed)));
		await world.set(everything);
		await world.index();
		const { disk } = world.host;
		disk.powerLossAt = disk.operations + random.integer(operations);
		const call = { signal: new AbortController().signal, command: nextCommand() };
		const { commands } = world.driver.core;
		const request = { action: 'locations.set-rules', input: { location: world.location, rules } };
		const applied = commands['actions.preview'](request, call)
			.then((plan) => commands['actions.commit']({ ...request, plan: plan.ok ? plan.value.id : null }, call))
			.then(() => commands['index.run']({ location: world.location, acceptEmpty: false }, call))
			.then(
				(answer) => answer.ok,
				() => false
			);
		// What the power has cut off may answer nobody.
		const done = await Promise.race([applied, lossOf(disk)]);
		disk.powerLossAt = null;
		if (done) continue;
		lost++;
		disk.kill();
		const host: SimHost = { ...createSimHost(seed, disk), files: world.host.files, volumes: world.host.volumes };
		const again = drive(createSimWorld(seed, { ...host, secrets: world.host.secrets }), 1);
		await again.value('library.unlock', { by: 'device' });
		const { flaws } = await again.value('library.verify', {});
		const { location } = world;
		const held = (await again.value('locations.rules', { location })).rules;
		await again.value('index.run', { location, acceptEmpty: false });
		const after = await dump(again, world.entry);
		const whole = held.withHidden ? await fresh(seed, everything) : expected;
		if (flaws.length > 0 || !isDeepStrictEqual(after, whole)) broken.push(`point ${point}: ${JSON.stringify(flaws)}`);
		await again.core.close();
	}
	return { lost, broken };
}

describe('other rules for a location', () => {
	test('what the preview counts is what leaves, and what is left is what those rules would have let in', async () => {
		const seed = testSeed('rules by chance');
		let left = 0;
		for (let walk = 0; walk < (isNightly ? 300 : 10); walk++) {
			const random = createSimRandom(seed + walk);
			const world = await prepared(seed + walk);
			const first = someRules(random);
			await world.set(first);
			await world.index();
			for (const rules of [someRules(random), someRules(random)]) {
				const why = `seed ${seed + walk}, ${JSON.stringify(rules)}`;
				const before = Object.keys(await dump(world.driver, world.entry));
				const effect = await world.preview(rules);
				expect(Object.keys(await dump(world.driver, world.entry)), why).toEqual(before);
				await world.set(rules);
				const outcome = await world.index();
				expect(outcome, why).toMatchObject({ removed: 0, moved: 0 });
				const after = await dump(world.driver, world.entry);
				expect(after, why).toEqual(await fresh(seed + walk, rules));
				const gone = before.filter((path) => !(path in after));
				expect(countAll(effect.leaving), why).toBe(gone.length);
				const tops = gone.filter((path) => !gone.some((other) => path.startsWith(`${other}/`)));
				const shown = tops.map((path) => path.slice(1).split('/')).sort(byParts);
				expect(
					effect.examples.map(({ path }) => path),
					why
				).toEqual(shown.slice(0, 20));
				left += gone.length;
				await noFlaws(world);
			}
			await world.driver.core.close();
		}
		console.info(`${left} entries left an index`);
		expect(left).toBeGreaterThan(100);
	});

	test('while a run is going: it ends with the index that the last rules allow', async () => {
		const seed = testSeed('rules change while indexing');
		for (let walk = 0; walk < (isNightly ? 200 : 6); walk++) {
			const random = createSimRandom(seed + walk);
			const world = await prepared(seed + walk);
			const [first, last] = [someRules(random), someRules(random)];
			await world.set(first);
			if (random.chance(0.5)) await world.index();
			const at = random.integer(12);
			let pages = 0;
			const changing: Promise<unknown>[] = [];
			world.host.files.beforePage = () => {
				if (pages++ === at) changing.push(world.set(last));
			};
			await world.index();
			if (changing.length === 0) changing.push(world.set(last));
			await Promise.all(changing);
			world.host.files.beforePage = () => undefined;
			const why = `seed ${seed + walk}, changed at page ${at}`;
			// The run that goes on takes them in; one that had just ended is followed by another.
			await vi.waitFor(async () => {
				const jobs = await world.driver.value('jobs.list', {});
				const runs = jobs.filter(({ kind }) => kind === 'index');
				expect(runs.map(({ state }) => state)).toEqual(['completed']);
			});
			expect(await dump(world.driver, world.entry), why).toEqual(await fresh(seed + walk, last));
			await noFlaws(world);
			await world.driver.core.close();
		}
	});

	test('the power goes while entries are dropped: nothing half is left, and the next run drops the rest', async () => {
		const seed = testSeed('power loss while rules are applied');
		const points = isNightly ? 200 : 15;
		const { lost, broken } = await loseThePower(seed, { operations: 190, points, deviceOf: (host) => host });
		console.info(`${lost} losses of power in ${points} runs`);
		expect(broken, `seed ${seed}`).toEqual([]);
		expect(lost).toBeGreaterThan(points / 4);
	});

	test('entries that are dropped outside of a transaction are half left (negative control)', async () => {
		const seed = testSeed('power loss, no transactions');
		const { broken } = await loseThePower(seed, { operations: 2_000, points: 6, deviceOf: withoutTransactions });
		expect(broken.length).toBeGreaterThan(0);
	});

	test('while the disk is away what leaves is dropped all the same, and the rest stays', async () => {
		const world = await prepared(1, createSimHost(1), { 'a.txt': 1, '.hidden': { 'b.txt': 2 }, web: { 'c.txt': 3 } });
		await world.index();
		world.host.files.at('/disk/home').fault = 'vanishes';
		await world.set({ ...usual, withHidden: false });
		expect((await world.driver.failure('index.run', { location: world.location, acceptEmpty: false })).type).toBe(
			'FolderMissing'
		);
		expect(Object.keys(await dump(world.driver, world.entry))).toEqual(['/web', '/web/c.txt', '/a.txt']);
		world.host.files.at('/disk/home').fault = null;
		await world.set(usual);
		expect(await world.index()).toMatchObject({ added: 2, removed: 0, leftOut: 0 });
		await noFlaws(world);
	});
});

describe('what a rule leaves out', () => {
	test('is nothing that a comparison with the disk would find wanting', async () => {
		const world = await prepared(1, createSimHost(1), { node_modules: { 'x.js': 5 }, '.DS_Store': 1, a: { b: 1 } });
		await world.index();
		const report = await world.driver.value('index.verify', { entry: world.entry, content: false });
		expect(JSON.stringify(report)).not.toMatch(/node_modules|DS_Store/);
	});

	test('is never listed', async () => {
		const world = await prepared(1, createSimHost(1), {
			node_modules: { deep: { 'x.js': 1 } },
			'.git': { config: 1 },
			a: {}
		});
		const listed: string[] = [];
		world.host.files.beforePage = (path) => void listed.push(path.join('/'));
		await world.index();
		expect(listed).toEqual(['']);
		expect((await world.driver.value('locations.rules', { location: world.location })).leftOut).toEqual([
			{ rule: 'development', files: 0, folders: 2, sizeBytes: 0 }
		]);
	});

	test('is no deletion and no move, and does not make a folder look suddenly empty', async () => {
		const world = await prepared(1, createSimHost(1), { a: { 'x.log': 5 }, b: {} });
		await world.index();
		world.host.files.link('/disk/home/a/x.log', '/disk/home/b/y.txt');
		await world.set({ ...usual, patterns: ['*.log'] });
		expect(await world.index()).toMatchObject({ added: 1, moved: 0, removed: 0, leftOut: 1 });
		await world.set({ ...usual, patterns: ['a', 'b'] });
		expect(await world.index()).toMatchObject({ removed: 0, leftOut: 3, entries: 0 });
		await world.set(usual);
		expect(await world.index()).toMatchObject({ added: 4 });
		await noFlaws(world);
	});

	test('that is moved to where no rule leaves it out comes in', async () => {
		const world = await prepared(1, createSimHost(1), { node_modules: { 'x.js': 5 }, b: {} });
		await world.index();
		world.host.files.move('/disk/home/node_modules/x.js', '/disk/home/b/x.js');
		expect(await world.index()).toMatchObject({ added: 1, moved: 0, removed: 0 });
		world.host.files.move('/disk/home/b/x.js', '/disk/home/node_modules/x.js');
		expect(await world.index()).toMatchObject({ added: 0, moved: 0, removed: 1, leftOut: 0 });
	});
});

describe('.gitignore', () => {
	const obeying = { ...usual, obeysGitignore: true };

	test('one that changes, goes or comes changes what is indexed below it, page by page or at once', async () => {
		for (const pageSize of [1, 1_000]) {
			const world = await prepared(1, createSimHost(1), {
				a: { 'x.log': 1, 'y.txt': 2, deep: { 'z.log': 3 } },
				'.gitignore': text('*.log\n')
			});
			world.host.files.pageSize = pageSize;
			await world.set(obeying);
			const paths = async () => Object.keys(await dump(world.driver, world.entry));
			await world.index();
			expect(await paths()).toEqual(['/a', '/a/deep', '/a/y.txt', '/.gitignore']);
			world.host.files.overwrite('/disk/home/.gitignore', text('*.txt\n'));
			expect(await world.index()).toMatchObject({ added: 2, leftOut: 1, removed: 0 });
			expect(await paths()).toEqual(['/a', '/a/deep', '/a/deep/z.log', '/a/x.log', '/.gitignore']);
			world.host.files.put('/disk/home/a', { '.gitignore': text('!*.txt\ndeep\n') });
			expect(await world.index()).toMatchObject({ added: 2, leftOut: 2 });
			expect(await paths()).toEqual(['/a', '/a/.gitignore', '/a/x.log', '/a/y.txt', '/.gitignore']);
			world.host.files.remove('/disk/home/a/.gitignore');
			world.host.files.remove('/disk/home/.gitignore');
			expect(await world.index()).toMatchObject({ removed: 2, leftOut: 0 });
			expect(await paths()).toEqual(['/a', '/a/deep', '/a/deep/z.log', '/a/x.log', '/a/y.txt']);
			await noFlaws(world);
			await world.driver.core.close();
		}
	});

	test('what lies above a repository has no say in it', async () => {
		const put = {
			'.gitignore': text('*.log\n'),
			repo: { '.git': {}, 'x.log': 1, '.gitignore': text('y\n'), y: 1 },
			'z.log': 1
		};
		const world = await prepared(1, createSimHost(1), put);
		await world.set(obeying);
		await world.index();
		expect(Object.keys(await dump(world.driver, world.entry))).toEqual([
			'/repo',
			'/repo/.gitignore',
			'/repo/x.log',
			'/.gitignore'
		]);
	});

	test('a folder of that name, a huge one, one that cannot be read and one that is not UTF-8 do no harm', async () => {
		const huge = new Uint8Array(50_000_000).fill(0x78);
		const world = await prepared(1, createSimHost(1), {
			folder: { '.gitignore': { 'x.log': 1 } },
			huge: { '.gitignore': huge, x: 1 },
			bytes: { '.gitignore': Uint8Array.from([0x66, 0xff, 0x0a, 0x2a, 0x2e, 0x6c]), 'f\uefff': 1, 'x.l': 1, y: 1 },
			denied: { '.gitignore': text('*.log\n'), 'x.log': 1 },
			link: { '.gitignore': '../denied/.gitignore', 'x.log': 1 }
		});
		await world.set(obeying);
		await world.index();
		const files = async () =>
			Object.keys(await dump(world.driver, world.entry)).filter((path) => !path.endsWith('ignore'));
		const expected = [
			'/bytes',
			'/bytes/y',
			'/denied',
			'/folder',
			'/folder/.gitignore/x.log',
			'/huge',
			'/huge/x',
			'/link',
			'/link/x.log'
		];
		expect(await files()).toEqual(expected);
		const problems = async () =>
			(await world.driver.value('index.problems', { location: world.location })).map(({ name, code }) => [name, code]);
		expect(await problems()).toEqual([['.gitignore', 'IgnoreFileTooLarge']]);
		// What it said when it could be read last holds as long as it cannot.
		world.host.files.at('/disk/home/denied/.gitignore').readFault = 'denied';
		await world.index();
		expect(await files()).toEqual(expected);
		expect(await problems()).toContainEqual(['.gitignore', 'FileDenied']);
		await noFlaws(world);
	});

	test('a library from before there were rules says which of them nobody has read', async () => {
		const world = await prepared(1, createSimHost(1), { a: { '.gitignore': text('*.log\n'), 'x.log': 1 } });
		world.host.files.at('/disk/home/a/.gitignore').readFault = 'denied';
		await world.index();
		expect(await world.preview(obeying)).toMatchObject({ leaving: [], unreadIgnoreFiles: 1 });
		world.host.files.at('/disk/home/a/.gitignore').readFault = null;
		await world.index();
		expect(await world.preview(obeying)).toMatchObject({
			leaving: [{ rule: 'gitignore', files: 1, folders: 0, sizeBytes: 1 }],
			unreadIgnoreFiles: 0
		});
	});
});

describe('the watch', () => {
	test('does not have a folder listed for what goes on in what is left out of it; a .gitignore that changes counts', async () => {
		const host = createSimHost(1);
		const root = host.files.put('/disk/home', { web: { node_modules: { a: {} }, out: { 'x.log': 1 } } });
		const driver = drive(createSimWorld(1, host), 1, { watches: true });
		await driver.value('library.create', { name: 'Home', password: null });
		const location = await addLocation(driver, { root, name: null });
		await act(driver, 'locations.set-rules', { location: location.id, rules: { ...usual, obeysGitignore: true } });
		await driver.value('index.run', { location: location.id, acceptEmpty: false });
		await vi.waitFor(async () => expect(await driver.value('index.watched', {})).toEqual([location.id]));
		const listed: string[] = [];
		host.files.beforePage = (path) => void listed.push(path.join('/'));
		const agrees = (paths: readonly string[]) =>
			vi.waitFor(async () => {
				await host.clock.advance(1_000);
				expect(Object.keys(await dump(driver, location.entry))).toEqual(paths);
			});
		for (let n = 0; n < 20; n++) host.files.put('/disk/home/web/node_modules/a', { [`${n}.js`]: 1 });
		host.files.put('/disk/home/web/out', { 'seen.txt': 1 });
		await agrees(['/web', '/web/out', '/web/out/seen.txt', '/web/out/x.log']);
		expect(listed).toEqual(['web/out']);
		host.files.put('/disk/home/web', { '.gitignore': text('*.log\n') });
		await agrees(['/web', '/web/out', '/web/out/seen.txt', '/web/.gitignore']);
		await driver.core.close();
	});
});

/** Paths name by name, as they stand below each other. */
function byParts(a: readonly string[], b: readonly string[]): number {
	const at = a.findIndex((name, index) => name !== b[index]);
	if (at < 0) return a.length - b.length;
	return b[at] === undefined || (a[at] ?? '') > b[at] ? 1 : -1;
}
