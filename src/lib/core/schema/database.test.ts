import { beforeEach, describe, expect, test } from 'vitest';
import { commandId } from '#core/kernel';
import { SqlFault, type SqlConnection } from '#core/ports';
import { build, openDatabase, type Database } from '#core/schema';
import { createSimHost, type SimHost } from '../../../../tests/sim/host/sim-host.ts';

const rawKey = 'a1'.repeat(48);
const command = commandId('1'.repeat(32));
let host: SimHost;
let connection: SqlConnection;
let database: Database;

beforeEach(async () => {
	host = createSimHost(1);
	const connected = await host.database.connect('d.sdlibrary', new AbortController().signal);
	if (!connected.ok) throw new Error(connected.failure.type);
	connection = connected.value;
	const opened = openDatabase(connection, { rawKey, where: 'the test', expect: 'new' });
	if (!opened.ok) throw new Error(opened.failure.type);
	database = opened.value;
});

const put = (name: string, value = '1') =>
	database.run(
		build
			.insertInto('setting')
			.values({ name, value })
			.onConflict((on) => on.column('name').doUpdateSet({ value }))
	);
const names = () => database.all(build.selectFrom('setting').select('name').orderBy('name')).map(({ name }) => name);

describe('the one way to run SQL', () => {
	test('the prelude is in force', () => {
		const pragma = (name: string) => Object.values(connection.prepare(`PRAGMA ${name}`).get() ?? {})[0];
		expect(pragma('cipher')).toBe('sqlcipher');
		expect(pragma('temp_store')).toBe(2);
		expect(pragma('locking_mode')).toBe('exclusive');
		expect(pragma('journal_mode')).toBe('delete');
		expect(pragma('synchronous')).toBe(2);
		expect(pragma('foreign_keys')).toBe(1);
		expect(pragma('cache_size')).toBe(-65_536);
	});

	test('a transaction that throws leaves nothing', () => {
		expect(() =>
			database.write(() => {
				put('half');
				throw new Error('a mistake of ours');
			})
		).toThrow('a mistake of ours');
		expect(database.read(names)).toEqual({ ok: true, value: [] });
		expect(connection.inTransaction).toBe(false);
	});

	test('a full disk is a failure that names the place; nothing of the transaction stays, and the next goes on', () => {
		const used = [...host.disk.contents().values()].reduce((sum, bytes) => sum + bytes.length, 0);
		host.disk.capacityBytes = used + 8_192;
		const full = database.write(() => {
			put('kept', 'x'.repeat(100_000));
		});
		expect(full).toEqual({ ok: false, failure: { type: 'DiskFull', where: 'the test', retry: 'soon' } });
		expect(database.read(names)).toEqual({ ok: true, value: [] });
		host.disk.capacityBytes = Infinity;
		expect(database.write(() => put('later')).ok).toBe(true);
	});

	test('a mistake in SQL is thrown, as no retry would help', () => {
		expect(() => database.read(() => connection.prepare('SELECT nothing FROM nowhere').all())).toThrow(SqlFault);
	});

	test('transactions do not nest', () => {
		expect(() => database.write(() => database.write(() => 1))).toThrow(/do not nest/);
	});
});

describe('a write with a command', () => {
	test('is applied once and answered alike', () => {
		let applied = 0;
		const send = () => database.writeOnce(command, 5, () => ++applied);
		expect([send(), send(), send()]).toEqual(Array(3).fill({ ok: true, value: 1 }));
		expect(applied).toBe(1);
	});

	test('that failed is not remembered', () => {
		expect(() =>
			database.writeOnce(command, 5, () => {
				throw new Error('no');
			})
		).toThrow('no');
		expect(database.writeOnce(command, 5, () => 'done')).toEqual({ ok: true, value: 'done' });
	});

	test('is remembered with what it wrote, or not at all', () => {
		expect(database.writeOnce(command, 5, () => (put('a'), 'done')).ok).toBe(true);
		expect(database.read(names)).toEqual({ ok: true, value: ['a'] });
		database.write(() => database.run(build.deleteFrom('setting').where('name', '=', 'a')));
		database.writeOnce(command, 5, () => (put('a'), 'done'));
		expect(database.read(names)).toEqual({ ok: true, value: [] });
	});
});
