import { expect, test } from 'vitest';
import { openDatabase, type Database } from '#core/schema';
import { createSimHost } from '../../../../tests/sim/host/sim-host.ts';
import { createLateInodes } from './late-inodes.ts';
import { hasInodes, writeInodeIndex } from './store.ts';
import { changeTree, insertEntry } from './tree.ts';

const nowhere = { add: () => undefined, remove: () => undefined };

/** A library with one entry. */
async function prepared(inode: number | null): Promise<Database> {
	const connected = await createSimHost(1).database.connect('t.sdlibrary', new AbortController().signal);
	if (!connected.ok) throw new Error(connected.failure.type);
	const opened = openDatabase(connected.value, { rawKey: 'a1'.repeat(48), where: 'the test', expect: 'new' });
	if (!opened.ok) throw new Error(opened.failure.type);
	const database = opened.value;
	const entry = { name: 'a', kind: 'file', sizeBytes: 1, modifiedMs: 1, inode } as const;
	database.write(() => changeTree(database, nowhere, (tree) => insertEntry(tree, null, null, entry)));
	return database;
}

function hasIndex(database: Database): boolean {
	return database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'entry_inode'`).get() !== undefined;
}

test('the index of inodes is away between begin and end, and looked into all the same', async () => {
	const database = await prepared(7);
	const before = database.prepare(`SELECT sql FROM sqlite_schema WHERE name = 'entry_inode'`).column();
	const late = createLateInodes(database, false);
	expect(late.begin(1)).toEqual({ ok: true, value: null });
	expect(hasIndex(database)).toBe(false);
	expect(hasInodes(database)).toBe(true);
	expect(late.end()).toEqual({ ok: true, value: null });
	expect(database.prepare(`SELECT sql FROM sqlite_schema WHERE name = 'entry_inode'`).column()).toEqual(before);
	// What goes on after the end of a walk does not give it up again.
	late.begin(1);
	expect(hasIndex(database)).toBe(true);
});

test('it is built early where there is much, and not given up where that gains nothing', async () => {
	const many = await prepared(7);
	const late = createLateInodes(many, false);
	late.begin(1);
	late.grown(150_000);
	expect(hasIndex(many)).toBe(false);
	late.grown(150_001);
	expect(hasIndex(many)).toBe(true);

	for (const [inode, mayMove, entries] of [
		[null, false, 1],
		[7, true, 1],
		[7, false, 10_001]
	] as const) {
		const database = await prepared(inode);
		createLateInodes(database, mayMove).begin(entries);
		expect(hasIndex(database)).toBe(true);
	}
});

test('after a cut-off run the next one has it', async () => {
	const database = await prepared(7);
	createLateInodes(database, false).begin(1);
	expect(hasIndex(database)).toBe(false);
	database.write(() => writeInodeIndex(database));
	expect(hasIndex(database)).toBe(true);
});
