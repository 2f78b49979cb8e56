import { hierarchy, treemap, treemapSquarify, type HierarchyRectangularNode } from 'd3-hierarchy';
import type { EntryRow, SizeMapNode } from '#core/index';

/** A rectangle of the size map, in CSS pixels from its upper left corner. */
export type SizeTile = {
	readonly key: string;
	/** Null for what is too small to be seen, taken together. */
	readonly row: EntryRow | null;
	/** The folder that it lies in. */
	readonly parent: EntryRow;
	/** How many entries a tile without a row stands for. */
	readonly entries: number;
	readonly sizeBytes: number;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	/** Its children lie on it; only its upper edge is its own. */
	readonly isOpen: boolean;
	/** Large enough to be pressed; a smaller one is only seen. */
	readonly isTarget: boolean;
	/** The folders between the folder of the map and this tile, and its own name last. */
	readonly names: readonly string[];
};

type Part = {
	readonly row: EntryRow | null;
	readonly parent: EntryRow;
	readonly entries: number;
	readonly sizeBytes: number;
	parts: Part[];
};

const headPx = 20;
const gapPx = 2;
/** A narrower tile shows no name; a folder that small leaves the room to its children. */
export const nameFromPx = 68;
const targetFromPx = 24;

function toPart({ row, children, rest }: SizeMapNode, parent: EntryRow): Part {
	const parts = children.map((child) => toPart(child, row));
	if (parts.length > 0 && rest.sizeBytes > 0) parts.push({ row: null, parent: row, ...rest, parts: [] });
	return { row, parent, entries: 1, sizeBytes: row.sizeBytes, parts };
}

type Placed = HierarchyRectangularNode<Part>;
const isAtLeast =
	(leastPx: number) =>
	({ x0, x1, y0, y1 }: Placed): boolean =>
		x1 - x0 >= leastPx && y1 - y0 >= leastPx;
const hasHead = isAtLeast(nameFromPx);
const isPressable = isAtLeast(targetFromPx);

/** The tiles of a map of this size, a folder before what lies in it and the larger before the smaller. */
export function layOutSizes(root: SizeMapNode, widthPx: number, heightPx: number): SizeTile[] {
	const tree = hierarchy(toPart(root, root.row), ({ parts }) => parts)
		.sum(({ parts, sizeBytes }) => (parts.length === 0 ? sizeBytes : 0))
		.sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
	const laidOut = treemap<Part>()
		.tile(treemapSquarify)
		.size([widthPx, heightPx])
		.paddingInner(gapPx)
		.paddingOuter((node) => (node.depth === 0 ? 0 : gapPx))
		.paddingTop((node) => (node.depth === 0 ? 0 : hasHead(node) ? headPx : gapPx))
		.round(true)(tree);
	return laidOut
		.descendants()
		.filter(({ depth, x0, x1, y0, y1 }) => depth > 0 && x1 - x0 >= 1 && y1 - y0 >= 1)
		.map((node) => ({
			key: node.data.row === null ? `rest ${node.data.parent.id}` : String(node.data.row.id),
			row: node.data.row,
			parent: node.data.parent,
			entries: node.data.entries,
			sizeBytes: node.data.sizeBytes,
			x: node.x0,
			y: node.y0,
			width: node.x1 - node.x0,
			height: node.y1 - node.y0,
			isOpen: node.children !== undefined,
			isTarget: node.children === undefined ? isPressable(node) : hasHead(node),
			names: node
				.path(laidOut)
				.flatMap(({ depth, data }) => (depth === 0 || data.row === null ? [] : [data.row.name]))
				.toReversed()
		}));
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** What an arrow key reaches from a tile: the nearest one whose middle lies that way; null at the edge. */
export function tileBeside(tiles: readonly SizeTile[], from: number, direction: Direction): number | null {
	const here = tiles[from];
	if (here === undefined) return null;
	const start = middleOf(here);
	const isAcross = direction === 'left' || direction === 'right';
	const sign = direction === 'left' || direction === 'up' ? -1 : 1;
	let best: number | null = null;
	let bestPx = Infinity;
	for (const [at, tile] of tiles.entries()) {
		const there = middleOf(tile);
		const ahead = sign * (isAcross ? there.x - start.x : there.y - start.y);
		const aside = Math.abs(isAcross ? there.y - start.y : there.x - start.x);
		// What lies straight ahead wins over what is nearer but off to the side.
		const distancePx = ahead + 2 * aside;
		if (tile.isTarget && at !== from && ahead > 0 && distancePx < bestPx) [best, bestPx] = [at, distancePx];
	}
	return best;
}

/** Where the eye finds a tile: an open folder is found at its head. */
function middleOf({ x, y, width, height, isOpen }: SizeTile): { readonly x: number; readonly y: number } {
	return { x: x + width / 2, y: y + (isOpen ? Math.min(height, headPx) : height) / 2 };
}
