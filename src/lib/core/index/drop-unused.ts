import { isQueued, readWishes, writeQueue } from '#core/analysis';
import { deleteContent, keepNumber, readContent } from '#core/content';
import { contentId, type ContentId, type LocationId } from '#core/kernel';
import { noteGoneContent } from '#core/metadata';
import type { Database } from '#core/schema';

function isIn(database: Database, content: ContentId, location: LocationId): boolean {
	const found = database
		.prepare(
			`SELECT 1 FROM entry JOIN directory ON directory.entry = entry.parent
			WHERE entry.kind = 1 AND entry.content = ? AND directory.location = ? LIMIT 1`
		)
		.get([content, location]);
	return found !== undefined;
}

/** Takes back what was wanted of a content for the sake of a file that it has no more. */
function dropUnwanted(database: Database, id: ContentId): void {
	const content = isQueued(database, id) ? readContent(database, id) : null;
	if (content === null) return;
	const wishes = readWishes(database);
	const locations = [...wishes.keys()].filter((location) => isIn(database, id, location));
	const { sizeBytes, type } = content;
	writeQueue(database, wishes, { content: id, fileKind: type.kind, sizeBytes, locations });
}

/** Whether it is kept for a lost entry, which may be found again. */
function isKept(database: Database, content: number): boolean {
	return database.prepare('SELECT 1 FROM lost WHERE content = ? LIMIT 1').get([content]) !== undefined;
}

/** Removes a content that no entry is tied to any more, nor a lost one. Run inside the transaction that has untied one. */
export function dropUnused(database: Database, content: unknown): void {
	if (typeof content !== 'number') return;
	const used = database.prepare('SELECT 1 FROM entry WHERE kind = 1 AND content = ? LIMIT 1').get([content]);
	if (used !== undefined || isKept(database, content)) {
		dropUnwanted(database, contentId(content));
		return;
	}
	if (noteGoneContent(database, content)) keepNumber(database, content);
	deleteContent(database, content);
}
