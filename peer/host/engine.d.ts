/** What the peer uses of the engine, whose own types its package does not export. */
declare module 'better-sqlite3-multiple-ciphers' {
	type Statement<Row> = {
		readonly reader: boolean;
		all(params: readonly unknown[]): Row[];
		get(params: readonly unknown[]): Row | undefined;
		run(params: readonly unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
		/** From now on a row is its first value. */
		pluck(on: boolean): unknown;
		columns(): readonly { readonly name: string; readonly type: string | null }[];
	};
	export default class Database {
		constructor(path: string, options: { readonly timeout: number });
		readonly open: boolean;
		readonly inTransaction: boolean;
		prepare<Row>(sql: string): Statement<Row>;
		exec(sql: string): unknown;
		close(): unknown;
	}
	export type { Statement };
}
