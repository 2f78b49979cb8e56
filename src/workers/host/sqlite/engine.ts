/// <reference path="./wa-sqlite.d.ts" />
import load, { type SqliteModule } from '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.mjs';
import { SqlFault, type SqlConnection } from '#core/ports';
import { openReadWriteCreate, sqlFault, sqliteOk } from './codes.ts';
import { forgetfulFile, LibraryVfs, type SyncFile, type VfsSources } from './library-vfs.ts';
import { Memory } from './memory.ts';
import { WasmStatement, type StatementOwner } from './statement.ts';

/** Statements kept by text. Queries are few; lists of ids of different length are what drives them out. */
const statementsMax = 256;
const sqliteMisuse = 21;

/** The two files of a database. Both stay open for as long as the connection. */
export type DatabaseFiles = { readonly database: SyncFile; readonly journal: SyncFile };

export type OpenDatabase = {
	readonly connection: SqlConnection;
	/** Writes a consistent copy under the same key and salt to the empty `file`, and closes it in any case. */
	copyInto(file: SyncFile): void;
};

export type SqliteEngine = {
	/** SQLite's own version number. */
	readonly version: string;
	/** Opens `files`, reading nothing of them yet. They are closed with the connection, and when opening fails. */
	open(files: DatabaseFiles): OpenDatabase;
};

export type EngineOptions = VfsSources & {
	/** Where the compiled code is fetched from, or the code itself. */
	readonly wasm: { readonly url: string } | { readonly binary: Uint8Array };
	/** The disk under SQLite, where a test wants another one. */
	readonly createVfs?: (module: SqliteModule, sources: VfsSources) => LibraryVfs;
};

/** SQLite with its cipher, in this thread. One engine opens any number of databases. */
export async function createSqliteEngine(options: EngineOptions): Promise<SqliteEngine> {
	const { wasm } = options;
	const module = await load('url' in wasm ? { locateFile: () => wasm.url } : { wasmBinary: wasm.binary });
	const vfs = options.createVfs?.(module, options) ?? new LibraryVfs(module, options);
	const memory = new Memory(module);
	const cipherVfs = registerVfs(memory, vfs);
	let opened = 0;
	return {
		version: module.UTF8ToString(module._sqlite3_libversion()),
		open: (files) => openDatabase(memory, vfs, cipherVfs, `/${++opened}`, files)
	};
}

/** The name of the VFS that encrypts on the way to `vfs`. */
function registerVfs(memory: Memory, vfs: LibraryVfs): string {
	const { module } = memory;
	const registered = module.vfs_register(vfs, false);
	const created = module._sqlite3mc_vfs_create(memory.lendText(vfs.name).pointer, 0);
	memory.reset();
	if (registered !== sqliteOk || created !== sqliteOk) throw new Error('defect: SQLite took no VFS');
	return `multipleciphers-${vfs.name}`;
}

function openDatabase(
	memory: Memory,
	vfs: LibraryVfs,
	cipherVfs: string,
	path: string,
	files: DatabaseFiles
): OpenDatabase {
	const journalPath = `${path}-journal`;
	const release = () => {
		vfs.withdraw(path);
		vfs.withdraw(journalPath);
		files.database.close();
		files.journal.close();
	};
	vfs.admit(path, files.database);
	vfs.admit(journalPath, files.journal);
	try {
		const connection = new WasmConnection(memory, vfs, openPointer(memory, path, cipherVfs), release);
		return { connection, copyInto: (file) => copyInto(connection, vfs, `${path}-copy`, file) };
	} catch (error) {
		release();
		throw error;
	}
}

function openPointer(memory: Memory, path: string, cipherVfs: string): number {
	const { module } = memory;
	const out = memory.reserve(8);
	const code = module._sqlite3_open_v2(
		memory.lendText(path).pointer,
		out,
		openReadWriteCreate,
		memory.lendText(cipherVfs).pointer
	);
	const pointer = module.HEAP32[out >> 2] ?? 0;
	memory.reset();
	if (code === sqliteOk) {
		module._sqlite3_extended_result_codes(pointer, 1);
		return pointer;
	}
	module._sqlite3_close(pointer);
	throw sqlFault(code, 'SQLite opened no database');
}

function copyInto(connection: SqlConnection, vfs: LibraryVfs, path: string, file: SyncFile): void {
	const journalPath = `${path}-journal`;
	vfs.admit(path, file);
	vfs.admit(journalPath, forgetfulFile);
	try {
		connection.prepare('VACUUM INTO ?').run([path]);
		file.flush();
	} finally {
		vfs.withdraw(path);
		vfs.withdraw(journalPath);
		file.close();
	}
}

class WasmConnection implements SqlConnection, StatementOwner {
	readonly memory: Memory;
	readonly #vfs: LibraryVfs;
	readonly #release: () => void;
	/** Every statement that holds an object of SQLite, the one prepared longest ago first. */
	readonly #cache = new Map<string, WasmStatement>();
	#pointer: number;

	constructor(memory: Memory, vfs: LibraryVfs, pointer: number, release: () => void) {
		this.memory = memory;
		this.#vfs = vfs;
		this.#pointer = pointer;
		this.#release = release;
	}

	database(): number {
		if (this.#pointer === 0) throw new SqlFault('defect', sqliteMisuse, 'the connection is closed');
		return this.#pointer;
	}

	fault(): SqlFault {
		const { module } = this.memory;
		const code = module._sqlite3_extended_errcode(this.#pointer);
		const message = module.UTF8ToString(module._sqlite3_errmsg(this.#pointer));
		const fault = sqlFault(code, message);
		const disk = this.#vfs.takeLastError();
		if (disk === '' || (fault.code !== 'io' && fault.code !== 'full')) return fault;
		return sqlFault(code, `${message} (${disk})`);
	}

	get inTransaction(): boolean {
		return this.memory.module._sqlite3_get_autocommit(this.database()) === 0;
	}

	prepare(sql: string): WasmStatement {
		const kept = this.#cache.get(sql);
		if (!kept) return new WasmStatement(this, sql);
		this.adopt(kept);
		return kept;
	}

	adopt(statement: WasmStatement): void {
		const kept = this.#cache.get(statement.sql);
		this.#cache.delete(statement.sql);
		this.#cache.set(statement.sql, statement);
		if (kept && kept !== statement) kept.finalize();
		const [oldest] = this.#cache.values();
		if (this.#cache.size <= statementsMax || !oldest) return;
		this.#cache.delete(oldest.sql);
		oldest.finalize();
	}

	exec(sql: string): void {
		const database = this.database();
		try {
			const code = this.memory.module._sqlite3_exec(database, this.memory.lendText(sql).pointer, 0, 0, 0);
			if (code !== sqliteOk) throw this.fault();
		} finally {
			this.memory.reset();
		}
	}

	close(): void {
		if (this.#pointer === 0) return;
		const pointer = this.#pointer;
		for (const statement of this.#cache.values()) statement.finalize();
		const code = this.memory.module._sqlite3_close(pointer);
		this.#pointer = 0;
		this.#release();
		if (code !== sqliteOk) throw sqlFault(code, 'SQLite kept the database open');
	}
}
