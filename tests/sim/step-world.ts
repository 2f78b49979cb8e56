import type { FilesDeps } from '#core/bytes';
import type { DiskEntry, DiskPlace, RootRef } from '#core/ports';
import { createSimClock } from './host/clock.ts';
import { createSimCompute } from './host/compute.ts';
import { SimFileChanges } from './host/file-changes.ts';
import { SimFiles, type SimNode, type SimTree } from './host/files.ts';
import { createSimRandom, type SimRandom } from './host/random.ts';

export const never = new AbortController().signal;
/** Small, so that small files are written in many pieces. */
const blockBytes = 64;

export type StepWorld = {
	readonly files: SimFiles;
	readonly changes: SimFileChanges;
	readonly deps: FilesDeps;
	readonly random: SimRandom;
};

/** Two disks, `/a` and `/b`, ruled by `seed`. */
export function createStepWorld(seed: number): StepWorld {
	const random = createSimRandom(seed);
	const clock = createSimClock();
	const files = new SimFiles(clock);
	const changes = new SimFileChanges(files, random);
	changes.disks.push('/a', '/b');
	const deps = { files, changes, compute: createSimCompute(), clock, blockBytes };
	return { files, changes, deps, random };
}

/** A tree by chance: files of up to three blocks and a bit, some alike, links, empty folders. */
export function randomTree(random: SimRandom, depth = 0): SimTree {
	const tree: Record<string, SimTree | Uint8Array | string> = {};
	for (let at = random.integer(5) + (depth === 0 ? 1 : 0); at > 0; at--) {
		const name = `${random.integer(4)}${'xyz'[random.integer(3)]}`;
		if (depth < 3 && random.chance(0.35)) tree[name] = randomTree(random, depth + 1);
		else if (random.chance(0.15)) tree[name] = `to ${random.integer(9)}`;
		else if (random.chance(0.2)) tree[name] = Uint8Array.from({ length: random.integer(100) }, () => 7);
		else tree[name] = random.bytes(random.integer(210));
	}
	return tree;
}

/** What is below a folder: path to kind and content. */
export type Content = ReadonlyMap<string, string>;

function tellNode(node: SimNode): string {
	if (node.kind === 'symlink') return `link ${node.text}`;
	return node.kind === 'file' ? `file ${(node.bytes ?? new Uint8Array(node.sizeBytes)).join(' ')}` : node.kind;
}

/** All that is at `path` and below it; an empty name is the thing itself. */
export function contentAt({ files }: Pick<StepWorld, 'files'>, path: string): Content {
	const found = new Map<string, string>();
	const walk = (node: SimNode, below: string) => {
		found.set(below, tellNode(node));
		for (const [name, child] of node.children) walk(child, below === '' ? name : `${below}/${name}`);
	};
	const top = files.find(path);
	if (top) walk(top, '');
	return found;
}

export function placeOf(root: string, ...path: readonly string[]): DiskPlace {
	return { root: root as RootRef, path };
}

export async function entryAt({ files }: StepWorld, { root, path }: DiskPlace): Promise<DiskEntry> {
	const found = await files.look(root, path, never);
	if (!found.ok || found.value === null) throw new Error(`nothing at ${path.join('/')}`);
	return found.value;
}
