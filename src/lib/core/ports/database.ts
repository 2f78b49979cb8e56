import type { Result } from '#core/kernel';

/** What SQL binds and returns. Integers are JavaScript numbers and stay below 2^53. */
export type SqlValue = null | number | string | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** Why SQL stopped: `SQLITE_FULL`, `SQLITE_CORRUPT`, `SQLITE_NOTADB`, `SQLITE_BUSY`, I/O, or a mistake of ours. */
export type SqlCode = 'full' | 'corrupt' | 'not-a-database' | 'busy' | 'io' | 'read-only' | 'defect';

/** Thrown by a statement, and turned into a failure or a defect in one place (`schema`'s `read` and `write`). */
export class SqlFault extends Error {
	override readonly name = 'SqlFault';
	readonly code: SqlCode;
	/** SQLite's extended result code, for the log. */
	readonly sqliteCode: number;
	constructor(code: SqlCode, sqliteCode: number, message: string) {
		super(message);
		this.code = code;
		this.sqliteCode = sqliteCode;
	}
}

export interface SqlStatement {
	/** Every row, by column name. */
	all(params?: readonly SqlValue[]): SqlRow[];
	/** The first row, if any. */
	get(params?: readonly SqlValue[]): SqlRow | undefined;
	/** The first column of every row: much cheaper than `all` for long lists of ids. */
	column(params?: readonly SqlValue[]): SqlValue[];
	/** Runs a statement for its effect. `lastId` is the last inserted rowid. */
	run(params?: readonly SqlValue[]): { readonly changes: number; readonly lastId: number };
	/** Whether the statement returns rows. */
	readonly isReader: boolean;
}

/** One open, exclusive connection. All methods are synchronous and throw `SqlFault`. */
export interface SqlConnection {
	/** Prepares one statement; the host may cache by text. */
	prepare(sql: string): SqlStatement;
	/** Runs any number of statements without parameters. */
	exec(sql: string): void;
	/** Whether a transaction is open; SQLite itself ends one when the disk is full. */
	readonly inTransaction: boolean;
	/** Finalises every statement, closes the files and lets go of the library. Safe to call twice. */
	close(): void;
}

export type DatabaseFailure =
	| { readonly type: 'LibraryMissing'; readonly retry: 'never' }
	| { readonly type: 'LibraryExists'; readonly retry: 'never' }
	/** Another process or tab holds it; `holder` is a process id where the host knows it. */
	| { readonly type: 'LibraryBusy'; readonly holder: string; readonly retry: 'soon' }
	/** `where` names the disk or the browser's storage. */
	| { readonly type: 'DiskFull'; readonly where: string; readonly retry: 'soon' }
	| { readonly type: 'StorageDenied'; readonly where: string; readonly retry: 'never' }
	| { readonly type: 'LibraryDamaged'; readonly detail: string; readonly retry: 'never' }
	| { readonly type: 'StorageFailed'; readonly code: string; readonly retry: 'soon' };

/** Bytes at rest that can be read at any offset. */
export interface ByteSource {
	readonly sizeBytes: number;
	/** Exactly `length` bytes at `offset` (fewer only at the end). */
	read(offset: number, length: number, signal: AbortSignal): Promise<Result<Uint8Array, DatabaseFailure>>;
	close(): Promise<void>;
}

/**
 * The place where this host keeps libraries: folders that hold `library.json`, `database.db`, `sidecars/`
 * and a lock. `folder` is a path (Node) or one plain name (browser); it is never made from a person's words
 * in the browser.
 */
export interface DatabasePort {
	/** What people call the place where `folder` lies: a path, or the browser's storage. */
	where(folder: string): string;
	/** Folders that hold a `library.json`, sorted. */
	list(signal: AbortSignal): Promise<Result<readonly string[], DatabaseFailure>>;
	/** The bytes of `library.json`, at most 64 KiB. Falls back to the copy left by an interrupted write. */
	readHeader(folder: string, signal: AbortSignal): Promise<Result<Uint8Array, DatabaseFailure>>;
	/** Replaces `library.json` so that a crash leaves the old or the new, flushed; makes the folder where absent. */
	writeHeader(folder: string, bytes: Uint8Array, signal: AbortSignal): Promise<Result<void, DatabaseFailure>>;
	/** Opens `database.db`, making it where absent, and holds it against every other tab and process until `close`. */
	connect(folder: string, signal: AbortSignal): Promise<Result<SqlConnection, DatabaseFailure>>;
	/** Copies the open database, consistent and still encrypted under the same key, to a file that is read here. */
	snapshot(
		folder: string,
		connection: SqlConnection,
		signal: AbortSignal
	): Promise<Result<ByteSource, DatabaseFailure>>;
	/** Writes a closed library's `database.db` from `chunks`, flushed; refuses where one exists. */
	writeDatabase(
		folder: string,
		chunks: AsyncIterable<Uint8Array>,
		signal: AbortSignal
	): Promise<Result<void, DatabaseFailure>>;
	/** Removes the library's own files; refuses while it is open anywhere. */
	remove(folder: string, signal: AbortSignal): Promise<Result<void, DatabaseFailure>>;
}
