import { SqlFault, type SqlCode } from '#core/ports';

/** Primary result codes of SQLite (sqlite.org/rescode.html) that say something of the disk. */
const primaryCodes: Readonly<Record<string, readonly [number, SqlCode]>> = {
	PERM: [3, 'read-only'],
	BUSY: [5, 'busy'],
	READONLY: [8, 'read-only'],
	IOERR: [10, 'io'],
	CORRUPT: [11, 'corrupt'],
	FULL: [13, 'full'],
	CANTOPEN: [14, 'io'],
	PROTOCOL: [15, 'busy'],
	NOTADB: [26, 'not-a-database']
};

/** Names of SQLITE_IOERR_*, in the order of their numbers from 1. */
const ioErrors = (
	'READ SHORT_READ WRITE FSYNC DIR_FSYNC TRUNCATE FSTAT UNLOCK RDLOCK DELETE BLOCKED NOMEM ACCESS CHECKRESERVEDLOCK ' +
	'LOCK CLOSE DIR_CLOSE SHMOPEN SHMSIZE SHMLOCK SHMMAP SEEK DELETE_NOENT MMAP GETTEMPPATH CONVPATH VNODE AUTH ' +
	'BEGIN_ATOMIC COMMIT_ATOMIC ROLLBACK_ATOMIC DATA CORRUPTFS IN_PAGE'
).split(' ');

function codeOf(error: Error): string {
	return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The fault that an error of the engine stands for; what is not the engine's is thrown on. */
export function sqlFault(error: unknown): SqlFault {
	if (!(error instanceof Error)) throw error;
	const [prefix, primary = '', ...rest] = codeOf(error).split('_');
	const known = prefix === 'SQLITE' ? primaryCodes[primary] : undefined;
	if (!known) return new SqlFault('defect', 1, `${codeOf(error)} ${error.message}`.trim());
	const [number, code] = known;
	const extended = primary === 'IOERR' ? ioErrors.indexOf(rest.join('_')) + 1 : 0;
	return new SqlFault(code, (extended << 8) | number, error.message);
}
