import { expect, test } from 'vitest';
import { locationId, type EntryId } from '#core/kernel';
import type { DiskEntry } from '#core/ports';
import { openDatabase } from '#core/schema';
import { createSimHost } from '../../../../tests/sim/host/sim-host.ts';
import { readEntry, readUsage } from './read-entries.ts';
import { readTrash, readTrashed, writeTrashed } from './trash.ts';
import { changeTree, insertDirectory, insertEntry, removeEntry, type Tree } from './tree.ts';

const location = locationId(1);

async function openTree() {
	const connected = await createSimHost(1).database.connect('t.sdlibrary', new AbortController().signal);
	if (!connected.ok) throw new Error(connected.failure.type);
	const opened = openDatabase(connected.value, { rawKey: 'a1'.repeat(48), where: 'the test', expect: 'new' });
	if (!opened.ok) throw new Error(opened.failure.type);
	const database = opened.value;
	const names = new Map<EntryId, string>();
	const sink = {
		add: (id: EntryId, name: string) => void names.set(id, name),
		remove: (id: EntryId) => void names.delete(id)
	};
	const change = <T>(work: (tree: Tree) => T): T => {
		const done = database.write(() => changeTree(database, sink, work));
		if (!done.ok) throw new Error(done.failure.type);
		return done.value;
	};
	return { database, names, change };
}

const diskEntry = (name: string, kind: 'file' | 'directory', inode: number | null): DiskEntry => ({
	name,
	kind,
	sizeBytes: kind === 'file' ? 7 : 0,
	modifiedMs: 1,
	inode
});

test.each([
	['a file', 'file', null, true],
	['a file that an inode tells', 'file', 12, true],
	['a folder', 'directory', null, true],
	['a folder that an inode tells', 'directory', 13, true],
	['a file that is there still', 'file', null, false]
] as const)('%s lies in the trash under its number, also where a watch has missed it first', async (...one) => {
	const [, kind, inode, isMissed] = one;
	const { database, names, change } = await openTree();
	const root = change((tree) => {
		const id = insertEntry(tree, null, null, diskEntry('root', 'directory', null));
		insertDirectory(database, id, location);
		const sql = 'INSERT INTO location (id, name, root, entry, addedMs, run, unfinished) VALUES (1, ?, ?, ?, 0, 1, 0)';
		database.prepare(sql).run(['root', 'r', id]);
		return id;
	});
	const id = change((tree) => insertEntry(tree, root, location, diskEntry('a', kind, inode)));
	if (isMissed) change((tree) => removeEntry(tree, id, { newestEntry: id, nowMs: 5 }));
	// As it was planned: what was in a folder is known from that alone once a run has missed it.
	const planned = { items: kind === 'file' ? 1 : 4, sizeBytes: kind === 'file' ? 7 : 21 };
	const trashing = { location, bin: 'b', folder: root, originalName: 'a', originalPath: '', trashedMs: 9, planned };
	change((tree) => writeTrashed(tree, id, trashing, diskEntry('a', kind, inode)));
	expect(readTrashed(database, id)).toMatchObject({ entry: id, originalName: 'a', name: 'a', folder: root });
	const { items, count } = readTrash(database, { offset: 0, limit: 9 });
	expect(count).toBe(1);
	const [files, sizeBytes] = kind === 'file' ? [1, 7] : isMissed ? [3, 21] : [0, 0];
	expect(items[0]?.usage).toEqual({ files, folders: 0, sizeBytes });
	expect(readEntry(database, id)?.name).toBe('a');
	expect(names.get(id)).toBe('a');
	expect(readUsage(database, root)).toEqual({ files: 0, folders: 0, sizeBytes: 0 });
});
