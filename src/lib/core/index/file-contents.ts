import { addToQueue, type Holding, type Wishes } from '#core/analysis';
import { contentId, entryId, locationId, numbersPerSlot, type EntryId, type LocationId } from '#core/kernel';
import { fileKindOf, type FileEntries, type FileEntry } from '#core/content';
import { carrySayings, targetOf } from '#core/metadata';
import type { SqlRow } from '#core/ports';
import type { Database } from '#core/schema';
import { dropUnused } from './drop-unused.ts';
import { pathReader } from './store.ts';

const columns = `entry.id, entry.parent, entry.name, entry.sizeBytes, entry.modifiedMs, entry.inode, entry.content,
	entry.proven, directory.location`;
const withLocation = 'FROM entry JOIN directory ON directory.entry = entry.parent';

const countSql = `SELECT count(*) FILTER (WHERE here) AS files, count(*) FILTER (WHERE here AND isTried) AS tried,
	coalesce(sum(bytes) FILTER (WHERE here), 0) AS bytes, max(id) AS last FROM (
		SELECT pending.id, directory.location = ? AS here, problem.name IS NOT NULL AS isTried,
			CASE WHEN pending.sizeBytes <= ? THEN pending.sizeBytes ELSE ? END AS bytes
		FROM (
			SELECT id, parent, name, sizeBytes FROM entry
			WHERE kind = 1 AND content IS NULL AND id > ? AND id < ${numbersPerSlot} ORDER BY id LIMIT ?
		) AS pending JOIN directory ON directory.entry = pending.parent
		LEFT JOIN problem ON problem.folder = pending.parent AND problem.name = pending.name
	)`;

function numberOrNull(value: unknown): number | null {
	return typeof value === 'number' ? value : null;
}

function rowToFile(row: SqlRow): FileEntry {
	const content = row['content'];
	return {
		id: entryId(row['id']),
		folder: entryId(row['parent']),
		location: locationId(row['location']),
		name: String(row['name']),
		sizeBytes: Number(row['sizeBytes']),
		modifiedMs: numberOrNull(row['modifiedMs']),
		inode: numberOrNull(row['inode']),
		content: typeof content === 'number' ? contentId(content) : null,
		proven: row['proven'] === 1,
		damaged: row['proven'] === 2
	};
}

function writeContent(
	database: Database,
	readWishes: () => Wishes,
	{ id, content, proven }: { readonly id: EntryId; readonly content: number; readonly proven: boolean }
): void {
	const row = database.prepare('SELECT content, sizeBytes FROM entry WHERE id = ?').get([id]);
	const [before, sizeBytes] = [row?.['content'], Number(row?.['sizeBytes'])];
	database.prepare('UPDATE entry SET content = ?, proven = ? WHERE id = ?').run([content, proven ? 1 : 0, id]);
	if (before === content) return;
	carrySayings(database, targetOf(id, before, sizeBytes), targetOf(id, content, sizeBytes));
	const [location] = database
		.prepare('SELECT location FROM directory JOIN entry ON entry.parent = directory.entry WHERE entry.id = ?')
		.column([id]);
	if (location !== undefined) addToQueue(database, readWishes(), content, locationId(location));
	dropUnused(database, before);
}

function linkContent(database: Database, readWishes: () => Wishes, file: FileEntry, content: number): boolean {
	const { changes } = database
		.prepare(
			`UPDATE entry SET content = ? WHERE id = ? AND kind = 1 AND content IS NULL
			AND sizeBytes = ? AND modifiedMs IS ? AND inode IS ?`
		)
		.run([content, file.id, file.sizeBytes, file.modifiedMs, file.inode]);
	if (changes === 0) {
		dropUnused(database, content);
		return false;
	}
	carrySayings(database, file.id, targetOf(file.id, content, file.sizeBytes));
	addToQueue(database, readWishes(), content, file.location);
	return true;
}

/** Every flaw in the ties between entries and contents. */
export const contentChecks: readonly (readonly [string, string])[] = [
	[
		'entries tied to a content that is not there',
		'SELECT count(*) FROM entry WHERE content IS NOT NULL AND content NOT IN (SELECT id FROM content)'
	],
	[
		'contents without an entry',
		`SELECT count(*) FROM content WHERE id NOT IN (SELECT content FROM entry WHERE kind = 1 AND content IS NOT NULL)
		AND id NOT IN (SELECT content FROM lost WHERE content IS NOT NULL)`
	],
	[
		'lost entries tied to a content that is not there, or that are there',
		`SELECT count(*) FROM lost WHERE entry IN (SELECT id FROM entry)
		OR (content IS NOT NULL AND content NOT IN (SELECT id FROM content))`
	],
	['folders and links with a content', 'SELECT count(*) FROM entry WHERE kind <> 1 AND content IS NOT NULL'],
	[
		'entries of another size than their content',
		'SELECT count(*) FROM entry JOIN content ON content.id = entry.content WHERE entry.sizeBytes <> content.sizeBytes'
	],
	[
		'proven entries of an unproven content',
		'SELECT count(*) FROM entry JOIN content ON content.id = entry.content WHERE entry.proven = 1 AND content.proof IS NULL'
	]
];

/** Contents by rising ids from above `after`, with the locations in which they have files. Run inside `read` or `write`. */
export function readHoldings(database: Database, after: number, limit: number): Holding[] {
	const contents = database
		.prepare('SELECT id, kind, sizeBytes FROM content WHERE id > ? ORDER BY id LIMIT ?')
		.all([after, limit]);
	const last = Number(contents.at(-1)?.['id'] ?? after);
	const places = database
		.prepare(
			`SELECT DISTINCT entry.content AS content, directory.location AS location FROM entry
			JOIN directory ON directory.entry = entry.parent
			WHERE entry.kind = 1 AND entry.content > ? AND entry.content <= ?`
		)
		.all([after, last]);
	const locations = new Map<number, LocationId[]>();
	for (const place of places) {
		const content = Number(place['content']);
		locations.set(content, [...(locations.get(content) ?? []), locationId(place['location'])]);
	}
	return contents.map((row) => ({
		content: contentId(row['id']),
		fileKind: fileKindOf(Number(row['kind'])),
		sizeBytes: Number(row['sizeBytes']),
		locations: locations.get(Number(row['id'])) ?? []
	}));
}

export function countContents(database: Database): number {
	return Number(database.prepare('SELECT count(*) FROM content').column()[0] ?? 0);
}

/** A file of the index; null where it is none, or gone. */
export function readFileEntry(database: Database, id: EntryId): FileEntry | null {
	const row = database.prepare(`SELECT ${columns} ${withLocation} WHERE entry.kind = 1 AND entry.id = ?`).get([id]);
	return row === undefined ? null : rowToFile(row);
}

/** The files of the index as the room of contents asks for them. */
export function createFileEntries(database: Database, readWishes: () => Wishes): FileEntries {
	return {
		readUnidentified: (after, limit) =>
			database
				.prepare(
					`SELECT ${columns} ${withLocation}
					WHERE entry.kind = 1 AND entry.content IS NULL AND entry.id > ? AND entry.id < ${numbersPerSlot}
					ORDER BY entry.id LIMIT ?`
				)
				.all([after, limit])
				.map(rowToFile),
		countUnidentified: (location, after, limit, { wholeBytesMax, windowBytes }) => {
			const row = database.prepare(countSql).get([location, wholeBytesMax, windowBytes, after, limit]);
			const [files, bytes] = [Number(row?.['files'] ?? 0), Number(row?.['bytes'] ?? 0)];
			return { files, untried: files - Number(row?.['tried'] ?? 0), bytes, last: numberOrNull(row?.['last']) };
		},
		readKnown: (location, after, limit) =>
			database
				.prepare(
					`SELECT ${columns} ${withLocation} WHERE entry.kind = 1 AND entry.content IS NOT NULL
					AND directory.location = ? AND entry.id > ? ORDER BY entry.id LIMIT ?`
				)
				.all([location, after, limit])
				.map(rowToFile),
		countKnown: (location) => {
			const row = database
				.prepare(
					`SELECT count(*) AS files, sum(entry.sizeBytes) AS sizeBytes ${withLocation}
					WHERE entry.kind = 1 AND entry.content IS NOT NULL AND directory.location = ?`
				)
				.get([location]);
			return { files: Number(row?.['files'] ?? 0), sizeBytes: Number(row?.['sizeBytes'] ?? 0) };
		},
		readFile: (id) => readFileEntry(database, id),
		pathReader: () => pathReader(database),
		readCopies: (content) =>
			database
				.prepare(`SELECT ${columns} ${withLocation} WHERE entry.kind = 1 AND entry.content = ? ORDER BY entry.id`)
				.all([content])
				.map(rowToFile),
		writeContent: (id, content, proven) => writeContent(database, readWishes, { id, content, proven }),
		linkContent: (file, content) => linkContent(database, readWishes, file, content),
		writeDamaged: (id) => void database.prepare('UPDATE entry SET proven = 2 WHERE id = ?').run([id]),
		writeProblem: ({ id, folder, name }, { reason, code }) => {
			if (database.prepare('SELECT 1 FROM entry WHERE id = ? AND content IS NULL').get([id]) === undefined) return;
			database
				.prepare('INSERT OR REPLACE INTO problem (folder, name, reason, code) VALUES (?, ?, ?, ?)')
				.run([folder, name, reason, code]);
		},
		clearProblems: (files) => {
			if (database.prepare('SELECT 1 FROM problem LIMIT 1').get() === undefined) return;
			const clear = database.prepare('DELETE FROM problem WHERE folder = ? AND name = ?');
			for (const { folder, name } of files) clear.run([folder, name]);
		}
	};
}
