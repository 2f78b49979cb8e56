import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { SqlFault } from '#core/ports';
import { sqlPrelude } from '#core/schema';
import { sampleKey } from '../conformance/database.ts';
import { thrownBy } from '../conformance/expectation.ts';
import { connected, databaseBytes, openKeyed, places } from './engines.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What this code was proved with. Another version wants the proofs anew: see the tests of this folder. */
const proved = {
	Node: { sqlite: '3.53.4', cipher: 'SQLite3 Multiple Ciphers 2.4.0' },
	WebAssembly: { sqlite: '3.53.0', cipher: 'SQLite3 Multiple Ciphers 2.3.3' }
} as const;

test('the engines are pinned to a version, not to a range', () => {
	const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
		dependencies: Record<string, string>;
	};
	for (const name of ['better-sqlite3-multiple-ciphers', '@journeyapps/wa-sqlite'])
		expect(dependencies[name]).toMatch(/^\d+\.\d+\.\d+$/);
});

test('locks exclusively before anything reads', async () => {
	const statements = sqlPrelude(sampleKey);
	const at = (pattern: RegExp) => statements.findIndex((statement) => pattern.test(statement));
	expect(at(/key/)).toBe(2);
	expect(at(/locking_mode/)).toBe(3);
	expect(statements.some((statement) => /select/i.test(statement))).toBe(false);
});

for (const [name, makePlace] of Object.entries(places)) {
	describe(`the prelude on ${name}`, () => {
		test('runs on the versions that it was proved with', async () => {
			const place = makePlace();
			const connection = await openKeyed(place);
			const [version] = connection.prepare('SELECT sqlite_version() AS sqlite, sqlite3mc_version() AS cipher').all();
			expect(version).toEqual(proved[name as keyof typeof proved]);
			connection.close();
			place.dispose();
		});

		test('sets what a library stands on', async () => {
			const place = makePlace();
			const connection = await openKeyed(place);
			const read = (pragma: string) => Object.values(connection.prepare(`PRAGMA ${pragma}`).get() ?? {})[0];
			connection.exec('CREATE TABLE t (a INTEGER) STRICT');
			expect({
				temporary: read('temp_store'),
				locking: read('locking_mode'),
				journal: read('journal_mode'),
				synchronous: read('synchronous'),
				pageSize: read('page_size'),
				cacheKib: read('cache_size'),
				foreignKeys: read('foreign_keys'),
				cipher: read('cipher'),
				legacy: read('legacy')
			}).toEqual({
				temporary: 2,
				locking: 'exclusive',
				journal: 'delete',
				synchronous: 2,
				pageSize: 4_096,
				cacheKib: -65_536,
				foreignKeys: 1,
				cipher: 'sqlcipher',
				legacy: '4'
			});
			connection.close();
			place.dispose();
		});

		test('starts a file with the salt that was chosen', async () => {
			for (const salt of ['000102030405060708090a0b0c0d0e0f', 'f0'.repeat(16)]) {
				const place = makePlace();
				const connection = await openKeyed(place, `${'11'.repeat(32)}${salt}`);
				connection.exec('CREATE TABLE t (a INTEGER) STRICT');
				connection.close();
				const head = databaseBytes(place).subarray(0, 16);
				expect(Buffer.from(head).toString('hex')).toBe(salt);
				expect(head.some((byte) => byte !== 0)).toBe(true);
				place.dispose();
			}
		});

		test('without a key: the file says its name in the clear (negative control)', async () => {
			const place = makePlace();
			const connection = await connected(place);
			connection.exec('CREATE TABLE t (a INTEGER) STRICT');
			connection.close();
			expect(Buffer.from(databaseBytes(place).subarray(0, 15)).toString()).toBe('SQLite format 3');
			place.dispose();
		});

		test('a library opened without its key, or with half of it, shows nothing', async () => {
			const place = makePlace();
			const connection = await openKeyed(place);
			connection.exec('CREATE TABLE t (a INTEGER) STRICT');
			connection.close();
			const without = await connected(place);
			expect(thrownBy(() => without.prepare('SELECT * FROM sqlite_schema').all())).toMatchObject({
				code: 'not-a-database'
			});
			without.close();
			const wrong = await connected(place);
			const fault = thrownBy(() => {
				for (const statement of sqlPrelude(`${'3c'.repeat(31)}3d${'a7'.repeat(16)}`)) wrong.exec(statement);
				wrong.prepare('SELECT * FROM sqlite_schema').all();
			});
			expect(fault).toBeInstanceOf(SqlFault);
			expect(fault).toMatchObject({ code: 'not-a-database', sqliteCode: 26 });
			wrong.close();
			place.dispose();
		});
	});
}
