import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { SqlConnection } from '#core/ports';
import { migrations, openDatabase, schemaVersion, type Migration } from '#core/schema';
import { testSeed } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { isNightly } from '../tier.ts';

const folder = 'm.sdlibrary';
const rawKey = '1f'.repeat(48);
const signal = new AbortController().signal;

async function connect(host: SimHost): Promise<SqlConnection> {
	const connection = await host.database.connect(folder, signal);
	if (!connection.ok) throw new Error(connection.failure.type);
	return connection.value;
}

function open(connection: SqlConnection, steps: readonly Migration[], expect: 'new' | 'existing' = 'new') {
	return openDatabase(connection, { rawKey, where: 'here', expect, migrations: steps });
}

/** The schema of a library as text, and its version. */
function shape(connection: SqlConnection): { version: number; sql: string } {
	const version = Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
	const sql = connection
		.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name')
		.column()
		.join(';');
	return { version, sql };
}

/** What the schema looks like after each number of migrations. */
async function shapes(): Promise<string[]> {
	const found: string[] = [];
	for (let count = 0; count <= migrations.length; count++) {
		const connection = await connect(createSimHost(1));
		const opened = open(connection, migrations.slice(0, count));
		if (!opened.ok) throw new Error(opened.failure.type);
		found.push(shape(connection).sql);
		connection.close();
	}
	return found;
}

/**
 * Creates a library, or brings one at its first schema up to date, the power going at operation `powerLossAt`, and says
 * what stands there after a restart.
 */
async function interrupted(seed: number, powerLossAt: number, from: 'new' | 'old') {
	const host = createSimHost(seed);
	if (from === 'old') {
		const old = await connect(host);
		expect(open(old, migrations.slice(0, 1)).ok).toBe(true);
		old.close();
	}
	const first = await connect(host);
	host.disk.powerLossAt = host.disk.operations + powerLossAt;
	let lost = false;
	try {
		lost = !open(first, migrations).ok;
	} catch {
		lost = true;
	}
	if (!lost) return { lost, before: null, after: shape(first) };
	host.disk.kill();
	const restarted = await connect(createSimHost(seed, host.disk));
	const plain = open(restarted, []);
	// A version above none is what a cut-off migration leaves, and what an older Atoll refuses.
	const before = plain.ok ? shape(restarted) : plain.failure;
	if (plain.ok) restarted.close();
	const again = await connect(createSimHost(seed, host.disk));
	const opened = open(again, migrations);
	if (!opened.ok) throw new Error(`after a loss of power at ${powerLossAt}: ${JSON.stringify(opened.failure)}`);
	return { lost, before, after: shape(again) };
}

describe('migrations (T14)', () => {
	test.each([
		['new', 2],
		['old', 10]
	] as const)(
		'a loss of power leaves the old schema or the next, and the next start finishes: %s',
		async (from, least) => {
			const seed = testSeed('migrations');
			const whole = await shapes();
			let losses = 0;
			// In every run one of three, another one for each seed.
			for (let at = isNightly ? 0 : seed % 6; ; at += isNightly ? 1 : 6) {
				const { lost, before, after } = await interrupted(seed, at, from);
				expect(after).toEqual({ version: schemaVersion, sql: whole[schemaVersion] });
				if (!lost) break;
				losses++;
				if (before !== null && 'found' in before) expect(before.found).toBeLessThanOrEqual(schemaVersion);
			}
			console.info(`${losses} operations at which the power went`);
			expect(losses).toBeGreaterThan(least);
		}
	);

	test('a newer library is refused with both versions, and not touched', async () => {
		const host = createSimHost(1);
		const newer = [
			...migrations,
			{ id: schemaVersion + 1, statements: ['CREATE TABLE later (x) STRICT'.replace('(x)', '(x TEXT)')] }
		];
		const made = await connect(host);
		expect(open(made, newer).ok).toBe(true);
		made.close();
		const bytes = host.disk.contents();
		expect(open(await connect(host), migrations, 'existing')).toEqual({
			ok: false,
			failure: { type: 'LibraryNewer', found: schemaVersion + 1, known: schemaVersion }
		});
		expect(host.disk.contents()).toEqual(bytes);
	});

	test('a failing statement leaves nothing of its migration', async () => {
		const host = createSimHost(1);
		const broken = [
			...migrations,
			{ id: schemaVersion + 1, statements: ['CREATE TABLE half (x TEXT) STRICT', 'NONSENSE'] }
		];
		const made = await connect(host);
		expect(open(made, migrations).ok).toBe(true);
		made.close();
		const connection = await connect(host);
		expect(() => open(connection, broken, 'existing')).toThrow(/syntax error/);
		connection.close();
		const again = await connect(host);
		expect(open(again, migrations, 'existing').ok).toBe(true);
		expect(shape(again).version).toBe(schemaVersion);
		expect(again.prepare(`SELECT name FROM sqlite_schema WHERE name = 'half'`).get()).toBeUndefined();
	});

	test('an existing library whose database is empty is damaged, not new', async () => {
		const connection = await connect(createSimHost(1));
		expect(open(connection, migrations, 'existing')).toMatchObject({ ok: false, failure: { type: 'LibraryDamaged' } });
	});

	test('a shipped migration is never edited', () => {
		const prints = migrations.map(({ id, statements }) => {
			const text = statements.join('\n').replace(/\s+/g, ' ');
			return `${id} ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
		});
		expect(prints).toMatchInlineSnapshot(`
			[
			  "1 8c583c3eeb94b5db",
			  "2 a3e7f798598ea249",
			  "3 1ffe780f0fe07350",
			  "4 90b1807b7dc6febb",
			  "5 3519b5ca8acdd7ad",
			  "6 6711555182087d88",
			  "7 ac574e20e93cd778",
			  "8 4e8d0a788ce858f5",
			  "9 3a6e538dbc6bb8ec",
			  "10 9e7171967fe76d88",
			  "11 85757731bca243a4",
			  "12 8c3f0f4fd600fe37",
			  "13 7427397f62945bdd",
			  "14 19c62cd5020280e3",
			  "15 ea049999113a8bda",
			  "16 cb881d891e5a6d2c",
			  "17 2ad23bc7bbd90df3",
			  "18 db8f349566db7b20",
			  "19 be3d05ec987d19d6",
			  "20 8697bfee1ccbdb2d",
			  "21 0056b9322c1be973",
			  "22 99b75f0579c00290",
			  "23 ed4d90d088c3f7ab",
			  "24 145eb23345fb0aad",
			]
		`);
	});
});
