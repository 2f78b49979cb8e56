import { expect, test } from 'vitest';
import { makeFlat, makeTree, type MemoryFolder } from './memory-tree.ts';

function count(folder: MemoryFolder): number {
	return [...folder.folders.values()].reduce((sum, child) => sum + count(child), folder.entries.length);
}

function names(folder: MemoryFolder): string[] {
	return [...folder.entries.map(({ name }) => name), ...[...folder.folders.values()].flatMap(names)];
}

test('a tree has as many entries as asked for, and is the same for the same seed', () => {
	const tree = makeTree(1, 5_000);
	expect(count(tree)).toBe(5_000);
	expect(names(makeTree(1, 5_000))).toEqual(names(tree));
	expect(names(makeTree(2, 5_000))).not.toEqual(names(tree));
});

test('no folder holds a name twice', () => {
	const large = makeFlat(1, 20_000).folders.get('Large');
	expect(new Set(large?.entries.map(({ name }) => name)).size).toBe(20_000);
});
