import { ok, type Result } from '#core/kernel';
import type { Database, StorageFailure } from '#core/schema';
import type { LibraryFlaw } from './schema.ts';

/** Messages that SQLite gives at the most; one is enough to act on. */
const messagesMax = 20;

/**
 * Reads every page of the database, which proves each by its own code, and lets SQLite check its structure and
 * references. A page that fails its proof is a flaw of kind `page`, and ends the check.
 */
export function findDatabaseFlaws(database: Database): Result<LibraryFlaw[], StorageFailure> {
	const found = database.read(() => {
		const flaws: LibraryFlaw[] = [];
		for (const message of database.prepare(`PRAGMA integrity_check(${messagesMax})`).column())
			if (message !== 'ok') flaws.push({ kind: 'structure', detail: String(message) });
		for (const row of database.prepare('PRAGMA foreign_key_check').all())
			flaws.push({ kind: 'reference', detail: `${String(row['table'])} ${String(row['rowid'])}` });
		return flaws;
	});
	if (found.ok || found.failure.type !== 'LibraryDamaged') return found;
	return ok([{ kind: 'page', detail: found.failure.detail }]);
}
