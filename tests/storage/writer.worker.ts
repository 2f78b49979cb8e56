/** Writes to a library in this browser until it is ended, or checks what is left of it. */
import { createBrowserHost } from '../../src/workers/host/browser-host.ts';
import { SqlFault, type SqlConnection } from '#core/ports';
import { keyed } from '../conformance/database.ts';
import { never, valueOf } from '../conformance/expectation.ts';

export const rowsPerBatch = 400;

export type Order = {
	readonly folder: string;
	readonly task: 'write' | 'check' | 'fill' | 'remove';
	/** False takes the journal away, for the negative control. */
	readonly isSafe: boolean;
};

/** What the worker says; `middle` comes when a transaction is half done and on disk in part. */
export type News =
	| { readonly type: 'opened'; readonly openMs: number; readonly hadHotJournal: boolean }
	| { readonly type: 'middle' | 'acknowledged'; readonly batch: number }
	| {
			readonly type: 'checked';
			readonly integrity: unknown;
			readonly batch: number;
			readonly rows: number;
			readonly torn: number;
	  }
	| { readonly type: 'full'; readonly code: string; readonly sqliteCode: number; readonly batch: number }
	| { readonly type: 'removed' }
	| { readonly type: 'failed'; readonly message: string };

const { database } = createBrowserHost();

function tell(news: News): void {
	self.postMessage(news);
}

/** Whether SQLite will have to roll back: it decides by the first byte of the journal. */
async function hasHotJournal(folder: string): Promise<boolean> {
	try {
		const libraries = await (await navigator.storage.getDirectory()).getDirectoryHandle('libraries');
		const file = await (
			await (await libraries.getDirectoryHandle(folder)).getFileHandle('database.db-journal')
		).getFile();
		return (new Uint8Array(await file.slice(0, 1).arrayBuffer())[0] ?? 0) !== 0;
	} catch {
		return false;
	}
}

async function opened({ folder, isSafe }: Order): Promise<SqlConnection> {
	const startMs = performance.now();
	const connected = valueOf(await database.connect(folder, never));
	// Only now has the worker before us let go, and nothing is rolled back yet.
	const hadHotJournal = await hasHotJournal(folder);
	const connection = keyed(connected);
	// Few pages: a transaction is on disk in part long before it commits.
	connection.exec('PRAGMA cache_size = 8');
	if (!isSafe) connection.exec('PRAGMA journal_mode = OFF');
	connection.exec(`CREATE TABLE IF NOT EXISTS counter (batch INTEGER) STRICT;
		CREATE TABLE IF NOT EXISTS shelf (id INTEGER PRIMARY KEY, batch INTEGER, name BLOB) STRICT;
		CREATE INDEX IF NOT EXISTS by_batch ON shelf (batch)`);
	tell({ type: 'opened', openMs: performance.now() - startMs, hadHotJournal });
	return connection;
}

function currentBatch(connection: SqlConnection): number {
	return Number(connection.prepare('SELECT max(batch) FROM counter').column()[0] ?? 0);
}

/** Rows that cannot be compressed: a quota counts what is stored. */
function noise(): Uint8Array {
	return crypto.getRandomValues(new Uint8Array(300));
}

function writeBatch(connection: SqlConnection, batch: number): void {
	connection.exec('BEGIN IMMEDIATE');
	connection.prepare('UPDATE shelf SET name = ? WHERE batch = ?').run([noise(), batch - 1]);
	const insert = connection.prepare('INSERT INTO shelf (batch, name) VALUES (?, ?)');
	for (let at = 0; at < rowsPerBatch; at++) {
		if (at === rowsPerBatch / 2) tell({ type: 'middle', batch });
		insert.run([batch, noise()]);
	}
	connection.prepare('INSERT INTO counter VALUES (?)').run([batch]);
	connection.exec('COMMIT');
	tell({ type: 'acknowledged', batch });
}

/** Writes until the worker is ended. Never lets go of the thread, as the core does not inside a transaction. */
function writeOn(connection: SqlConnection): never {
	for (let batch = currentBatch(connection) + 1; ; batch++) writeBatch(connection, batch);
}

/** Writes until the browser gives no more room. */
function fillUp(connection: SqlConnection): void {
	try {
		writeOn(connection);
	} catch (error) {
		if (!(error instanceof SqlFault)) throw error;
		tell({ type: 'full', code: error.code, sqliteCode: error.sqliteCode, batch: currentBatch(connection) });
	}
	connection.close();
}

function checkAll(connection: SqlConnection): void {
	tell({
		type: 'checked',
		integrity: connection.prepare('PRAGMA integrity_check').column(),
		batch: currentBatch(connection),
		rows: Number(connection.prepare('SELECT count(*) FROM shelf').column()[0]),
		torn: connection.prepare(`SELECT batch FROM shelf GROUP BY batch HAVING count(*) <> ${rowsPerBatch}`).all().length
	});
	connection.close();
}

self.onmessage = async ({ data: order }: MessageEvent<Order>) => {
	try {
		if (order.task === 'remove') {
			valueOf(await database.remove(order.folder, never));
			tell({ type: 'removed' });
		} else if (order.task === 'check') checkAll(await opened(order));
		else if (order.task === 'fill') fillUp(await opened(order));
		else writeOn(await opened(order));
	} catch (error) {
		tell({ type: 'failed', message: String(error) });
	}
};
