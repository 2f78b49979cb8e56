import { describe, expect, it } from 'vitest';
import type { EntryRow, SizeMapNode } from '#core/index';
import type { EntryId } from '#core/kernel';
import { layOutSizes, tileBeside, type SizeTile } from './size-tiles.ts';

function row(id: number, kind: EntryRow['kind'], sizeBytes: number): EntryRow {
	return { id: id as EntryId, parent: null, name: `n${id}`, kind, sizeBytes, modifiedMs: null, type: null };
}
const file = (id: number, sizeBytes: number): SizeMapNode => ({
	row: row(id, 'file', sizeBytes),
	children: [],
	rest: { entries: 0, sizeBytes: 0 }
});
function folder(id: number, children: readonly SizeMapNode[], restBytes = 0): SizeMapNode {
	const sizeBytes = children.reduce((sum, child) => sum + child.row.sizeBytes, restBytes);
	return {
		row: row(id, 'directory', sizeBytes),
		children,
		rest: { entries: restBytes > 0 ? 3 : 0, sizeBytes: restBytes }
	};
}
const root = folder(1, [folder(2, [file(3, 4_000), file(4, 2_000)], 1_000), file(5, 3_000), folder(6, [])], 500);

const overlap = (a: SizeTile, b: SizeTile): boolean =>
	a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('a map of sizes', () => {
	const tiles = layOutSizes(root, 800, 600);
	const leaves = tiles.filter(({ isOpen }) => !isOpen);

	it('has a tile for each that takes room, and one for all that is too small in a folder', () => {
		expect(tiles.map(({ key }) => key).toSorted()).toEqual(['2', '3', '4', '5', 'rest 1', 'rest 2']);
	});

	it('gives room by size, inside the map, with nothing upon another', () => {
		for (const { x, y, width, height } of tiles) {
			expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
			expect(x + width).toBeLessThanOrEqual(800);
			expect(y + height).toBeLessThanOrEqual(600);
		}
		for (const [at, tile] of leaves.entries())
			expect(leaves.slice(at + 1).filter((other) => overlap(tile, other))).toEqual([]);
		const area = (key: string) =>
			leaves.filter((tile) => tile.key === key).map(({ width, height }) => width * height)[0] ?? 0;
		expect(area('3') / area('4')).toBeCloseTo(2, 0);
		expect(area('5')).toBeGreaterThan(area('4'));
	});

	it('says where each one lies', () => {
		const names = Object.fromEntries(tiles.map((tile) => [tile.key, tile.names]));
		expect(names['3']).toEqual(['n2', 'n3']);
		expect(names['5']).toEqual(['n5']);
		expect(names['rest 2']).toEqual(['n2']);
	});

	it('is empty where there is nothing, or no room', () => {
		expect(layOutSizes(folder(1, []), 800, 600)).toEqual([]);
		expect(layOutSizes(root, 0, 0)).toEqual([]);
	});

	it('lets no tile be pressed that is too small to be hit', () => {
		const small = layOutSizes(
			folder(1, [file(2, 1_000_000), file(3, 20_000), folder(4, [file(5, 12_000), file(6, 9_000)])]),
			400,
			300
		);
		expect(small.filter(({ isTarget }) => isTarget).map(({ key }) => key)).toEqual(['2']);
		expect(small.length).toBeGreaterThan(3);
	});

	it('reaches every tile by the arrow keys', () => {
		const seen = new Set([0]);
		for (const at of seen)
			for (const direction of ['left', 'right', 'up', 'down'] as const) {
				const next = tileBeside(tiles, at, direction);
				if (next !== null) seen.add(next);
			}
		expect(seen.size).toBe(tiles.length);
	});
});
