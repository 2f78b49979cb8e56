import { contentId, entryId, locationId, type ContentId, type EntryId, type LocationId } from '#core/kernel';
import { readContent, type Content } from '#core/content';
import type { Database } from '#core/schema';
import { readEntry, readLocated } from './read-entries.ts';
import type { LocatedEntry } from './schema.ts';

/** An entry with where it is. `proven`: by every byte. */
export type PlacedEntry = LocatedEntry & { readonly proven: boolean };

/** Files of the same bytes, by their quick identity or, where they are proven, by every byte. */
export type DuplicateGroup = {
	readonly content: Content;
	/** What one of them is called. */
	readonly name: string;
	/** Files on disk: hard links of one file count once, as they take its room once. */
	readonly files: number;
	/** Names, hard links and all. */
	readonly entries: number;
	/** What all but one of the files take. */
	readonly wasteBytes: number;
	/** Whether every byte of every copy was read and is the same. */
	readonly proven: boolean;
};

/** Largest waste first; `groups` and `wasteBytes` are of all, not only of those given. */
export type Duplicates = {
	readonly groups: number;
	readonly wasteBytes: number;
	/** Files whose content is not known yet, and which may be copies too. */
	readonly unknown: number;
	readonly found: readonly DuplicateGroup[];
};

/** Files below one folder whose content is nowhere else. */
export type AtRiskPart = {
	/** A folder, or the folder asked about for what lies in it directly. */
	readonly entry: EntryId;
	readonly name: string;
	readonly files: number;
	readonly sizeBytes: number;
};
export type AtRisk = {
	readonly files: number;
	readonly sizeBytes: number;
	readonly unknown: number;
	/** Most bytes first. */
	readonly parts: readonly AtRiskPart[];
};

/** What the bytes of one file are, and where else they are. */
export type FileContent = {
	/** Null while nobody has looked. */
	readonly content: Content | null;
	readonly proven: boolean;
	/** A scrub has found other bytes in it than those of its content. */
	readonly damaged: boolean;
	/** All whole entries of the content but the one asked about; at most as many as asked for. */
	readonly copies: readonly PlacedEntry[];
	readonly copiesCount: number;
};

/**
 * What tells one file on a disk from another. Hard links have one inode and all times in common; the location
 * stands for the file system.
 */
const oneFile = `CASE WHEN entry.inode IS NULL THEN 'e' || entry.id
	ELSE directory.location || ':' || entry.inode || ':' || coalesce(entry.modifiedMs, '') END`;

/** Contents with more than one entry, from the index on contents alone. */
const shared = `SELECT content FROM entry WHERE kind = 1 AND content IS NOT NULL GROUP BY content HAVING count(*) > 1`;

const below = (folder: EntryId | null) =>
	folder === null ? '' : 'AND entry.parent IN (SELECT descendant FROM closure WHERE ancestor = ?)';
const belowArgs = (folder: EntryId | null) => (folder === null ? [] : [folder]);

function countUnknown(database: Database, folder: EntryId | null): number {
	const sql = `SELECT count(*) FROM entry WHERE kind = 1 AND content IS NULL ${below(folder)}`;
	return Number(database.prepare(sql).column(belowArgs(folder))[0] ?? 0);
}

/** Duplicates among the files below `folder`, or of the whole library; empty files waste nothing. Run inside `read`. */
export function readDuplicates(
	database: Database,
	{ folder, offset, limit }: { readonly folder: EntryId | null; readonly offset: number; readonly limit: number }
): Duplicates {
	const rows = database
		.prepare(
			`SELECT entry.content, min(entry.id) AS first, content.sizeBytes, count(*) AS entries, count(DISTINCT ${oneFile}) AS fileCount,
				min(entry.proven = 1) AS proven
			FROM (${shared}) AS many JOIN entry ON entry.kind = 1 AND entry.content = many.content
				JOIN content ON content.id = many.content JOIN directory ON directory.entry = entry.parent
			WHERE content.sizeBytes > 0 AND entry.proven <> 2 ${below(folder)}
			GROUP BY entry.content HAVING fileCount > 1
			ORDER BY (fileCount - 1) * content.sizeBytes DESC, entry.content`
		)
		.all(belowArgs(folder));
	const groups = rows.map((row) => {
		const [files, sizeBytes] = [Number(row['fileCount']), Number(row['sizeBytes'])];
		return {
			id: contentId(row['content']),
			first: entryId(row['first']),
			files,
			entries: Number(row['entries']),
			wasteBytes: (files - 1) * sizeBytes,
			proven: row['proven'] === 1
		};
	});
	const found = groups.slice(offset, offset + limit).flatMap(({ id, first, ...group }) => {
		const content = readContent(database, id);
		return content === null ? [] : [{ content, name: readEntry(database, first)?.name ?? '', ...group }];
	});
	return {
		groups: groups.length,
		wasteBytes: groups.reduce((sum, { wasteBytes }) => sum + wasteBytes, 0),
		unknown: countUnknown(database, folder),
		found
	};
}

/** The entries of a content below `folder`, with where they are; at most `limit`. Run inside `read`. */
export function readCopies(
	database: Database,
	{ content, folder, limit }: { readonly content: ContentId; readonly folder: EntryId | null; readonly limit: number }
): PlacedEntry[] {
	const sql = `SELECT entry.id, proven FROM entry JOIN directory ON directory.entry = entry.parent
		WHERE kind = 1 AND content = ? AND proven <> 2 ${below(folder)} ORDER BY entry.id LIMIT ?`;
	const rows = database.prepare(sql).all([content, ...belowArgs(folder), limit]);
	const proven = new Set(rows.filter((row) => row['proven'] === 1).map((row) => row['id']));
	return readLocated(
		database,
		rows.map((row) => Number(row['id']))
	).map((row) => ({ ...row, proven: proven.has(row.id) }));
}

/** What is known of the bytes of a file. Run inside `read`. */
export function readFileContent(database: Database, entry: EntryId, limit: number): FileContent {
	const row = database.prepare('SELECT content, proven FROM entry WHERE id = ?').get([entry]);
	const id = row?.['content'];
	const content = typeof id === 'number' ? readContent(database, contentId(id)) : null;
	if (content === null) return { content, proven: false, damaged: false, copies: [], copiesCount: 0 };
	const counted = database
		.prepare(
			`SELECT count(*) FROM entry JOIN directory ON directory.entry = entry.parent
			WHERE kind = 1 AND content = ? AND proven <> 2 AND id <> ?`
		)
		.column([content.id, entry]);
	const copies = readCopies(database, { content: content.id, folder: null, limit: limit + 1 });
	return {
		content,
		proven: row?.['proven'] === 1,
		damaged: row?.['proven'] === 2,
		copies: copies.filter((copy) => copy.id !== entry).slice(0, limit),
		copiesCount: Number(counted[0] ?? 0)
	};
}

/**
 * One entry of each content that is one file on one disk, hard links or not; empty files are no loss. A damaged file is
 * no copy of another.
 */
const single = `SELECT min(entry.id) AS entry FROM entry WHERE kind = 1 AND content IS NOT NULL GROUP BY content
		HAVING count(*) = 1
	UNION ALL
	SELECT min(entry.id) FROM (${shared}) AS many JOIN entry ON entry.kind = 1 AND entry.content = many.content
		JOIN directory ON directory.entry = entry.parent GROUP BY entry.content HAVING count(DISTINCT ${oneFile}) = 1
	UNION
	SELECT min(entry.id) FROM entry JOIN directory ON directory.entry = entry.parent
		WHERE entry.kind = 1 AND entry.proven <> 2 AND entry.content IN (SELECT content FROM entry WHERE proven = 2)
		GROUP BY entry.content HAVING count(DISTINCT ${oneFile}) = 1`;

/**
 * Files whose content the library knows nowhere else, counted for each folder in `folder`, or for each location
 * where that is null. Run inside `read`.
 */
export function readAtRisk(database: Database, folder: EntryId | null): AtRisk {
	const tops =
		folder === null ? 'SELECT entry AS id FROM location' : 'SELECT id FROM entry WHERE parent = ? AND kind = 0';
	const counted = `count(*) AS files, coalesce(sum(entry.sizeBytes), 0) AS sizeBytes`;
	const rows = database
		.prepare(
			`SELECT top.id AS entry, ${counted}
			FROM (${single}) AS one JOIN entry ON entry.id = one.entry
				JOIN closure ON closure.descendant = entry.parent JOIN (${tops}) AS top ON top.id = closure.ancestor
			WHERE entry.sizeBytes > 0 GROUP BY top.id`
		)
		.all(belowArgs(folder));
	if (folder !== null) {
		const sql = `SELECT ${counted} FROM (${single}) AS one JOIN entry ON entry.id = one.entry
			WHERE entry.parent = ? AND entry.sizeBytes > 0`;
		rows.push({ ...database.prepare(sql).get([folder]), entry: folder });
	}
	const parts = rows
		.map((row) => {
			const entry = entryId(row['entry']);
			const name = readEntry(database, entry)?.name ?? '';
			return { entry, name, files: Number(row['files']), sizeBytes: Number(row['sizeBytes']) };
		})
		.filter(({ files }) => files > 0)
		.toSorted((a, b) => b.sizeBytes - a.sizeBytes || b.files - a.files || a.entry - b.entry);
	return {
		files: parts.reduce((sum, { files }) => sum + files, 0),
		sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
		unknown: countUnknown(database, folder),
		parts
	};
}

/** A file of a content, and the location that it is in. */
export type CopyPlace = { readonly entry: EntryId; readonly location: LocationId };

/** Every file that has the identity, of each content where proofs have told several apart. Run inside `read`. */
export function readCopyPlaces(database: Database, identity: Uint8Array): CopyPlace[] {
	return database
		.prepare(
			`SELECT entry.id AS entry, directory.location AS location FROM content
			JOIN entry ON entry.content = content.id AND entry.kind = 1
			JOIN directory ON directory.entry = entry.parent WHERE content.identity = ? AND entry.proven <> 2`
		)
		.all([identity])
		.map((row) => ({ entry: entryId(row['entry']), location: locationId(row['location']) }));
}
