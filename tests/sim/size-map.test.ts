import { describe, expect, test } from 'vitest';
import type { SizeMapNode } from '#core/index';
import { entryId } from '#core/kernel';
import { addLocation, drive } from '../conformance/core-driver.ts';
import { createSimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';

async function mapped(tree: Parameters<ReturnType<typeof createSimHost>['files']['put']>[1]) {
	const host = createSimHost(1);
	const root = host.files.put('/disk/home', tree);
	const driver = drive(createSimWorld(1, host), 1);
	await driver.value('library.create', { name: 'Home', password: null });
	const location = await addLocation(driver, { root, name: null });
	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	const map = async (tilesMax: number): Promise<SizeMapNode> => {
		const found = await driver.value('entries.size-map', { folder: location.entry, tilesMax });
		if (found === null) throw new Error('no map');
		return found;
	};
	return { driver, map };
}

const names = ({ children }: SizeMapNode) => children.map(({ row }) => row.name);
const allOf = (node: SizeMapNode): SizeMapNode[] => [node, ...node.children.flatMap(allOf)];

describe('a map of what takes the room', () => {
	test('the largest first, folders with what lies in them, and what is left taken together', async () => {
		const { map } = await mapped({
			films: { 'harbour.mkv': 4_000, old: { 'pier.mkv': 2_000 }, 'note.txt': 1 },
			'letter.pdf': 3_000,
			empty: {},
			'nothing.txt': 0
		});
		const root = await map(400);
		expect(root.row.sizeBytes).toBe(9_001);
		expect(names(root)).toEqual(['films', 'letter.pdf']);
		expect(root.rest).toEqual({ entries: 2, sizeBytes: 0 });
		const films = root.children[0] ?? root;
		expect(names(films)).toEqual(['harbour.mkv', 'old']);
		expect(films.rest).toEqual({ entries: 1, sizeBytes: 1 });
		for (const node of allOf(root).filter(({ children }) => children.length > 0))
			expect(node.children.reduce((sum, { row }) => sum + row.sizeBytes, node.rest.sizeBytes)).toBe(node.row.sizeBytes);
	});

	test('a folder of many files, and a tree that is too large, stay few tiles', async () => {
		const many = Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`f${at}`, 1_000]));
		const { map } = await mapped({ a: { ...many }, b: { ...many, 'large.bin': 90_000 }, c: { ...many } });
		const opened = (node: SizeMapNode) => allOf(node).filter(({ children }) => children.length > 0);
		expect(opened(await map(3)).map(({ row }) => row.name)).toEqual(['home']);
		// The largest folder is opened before the others.
		expect(opened(await map(4)).map(({ row }) => row.name)).toEqual(['home', 'b']);
		const all = await map(400);
		expect(opened(all)).toHaveLength(4);
		expect(allOf(all).length).toBeLessThan(200);
		expect(all.children.map(({ rest }) => rest.entries)).toEqual([31, 30, 30]);
	});

	test('what is not there has none', async () => {
		const { driver } = await mapped({ 'a.txt': 1 });
		expect(await driver.value('entries.size-map', { folder: entryId(999), tilesMax: 10 })).toBeNull();
	});
});
