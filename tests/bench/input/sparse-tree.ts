import { closeSync, ftruncateSync, linkSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createChance, type Chance } from './random.ts';

/** Sizes in bytes from `least` to `most`, for `share` of the files. */
type Sizes = { readonly least: number; readonly most: number; readonly share: number };

export type Recipe = {
	readonly seed: number;
	readonly files: number;
	readonly depth: number;
	readonly fanOut: number;
	/** Share of the files that are hard links of others. */
	readonly duplicates: number;
	readonly sizes: readonly Sizes[];
};

const kib = 1_024;
const mib = 1_048_576;

/** Trees like people have, by what is known of their sizes. */
export const recipes: Readonly<Record<string, Recipe>> = {
	small: {
		seed: 12_345,
		files: 5_000,
		depth: 2,
		fanOut: 8,
		duplicates: 0.1,
		sizes: [
			{ least: 4 * kib, most: 128 * kib, share: 0.6 },
			{ least: mib, most: 5 * mib, share: 0.3 },
			{ least: 5 * mib, most: 10 * mib, share: 0.1 }
		]
	},
	medium: {
		seed: 67_890,
		files: 20_000,
		depth: 3,
		fanOut: 12,
		duplicates: 0.1,
		sizes: [
			{ least: 0, most: kib, share: 0.1 },
			{ least: kib, most: 64 * kib, share: 0.35 },
			{ least: 64 * kib, most: 5_000_000, share: 0.4 },
			{ least: 5_000_000, most: 250_000_000, share: 0.15 }
		]
	},
	large: {
		seed: 13_579,
		files: 100_000,
		depth: 4,
		fanOut: 12,
		duplicates: 0.1,
		sizes: [
			{ least: 0, most: kib, share: 0.05 },
			{ least: kib, most: 64 * kib, share: 0.25 },
			{ least: 64 * kib, most: 5_000_000, share: 0.45 },
			{ least: 5_000_000, most: 1_000_000_000, share: 0.25 }
		]
	},
	desktop: {
		seed: 42_424_242,
		files: 50_000,
		depth: 8,
		fanOut: 25,
		duplicates: 0.15,
		sizes: [
			{ least: 0, most: 4 * kib, share: 0.3 },
			{ least: 4 * kib, most: mib, share: 0.4 },
			{ least: mib, most: 10_000_000, share: 0.25 },
			{ least: 10_000_000, most: 100_000_000, share: 0.05 }
		]
	},
	extreme: {
		seed: 99_999_999,
		files: 100_000,
		depth: 12,
		fanOut: 30,
		duplicates: 0.2,
		sizes: [
			{ least: 0, most: kib, share: 0.35 },
			{ least: kib, most: 64 * kib, share: 0.3 },
			{ least: 64 * kib, most: 5_000_000, share: 0.25 },
			{ least: 5_000_000, most: 200_000_000, share: 0.1 }
		]
	}
};

function drawSize(chance: Chance, sizes: readonly Sizes[]): number {
	let drawn = chance.next();
	for (const { least, most, share } of sizes) {
		if (drawn < share) return chance.within(least, most);
		drawn -= share;
	}
	return sizes.at(-1)?.most ?? 0;
}

const edgeBytes = 8_192;
const wholeMax = 102_400;

/** Writes a file whose bytes are real where a quick look reads them, and a hole elsewhere. */
function writeSparse(path: string, sizeBytes: number, chance: Chance): void {
	const block = Buffer.alloc(4_096);
	for (let at = 0; at < block.length; at += 4) block.writeUInt32LE(Math.floor(chance.next() * 2 ** 32), at);
	const fill = (length: number) => Buffer.alloc(length, block);
	const file = openSync(path, 'w');
	ftruncateSync(file, sizeBytes);
	if (sizeBytes <= wholeMax) writeSync(file, fill(sizeBytes), 0, sizeBytes, 0);
	else {
		const step = Math.floor((sizeBytes - 2 * edgeBytes) / 4);
		writeSync(file, fill(edgeBytes), 0, edgeBytes, 0);
		for (let n = 0; n < 4; n++) writeSync(file, fill(10_240), 0, 10_240, edgeBytes + n * step);
		writeSync(file, fill(edgeBytes), 0, edgeBytes, sizeBytes - edgeBytes);
	}
	closeSync(file);
}

/** The path of a folder at a depth drawn from 1 on. */
function drawFolder(root: string, chance: Chance, { depth, fanOut }: Recipe): string {
	let path = root;
	for (let level = chance.within(1, depth); level > 0; level--) path = join(path, `folder ${chance.within(1, fanOut)}`);
	return path;
}

function drawOtherFolder(than: string, root: string, chance: Chance, recipe: Recipe): string {
	for (;;) {
		const folder = drawFolder(root, chance, recipe);
		if (folder !== than) return folder;
	}
}

const endings = ['jpg', 'txt', 'mp4', 'pdf', 'bin'];

/** Makes `scale` of the recipe's files below `root`, the same for the same recipe, and gives their paths. */
export function makeSparseTree(root: string, recipe: Recipe, scale: number): readonly string[] {
	const chance = createChance(recipe.seed);
	const originals: { readonly folder: string; readonly path: string }[] = [];
	const files: string[] = [];
	const wanted = Math.round(recipe.files * scale);
	for (let n = 0; n < wanted; n++) {
		const name = `file ${n}.${chance.pick(endings)}`;
		const original = originals.length > 0 && chance.next() < recipe.duplicates ? chance.pick(originals) : null;
		const folder =
			original === null ? drawFolder(root, chance, recipe) : drawOtherFolder(original.folder, root, chance, recipe);
		mkdirSync(folder, { recursive: true });
		const path = join(folder, name);
		if (original !== null) linkSync(original.path, path);
		else {
			writeSparse(path, drawSize(chance, recipe.sizes), chance);
			originals.push({ folder, path });
		}
		files.push(path);
	}
	return files;
}
