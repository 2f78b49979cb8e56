import { SqlFault, type SqlCode } from '#core/ports';

/** SQLite's result codes and flags that pass between it and this host (sqlite.org/rescode.html, /c3ref/constlist.html). */
export const sqliteOk = 0;
export const sqliteFull = 13;
export const sqliteNotFound = 12;
export const sqliteCantOpen = 14;
export const sqliteRow = 100;
export const sqliteDone = 101;
export const sqliteIoError = {
	read: 266,
	shortRead: 522,
	write: 778,
	fsync: 1034,
	truncate: 1546,
	fstat: 1802,
	delete: 2570,
	access: 3338,
	close: 4106
} as const;
export const openReadWriteCreate = 0x6;
export const preparePersistent = 0x1;
export const undeletableWhenOpen = 0x800;

const codesByPrimary: Readonly<Record<number, SqlCode>> = {
	3: 'read-only',
	5: 'busy',
	8: 'read-only',
	10: 'io',
	11: 'corrupt',
	[sqliteFull]: 'full',
	[sqliteCantOpen]: 'io',
	15: 'busy',
	26: 'not-a-database'
};

/** The fault that an extended result code stands for. */
export function sqlFault(resultCode: number, message: string): SqlFault {
	return new SqlFault(codesByPrimary[resultCode & 0xff] ?? 'defect', resultCode, message);
}
