import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlcipher from '@signalapp/sqlcipher';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { SqlConnection } from '#core/ports';
import { openDatabase, sqlPrelude } from '#core/schema';
import { sampleKey } from '../conformance/database.ts';
import { never, valueOf } from '../conformance/expectation.ts';
import { connected, databaseBytes, openKeyed, places, whole } from './engines.ts';

vi.setConfig({ testTimeout: 60_000 });

const scratch = mkdtempSync(join(tmpdir(), 'atoll-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let files = 0;

/** A genuine SQLCipher 4 over `bytes`, given nothing but the raw key and salt. */
function genuine(bytes: Uint8Array | null, rawKey = sampleKey): { database: Sqlcipher; path: string } {
	const path = join(scratch, `${++files}.db`);
	if (bytes) writeFileSync(path, bytes);
	const database = new Sqlcipher(path);
	database.exec(`PRAGMA key = "x'${rawKey}'"`);
	return { database, path };
}

const schema = `
	CREATE TABLE shelf (id INTEGER PRIMARY KEY, name TEXT NOT NULL, cover BLOB) STRICT;
	CREATE VIRTUAL TABLE words USING fts5 (name)`;
const fill = `
	WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
	INSERT INTO shelf SELECT i, printf('Muschel %d \u00e9 %0100d', i, i), randomblob(i % 300) FROM n;
	INSERT INTO words (rowid, name) SELECT id, name FROM shelf`;
const looks = [
	'SELECT count(*) AS n, sum(length(name)) AS letters, sum(length(cover)) AS bytes FROM shelf',
	'SELECT name FROM shelf WHERE id = 1234',
	"SELECT rowid FROM words WHERE words MATCH '1999'",
	'PRAGMA integrity_check'
];

function ours(connection: SqlConnection): unknown {
	return looks.map((sql) => connection.prepare(sql).all());
}

function theirs(database: Sqlcipher): unknown {
	return looks.map((sql) => database.prepare(sql).all());
}

test('the other side is a genuine SQLCipher 4', () => {
	const { database } = genuine(null);
	expect(String(database.pragma('cipher_version', { simple: true }))).toMatch(/^4\./);
	database.close();
});

for (const [name, makePlace] of Object.entries(places)) {
	describe(`${name} and a genuine SQLCipher`, () => {
		test('it opens what we write, with the raw key', async () => {
			const place = makePlace();
			const connection = await openKeyed(place);
			connection.exec(schema);
			connection.exec(fill);
			const expected = ours(connection);
			connection.close();
			const { database } = genuine(databaseBytes(place));
			expect(theirs(database)).toEqual(expected);
			expect(database.pragma('cipher_integrity_check')).toEqual([]);
			database.close();
			place.dispose();
		});

		test('it opens a whole library of the newest schema', async () => {
			const place = makePlace();
			const connection = await connected(place);
			const library = valueOf(openDatabase(connection, { rawKey: sampleKey, where: 'here', expect: 'new' }));
			const tables = library.prepare('SELECT name FROM sqlite_schema ORDER BY name').column();
			library.connection.close();
			const { database } = genuine(databaseBytes(place));
			expect(database.prepare('SELECT name FROM sqlite_schema ORDER BY name', { pluck: true }).all()).toEqual(tables);
			expect(database.pragma('cipher_integrity_check')).toEqual([]);
			database.close();
			place.dispose();
		});

		test('it opens our copy of an open library', async () => {
			const place = makePlace();
			const connection = await openKeyed(place);
			connection.exec(schema);
			connection.exec(fill);
			const copy = valueOf(await place.port.snapshot(place.folder, connection, never));
			const { database } = genuine(valueOf(await copy.read(0, copy.sizeBytes, never)));
			expect(theirs(database)).toEqual(ours(connection));
			database.close();
			await copy.close();
			connection.close();
			place.dispose();
		});

		test('we open what it writes, write a row, and it reads that', async () => {
			const { database, path } = genuine(null);
			database.exec(schema);
			database.exec(fill);
			const expected = theirs(database);
			database.close();
			const place = makePlace();
			valueOf(await place.port.writeDatabase(place.folder, whole(readFileSync(path)), never));
			const connection = await openKeyed(place);
			expect(ours(connection)).toEqual(expected);
			connection.prepare('INSERT INTO shelf VALUES (?, ?, ?)').run([5_000, 'ours', new Uint8Array([1, 2])]);
			connection.close();
			const again = genuine(databaseBytes(place)).database;
			expect(again.prepare('SELECT name FROM shelf WHERE id = 5000', { pluck: true }).get()).toBe('ours');
			expect(again.pragma('cipher_integrity_check')).toEqual([]);
			again.close();
			place.dispose();
		});

		test('under another key it sees no database, as we do', async () => {
			const place = makePlace();
			const connection = await openKeyed(place);
			connection.exec(schema);
			connection.close();
			const { database } = genuine(databaseBytes(place), `${'00'.repeat(32)}${'a7'.repeat(16)}`);
			expect(() => database.prepare('SELECT * FROM sqlite_schema').all()).toThrow(/not a database/);
			database.close();
			place.dispose();
		});

		test('without `legacy = 4` it would not open ours (negative control)', async () => {
			const place = makePlace();
			const connection = await connected(place);
			for (const statement of sqlPrelude(sampleKey)) if (!/legacy/.test(statement)) connection.exec(statement);
			connection.exec('CREATE TABLE t (a INTEGER) STRICT');
			connection.close();
			const { database } = genuine(databaseBytes(place));
			expect(() => database.prepare('SELECT * FROM sqlite_schema').all()).toThrow(/not a database/);
			database.close();
			place.dispose();
		});
	});
}

test('each of our engines opens the files of the other', async () => {
	const made = places.Node();
	const connection = await openKeyed(made);
	connection.exec(schema);
	connection.exec(fill);
	const expected = ours(connection);
	connection.close();
	let bytes = databaseBytes(made);
	made.dispose();
	for (const makePlace of [places.WebAssembly, places.Node, places.WebAssembly]) {
		const place = makePlace();
		valueOf(await place.port.writeDatabase(place.folder, whole(bytes), never));
		const next = await openKeyed(place);
		expect(ours(next)).toEqual(expected);
		next.exec('VACUUM');
		next.close();
		bytes = databaseBytes(place);
		place.dispose();
	}
});
