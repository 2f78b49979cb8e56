import {
	contentId,
	entryId,
	locationId,
	numbersPerSlot,
	type ContentId,
	type EntryId,
	type LocationId
} from '#core/kernel';
import type { Database } from '#core/schema';
import { pathReader } from './store.ts';

/** A whole file that has the content of another one. */
export type SharedFile = {
	readonly id: EntryId;
	readonly content: ContentId;
	readonly folder: EntryId;
	readonly location: LocationId;
	readonly name: string;
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
	readonly inode: number | null;
	/** Whether it is one of those that were asked about, or a copy of one that lies elsewhere. */
	readonly isWithin: boolean;
	/** Names from the folder of its location, left out, down to the one that holds it. */
	readonly path: readonly string[];
};

export type SharedFilesAsked = {
	/** Of these contents; null for all. */
	readonly contents: readonly number[] | null;
	/** Files, and folders with all below them; null for everything. */
	readonly within: readonly number[] | null;
};

const selected = `SELECT value AS id FROM json_each(?)`;

/** The files of a selection, those below its folders among them, that share their content with others. */
const withinSelection = `SELECT entry.id FROM entry JOIN (${selected}) AS wanted ON wanted.id = entry.id WHERE entry.kind = 1
	UNION SELECT entry.id FROM (${selected}) AS wanted JOIN closure ON closure.ancestor = wanted.id
		JOIN entry ON entry.parent = closure.descendant WHERE entry.kind = 1`;

/**
 * Files that are there more than once, with all their copies, content by content; none of them is empty, damaged or in
 * the trash, and all are this device's. Run inside `read`.
 */
export function readSharedFiles(database: Database, { contents, within }: SharedFilesAsked): SharedFile[] {
	const [chosen, among] = [JSON.stringify(within ?? []), JSON.stringify(contents ?? [])];
	const isWithin = within === null ? '1' : 'entry.id IN (SELECT id FROM inside)';
	const ofContents = contents === null ? '' : `AND content IN (${selected})`;
	const rows = database
		.prepare(
			`WITH inside AS MATERIALIZED (${within === null ? 'SELECT NULL AS id' : withinSelection}),
			many AS MATERIALIZED (
				SELECT content FROM entry WHERE kind = 1 AND content IS NOT NULL ${ofContents} GROUP BY content HAVING count(*) > 1)
			SELECT entry.id, entry.content, entry.parent, directory.location, entry.name, entry.sizeBytes, entry.modifiedMs,
				entry.inode, ${isWithin} AS isWithin
			FROM many JOIN entry ON entry.kind = 1 AND entry.content = many.content
				JOIN directory ON directory.entry = entry.parent
			WHERE entry.sizeBytes > 0 AND entry.proven <> 2 AND entry.id < ${numbersPerSlot}
			ORDER BY entry.content, entry.id`
		)
		.all([...(within === null ? [] : [chosen, chosen]), ...(contents === null ? [] : [among])]);
	const pathOf = pathReader(database);
	const files = rows.map((row) => ({
		id: entryId(row['id']),
		content: contentId(row['content']),
		folder: entryId(row['parent']),
		location: locationId(row['location']),
		name: String(row['name']),
		sizeBytes: Number(row['sizeBytes']),
		modifiedMs: typeof row['modifiedMs'] === 'number' ? row['modifiedMs'] : null,
		inode: typeof row['inode'] === 'number' ? row['inode'] : null,
		isWithin: row['isWithin'] === 1
	}));
	const asked = new Set(files.filter((file) => file.isWithin).map(({ content }) => content));
	return files.filter(({ content }) => asked.has(content)).map((file) => ({ ...file, path: pathOf(file.folder) }));
}
