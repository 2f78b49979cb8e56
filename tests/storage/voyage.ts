import type { DatabasePort, SqlConnection } from '#core/ports';
import { keyed } from '../conformance/database.ts';
import { equal, holds, never, valueOf } from '../conformance/expectation.ts';

/** What was acknowledged so far: nothing of it may ever be lost. */
export type Log = { header: number; created: boolean; batch: number };

export const batches = 6;
const folder = 'one.sdlibrary';
const rowsPerBatch = 40;

function header(version: number): Uint8Array {
	return new Uint8Array(1_500).fill(version);
}

/** The rows after `batch`: each batch adds forty, marks those of the one before, and drops those of three before. */
function rowsAfter(batch: number): readonly (readonly [number, string])[] {
	const rows: (readonly [number, string])[] = [];
	for (let from = Math.max(1, batch - 2); from <= batch; from++)
		for (let at = 0; at < rowsPerBatch; at++)
			rows.push([from * 100 + at, `${from}`.padEnd(120, 'x') + (from < batch ? '*' : '')]);
	return rows;
}

function writeBatch(connection: SqlConnection, batch: number): void {
	connection.exec('BEGIN IMMEDIATE');
	const insert = connection.prepare('INSERT INTO shelf (id, batch, name) VALUES (?, ?, ?)');
	for (let at = 0; at < rowsPerBatch; at++) insert.run([batch * 100 + at, batch, `${batch}`.padEnd(120, 'x')]);
	connection.prepare("UPDATE shelf SET name = name || '*' WHERE batch = ?").run([batch - 1]);
	connection.prepare('DELETE FROM shelf WHERE batch = ?').run([batch - 3]);
	connection.prepare('UPDATE counter SET batch = ?').run([batch]);
	connection.exec('COMMIT');
}

async function opened(port: DatabasePort): Promise<SqlConnection> {
	const connection = keyed(valueOf(await port.connect(folder, never)));
	// Few pages: a transaction spills to the file before it commits, which is where recovery has most to do.
	connection.exec('PRAGMA cache_size = 8');
	return connection;
}

/** The life of a library, from nothing; `log` says at every moment what was acknowledged. */
export async function voyage(port: DatabasePort, log: Log): Promise<void> {
	valueOf(await port.writeHeader(folder, header(1), never));
	log.header = 1;
	let connection = await opened(port);
	try {
		connection.exec(`BEGIN; CREATE TABLE counter (batch INTEGER) STRICT; INSERT INTO counter VALUES (0);
			CREATE TABLE shelf (id INTEGER PRIMARY KEY, batch INTEGER, name TEXT) STRICT;
			CREATE INDEX by_batch ON shelf (batch, name); COMMIT`);
		log.created = true;
		for (let batch = 1; batch <= batches; batch++) {
			writeBatch(connection, batch);
			log.batch = batch;
			if (batch % 2 === 0) {
				valueOf(await port.writeHeader(folder, header(log.header + 1), never));
				log.header++;
			}
			if (batch !== 4) continue;
			await valueOf(await port.snapshot(folder, connection, never)).close();
			connection.close();
			connection = await opened(port);
		}
	} finally {
		connection.close();
	}
}

/** Throws unless everything in `log` is there, whole, and nothing else but perhaps the one change under way. */
export async function check(port: DatabasePort, log: Log): Promise<void> {
	const found = await port.readHeader(folder, never);
	if (found.ok) {
		const [version = 0] = found.value;
		holds(version === log.header || version === log.header + 1, `header ${version} after ${log.header}`);
		equal(found.value, header(version), 'the header is whole');
	} else holds(log.header === 0 && found.failure.type === 'LibraryMissing', `no header after ${log.header}`);
	const connection = await opened(port);
	try {
		equal(connection.prepare('PRAGMA integrity_check').column(), ['ok']);
		const isCreated = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'counter'").get() !== undefined;
		holds(isCreated || !log.created, 'the tables are there');
		if (!isCreated) return;
		const batch = Number(connection.prepare('SELECT batch FROM counter').column()[0]);
		holds(batch === log.batch || batch === log.batch + 1, `batch ${batch} after ${log.batch}`);
		equal(
			connection
				.prepare('SELECT id, name FROM shelf ORDER BY id')
				.all()
				.map((row) => [row['id'], row['name']]),
			rowsAfter(batch)
		);
		// It can be written to again, and that leaves no trace.
		connection.exec(
			'BEGIN; CREATE TABLE after (a INTEGER) STRICT; INSERT INTO after VALUES (1); DROP TABLE after; COMMIT'
		);
	} finally {
		connection.close();
	}
}
