import { SqlFault, type DatabasePort, type SqlConnection, type SqlValue } from '#core/ports';
import { sqlPrelude } from '#core/schema';
import {
	abortedSignal,
	equal,
	failureOf,
	holds,
	isAbort,
	never,
	rejectionOf,
	thrownBy,
	valueOf,
	type Cases
} from './expectation.ts';

export type DatabaseWorld = {
	readonly port: DatabasePort;
	/** The same storage, as another tab or process has it. */
	readonly otherPort: DatabasePort;
	/** Two folders that do not exist yet. */
	readonly folder: string;
	readonly otherFolder: string;
};

export const sampleKey = `${'3c'.repeat(32)}${'a7'.repeat(16)}`;
const wrongKey = `${'3d'.repeat(32)}${'a7'.repeat(16)}`;

export function keyed(connection: SqlConnection, rawKey = sampleKey): SqlConnection {
	for (const statement of sqlPrelude(rawKey)) connection.exec(statement);
	return connection;
}

async function opened({ port, folder }: DatabaseWorld, rawKey = sampleKey): Promise<SqlConnection> {
	return keyed(valueOf(await port.connect(folder, never)), rawKey);
}

function faultOf(work: () => unknown): SqlFault {
	const thrown = thrownBy(work);
	holds(thrown instanceof SqlFault, `a SqlFault is thrown, not ${String(thrown)}`);
	return thrown;
}

async function* inChunks(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

const values: readonly SqlValue[] = [
	null,
	0,
	1,
	-1,
	2 ** 31 - 1,
	2 ** 31,
	-(2 ** 31),
	-(2 ** 31) - 1,
	2 ** 32,
	-(2 ** 32),
	2 ** 32 + 1,
	-(2 ** 32) - 1,
	Number.MAX_SAFE_INTEGER,
	Number.MIN_SAFE_INTEGER,
	0.5,
	-1e-300,
	Number.MAX_VALUE,
	Infinity,
	-Infinity,
	'',
	'plain',
	'\u00e9 e\u0301 \u{1f41a} \u{10ffff}',
	'\ufeffleads with a mark',
	'in\0side',
	'\u{ef80}\u{efff}',
	'x'.repeat(47),
	'x'.repeat(48),
	'x'.repeat(49),
	'é'.repeat(48),
	'long '.repeat(30_000),
	new Uint8Array(0),
	new Uint8Array([0, 1, 255]),
	new Uint8Array(300_000).fill(7)
];

const libraries: Cases<DatabaseWorld> = {
	'knows nothing of a folder that is not there': async ({ port, folder }) => {
		equal(failureOf(await port.readHeader(folder, never)), { type: 'LibraryMissing', retry: 'never' });
		equal(failureOf(await port.remove(folder, never)), { type: 'LibraryMissing', retry: 'never' });
		equal(valueOf(await port.list(never)), []);
	},
	'keeps a header, replaces it, and lists its folder': async ({ port, otherPort, folder, otherFolder }) => {
		const first = new Uint8Array(65_536).fill(1);
		valueOf(await port.writeHeader(folder, first, never));
		equal(valueOf(await port.readHeader(folder, never)), first);
		for (let round = 2; round < 5; round++) valueOf(await port.writeHeader(folder, new Uint8Array([round]), never));
		equal(valueOf(await otherPort.readHeader(folder, never)), new Uint8Array([4]));
		valueOf(await port.writeHeader(otherFolder, new Uint8Array(1), never));
		equal(valueOf(await port.list(never)), [folder, otherFolder].toSorted());
	},
	'refuses a header longer than 64 KiB': async ({ port, folder }) => {
		valueOf(await port.writeHeader(folder, new Uint8Array(65_537), never));
		equal(failureOf(await port.readHeader(folder, never)).type, 'LibraryDamaged');
	},
	'keeps rows over a close, under the key': async (world) => {
		const connection = await opened(world);
		connection.exec('CREATE TABLE kept (id INTEGER PRIMARY KEY, name TEXT) STRICT');
		connection.prepare('INSERT INTO kept (name) VALUES (?)').run(['pearl']);
		connection.close();
		const again = await opened({ ...world, port: world.otherPort });
		equal(again.prepare('SELECT * FROM kept').all(), [{ id: 1, name: 'pearl' }]);
		again.close();
	},
	'shows nothing under another key, and leaves the file as it was': async (world) => {
		const connection = await opened(world);
		connection.exec('CREATE TABLE kept (id INTEGER PRIMARY KEY) STRICT');
		connection.close();
		const wrong = valueOf(await world.port.connect(world.folder, never));
		equal(
			faultOf(() => {
				keyed(wrong, wrongKey);
				wrong.prepare('SELECT * FROM sqlite_schema').all();
			}).code,
			'not-a-database'
		);
		wrong.close();
		const right = await opened(world);
		equal(right.prepare('SELECT name FROM sqlite_schema').column(), ['kept']);
		right.close();
	},
	'reads nothing while connecting': async (world) => {
		const noise = new Uint8Array(8_192).fill(9);
		valueOf(await world.port.writeDatabase(world.folder, inChunks(noise, 1_000), never));
		const connection = valueOf(await world.port.connect(world.folder, never));
		equal(
			faultOf(() => {
				keyed(connection);
				connection.prepare('SELECT * FROM sqlite_schema').all();
			}).code,
			'not-a-database'
		);
		connection.close();
	},
	'refuses a database that ends inside a page': async (world) => {
		valueOf(await world.port.writeDatabase(world.folder, inChunks(new Uint8Array(12_000).fill(5), 999), never));
		equal(failureOf(await world.port.connect(world.folder, never)).type, 'LibraryDamaged');
		// It is let go, so that it can be removed.
		valueOf(await world.otherPort.remove(world.folder, never));
	},
	'is held by one at a time': async (world) => {
		const connection = valueOf(await world.port.connect(world.folder, never));
		for (const port of [world.port, world.otherPort])
			equal(failureOf(await port.connect(world.folder, never)).type, 'LibraryBusy');
		equal(failureOf(await world.otherPort.remove(world.folder, never)).type, 'LibraryBusy');
		const apart = valueOf(await world.otherPort.connect(world.otherFolder, never));
		apart.close();
		connection.close();
		valueOf(await world.otherPort.connect(world.folder, never)).close();
		(await opened(world)).close();
	},
	'is let go although statements are left': async (world) => {
		const connection = await opened(world);
		connection.exec('CREATE TABLE many (id INTEGER PRIMARY KEY) STRICT');
		for (let id = 1; id < 400; id++) connection.prepare(`INSERT INTO many VALUES (${id})`).run();
		connection.prepare('SELECT id FROM many').get();
		connection.close();
		const again = await opened({ ...world, port: world.otherPort });
		equal(again.prepare('SELECT count(*) AS n FROM many').get(), { n: 399 });
		again.close();
	},
	'removes its own files when nobody has them open': async (world) => {
		valueOf(await world.port.writeHeader(world.folder, new Uint8Array([1]), never));
		(await opened(world)).close();
		valueOf(await world.port.remove(world.folder, never));
		equal(failureOf(await world.port.readHeader(world.folder, never)).type, 'LibraryMissing');
		equal(failureOf(await world.port.remove(world.folder, never)).type, 'LibraryMissing');
		const fresh = await opened(world);
		equal(fresh.prepare('SELECT * FROM sqlite_schema').all(), []);
		fresh.close();
	},
	'throws when called off': async ({ port, folder }) => {
		const signal = abortedSignal();
		const calls: readonly (() => Promise<unknown>)[] = [
			() => port.list(signal),
			() => port.readHeader(folder, signal),
			() => port.writeHeader(folder, new Uint8Array(1), signal),
			() => port.connect(folder, signal),
			() => port.writeDatabase(folder, inChunks(new Uint8Array(8), 4), signal),
			() => port.remove(folder, signal)
		];
		for (const call of calls) holds(isAbort(await rejectionOf(call)), 'an aborted call throws AbortError');
		equal(valueOf(await port.list(never)), []);
	}
};

const copies: Cases<DatabaseWorld> = {
	'copies an open database that opens elsewhere under the same key': async (world) => {
		const { port, folder, otherFolder } = world;
		const connection = await opened(world);
		connection.exec('CREATE TABLE kept (name TEXT) STRICT');
		connection.prepare('INSERT INTO kept VALUES (?)').run(['before']);
		const copy = valueOf(await port.snapshot(folder, connection, never));
		connection.prepare('INSERT INTO kept VALUES (?)').run(['after']);
		const bytes = valueOf(await copy.read(0, copy.sizeBytes, never));
		equal(bytes.length, copy.sizeBytes);
		equal(valueOf(await copy.read(4_090, 10, never)), bytes.slice(4_090, 4_100));
		equal(valueOf(await copy.read(copy.sizeBytes - 3, 10, never)), bytes.slice(-3));
		equal(valueOf(await copy.read(copy.sizeBytes + 5, 10, never)).length, 0);
		await copy.close();
		equal(connection.prepare('SELECT name FROM kept').column(), ['before', 'after']);
		connection.close();
		valueOf(await port.writeDatabase(otherFolder, inChunks(bytes, 5_000), never));
		const restored = await opened({ ...world, folder: otherFolder });
		equal(restored.prepare('SELECT name FROM kept').column(), ['before']);
		equal(restored.prepare('PRAGMA integrity_check').all(), [{ integrity_check: 'ok' }]);
		restored.close();
		valueOf(await port.remove(otherFolder, never));
	},
	'makes no copy inside a transaction': async (world) => {
		const connection = await opened(world);
		connection.exec('BEGIN');
		const thrown = await rejectionOf(() => world.port.snapshot(world.folder, connection, never));
		holds(thrown instanceof SqlFault && thrown.code === 'defect', 'a copy inside a transaction is a defect');
		connection.exec('ROLLBACK');
		const copy = valueOf(await world.port.snapshot(world.folder, connection, never));
		await copy.close();
		connection.close();
	},
	'writes no database over another': async (world) => {
		const connection = await opened(world);
		connection.exec('CREATE TABLE kept (name TEXT) STRICT');
		connection.close();
		equal(failureOf(await world.port.writeDatabase(world.folder, inChunks(new Uint8Array(4_096), 99), never)), {
			type: 'LibraryExists',
			retry: 'never'
		});
		const again = await opened(world);
		equal(again.prepare('SELECT name FROM sqlite_schema').column(), ['kept']);
		again.close();
	},
	'leaves nothing of a database whose writing was called off': async (world) => {
		const controller = new AbortController();
		async function* broken(): AsyncGenerator<Uint8Array> {
			yield new Uint8Array(4_096).fill(1);
			controller.abort();
			yield new Uint8Array(4_096).fill(1);
		}
		holds(
			isAbort(await rejectionOf(() => world.port.writeDatabase(world.folder, broken(), controller.signal))),
			'an aborted write throws AbortError'
		);
		const connection = await opened(world);
		equal(connection.prepare('SELECT * FROM sqlite_schema').all(), []);
		connection.close();
	}
};

const statements: Cases<DatabaseWorld> = {
	'binds and returns every value as it was': async (world) => {
		const connection = await opened(world);
		connection.exec('CREATE TABLE held (id INTEGER PRIMARY KEY, value ANY) STRICT');
		const insert = connection.prepare('INSERT INTO held (value) VALUES (?)');
		for (const value of values) insert.run([value]);
		equal(connection.prepare('SELECT value FROM held ORDER BY id').column(), values);
		equal(
			connection
				.prepare('SELECT value FROM held ORDER BY id')
				.all()
				.map((row) => row['value']),
			values
		);
		values.forEach((value, at) =>
			equal(connection.prepare('SELECT ? AS value, id FROM held WHERE id = ?').get([value, at + 1]), {
				value,
				id: at + 1
			})
		);
		equal(connection.prepare('SELECT DISTINCT typeof(value) FROM held ORDER BY 1').column(), [
			'blob',
			'integer',
			'null',
			'real',
			'text'
		]);
		equal(connection.prepare('SELECT typeof(?) AS small, typeof(?) AS large').get([5, 2 ** 40]), {
			small: 'integer',
			large: 'integer'
		});
		connection.close();
	},
	'turns what is no text into U+FFFD': async (world) => {
		const connection = await opened(world);
		equal(connection.prepare('SELECT ?').column(['a\ud800b']), ['a\ufffdb']);
		connection.close();
	},
	'answers in rows, a first row, a column and a count': async (world) => {
		const connection = await opened(world);
		connection.exec('CREATE TABLE shelf (id INTEGER PRIMARY KEY, name TEXT) STRICT');
		const insert = connection.prepare('INSERT INTO shelf (name) VALUES (?)');
		equal(insert.run(['a']), { changes: 1, lastId: 1 });
		equal(insert.run(['b']), { changes: 1, lastId: 2 });
		equal(insert.isReader, false);
		equal(insert.all(['c']), []);
		equal(insert.get(['d']), undefined);
		equal(insert.column(['e']), []);
		const select = connection.prepare('SELECT name, id FROM shelf WHERE id > ? ORDER BY id');
		equal(select.isReader, true);
		equal(select.all([3]), [
			{ name: 'd', id: 4 },
			{ name: 'e', id: 5 }
		]);
		equal(select.get([3]), { name: 'd', id: 4 });
		equal(select.get([9]), undefined);
		equal(select.all([9]), []);
		equal(select.column([1]), ['b', 'c', 'd', 'e']);
		equal(connection.prepare('UPDATE shelf SET name = upper(name) WHERE id < ?').run([4]).changes, 3);
		equal(connection.prepare('CREATE TABLE other (id INTEGER) STRICT').run().changes, 0);
		equal(connection.prepare('DELETE FROM shelf WHERE id = ? RETURNING name').all([1]), [{ name: 'A' }]);
		equal(connection.prepare('INSERT INTO shelf (id) VALUES (?)').run([2 ** 40]).lastId, 2 ** 40);
		connection.close();
	},
	'refuses what is a mistake': async (world) => {
		const connection = await opened(world);
		connection.exec('CREATE TABLE shelf (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT');
		const mistakes: readonly (() => unknown)[] = [
			() => connection.prepare('SELEC 1'),
			() => connection.prepare(''),
			() => connection.prepare('SELECT 1; SELECT 2'),
			() => connection.exec('CREATE TABLE shelf (id INTEGER)'),
			() => connection.prepare('SELECT ?').all([]),
			() => connection.prepare('SELECT ?').all([1, 2]),
			() => connection.prepare('SELECT ?1').all([1]),
			() => connection.prepare('SELECT :name').all([1]),
			() => connection.prepare('INSERT INTO shelf (name) VALUES (?)').run([null]),
			() => connection.prepare('INSERT INTO shelf (name) VALUES (?)').run([new Uint8Array(2)]),
			() => connection.exec('COMMIT')
		];
		for (const mistake of mistakes) equal(faultOf(mistake).code, 'defect', mistake.toString());
		equal(connection.prepare('SELECT count(*) FROM shelf').column(), [0]);
		connection.close();
	},
	'keeps a statement usable, however many others come': async (world) => {
		const connection = await opened(world);
		connection.exec('CREATE TABLE shelf (id INTEGER PRIMARY KEY) STRICT; INSERT INTO shelf VALUES (1), (2)');
		const held = connection.prepare('SELECT id FROM shelf WHERE id >= ?');
		for (let round = 0; round < 600; round++) equal(connection.prepare(`SELECT ${round}`).column(), [round]);
		equal(held.column([1]), [1, 2]);
		connection.exec('ALTER TABLE shelf ADD COLUMN name TEXT');
		equal(held.column([2]), [2]);
		equal(connection.prepare('SELECT * FROM shelf WHERE id = ?').all([1]), [{ id: 1, name: null }]);
		connection.close();
	},
	'tells whether a transaction is open, and undoes one': async (world) => {
		const connection = await opened(world);
		equal(connection.inTransaction, false);
		connection.exec('CREATE TABLE shelf (id INTEGER PRIMARY KEY) STRICT');
		connection.exec('BEGIN IMMEDIATE');
		equal(connection.inTransaction, true);
		connection.exec('INSERT INTO shelf VALUES (1)');
		equal(faultOf(() => connection.prepare('INSERT INTO shelf VALUES (?)').run([1])).code, 'defect');
		equal(connection.inTransaction, true);
		connection.exec('ROLLBACK');
		equal(connection.inTransaction, false);
		equal(connection.prepare('SELECT id FROM shelf').column(), []);
		connection.exec('BEGIN IMMEDIATE; INSERT INTO shelf VALUES (7)');
		connection.close();
		const again = await opened(world);
		equal(again.prepare('SELECT id FROM shelf').column(), []);
		again.close();
	},
	'closes twice, and works no more': async (world) => {
		const connection = await opened(world);
		const held = connection.prepare('SELECT 1');
		connection.close();
		connection.close();
		equal(faultOf(() => held.all()).code, 'defect');
		equal(faultOf(() => connection.prepare('SELECT 2')).code, 'defect');
		equal(faultOf(() => connection.exec('SELECT 3')).code, 'defect');
	},
	'has what the core builds on': async (world) => {
		const connection = await opened(world);
		connection.exec(`
			CREATE VIRTUAL TABLE words USING fts5 (name, content = '', detail = none, tokenize = 'trigram case_sensitive 1');
			INSERT INTO words (rowid, name) VALUES (3, 'nautilus'), (4, 'oyster');
			CREATE TABLE tree (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES tree (id)) STRICT;
			INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 2)`);
		equal(connection.prepare('SELECT rowid FROM words WHERE words MATCH ?').column(['"uti"']), [3]);
		equal(
			connection
				.prepare(
					'WITH RECURSIVE up (id) AS (SELECT ? UNION ALL SELECT parent FROM tree JOIN up USING (id) WHERE parent > 0) SELECT id FROM up'
				)
				.column([3]),
			[3, 2, 1]
		);
		equal(connection.prepare("SELECT json_extract(?, '$.a[1]')").column(['{"a":[1,2]}']), [2]);
		equal(connection.prepare('PRAGMA foreign_keys').column(), [1]);
		equal(faultOf(() => connection.exec('INSERT INTO tree VALUES (9, 99)')).code, 'defect');
		connection.close();
	},
	'sorts and gathers more than its cache without a file': async (world) => {
		const connection = await opened(world);
		connection.exec('CREATE TABLE heap (id INTEGER PRIMARY KEY, word TEXT) STRICT');
		connection.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
			INSERT INTO heap (word) SELECT printf('%08d%0200d', (i * 7919) % 40000, i) FROM n`);
		const sorted = connection.prepare('SELECT DISTINCT word FROM heap ORDER BY word DESC').column();
		equal(sorted.length, 40_000);
		holds(String(sorted[0]) > String(sorted[39_999]), 'the order is the other way round');
		connection.exec('VACUUM');
		equal(connection.prepare('PRAGMA integrity_check').column(), ['ok']);
		connection.close();
	}
};

export const databaseCases: Cases<DatabaseWorld> = { ...libraries, ...copies, ...statements };
