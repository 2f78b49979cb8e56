import { err, nameSortKey, ok, type EntryId, type Result } from '#core/kernel';
import type { Database } from '#core/schema';
import type { Location } from '#core/volumes';
import { readChildByName, readEntry } from './read-entries.ts';
import type { EntryFailure, EntryRow } from './schema.ts';

/** The segments of a path; repeated and trailing slashes mean nothing. */
function segmentsOf(path: string): string[] {
	return path.split('/').filter((segment) => segment !== '');
}

function normalForms(name: string): string[] {
	return [...new Set([name, name.normalize('NFC'), name.normalize('NFD')])];
}

/** The child called `name`: exactly, or else in another Unicode form, as people type one and disks hold another. */
function findChild(database: Database, folder: EntryId, name: string): EntryRow | null {
	for (const form of normalForms(name)) {
		const child = readChildByName(database, folder, form, nameSortKey(form));
		if (child !== null) return child;
	}
	return null;
}

/**
 * The entry that `path` names: `/<location>/a/b`, or `a/b` below `from`. `..` goes up and never above the
 * location's folder. Run inside `read`.
 */
export function resolvePath(
	database: Database,
	locations: readonly Location[],
	path: string,
	from: EntryId | null
): Result<EntryRow, EntryFailure> {
	const missing = (nearest: EntryRow | null): Result<EntryRow, EntryFailure> =>
		err({ type: 'PathMissing', path, nearest: nearest?.id ?? null });
	const [first, ...others] = segmentsOf(path);
	const isAbsolute = path.startsWith('/') || from === null;
	const location = isAbsolute ? locations.find(({ name }) => normalForms(first ?? '').includes(name)) : undefined;
	const startId = isAbsolute ? location?.entry : from;
	let entry = startId === undefined || startId === null ? null : readEntry(database, startId);
	for (const segment of isAbsolute ? others : segmentsOf(path)) {
		if (entry === null) return missing(null);
		if (segment === '.') continue;
		const next: EntryRow | null =
			segment !== '..'
				? findChild(database, entry.id, segment)
				: entry.parent === null
					? entry
					: readEntry(database, entry.parent);
		if (next === null) return missing(entry);
		entry = next;
	}
	return entry === null ? missing(null) : ok(entry);
}
