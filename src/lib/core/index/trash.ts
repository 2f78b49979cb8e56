import { entryId, foldName, invariant, locationId, nameSortKey, type EntryId, type LocationId } from '#core/kernel';
import type { DiskEntry } from '#core/ports';
import { entryKindCode, type Database } from '#core/schema';
import { moveEntry, type MoveTarget } from './move-entry.ts';
import { readEntry, readUsage } from './read-entries.ts';
import { giveNumber } from './renumber.ts';
import type { Usage } from './schema.ts';
import { insertEntry, type Tree } from './tree.ts';

/**
 * The trash of a location: entries keep their numbers and what hangs on them, and are of no location any more. What has
 * no row in `directory` is read by no run, counts as a copy of nothing and is part of no sum.
 */

/** What lies in the trash. */
export type Trashed = {
	readonly entry: EntryId;
	readonly location: LocationId;
	/** The folder in `.atoll-trash`, and the name in there. */
	readonly bin: string;
	readonly name: string;
	/** Where it was. */
	readonly folder: EntryId;
	readonly originalName: string;
	/** The names from the location down to the folder that it was in, joined by slashes. */
	readonly originalPath: string;
	readonly trashedMs: number;
	readonly usage: Usage;
};

function binEntry(tree: Tree, location: LocationId, bin: string): EntryId {
	const { database } = tree;
	const [known] = database
		.prepare('SELECT entry FROM trash_bin WHERE location = ? AND name = ?')
		.column([location, bin]);
	if (known !== undefined) return entryId(known);
	const id = entryId(tree.numbers.take(1));
	database
		.prepare('INSERT INTO entry (id, parent, kind, name, sortKey, sizeBytes) VALUES (?, NULL, ?, ?, ?, 0)')
		.run([id, entryKindCode('directory'), bin, nameSortKey(bin)]);
	database.prepare('INSERT INTO closure (ancestor, descendant, depth) VALUES (?, ?, 0)').run([id, id]);
	database.prepare('INSERT INTO trash_bin (entry, location, name) VALUES (?, ?, ?)').run([id, location, bin]);
	tree.names.add(id, bin);
	return id;
}

/** `planned`: what it holds, as far as the library knew when that was planned; itself counted too. */
export type Trashing = Omit<Trashed, 'usage' | 'entry' | 'name'> & {
	readonly planned: { readonly items: number; readonly sizeBytes: number };
};

/** Puts an entry with all below it into a bin, under the name that `disk` has there. */
export function writeTrashed(tree: Tree, id: EntryId, trashing: Trashing, disk: DiskEntry): void {
	const { database } = tree;
	const folder = binEntry(tree, trashing.location, trashing.bin);
	const target: MoveTarget = { folder, location: trashing.location, run: 0 };
	// A watch that has missed it in its place has taken it out of the index.
	const isGone = readEntry(database, id) === null;
	if (isGone) giveNumber(tree, insertEntry(tree, folder, trashing.location, disk), id);
	// What was in it is out of the index too.
	const isLost = isGone && disk.kind === 'directory';
	const { items, sizeBytes: lostBytes } = trashing.planned;
	const usage = isLost ? { files: items - 1, folders: 0, sizeBytes: lostBytes } : readUsage(database, id);
	if (!isGone && !moveEntry(tree, id, target, disk)) return;
	// After the sums of the folders above were written.
	tree.tally.write();
	database
		.prepare('DELETE FROM directory WHERE entry IN (SELECT descendant FROM closure WHERE ancestor = ?)')
		.run([id]);
	database
		.prepare(
			`INSERT OR REPLACE INTO trashed (entry, location, folder, originalName, originalPath, trashedMs, files, folders, sizeBytes)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
		)
		.run([
			id,
			trashing.location,
			trashing.folder,
			trashing.originalName,
			trashing.originalPath,
			trashing.trashedMs,
			usage.files,
			usage.folders,
			usage.sizeBytes
		]);
}

/** Gives the folders of a tree their rows back, each with the sums of what lies below it. */
export function insertDirectories(database: Database, top: EntryId, location: LocationId): void {
	database
		.prepare(
			`INSERT INTO directory (entry, location, run, files, folders)
			WITH own (folder, files, folders) AS MATERIALIZED (
				SELECT descendant,
					(SELECT count(*) FROM entry WHERE parent = descendant AND (kind <> 0) = 1),
					(SELECT count(*) FROM entry WHERE parent = descendant AND (kind <> 0) = 0)
				FROM closure WHERE ancestor = ?
			)
			SELECT own.folder, ?, 0, sum(below.files), sum(below.folders)
			FROM own JOIN closure ON closure.ancestor = own.folder JOIN own AS below ON below.folder = closure.descendant
			GROUP BY own.folder`
		)
		.run([top, location]);
}

/** Takes an entry out of the trash into `target`. */
export function writeRestored(tree: Tree, id: EntryId, target: MoveTarget, disk: DiskEntry): void {
	const { database } = tree;
	database.prepare('DELETE FROM trashed WHERE entry = ?').run([id]);
	insertDirectories(database, id, target.location);
	const [bin] = database.prepare('SELECT parent FROM entry WHERE id = ?').column([id]);
	const isMoved = moveEntry(tree, id, target, disk);
	invariant(isMoved, 'what is restored was in the trash');
	dropEmptyBin(tree, bin);
}

/** Forgets a bin that holds nothing any more. */
export function dropEmptyBin({ database, names, tally }: Tree, bin: unknown): void {
	if (typeof bin !== 'number') return;
	// Not how many there are: of 100,000 that would be counted 100,000 times.
	const held = database.prepare('SELECT 1 FROM entry WHERE parent = ? LIMIT 1').get([bin]);
	const known =
		held === undefined ? database.prepare('SELECT name FROM trash_bin WHERE entry = ?').get([bin]) : undefined;
	if (known === undefined) return;
	tally.write();
	names.remove(entryId(bin), String(known['name']));
	database.prepare('DELETE FROM trash_bin WHERE entry = ?').run([bin]);
	database.prepare('DELETE FROM closure WHERE descendant = ?').run([bin]);
	database.prepare('DELETE FROM entry WHERE id = ?').run([bin]);
}

const selectTrashed = `SELECT trashed.entry, trashed.location, trash_bin.name AS bin, entry.name AS name, trashed.folder,
		trashed.originalName, trashed.originalPath, trashed.trashedMs, trashed.files, trashed.folders, trashed.sizeBytes
	FROM trashed JOIN entry ON entry.id = trashed.entry JOIN trash_bin ON trash_bin.entry = entry.parent`;

type Row = Readonly<Record<string, unknown>>;

function rowToTrashed(row: Row): Trashed {
	return {
		entry: entryId(row['entry']),
		location: locationId(row['location']),
		bin: String(row['bin']),
		name: String(row['name']),
		folder: entryId(row['folder']),
		originalName: String(row['originalName']),
		originalPath: String(row['originalPath']),
		trashedMs: Number(row['trashedMs']),
		usage: { files: Number(row['files']), folders: Number(row['folders']), sizeBytes: Number(row['sizeBytes']) }
	};
}

export function readTrashed(database: Database, id: EntryId): Trashed | null {
	const row = database.prepare(`${selectTrashed} WHERE trashed.entry = ?`).get([id]);
	return row === undefined ? null : rowToTrashed(row);
}

/** What lies in the trash, the latest first, from `offset` on. */
export function readTrash(
	database: Database,
	{ offset, limit }: { readonly offset: number; readonly limit: number }
): { readonly items: readonly Trashed[]; readonly count: number; readonly sizeBytes: number } {
	const sums = database
		.prepare('SELECT count(*) AS count, coalesce(sum(sizeBytes), 0) AS sizeBytes FROM trashed')
		.get();
	const items = database
		.prepare(`${selectTrashed} ORDER BY trashed.trashedMs DESC, trashed.entry DESC LIMIT ? OFFSET ?`)
		.all([limit, offset])
		.map(rowToTrashed);
	return { items, count: Number(sums?.['count'] ?? 0), sizeBytes: Number(sums?.['sizeBytes'] ?? 0) };
}

export const trashOrders = ['trashed', 'name', 'place', 'size'] as const;
export type TrashOrder = { readonly by: (typeof trashOrders)[number]; readonly descending: boolean };

type TrashIds = { readonly ids: Float64Array; readonly sizeBytes: number; readonly all: number };

/** What the database puts in order by itself; the others by what a name or a place is sorted by. */
const orderedBySql: { readonly [By in TrashOrder['by']]: string } = {
	trashed: 'trashedMs',
	size: 'sizeBytes',
	name: 'entry',
	place: 'entry'
};

type Told = { readonly id: number; readonly name: string; readonly place: string; readonly sizeBytes: number };

function sortTold(told: readonly Told[], keyOf: (one: Told) => string, sign: 1 | -1): Told[] {
	const keyed = told.map((one) => ({ one, key: keyOf(one) }));
	const sorted = keyed.toSorted((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : a.one.id - b.one.id));
	return sorted.map(({ one }) => one);
}

/**
 * Of what lies in the trash, all whose names hold every one of `words`, whatever their case and accents, in an order; and
 * the bytes of that. `all`: how much lies there at all.
 */
export function readTrashIds(database: Database, words: string, { by, descending }: TrashOrder): TrashIds {
	const wanted = foldName(words)
		.split(/\s+/)
		.filter((word) => word !== '');
	const way = descending ? 'DESC' : 'ASC';
	const order = `ORDER BY ${orderedBySql[by]} ${way}, entry ${way}`;
	const isByName = by === 'name' || by === 'place';
	const sums = database.prepare('SELECT count(*) AS "all", coalesce(sum(sizeBytes), 0) AS bytes FROM trashed').get();
	const all = Number(sums?.['all'] ?? 0);
	// Rows with names cost ten times as much as numbers: the list that opens has none.
	if (wanted.length === 0 && !isByName) {
		const ids = database.prepare(`SELECT entry FROM trashed ${order}`).column([]);
		return { ids: Float64Array.from(ids, Number), sizeBytes: Number(sums?.['bytes'] ?? 0), all };
	}
	const place = by === 'place' ? `location || '/' || originalPath || '/'` : `''`;
	const told = database
		.prepare(`SELECT entry, originalName AS name, ${place} AS place, sizeBytes FROM trashed ${order}`)
		.all([])
		.map((row) => ({
			id: Number(row['entry']),
			name: String(row['name']),
			place: String(row['place']),
			sizeBytes: Number(row['sizeBytes'])
		}));
	const found = told.filter(({ name }) => {
		const folded = wanted.length === 0 ? '' : foldName(name);
		return wanted.every((word) => folded.includes(word));
	});
	const sorted = isByName
		? sortTold(found, ({ place: at, name }) => nameSortKey(at + name), descending ? -1 : 1)
		: found;
	return {
		ids: Float64Array.from(sorted, ({ id }) => id),
		sizeBytes: found.reduce((sum, one) => sum + one.sizeBytes, 0),
		all
	};
}

/** What lies in the trash under these numbers, in their order; what does not is left out. */
export function readTrashRows(database: Database, ids: readonly number[]): Trashed[] {
	const statement = database.prepare(`${selectTrashed} WHERE trashed.entry = ?`);
	return ids.flatMap((id) => {
		const row = statement.get([id]);
		return row === undefined ? [] : [rowToTrashed(row)];
	});
}

/** What is in the trash itself and holds `folder`, or is it; null where that lies in no trash. */
export function readTrashedAbove(database: Database, folder: EntryId): EntryId | null {
	const [found] = database
		.prepare(
			'SELECT trashed.entry FROM closure JOIN trashed ON trashed.entry = closure.ancestor WHERE closure.descendant = ?'
		)
		.column([folder]);
	return found === undefined ? null : entryId(found);
}

/** What was put into the trash before `beforeMs`, or all of it where that is null. */
export function readTrashedBefore(database: Database, beforeMs: number | null): EntryId[] {
	return database
		.prepare('SELECT entry FROM trashed WHERE trashedMs < ? ORDER BY entry')
		.column([beforeMs ?? Number.MAX_SAFE_INTEGER])
		.map(entryId);
}

/** What lies in the trash of one location, or of all where that is null; put there before `beforeMs`, where that is given. */
export function countTrash(
	database: Database,
	location: LocationId | null,
	beforeMs: number | null
): { readonly items: number; readonly sizeBytes: number } {
	const row = database
		.prepare(
			`SELECT count(*) AS items, coalesce(sum(sizeBytes), 0) AS sizeBytes FROM trashed
			WHERE trashedMs < ? AND location = coalesce(?, location)`
		)
		.get([beforeMs ?? Number.MAX_SAFE_INTEGER, location]);
	return { items: Number(row?.['items'] ?? 0), sizeBytes: Number(row?.['sizeBytes'] ?? 0) };
}

/** Whether an entry lies in the trash, with whatever holds it, or is a bin. */
export function isInTrash(database: Database, id: EntryId): boolean {
	const found = database
		.prepare(
			`SELECT 1 FROM entry JOIN closure ON closure.descendant = coalesce(entry.parent, entry.id)
			JOIN trash_bin ON trash_bin.entry = closure.ancestor WHERE entry.id = ?`
		)
		.get([id]);
	return found !== undefined;
}

export function hasTrash(database: Database): boolean {
	return database.prepare('SELECT 1 FROM trash_bin LIMIT 1').get() !== undefined;
}

/** Files of these trashed trees whose bytes are in no location, as far as they were looked at; and their bytes. */
export function countLastCopies(
	database: Database,
	entries: readonly EntryId[]
): { readonly files: number; readonly sizeBytes: number } {
	const row = database
		.prepare(
			`WITH wanted AS (SELECT value AS id FROM json_each(?)),
			lost AS (
				SELECT entry.id, entry.content, entry.sizeBytes FROM wanted JOIN entry ON entry.id = wanted.id AND entry.kind = 1
				UNION
				SELECT entry.id, entry.content, entry.sizeBytes FROM wanted JOIN closure ON closure.ancestor = wanted.id
					JOIN entry ON entry.parent = closure.descendant AND entry.kind = 1
			)
			SELECT count(*) AS files, coalesce(sum(sizeBytes), 0) AS sizeBytes FROM lost
			WHERE sizeBytes > 0 AND NOT EXISTS (
				SELECT 1 FROM entry AS other JOIN directory ON directory.entry = other.parent
				WHERE other.kind = 1 AND other.content = lost.content AND other.proven <> 2)`
		)
		.get([JSON.stringify(entries)]);
	return { files: Number(row?.['files'] ?? 0), sizeBytes: Number(row?.['sizeBytes'] ?? 0) };
}
