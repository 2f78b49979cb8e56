import { SqlFault, type SqlRow, type SqlStatement, type SqlValue } from '#core/ports';
import { preparePersistent, sqlFault, sqliteDone, sqliteOk, sqliteRow } from './codes.ts';
import { joinHalves } from './library-vfs.ts';
import type { Memory } from './memory.ts';

const [integerType, floatType, textType, blobType] = [1, 2, 3, 4];
const sqliteRange = 25;
const sqliteMisuse = 21;

/** The open database that a statement runs on. */
export type StatementOwner = {
	readonly memory: Memory;
	/** SQLite's pointer; throws after `close`. */
	database(): number;
	/** The fault that SQLite reports now, with what the disk said. */
	fault(): SqlFault;
	/** Told of each statement that holds an object of SQLite, which has to go before the database can close. */
	adopt(statement: WasmStatement): void;
};

/** One prepared statement. It compiles again by itself when it was let go for want of room. */
export class WasmStatement implements SqlStatement {
	readonly isReader: boolean;
	readonly sql: string;
	readonly #owner: StatementOwner;
	readonly #parameters: number;
	readonly #columns: readonly string[];
	#pointer: number;

	constructor(owner: StatementOwner, sql: string) {
		this.#owner = owner;
		this.sql = sql;
		this.#pointer = compile(owner, sql);
		const { module } = owner.memory;
		this.#parameters = module._sqlite3_bind_parameter_count(this.#pointer);
		this.#columns = Array.from({ length: module._sqlite3_column_count(this.#pointer) }, (_, column) =>
			module.UTF8ToString(module._sqlite3_column_name(this.#pointer, column))
		);
		this.isReader = this.#columns.length > 0;
		owner.adopt(this);
	}

	/** Lets go of SQLite's object; the statement stays usable while the connection is open. */
	finalize(): void {
		this.#owner.memory.module._sqlite3_finalize(this.#pointer);
		this.#pointer = 0;
	}

	all(params: readonly SqlValue[] = []): SqlRow[] {
		const rows: SqlRow[] = [];
		this.#execute(params, (statement) => {
			rows.push(this.#row(statement));
			return true;
		});
		return rows;
	}

	get(params: readonly SqlValue[] = []): SqlRow | undefined {
		let first: SqlRow | undefined;
		this.#execute(params, (statement) => {
			first = this.#row(statement);
			return false;
		});
		return first;
	}

	column(params: readonly SqlValue[] = []): SqlValue[] {
		const values: SqlValue[] = [];
		this.#execute(params, (statement) => {
			values.push(this.#value(statement, 0));
			return true;
		});
		return values;
	}

	run(params: readonly SqlValue[] = []): { readonly changes: number; readonly lastId: number } {
		const { module } = this.#owner.memory;
		const database = this.#owner.database();
		const before = module._sqlite3_total_changes(database);
		this.#execute(params, () => true);
		const changed = module._sqlite3_total_changes(database) !== before;
		const low = module._sqlite3_last_insert_rowid(database);
		return {
			changes: changed ? module._sqlite3_changes(database) : 0,
			lastId: joinHalves(low, module._getTempRet0())
		};
	}

	/** Steps through the rows until `visit` has enough, and leaves the statement ready for the next execution. */
	#execute(params: readonly SqlValue[], visit: (statement: number) => boolean): void {
		const { module } = this.#owner.memory;
		// Asked first: after `close` it throws, and nothing may be compiled.
		this.#owner.database();
		if (this.#pointer === 0) {
			this.#pointer = compile(this.#owner, this.sql);
			this.#owner.adopt(this);
		}
		const statement = this.#pointer;
		try {
			this.#bind(statement, params);
			for (;;) {
				const code = module._sqlite3_step(statement);
				if (code === sqliteDone) return;
				if (code !== sqliteRow) throw this.#owner.fault();
				if (!visit(statement)) return;
			}
		} finally {
			module._sqlite3_reset(statement);
			this.#owner.memory.reset();
		}
	}

	#bind(statement: number, params: readonly SqlValue[]): void {
		if (params.length !== this.#parameters)
			throw new SqlFault('defect', sqliteRange, `${this.#parameters} parameters wanted, ${params.length} given`);
		let index = 0;
		for (const value of params) {
			if (this.#bindOne(statement, ++index, value) !== sqliteOk) throw this.#owner.fault();
		}
	}

	#bindOne(statement: number, index: number, value: SqlValue): number {
		const { memory } = this.#owner;
		const { module } = memory;
		if (value === null) return module._sqlite3_bind_null(statement, index);
		if (typeof value === 'number') return bindNumber(memory, statement, index, value);
		// The last argument says that the value stays where it is until the statement is reset.
		if (typeof value === 'string') {
			const { pointer, bytes } = memory.lendText(value);
			return module._sqlite3_bind_text(statement, index, pointer, bytes, 0);
		}
		if (value instanceof Uint8Array)
			return module._sqlite3_bind_blob(statement, index, memory.lendBytes(value), value.length, 0);
		throw new SqlFault('defect', sqliteMisuse, `cannot bind ${typeof value}`);
	}

	#row(statement: number): SqlRow {
		const row: Record<string, SqlValue> = {};
		let column = 0;
		for (const name of this.#columns) row[name] = this.#value(statement, column++);
		return row;
	}

	#value(statement: number, column: number): SqlValue {
		const { memory } = this.#owner;
		const { module } = memory;
		switch (module._sqlite3_column_type(statement, column)) {
			case integerType:
			// An integer below 2^53 is exact as a double, and comes over in one call instead of two.
			case floatType:
				return module._sqlite3_column_double(statement, column);
			case textType: {
				const text = module._sqlite3_column_text(statement, column);
				return memory.text(text, module._sqlite3_column_bytes(statement, column));
			}
			case blobType: {
				const blob = module._sqlite3_column_blob(statement, column);
				return memory.bytes(blob, module._sqlite3_column_bytes(statement, column));
			}
			default:
				return null;
		}
	}
}

function bindNumber({ module }: Memory, statement: number, index: number, value: number): number {
	if ((value | 0) === value) return module._sqlite3_bind_int(statement, index, value);
	if (!Number.isSafeInteger(value)) return module._sqlite3_bind_double(statement, index, value);
	return module._sqlite3_bind_int64(statement, index, value | 0, Math.floor(value / 0x1_0000_0000));
}

function compile(owner: StatementOwner, sql: string): number {
	const { memory } = owner;
	const { module } = memory;
	const database = owner.database();
	try {
		const { pointer, bytes } = memory.lendText(sql);
		const out = memory.reserve(8);
		const code = module._sqlite3_prepare_v3(database, pointer, bytes + 1, preparePersistent, out, out + 4);
		if (code !== sqliteOk) throw owner.fault();
		const [statement = 0, tail = 0] = module.HEAP32.subarray(out >> 2, (out >> 2) + 2);
		const problem = problemOf(memory, statement, memory.text(tail, pointer + bytes - tail));
		if (problem === null) return statement;
		module._sqlite3_finalize(statement);
		throw sqlFault(sqliteMisuse, problem);
	} finally {
		memory.reset();
	}
}

/** What SQLite would take and the other hosts' engine refuses. */
function problemOf({ module }: Memory, statement: number, tail: string): string | null {
	if (statement === 0) return 'no statement';
	if (tail.trim() !== '') return 'more than one statement';
	for (let index = module._sqlite3_bind_parameter_count(statement); index > 0; index--)
		if (module._sqlite3_bind_parameter_name(statement, index) !== 0) return 'parameters are plain question marks';
	return null;
}
