import { contentId, entryId, locationId, type EntryId } from '#core/kernel';
import type { FileEntries, FileEntry } from '#core/content';
import type { SqlRow } from '#core/ports';
import type { Database } from '#core/schema';
import { dropUnused } from './drop-unused.ts';
import { pathReader } from './store.ts';

const columns = `entry.id, entry.parent, entry.name, entry.sizeBytes, entry.modifiedMs, entry.inode, entry.content,
	entry.proven, directory.location`;
const withLocation = 'FROM entry JOIN directory ON directory.entry = entry.parent';

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
		proven: row['proven'] === 1
	};
}

function writeContent(database: Database, id: EntryId, content: number, proven: boolean): void {
	const before = database.prepare('SELECT content FROM entry WHERE id = ?').get([id])?.['content'];
	database.prepare('UPDATE entry SET content = ?, proven = ? WHERE id = ?').run([content, proven ? 1 : 0, id]);
	if (before !== content) dropUnused(database, before);
}

function linkContent(database: Database, file: FileEntry, content: number): boolean {
	const { changes } = database
		.prepare(
			`UPDATE entry SET content = ? WHERE id = ? AND kind = 1 AND content IS NULL
			AND sizeBytes = ? AND modifiedMs IS ? AND inode IS ?`
		)
		.run([content, file.id, file.sizeBytes, file.modifiedMs, file.inode]);
	if (changes === 0) dropUnused(database, content);
	return changes > 0;
}

/** Every flaw in the ties between entries and contents. */
export const contentChecks: readonly (readonly [string, string])[] = [
	[
		'entries tied to a content that is not there',
		'SELECT count(*) FROM entry WHERE content IS NOT NULL AND content NOT IN (SELECT id FROM content)'
	],
	[
		'contents without an entry',
		'SELECT count(*) FROM content WHERE id NOT IN (SELECT content FROM entry WHERE kind = 1 AND content IS NOT NULL)'
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

/** The files of the index as the room of contents asks for them. */
export function createFileEntries(database: Database): FileEntries {
	return {
		readUnidentified: (after, limit) =>
			database
				.prepare(
					`SELECT ${columns} ${withLocation}
					WHERE entry.kind = 1 AND entry.content IS NULL AND entry.id > ? ORDER BY entry.id LIMIT ?`
				)
				.all([after, limit])
				.map(rowToFile),
		countUnidentified: (location, after, limit) => {
			const row = database
				.prepare(
					`SELECT count(*) FILTER (WHERE directory.location = ?) AS files, max(pending.id) AS last FROM (
						SELECT id, parent FROM entry WHERE kind = 1 AND content IS NULL AND id > ? ORDER BY id LIMIT ?
					) AS pending JOIN directory ON directory.entry = pending.parent`
				)
				.get([location, after, limit]);
			return { files: Number(row?.['files'] ?? 0), last: numberOrNull(row?.['last']) };
		},
		readFile: (id) => {
			const row = database.prepare(`SELECT ${columns} ${withLocation} WHERE entry.kind = 1 AND entry.id = ?`).get([id]);
			return row === undefined ? null : rowToFile(row);
		},
		pathReader: () => pathReader(database),
		readCopies: (content) =>
			database
				.prepare(`SELECT ${columns} ${withLocation} WHERE entry.kind = 1 AND entry.content = ? ORDER BY entry.id`)
				.all([content])
				.map(rowToFile),
		writeContent: (id, content, proven) => writeContent(database, id, content, proven),
		linkContent: (file, content) => linkContent(database, file, content),
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
