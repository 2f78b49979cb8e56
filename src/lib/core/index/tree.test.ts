import { beforeEach, expect, test } from 'vitest';
import { locationId, type EntryId } from '#core/kernel';
import type { DiskEntry } from '#core/ports';
import { openDatabase, type Database } from '#core/schema';
import { createSimRandom, testSeed, type SimRandom } from '../../../../tests/sim/host/random.ts';
import { createSimHost } from '../../../../tests/sim/host/sim-host.ts';
import { moveEntry } from './move-entry.ts';
import { readUsage } from './read-entries.ts';
import { removeSomeOfTree } from './remove-tree.ts';
import { changeTree, insertDirectory, insertEntry, removeEntry, updateEntry, type Tree } from './tree.ts';
import { findTreeFlaws } from './verify-tree.ts';

const location = locationId(1);
const nowhere = { add: () => undefined, remove: () => undefined };
let database: Database;

beforeEach(async () => {
	const connected = await createSimHost(1).database.connect('t.sdlibrary', new AbortController().signal);
	if (!connected.ok) throw new Error(connected.failure.type);
	const opened = openDatabase(connected.value, { rawKey: 'a1'.repeat(48), where: 'the test', expect: 'new' });
	if (!opened.ok) throw new Error(opened.failure.type);
	database = opened.value;
});

function change<T>(work: (tree: Tree) => T): T {
	const done = database.write(() => changeTree(database, nowhere, work));
	if (!done.ok) throw new Error(done.failure.type);
	return done.value;
}

const folder = (name: string): DiskEntry => ({ name, kind: 'directory', sizeBytes: 0, modifiedMs: 1, inode: null });
const file = (name: string, sizeBytes: number): DiskEntry => ({
	name,
	kind: 'file',
	sizeBytes,
	modifiedMs: 1,
	inode: null
});

function addRoot(): EntryId {
	return change((tree) => {
		const root = insertEntry(tree, null, null, folder('root'));
		insertDirectory(database, root, location);
		return root;
	});
}

/** The tree as anybody would write it: each node knows its parent, and sums are counted when asked for. */
class NaiveTree {
	readonly nodes = new Map<EntryId, { parent: EntryId | null; sizeBytes: number | null }>();

	isBelow(id: EntryId, top: EntryId): boolean {
		for (let at: EntryId | null = id; at !== null; at = this.nodes.get(at)?.parent ?? null) if (at === top) return true;
		return false;
	}
	below(top: EntryId): EntryId[] {
		return [...this.nodes.keys()].filter((id) => id !== top && this.isBelow(id, top));
	}
	usage(top: EntryId) {
		const usage = { files: 0, folders: 0, sizeBytes: 0 };
		for (const id of this.below(top)) {
			const sizeBytes = this.nodes.get(id)?.sizeBytes ?? null;
			if (sizeBytes === null) usage.folders++;
			else usage.files++;
			usage.sizeBytes += sizeBytes ?? 0;
		}
		return usage;
	}
	pick(random: SimRandom, wanted: 'folder' | 'file'): EntryId | null {
		const all = [...this.nodes].filter(([, node]) => (node.sizeBytes === null) === (wanted === 'folder'));
		return all[random.integer(all.length || 1)]?.[0] ?? null;
	}
}

/** One random change of both trees. */
function step(tree: Tree, naive: NaiveTree, root: EntryId, random: SimRandom, name: string): void {
	const into = naive.pick(random, 'folder') ?? root;
	const what = random.integer(100);
	// Grows to some hundred nodes and stays about there.
	if (what < (naive.nodes.size < 400 ? 45 : 25)) {
		const sizeBytes = random.chance(0.4) ? null : random.integer(1_000_000);
		const entry = sizeBytes === null ? folder(name) : file(name, sizeBytes);
		naive.nodes.set(insertEntry(tree, into, location, entry), { parent: into, sizeBytes });
		return;
	}
	const id = naive.pick(random, random.chance(0.5) ? 'folder' : 'file');
	const node = id === null ? undefined : naive.nodes.get(id);
	if (id === null || id === root || node === undefined) return;
	if (what < 75) {
		const entry = node.sizeBytes === null ? folder(name) : file(name, node.sizeBytes);
		const moved = moveEntry(tree, id, { folder: into, location, run: 1 }, entry);
		expect(moved).toBe(!naive.isBelow(into, id));
		if (moved) node.parent = into;
	} else if (what < 85 && node.sizeBytes !== null) {
		node.sizeBytes = random.integer(1_000_000);
		updateEntry(tree, id, file(name, node.sizeBytes));
	} else if (node.sizeBytes !== null) {
		removeEntry(tree, id);
		naive.nodes.delete(id);
	} else {
		const below = naive.below(id);
		if (below.length > 30) return;
		expect(removeSomeOfTree(tree, id, 1_000)).toBe(below.length + 1);
		for (const gone of [...below, id]) naive.nodes.delete(gone);
	}
}

test('10,000 random changes leave the closure and every sum as a naive tree has them', { timeout: 120_000 }, () => {
	const random = createSimRandom(testSeed('random tree'));
	const root = addRoot();
	const naive = new NaiveTree();
	naive.nodes.set(root, { parent: null, sizeBytes: null });
	for (let done = 0; done < 10_000;) {
		const together = 1 + random.integer(20);
		change((tree) => {
			for (let n = 0; n < together; n++) step(tree, naive, root, random, `n${++done}`);
		});
		if (done % 7 > 0 && done < 9_900) continue;
		const seen = naive.pick(random, 'folder') ?? root;
		for (const id of [root, seen]) expect(readUsage(database, id)).toEqual(naive.usage(id));
		const pairs = database.prepare('SELECT count(*) FROM closure WHERE ancestor = ?').column([seen]).map(Number);
		expect(pairs[0]).toBe(naive.usage(seen).folders + 1);
	}
	expect(findTreeFlaws(database)).toEqual([]);
	expect(database.prepare('SELECT count(*) FROM entry').column()).toEqual([naive.nodes.size]);
});

test('control: a move that leaves the sums alone is found', () => {
	const root = addRoot();
	const [from, to] = change((tree) => {
		const places = ['a', 'b'].map((name) => insertEntry(tree, root, location, folder(name)));
		insertEntry(tree, places[0] ?? root, location, file('f', 5));
		return places;
	});
	expect(findTreeFlaws(database)).toEqual([]);
	database.write(() => database.prepare('UPDATE entry SET parent = ? WHERE parent = ?').run([to ?? 0, from ?? 0]));
	expect(findTreeFlaws(database).map(({ detail }) => detail)).toEqual([
		'2 folders whose sums differ from what lies below them'
	]);
});

test('a folder with 10,000 below it moves in one transaction, in a fraction of what making it took', () => {
	const root = addRoot();
	const startedMs = performance.now();
	const [top, target] = change((tree) => {
		const places = ['top', 'target'].map((name) => insertEntry(tree, root, location, folder(name)));
		for (let n = 0; n < 1_000; n++) {
			const inner = insertEntry(tree, places[0] ?? root, location, folder(`d${n}`));
			for (let at = 0; at < 9; at++) insertEntry(tree, inner, location, file(`f${at}`, 10));
		}
		return places;
	});
	const madeMs = performance.now() - startedMs;
	if (top === undefined || target === undefined) throw new Error('made');
	const movedAtMs = performance.now();
	change((tree) => expect(moveEntry(tree, top, { folder: target, location, run: 1 }, folder('top'))).toBe(true));
	const movedMs = performance.now() - movedAtMs;
	console.info(`10,000 entries: made in ${Math.round(madeMs)} ms, moved in ${Math.round(movedMs)} ms`);
	expect(movedMs).toBeLessThan(madeMs / 2);
	expect(readUsage(database, target)).toEqual({ files: 9_000, folders: 1_001, sizeBytes: 90_000 });
	expect(findTreeFlaws(database)).toEqual([]);
});
