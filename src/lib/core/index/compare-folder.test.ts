import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DiskEntry, EntryKind } from '#core/ports';
import { comparePage, type KnownChild } from './compare-folder.ts';

const entry = fc
	.record({
		name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
		kind: fc.constantFrom<EntryKind[]>('file', 'directory', 'symlink'),
		sizeBytes: fc.nat(3),
		modifiedMs: fc.option(fc.nat(3)),
		inode: fc.option(fc.nat(3))
	})
	// a directory has no size of its own
	.map((one) => (one.kind === 'directory' ? { ...one, sizeBytes: 0 } : one));
const unique = fc.uniqueArray(entry, { selector: ({ name }) => name });

/** What a folder holds after the changes, by applying them as the store does. */
function applied(before: readonly DiskEntry[], pages: readonly (readonly DiskEntry[])[]): Map<string, DiskEntry> {
	const byId = new Map(before.map((known, id) => [id, known]));
	const unseen = new Map<string, KnownChild>(before.map((known, id) => [known.name, { ...known, id }]));
	const seen = new Set<string>();
	let nextId = before.length;
	for (const page of pages) {
		const { added, changed, replaced } = comparePage(unseen, seen, page);
		for (const { id } of replaced) byId.delete(id);
		for (const fresh of [...added, ...replaced.map((one) => one.entry)]) byId.set(nextId++, fresh);
		for (const one of changed) byId.set(one.id, one.entry);
	}
	for (const { id } of unseen.values()) byId.delete(id);
	return new Map([...byId.values()].map((one) => [one.name, one]));
}

test('after the changes the index holds what the disk has, however it is paged', () => {
	fc.assert(
		fc.property(unique, unique, fc.nat(3), (before, disk, cut) => {
			const pages = [disk.slice(0, cut), disk.slice(cut)];
			expect(applied(before, pages)).toEqual(new Map(disk.map((one) => [one.name, one])));
		})
	);
});

test('a name that the source gives twice counts once', () => {
	const twice = { name: 'a', kind: 'file', sizeBytes: 1, modifiedMs: null, inode: null } as const;
	expect(comparePage(new Map(), new Set(), [twice, twice]).added).toHaveLength(1);
});

test('what did not change is not written', () => {
	fc.assert(
		fc.property(unique, (disk) => {
			const unseen = new Map<string, KnownChild>(disk.map((known, id) => [known.name, { ...known, id }]));
			expect(comparePage(unseen, new Set(), disk)).toEqual({ added: [], changed: [], replaced: [] });
		})
	);
});
