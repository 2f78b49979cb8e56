import { deleteContent } from '#core/content';
import type { Database } from '#core/schema';

/** Removes a content that no entry is tied to any more. Run inside the transaction that has untied one. */
export function dropUnused(database: Database, content: unknown): void {
	if (typeof content !== 'number') return;
	const used = database.prepare('SELECT 1 FROM entry WHERE kind = 1 AND content = ? LIMIT 1').get([content]);
	if (used === undefined) deleteContent(database, content);
}
