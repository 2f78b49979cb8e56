import { expect, test } from 'vitest';
import { locationId, type EntryId } from '#core/kernel';
import type { DiskEntry } from '#core/ports';
import { openDatabase } from '#core/schema';
import { createSimHost } from '../../../../tests/sim/host/sim-host.ts';
import { readEntry, readUsage } from './read-entries.ts';
import { readTrash, readTrashed, readTrashIds, readTrashRows, writeTrashed, type TrashOrder } from './trash.ts';
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

test('the trash is searched by words whatever their case and accents, and told in every order', async () => {
	const { database, change } = await openTree();
	const root = change((tree) => {
		const id = insertEntry(tree, null, null, diskEntry('root', 'directory', null));
		insertDirectory(database, id, location);
		const sql = 'INSERT INTO location (id, name, root, entry, addedMs, run, unfinished) VALUES (1, ?, ?, ?, 0, 1, 0)';
		database.prepare(sql).run(['root', 'r', id]);
		return id;
	});
	const names = ['Café 10.txt', 'cafe 2.txt', 'b.txt'];
	const places = ['z', 'a', 'm'];
	const ids = names.map((name, at) =>
		change((tree) => {
			const disk = { ...diskEntry(name, 'file', null), sizeBytes: [5, 9, 7][at] ?? 0 };
			const id = insertEntry(tree, root, location, disk);
			const was = {
				folder: root,
				originalName: name,
				originalPath: places[at] ?? '',
				trashedMs: [30, 10, 20][at] ?? 0
			};
			// Told by the name that it had, not by the one that it has in its bin.
			const planned = { items: 1, sizeBytes: disk.sizeBytes };
			writeTrashed(tree, id, { location, bin: 'b', planned, ...was }, { ...disk, name: `${id}` });
			return id;
		})
	);
	const found = (words: string, by: TrashOrder['by'], descending = false) => {
		const { ids: some, ...sums } = readTrashIds(database, words, { by, descending });
		return { names: [...some].map((id) => names[ids.findIndex((known) => known === id)]), ...sums };
	};
	const [ten, two, b] = names;
	expect(found('', 'trashed', true)).toEqual({ names: [ten, b, two], sizeBytes: 21, all: 3 });
	expect(found('', 'name').names).toEqual([b, two, ten]);
	expect(found('', 'place').names).toEqual([two, b, ten]);
	expect(found('', 'size', true).names).toEqual([two, b, ten]);
	expect(found(' CAFÉ  txt', 'name')).toEqual({ names: [two, ten], sizeBytes: 14, all: 3 });
	expect(found('10 cafe', 'name').names).toEqual([ten]);
	expect(found('none', 'name')).toEqual({ names: [], sizeBytes: 0, all: 3 });
	expect(readTrashRows(database, [ids[2] ?? 0, 999, ids[0] ?? 0]).map(({ originalName }) => originalName)).toEqual([
		b,
		ten
	]);
});
