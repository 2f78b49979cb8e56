import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
	chmodSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SqlFault, type SqlConnection } from '#core/ports';
import { keyed } from '../../tests/conformance/database.ts';
import { failureOf, never, thrownBy, valueOf } from '../../tests/conformance/expectation.ts';
import { asOrdinaryUser } from '../../tests/conformance/ordinary-user.ts';
import { createDatabase } from './database.ts';

const port = createDatabase(null);
const holderProgram = new URL('../../tests/storage/hold-library.child.ts', import.meta.url).pathname;
let base = '';
let folder = '';

beforeEach(() => {
	base = mkdtempSync(join(tmpdir(), 'atoll-'));
	folder = join(base, 'one.sdlibrary');
});
afterEach(() => {
	chmodSync(base, 0o700);
	rmSync(base, { recursive: true, force: true });
});

async function opened(): Promise<SqlConnection> {
	return keyed(valueOf(await port.connect(folder, never)));
}

/** Another process that has the library open, in the middle of a transaction. */
async function startHolder() {
	const child = spawn(process.execPath, [holderProgram, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
	const [line] = await once(createInterface(child.stdout), 'line');
	expect(line).toBe('holding');
	return child;
}

function modes(): Record<string, string> {
	return Object.fromEntries(
		readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)])
	);
}

describe('a second process', () => {
	test('is refused with the id of the first, until that ends', async () => {
		const child = await startHolder();
		const busy = { type: 'LibraryBusy', holder: String(child.pid), retry: 'soon' };
		expect(failureOf(await port.connect(folder, never))).toEqual(busy);
		expect(failureOf(await port.remove(folder, never))).toEqual(busy);
		expect(failureOf(await port.writeDatabase(folder, (async function* () {})(), never))).toEqual(busy);
		child.stdin.end();
		await once(child, 'exit');
		(await opened()).close();
	});

	test('finds no lock after the first was killed, whatever file it left', async () => {
		for (let round = 0; round < 5; round++) {
			const child = await startHolder();
			child.kill('SIGKILL');
			await once(child, 'exit');
			expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe(`${child.pid}\n`);
			const connection = await opened();
			expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe(`${process.pid}\n`);
			expect(connection.prepare('PRAGMA integrity_check').column()).toEqual(['ok']);
			expect(connection.prepare('SELECT count(*) FROM held').column()).toEqual([1]);
			connection.close();
		}
	});

	test('would come in if the file alone were the lock (negative control)', async () => {
		const child = await startHolder();
		// What a lock by file would have to believe: the file is gone, so nobody holds the library.
		rmSync(join(folder, 'lock'));
		expect(existsSync(join(folder, 'lock'))).toBe(false);
		expect(failureOf(await port.connect(folder, never))).toEqual({ type: 'LibraryBusy', holder: '', retry: 'soon' });
		child.kill('SIGKILL');
		await once(child, 'exit');
		// And the other way round: the file is there, and nobody holds it.
		writeFileSync(join(folder, 'lock'), '1\n');
		(await opened()).close();
	});
});

test('a closed handle of our own does not drop the lock', async () => {
	const connection = await opened();
	connection.exec('CREATE TABLE t (a INTEGER) STRICT');
	// POSIX drops all locks of a process on a file when it closes any handle on it: the port must never open one.
	expect(failureOf(await port.connect(folder, never)).type).toBe('LibraryBusy');
	expect(failureOf(await port.remove(folder, never)).type).toBe('LibraryBusy');
	const copy = valueOf(await port.snapshot(folder, connection, never));
	await copy.close();
	const other = spawn(process.execPath, [holderProgram, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
	const [line] = await once(createInterface(other.stdout), 'line');
	expect(line).toBe(`busy ${process.pid}`);
	other.stdin.end();
	await once(other, 'exit');
	connection.close();
});

test('only this person may read anything of a library', async () => {
	valueOf(await port.writeHeader(folder, new Uint8Array([1]), never));
	const connection = await opened();
	connection.exec('CREATE TABLE t (a INTEGER) STRICT; BEGIN; INSERT INTO t VALUES (1)');
	for (const [name, mode] of Object.entries(modes())) expect([name, mode]).toEqual([name, '600']);
	expect(Object.keys(modes())).toContain('database.db-journal');
	expect((statSync(folder).mode & 0o777).toString(8)).toBe('700');
	connection.exec('COMMIT');
	const copy = valueOf(await port.snapshot(folder, connection, never));
	for (const [name, mode] of Object.entries(modes())) expect([name, mode]).toEqual([name, '600']);
	await copy.close();
	connection.close();
	expect(readdirSync(folder).toSorted()).toEqual(['database.db', 'library.json', 'lock.db']);
});

test('what a killed process left half-made is swept by the next, and nothing else', async () => {
	(await opened()).close();
	for (const name of [
		'snapshot-0123456789abcdef.db',
		'snapshot-0123456789abcdef.db-journal',
		'database.db.new',
		'mine.txt'
	])
		writeFileSync(join(folder, name), 'x');
	(await opened()).close();
	expect(readdirSync(folder).toSorted()).toEqual(['database.db', 'lock.db', 'mine.txt']);
	valueOf(await port.remove(folder, never));
	expect(readdirSync(folder)).toEqual(['mine.txt']);
});

test('a header torn by a crash is never seen', async () => {
	valueOf(await port.writeHeader(folder, new Uint8Array([1]), never));
	writeFileSync(join(folder, 'library.json.new'), 'half of a hea');
	expect(valueOf(await port.readHeader(folder, never))).toEqual(new Uint8Array([1]));
	valueOf(await port.writeHeader(folder, new Uint8Array([2]), never));
	expect(valueOf(await port.readHeader(folder, never))).toEqual(new Uint8Array([2]));
	expect(readdirSync(folder)).toEqual(['library.json']);
});

test('a folder that denies is told as such, with its name', async () => {
	await asOrdinaryUser(base, async () => {
		chmodSync(base, 0o500);
		const denied = { type: 'StorageDenied', where: folder, retry: 'never' };
		expect(failureOf(await port.connect(folder, never))).toEqual(denied);
		expect(failureOf(await port.writeHeader(folder, new Uint8Array(1), never))).toEqual(denied);
		chmodSync(base, 0o700);
		(await opened()).close();
		chmodSync(folder, 0o500);
		expect(failureOf(await port.connect(folder, never))).toEqual(denied);
		expect(failureOf(await port.remove(folder, never)).type).toBe('StorageDenied');
		chmodSync(folder, 0o700);
		chmodSync(join(folder, 'database.db'), 0o400);
		expect(failureOf(await port.connect(folder, never))).toEqual(denied);
		chmodSync(join(folder, 'database.db'), 0o600);
		(await opened()).close();
	});
});

test('a full database is told as full, rolled back, and goes on when there is room', async () => {
	const connection = await opened();
	connection.exec('CREATE TABLE t (a BLOB) STRICT; PRAGMA max_page_count = 20');
	const insert = connection.prepare('INSERT INTO t VALUES (?)');
	insert.run([new Uint8Array(10_000)]);
	const fault = thrownBy(() => {
		for (let round = 0; round < 50; round++) insert.run([new Uint8Array(10_000)]);
	});
	expect(fault).toBeInstanceOf(SqlFault);
	expect(fault).toMatchObject({ code: 'full', sqliteCode: 13 });
	expect(connection.inTransaction).toBe(false);
	connection.exec('PRAGMA max_page_count = 1000');
	insert.run([new Uint8Array(10_000)]);
	expect(connection.prepare('PRAGMA integrity_check').column()).toEqual(['ok']);
	connection.close();
});
