import type { DiskEntry, EntryKind } from '#core/ports';

/** What the index holds of one child. */
export type KnownChild = {
	readonly id: number;
	readonly kind: EntryKind;
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
	readonly inode: number | null;
};

/** What one page of a listing means for the index. */
export type PageChanges = {
	readonly added: readonly DiskEntry[];
	readonly changed: readonly { readonly id: number; readonly entry: DiskEntry }[];
	/** Children of which the name now stands for another kind of thing: removed, then added. */
	readonly replaced: readonly { readonly id: number; readonly entry: DiskEntry }[];
};

function isSame(known: KnownChild, entry: DiskEntry): boolean {
	const sameSize = entry.kind === 'directory' || known.sizeBytes === entry.sizeBytes;
	return sameSize && known.modifiedMs === entry.modifiedMs && known.inode === entry.inode;
}

/**
 * Compares a page with the children not seen yet, and takes those it names out of `unseen`. What is left in
 * `unseen` after the last page is no longer on the disk. A name that the source gives twice counts once.
 */
export function comparePage(
	unseen: Map<string, KnownChild>,
	seen: Set<string>,
	page: readonly DiskEntry[]
): PageChanges {
	const added: DiskEntry[] = [];
	const changed: { id: number; entry: DiskEntry }[] = [];
	const replaced: { id: number; entry: DiskEntry }[] = [];
	for (const entry of page) {
		if (seen.has(entry.name)) continue;
		seen.add(entry.name);
		const known = unseen.get(entry.name);
		if (known === undefined) {
			added.push(entry);
			continue;
		}
		unseen.delete(entry.name);
		if (known.kind !== entry.kind) replaced.push({ id: known.id, entry });
		else if (!isSame(known, entry)) changed.push({ id: known.id, entry });
	}
	return { added, changed, replaced };
}
