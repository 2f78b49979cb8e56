/// <reference path="./engine.d.ts" />
import type Engine from 'better-sqlite3-multiple-ciphers';
import type { Statement } from 'better-sqlite3-multiple-ciphers';
import type { SqlConnection, SqlRow, SqlStatement, SqlValue } from '#core/ports';
import { sqlFault } from './sqlite-fault.ts';

/** Statements kept by text. Queries are few; lists of ids of different length are what drives them out. */
const statementsMax = 256;

type EngineStatement = Statement<SqlRow>;

function guarded<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw sqlFault(error);
	}
}

/** The engine binds every JavaScript number as a float; an integer has to come as a bigint to stay one. */
function bindable(params: readonly SqlValue[]): unknown[] {
	return params.map((value) => (Number.isSafeInteger(value) ? BigInt(Number(value)) : value));
}

/** A blob comes as a Buffer, whose `slice` and text methods differ from those of the bytes that the port promises. */
function plainBytes(value: SqlValue): SqlValue {
	return value instanceof Uint8Array ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : value;
}

/** Names of the columns that can hold a blob; looking at every value of every row would cost a tenth of a listing. */
function blobColumns(statement: EngineStatement): readonly string[] {
	return statement
		.columns()
		.filter(({ type }) => type === null || !/^(INTEGER|TEXT|REAL)$/i.test(type))
		.map(({ name }) => name);
}

function statementOver(statement: EngineStatement): SqlStatement {
	const isReader = statement.reader;
	const blobs = isReader ? blobColumns(statement) : [];
	const plainRow = (row: SqlRow): SqlRow =>
		blobs.some((name) => row[name] instanceof Uint8Array)
			? { ...row, ...Object.fromEntries(blobs.map((name) => [name, plainBytes(row[name] ?? null)])) }
			: row;
	const run = (params: readonly SqlValue[]) => {
		const { changes, lastInsertRowid } = statement.run(bindable(params));
		return { changes, lastId: Number(lastInsertRowid) };
	};
	const all = (params: readonly SqlValue[]) => {
		const rows = statement.all(bindable(params));
		return blobs.length > 0 ? rows.map(plainRow) : rows;
	};
	return {
		isReader,
		all(params = []) {
			return guarded(() => {
				if (isReader) return all(params);
				run(params);
				return [];
			});
		},
		get(params = []) {
			return guarded(() => {
				if (isReader) {
					const row = statement.get(bindable(params));
					return row === undefined ? undefined : plainRow(row);
				}
				run(params);
				return undefined;
			});
		},
		column(params = []) {
			return guarded(() => {
				if (!isReader) {
					run(params);
					return [];
				}
				statement.pluck(true);
				try {
					// A plucked row is its first value, which the engine's types do not say.
					const values = statement.all(bindable(params)) as unknown as SqlValue[];
					return blobs.length > 0 ? values.map(plainBytes) : values;
				} finally {
					statement.pluck(false);
				}
			});
		},
		run(params = []) {
			return guarded(() => run(params));
		}
	};
}

/** A connection over `database`, which it owns: `close` finalises its statements, closes it and calls `closed` once. */
export function createConnection(database: Engine, closed: () => void): SqlConnection {
	const cache = new Map<string, SqlStatement>();
	let isOpen = true;
	return {
		prepare(sql) {
			const kept = cache.get(sql);
			if (kept) {
				cache.delete(sql);
				cache.set(sql, kept);
				return kept;
			}
			const made = guarded(() => statementOver(database.prepare<SqlRow>(sql)));
			cache.set(sql, made);
			const [oldest] = cache.keys();
			if (cache.size > statementsMax && oldest !== undefined) cache.delete(oldest);
			return made;
		},
		exec(sql) {
			guarded(() => database.exec(sql));
		},
		get inTransaction() {
			return database.inTransaction;
		},
		close() {
			if (!isOpen) return;
			isOpen = false;
			cache.clear();
			try {
				guarded(() => database.close());
			} finally {
				closed();
			}
		}
	};
}
