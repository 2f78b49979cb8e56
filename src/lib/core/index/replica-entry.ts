import { entryId, invariant, type EntryId } from '#core/kernel';
import type { DiskEntry } from '#core/ports';
import { dropUnused } from './drop-unused.ts';
import { wholeMs, type Tree } from './tree.ts';

/** What its owner says of an entry's bytes. */
export type KnownBytes = { readonly content: number | null; readonly proven: number };

/** Takes over what the owner of a replica says of it now. What people say of it the owner carries along, and tells. */
export function updateReplica({ database, tally }: Tree, id: EntryId, entry: DiskEntry, known: KnownBytes): void {
	const row = database.prepare('SELECT parent, kind, sizeBytes, content FROM entry WHERE id = ?').get([id]);
	invariant(row !== undefined, 'a replica that is changed is there');
	const [parent, before] = [row['parent'], Number(row['sizeBytes'])];
	// A directory's size is the sum of what lies below it.
	const sizeBytes = row['kind'] === 0 ? before : entry.sizeBytes;
	database
		.prepare('UPDATE entry SET sizeBytes = ?, modifiedMs = ?, content = ?, proven = ? WHERE id = ?')
		.run([sizeBytes, wholeMs(entry.modifiedMs), known.content, known.proven, id]);
	if (row['content'] !== known.content) dropUnused(database, row['content']);
	if (typeof parent === 'number' && sizeBytes !== before)
		tally.add(entryId(parent), { files: 0, folders: 0, sizeBytes: sizeBytes - before }, 1);
}
