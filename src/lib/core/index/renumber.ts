import { addToQueue, readWishes } from '#core/analysis';
import { entryId, nameSortKey, type EntryId } from '#core/kernel';
import { carrySayings, targetOf } from '#core/metadata';
import { moveFolderRules } from '#core/rules';
import { forgetKept, readKept, readKeptIn, type KeptLost } from './kept-lost.ts';
import { readEntry } from './read-entries.ts';
import { readLocationOf } from './store.ts';
import type { Tree } from './tree.ts';

function renumberFolder({ database }: Tree, from: EntryId, to: EntryId, name: string): void {
	const run = (sql: string, ...params: (number | string)[]) => void database.prepare(sql).run(params);
	// No two have one name, and no child is without a parent, at any time.
	run('UPDATE entry SET name = ?, sortKey = ? WHERE id = ?', `\0${from}`, '', from);
	run(
		`INSERT INTO entry (id, parent, kind, name, sortKey, sizeBytes, modifiedMs, inode)
		SELECT ?, parent, kind, ?, ?, sizeBytes, modifiedMs, inode FROM entry WHERE id = ?`,
		to,
		name,
		nameSortKey(name),
		from
	);
	run('UPDATE entry SET parent = ? WHERE parent = ?', to, from);
	run('UPDATE directory SET entry = ? WHERE entry = ?', to, from);
	run('UPDATE closure SET ancestor = ? WHERE ancestor = ?', to, from);
	run('UPDATE closure SET descendant = ? WHERE descendant = ?', to, from);
	run('UPDATE problem SET folder = ? WHERE folder = ?', to, from);
	moveFolderRules(database, from, to);
	run('DELETE FROM entry WHERE id = ?', from);
}

/** Gives a new file what is known of the bytes of the lost one that it is. A damage stays known, a proof does not. */
function linkContent({ database }: Tree, id: EntryId, { content, like, proven }: KeptLost): void {
	const row = readEntry(database, id);
	if (content === null || row?.parent == null || `${row.sizeBytes}:${row.modifiedMs}` !== like) return;
	const { changes } = database
		.prepare('UPDATE entry SET content = ?, proven = ? WHERE id = ? AND content IS NULL')
		.run([content, proven === 2 ? 2 : 0, id]);
	if (changes > 0) carrySayings(database, id, targetOf(id, content, row.sizeBytes));
	const location = readLocationOf(database, row.parent);
	if (changes > 0 && location !== null) addToQueue(database, readWishes(database), content, location);
}

/** Gives an entry the number of the lost one that it is; the number that it had means nothing any more. */
function renumber(tree: Tree, from: EntryId, kept: KeptLost, name: string): void {
	const { database, names } = tree;
	names.remove(from, name);
	if (kept.kind === 'directory') renumberFolder(tree, from, kept.id, name);
	else database.prepare('UPDATE entry SET id = ? WHERE id = ?').run([kept.id, from]);
	names.add(kept.id, name);
	carrySayings(database, from, kept.id);
	if (kept.kind === 'file') linkContent(tree, kept.id, kept);
	forgetKept(database, kept);
}

/**
 * Gives a new entry the number of the lost one that it is, and what lies below it that of what has lain there under the
 * same name. Answers the numbers that are no more; none where either is another by now.
 */
export function renumberTree(tree: Tree, lost: EntryId, found: EntryId): EntryId[] {
	const { database } = tree;
	const child = database.prepare('SELECT id FROM entry WHERE parent = ? AND name = ? AND kind = ? AND id > ?');
	const gone: EntryId[] = [];
	const due = [{ kept: readKept(database, lost), from: found }];
	for (const { kept, from } of due) {
		const row = readEntry(database, from);
		if (kept === null || row === null || row.kind !== kept.kind) continue;
		renumber(tree, from, kept, row.name);
		gone.push(from);
		if (kept.kind === 'file') continue;
		for (const below of readKeptIn(database, kept.id, Number.MAX_SAFE_INTEGER)) {
			const kind = below.kind === 'directory' ? 0 : 1;
			const [id] = child.column([kept.id, below.name, kind, below.newestEntry]);
			if (id !== undefined) due.push({ kept: below, from: entryId(id) });
		}
	}
	return gone;
}
