/** What the engine uses of SQLite compiled to WebAssembly; the package has no types for its build. Pointers are numbers. */
declare module '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.mjs' {
	export type SqliteModule = {
		/** A new view whenever the memory has grown: never kept in a variable across a call. */
		readonly HEAPU8: Uint8Array<ArrayBuffer>;
		readonly HEAP32: Int32Array<ArrayBuffer>;
		/** The upper half of the last 64-bit answer. */
		_getTempRet0(): number;
		_malloc(bytes: number): number;
		_free(pointer: number): void;
		/** Stops at NUL. */
		UTF8ToString(pointer: number): string;
		vfs_register(vfs: object, makeDefault: boolean): number;
		_sqlite3mc_vfs_create(name: number, makeDefault: number): number;
		_sqlite3_libversion(): number;
		_sqlite3_open_v2(path: number, database: number, flags: number, vfs: number): number;
		_sqlite3_close(database: number): number;
		_sqlite3_extended_result_codes(database: number, on: number): number;
		_sqlite3_extended_errcode(database: number): number;
		_sqlite3_errmsg(database: number): number;
		_sqlite3_get_autocommit(database: number): number;
		_sqlite3_total_changes(database: number): number;
		_sqlite3_changes(database: number): number;
		_sqlite3_last_insert_rowid(database: number): number;
		_sqlite3_exec(database: number, sql: number, callback: 0, argument: 0, error: 0): number;
		_sqlite3_prepare_v3(
			database: number,
			sql: number,
			bytes: number,
			flags: number,
			statement: number,
			tail: number
		): number;
		_sqlite3_finalize(statement: number): number;
		_sqlite3_step(statement: number): number;
		_sqlite3_reset(statement: number): number;
		_sqlite3_bind_parameter_count(statement: number): number;
		_sqlite3_bind_parameter_name(statement: number, index: number): number;
		_sqlite3_bind_null(statement: number, index: number): number;
		_sqlite3_bind_int(statement: number, index: number, value: number): number;
		_sqlite3_bind_int64(statement: number, index: number, low: number, high: number): number;
		_sqlite3_bind_double(statement: number, index: number, value: number): number;
		_sqlite3_bind_text(statement: number, index: number, text: number, bytes: number, free: number): number;
		_sqlite3_bind_blob(statement: number, index: number, blob: number, bytes: number, free: number): number;
		_sqlite3_column_count(statement: number): number;
		_sqlite3_column_name(statement: number, column: number): number;
		_sqlite3_column_type(statement: number, column: number): number;
		_sqlite3_column_double(statement: number, column: number): number;
		_sqlite3_column_text(statement: number, column: number): number;
		_sqlite3_column_blob(statement: number, column: number): number;
		_sqlite3_column_bytes(statement: number, column: number): number;
	};
	export default function load(options: {
		/** The compiled code itself, where it cannot be fetched. */
		readonly wasmBinary?: Uint8Array;
		/** The address that the code is fetched from. */
		readonly locateFile?: () => string;
	}): Promise<SqliteModule>;
}
