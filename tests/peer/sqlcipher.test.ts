import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import Database from '@signalapp/sqlcipher';
import { expect, test, vi } from 'vitest';
import { inHome, password } from './home.ts';

vi.setConfig({ testTimeout: 60_000 });

test('a genuine SQLCipher 4 opens the database with the exported key, and with no other', async () => {
	await inHome(async (home) => {
		home.write('pw', password);
		home.write('docs/a name to find.txt', 'x');
		for (const args of [
			['init', 'lib', '-p', 'pw'],
			['add', 'docs', '-L', 'lib', '-p', 'pw'],
			['index', '-L', 'lib', '-p', 'pw']
		])
			expect(await home.run(args)).toMatchObject({ code: 0 });
		const exported = await home.run(['key', 'export', '-L', 'lib', '-p', 'pw', '--json']);
		const { key, salt } = JSON.parse(exported.out);
		const text = await home.run(['key', 'export', '-L', 'lib', '-p', 'pw']);
		expect(text.out).toBe(`key  ${key}\nsalt ${salt}\n`);
		const file = home.path('copy.db');
		copyFileSync(home.path('lib/database.db'), file);
		expect(readFileSync(file).subarray(0, 16).toString('hex'), 'the salt is the first 16 bytes').toBe(salt);

		const database = new Database(file);
		database.pragma(`key = "x'${key}${salt}'"`);
		const rows = database.prepare('SELECT name FROM entry WHERE kind <> 0').all();
		expect(rows).toEqual([{ name: 'a name to find.txt' }]);
		expect(database.prepare('PRAGMA cipher_integrity_check').all()).toEqual([]);
		expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
		database.close();

		const wrong = new Database(file);
		wrong.pragma(`key = "x'${key.replaceAll(/./g, '0')}${salt}'"`);
		expect(() => wrong.prepare('SELECT name FROM entry').all()).toThrow();
		wrong.close();

		const bytes = readFileSync(file);
		const middle = Math.floor(bytes.length / 2);
		bytes[middle] = (bytes[middle] ?? 0) ^ 1;
		writeFileSync(file, bytes);
		const flipped = new Database(file);
		flipped.pragma(`key = "x'${key}${salt}'"`);
		expect(
			flipped.prepare('PRAGMA cipher_integrity_check').all().length,
			'the control: it sees one bit'
		).toBeGreaterThan(0);
		flipped.close();
	});
});
