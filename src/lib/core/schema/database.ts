import { err, invariant, ok, type CommandId, type Result } from '#core/kernel';
import { SqlFault, type DatabaseFailure, type SqlConnection, type SqlStatement, type SqlValue } from '#core/ports';
import type { Migration } from './later-migrations.ts';
import { migrations as shipped } from './migrations.ts';
import { sqlPrelude } from './prelude.ts';
import type { Compilable } from './query.ts';

/** What can befall any statement on a sound disk full of other people's data. */
export type StorageFailure = Extract<
	DatabaseFailure,
	{ type: 'DiskFull' | 'StorageDenied' | 'LibraryDamaged' | 'LibraryBusy' | 'StorageFailed' }
>;

/** An open library's tables. Everything is synchronous, so a transaction cannot interleave with another. */
export type Database = {
	/** Runs `work`, which only reads. */
	read<T>(work: () => T): Result<T, StorageFailure>;
	/** Runs `work` in one transaction: all of it is durable when this returns `ok`, none of it otherwise. */
	write<T>(work: () => T): Result<T, StorageFailure>;
	/** As `write`, at most once for each `command`: a repeat answers what the first answered. */
	writeOnce(command: CommandId, atMs: number, work: () => JsonValue): Result<JsonValue, StorageFailure>;
	/** Has `work` done inside each transaction from now on, after what it was begun for: it writes down what follows. */
	beforeCommit(work: () => void): void;
	/** A statement of the hot paths, prepared once. */
	prepare(sql: string): SqlStatement;
	/** All rows of a built query. */
	all<Row>(query: Compilable<Row>): Row[];
	/** The first row of a built query. */
	first<Row>(query: Compilable<Row>): Row | undefined;
	/** Runs a built insert, update or delete. */
	run(query: Compilable<unknown>): { readonly changes: number; readonly lastId: number };
	readonly connection: SqlConnection;
};

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** The failure that a fault of the disk is; a fault of ours is thrown on. */
function faultToFailure(thrown: unknown, where: string): StorageFailure {
	if (!(thrown instanceof SqlFault)) throw thrown;
	const code = String(thrown.sqliteCode);
	switch (thrown.code) {
		case 'full':
			return { type: 'DiskFull', where, retry: 'soon' };
		case 'corrupt':
		case 'not-a-database':
			return { type: 'LibraryDamaged', detail: `SQLite ${code}`, retry: 'never' };
		case 'busy':
			return { type: 'LibraryBusy', holder: '', retry: 'soon' };
		case 'read-only':
			return { type: 'StorageDenied', where, retry: 'never' };
		case 'io':
			return { type: 'StorageFailed', code, retry: 'soon' };
		case 'defect':
			throw thrown;
	}
}

function guarded<T>(where: string, work: () => T): Result<T, StorageFailure> {
	try {
		return ok(work());
	} catch (thrown) {
		return err(faultToFailure(thrown, where));
	}
}

function inTransaction<T>(connection: SqlConnection, work: () => T): T {
	invariant(!connection.inTransaction, 'transactions do not nest');
	connection.exec('BEGIN IMMEDIATE');
	try {
		const value = work();
		connection.exec('COMMIT');
		return value;
	} catch (thrown) {
		// A full disk has already rolled back; asking again would hide the fault behind another.
		if (connection.inTransaction) connection.exec('ROLLBACK');
		throw thrown;
	}
}

/** Rows come as the schema's types say: this is the one place where that is taken on trust. */
function isTyped<Row>(rows: readonly unknown[]): rows is Row[] {
	return rows.length >= 0;
}

function typed<Row>(rows: readonly unknown[]): Row[] {
	invariant(isTyped<Row>(rows), 'rows are a list');
	return rows;
}

function isSqlValue(value: unknown): value is SqlValue {
	return value === null || typeof value === 'number' || typeof value === 'string' || value instanceof Uint8Array;
}

function bound(parameters: readonly unknown[]): readonly SqlValue[] {
	invariant(parameters.every(isSqlValue), 'a parameter is null, a number, text or bytes');
	return parameters;
}

function once(connection: SqlConnection, command: CommandId, atMs: number, work: () => JsonValue): JsonValue {
	const known = connection.prepare('SELECT answer FROM command WHERE id = ?').get([command]);
	if (known !== undefined) return JSON.parse(String(known['answer']));
	const answer = work();
	connection
		.prepare('INSERT INTO command (id, answer, atMs) VALUES (?, ?, ?)')
		.run([command, JSON.stringify(answer), atMs]);
	return answer;
}

function databaseOver(connection: SqlConnection, where: string): Database {
	const compiled = <Row>(query: Compilable<Row>) => {
		const { sql, parameters } = query.compile();
		return { statement: connection.prepare(sql), parameters: bound(parameters) };
	};
	const endings: (() => void)[] = [];
	const whole = <T>(work: () => T): T =>
		inTransaction(connection, () => {
			const value = work();
			for (const ending of endings) ending();
			return value;
		});
	return {
		connection,
		read: (work) => guarded(where, work),
		write: (work) => guarded(where, () => whole(work)),
		writeOnce: (command, atMs, work) => guarded(where, () => whole(() => once(connection, command, atMs, work))),
		beforeCommit: (work) => void endings.push(work),
		prepare: (sql) => connection.prepare(sql),
		all: <Row>(query: Compilable<Row>) => {
			const { statement, parameters } = compiled(query);
			return typed<Row>(statement.all(parameters));
		},
		first: <Row>(query: Compilable<Row>) => {
			const { statement, parameters } = compiled(query);
			return typed<Row>([statement.get(parameters)].filter((row) => row !== undefined))[0];
		},
		run: (query) => {
			const { statement, parameters } = compiled(query);
			return statement.run(parameters);
		}
	};
}

export type OpenFailure =
	StorageFailure | { readonly type: 'LibraryNewer'; readonly found: number; readonly known: number };

/**
 * Makes `connection` an encrypted library at the newest schema. `where` names the disk for people.
 * `expect: 'existing'` refuses an empty file, which is a library whose database was lost. On failure the
 * connection is closed.
 */
export function openDatabase(
	connection: SqlConnection,
	options: {
		readonly rawKey: string;
		readonly where: string;
		readonly expect: 'new' | 'existing';
		readonly migrations?: readonly Migration[];
	}
): Result<Database, OpenFailure> {
	const steps = options.migrations ?? shipped;
	const opened = guarded(options.where, (): OpenFailure | null => {
		for (const statement of sqlPrelude(options.rawKey)) connection.exec(statement);
		connection.prepare('SELECT count(*) FROM sqlite_schema').get();
		const found = Number(connection.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
		if (found > steps.length) return { type: 'LibraryNewer', found, known: steps.length };
		if (found === 0 && options.expect === 'existing')
			return { type: 'LibraryDamaged', detail: 'database.db is empty', retry: 'never' };
		// A new library has nothing to lose between two steps, and each transaction is written and flushed by itself.
		const together = found === 0 ? [steps] : steps.slice(found).map((step) => [step]);
		for (const group of together) {
			inTransaction(connection, () => {
				for (const { id, statements } of group)
					for (const statement of [...statements, `PRAGMA user_version = ${id}`]) connection.exec(statement);
			});
		}
		return null;
	});
	const failure = opened.ok ? opened.value : opened.failure;
	if (failure === null) return ok(databaseOver(connection, options.where));
	connection.close();
	return err(failure);
}
