import { err, type Result } from '#core/kernel';
import { SqlFault, type DatabaseFailure } from '#core/ports';
import { exceptionName } from './stored-folder.ts';

/** What people call the place where this host keeps everything. */
export const browserStorage = 'browser storage';

/** What an exception of the platform or a fault of SQLite means for a library; `where` is what people call the storage. */
export function storageFailure(error: unknown, where: string): Result<never, DatabaseFailure> {
	if (error instanceof SqlFault) return faultFailure(error, where);
	const code = exceptionName(error);
	switch (code) {
		case 'QuotaExceededError':
			return err({ type: 'DiskFull', where, retry: 'soon' });
		case 'NoModificationAllowedError':
			return err({ type: 'LibraryBusy', holder: 'another tab', retry: 'soon' });
		case 'SecurityError':
		case 'NotAllowedError':
			return err({ type: 'StorageDenied', where, retry: 'never' });
		default:
			return err({ type: 'StorageFailed', code, retry: 'soon' });
	}
}

function faultFailure(fault: SqlFault, where: string): Result<never, DatabaseFailure> {
	switch (fault.code) {
		case 'full':
			return err({ type: 'DiskFull', where, retry: 'soon' });
		case 'corrupt':
		case 'not-a-database':
			return err({ type: 'LibraryDamaged', detail: `SQLite ${fault.sqliteCode}`, retry: 'never' });
		case 'busy':
		case 'read-only':
		case 'io':
			return err({ type: 'StorageFailed', code: `SQLite ${fault.sqliteCode}`, retry: 'soon' });
		case 'defect':
			throw fault;
	}
}
