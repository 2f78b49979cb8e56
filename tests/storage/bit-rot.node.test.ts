import { describe, expect, test, vi } from 'vitest';
import { SqlFault, type SqlConnection } from '#core/ports';
import { keyed } from '../conformance/database.ts';
import { never, valueOf } from '../conformance/expectation.ts';
import { createSimRandom, testSeed } from '../sim/host/random.ts';
import { connected, databaseBytes, openKeyed, places, whole, type Place } from './engines.ts';

vi.setConfig({ testTimeout: 300_000 });

const pageBytes = 4_096;

/** Every way in which rows are read: by table, by index, through the word index, and the whole structure. */
const readings = [
	'SELECT id, name, size FROM shelf ORDER BY id',
	'SELECT name FROM shelf ORDER BY name',
	"SELECT rowid FROM words WHERE words MATCH 'shell' ORDER BY rowid",
	'SELECT name FROM sqlite_schema ORDER BY name',
	'PRAGMA integrity_check'
];

function fill(connection: SqlConnection): void {
	connection.exec(`
		CREATE TABLE shelf (id INTEGER PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL) STRICT;
		CREATE UNIQUE INDEX by_name ON shelf (name);
		CREATE VIRTUAL TABLE words USING fts5 (name, content = '');
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
		INSERT INTO shelf SELECT i, printf('shell %d %040d', i, i * 7919), i * i FROM n;
		INSERT INTO words (rowid, name) SELECT id, name FROM shelf`);
	// A page that is free holds nothing of anybody, and nobody looks at it.
	connection.exec('VACUUM');
}

type Outcome = 'found' | 'unharmed' | 'wrong rows';

/** What reading everything of `bytes` shows, where `truth` is what it should. */
async function outcomeOf(
	makePlace: () => Place,
	bytes: Uint8Array,
	truth: readonly unknown[],
	key = (connection: SqlConnection) => keyed(connection)
): Promise<{ readonly outcome: Outcome; readonly code: string }> {
	const place = makePlace();
	valueOf(await place.port.writeDatabase(place.folder, whole(bytes), never));
	const connecting = await place.port.connect(place.folder, never);
	if (!connecting.ok) {
		place.dispose();
		return { outcome: 'found', code: connecting.failure.type };
	}
	const connection = connecting.value;
	try {
		key(connection);
		let isSame = true;
		for (const [at, sql] of readings.entries()) {
			const rows = connection.prepare(sql).all();
			if (JSON.stringify(rows) === JSON.stringify(truth[at])) continue;
			// The integrity check tells what it found as rows.
			if (at === readings.length - 1 && isSame) return { outcome: 'found', code: 'integrity_check' };
			isSame = false;
		}
		return { outcome: isSame ? 'unharmed' : 'wrong rows', code: '' };
	} catch (error) {
		if (!(error instanceof SqlFault)) throw error;
		return { outcome: 'found', code: error.code };
	} finally {
		connection.close();
		place.dispose();
	}
}

function flipped(bytes: Uint8Array, at: number, bit: number): Uint8Array {
	const changed = bytes.slice();
	changed[at] = (changed[at] ?? 0) ^ (1 << bit);
	return changed;
}

for (const [name, makePlace] of Object.entries(places)) {
	describe(`bit rot on ${name}`, () => {
		async function made(key = (connection: SqlConnection) => keyed(connection)) {
			const place = makePlace();
			const connection = key(await connected(place));
			fill(connection);
			const truth = readings.map((sql) => connection.prepare(sql).all());
			connection.close();
			const bytes = databaseBytes(place);
			place.dispose();
			return { truth, bytes };
		}

		test('one bit in each page, and in every 64th byte of two, is found before a wrong row is shown', async () => {
			const random = createSimRandom(testSeed(`bit rot on ${name}`));
			const { truth, bytes } = await made();
			const pages = bytes.length / pageBytes;
			expect(pages).toBeGreaterThan(60);
			const places64 = Array.from({ length: pageBytes / 64 }, (_, at) => at * 64);
			const offsets = [
				...Array.from({ length: pages }, (_, page) => page * pageBytes + random.integer(pageBytes)),
				...places64,
				...places64.map((at) => (1 + random.integer(pages - 1)) * pageBytes + at)
			];
			const codes = new Map<string, number>();
			for (const at of offsets) {
				const { outcome, code } = await outcomeOf(makePlace, flipped(bytes, at, random.integer(8)), truth);
				expect([at, outcome]).toEqual([at, 'found']);
				codes.set(code, (codes.get(code) ?? 0) + 1);
			}
			expect([...codes.keys()].every((code) => code === 'corrupt' || code === 'not-a-database')).toBe(true);
			console.info(
				`bit rot on ${name}: ${offsets.length} flips in ${pages} pages, ${JSON.stringify(Object.fromEntries(codes))}`
			);
		});

		test('without its authentication codes a flip would show wrong rows (negative control)', async () => {
			const withoutCodes = (connection: SqlConnection) => {
				connection.exec("PRAGMA cipher = 'sqlcipher'; PRAGMA legacy = 4; PRAGMA hmac_use = 0");
				connection.exec(`PRAGMA key = 'raw:${'3c'.repeat(32)}${'a7'.repeat(16)}'; PRAGMA temp_store = MEMORY`);
				return connection;
			};
			const random = createSimRandom(testSeed(`bit rot without codes on ${name}`));
			const { truth, bytes } = await made(withoutCodes);
			const seen = new Set<Outcome>();
			for (let round = 0; round < 200 && !seen.has('wrong rows'); round++) {
				const at = pageBytes + random.integer(bytes.length - pageBytes);
				seen.add((await outcomeOf(makePlace, flipped(bytes, at, 0), truth, withoutCodes)).outcome);
			}
			expect(seen).toContain('wrong rows');
		});

		test('a file cut short, a page in another place and a page of an older time are found', async () => {
			const { truth, bytes } = await made();
			const swapped = bytes.slice();
			swapped.copyWithin(10 * pageBytes, 11 * pageBytes, 12 * pageBytes);
			swapped.set(bytes.subarray(10 * pageBytes, 11 * pageBytes), 11 * pageBytes);
			const copied = bytes.slice();
			copied.copyWithin(20 * pageBytes, 30 * pageBytes, 31 * pageBytes);
			const cases = {
				'by a page': bytes.slice(0, -pageBytes),
				'by half': bytes.slice(0, Math.floor(bytes.length / 2 / pageBytes) * pageBytes),
				'by a byte': bytes.slice(0, -1),
				'by an authentication code': bytes.slice(0, -64),
				'in a page': bytes.slice(0, -1_000),
				'by all of a page but a byte': bytes.slice(0, 1 - pageBytes),
				'to a page': bytes.slice(0, pageBytes),
				swapped,
				copied,
				zeroed: bytes.slice().fill(0, 15 * pageBytes, 16 * pageBytes)
			};
			for (const [what, damaged] of Object.entries(cases))
				expect([what, (await outcomeOf(makePlace, damaged, truth)).outcome]).toEqual([what, 'found']);
		});

		test('the undamaged file shows no damage', async () => {
			const { truth, bytes } = await made();
			expect((await outcomeOf(makePlace, bytes, truth)).outcome).toBe('unharmed');
			const place = makePlace();
			(await openKeyed(place)).close();
			place.dispose();
		});
	});
}
