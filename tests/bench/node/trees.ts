import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeTree, type MemoryFolder } from '../input/memory-tree.ts';
import type { Times } from '../measure.ts';
import { temporaryFolder } from './node-library.ts';

const run = promisify(execFile);

/** Below this a tree says little of a real one. */
const entriesMin = 50_000;
const generatedEntries = 100_000;

/** A tree on this machine's disk. `kind` is `generated` where the machine had none worth measuring. */
export type DiskTree = { readonly path: string; readonly kind: 'real' | 'generated' };

function hasEntries(path: string, least: number): boolean {
	let found = 0;
	const pending = [path];
	for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
		for (const entry of readdirSync(folder, { withFileTypes: true })) {
			if (++found >= least) return true;
			if (entry.isDirectory()) pending.push(join(folder, entry.name));
		}
	}
	return false;
}

function write(folder: MemoryFolder, path: string): void {
	for (const { name, kind } of folder.entries) {
		const child = folder.folders.get(name);
		if (kind !== 'directory' || child === undefined) writeFileSync(join(path, name), '');
		else {
			mkdirSync(join(path, name));
			write(child, join(path, name));
		}
	}
}

let generated: string | null = null;

/** The tree at `path`, or a generated one on disk where that is absent or small. */
export function diskTree(path: string, least = entriesMin): DiskTree {
	if (existsSync(path) && hasEntries(path, least)) return { path, kind: 'real' };
	if (generated === null) {
		generated = temporaryFolder().path;
		write(makeTree(1, generatedEntries), generated);
	}
	return { path: generated, kind: 'generated' };
}

/** Wall and processor time of `find -printf` over the tree; null where this machine's `find` cannot print. */
export async function timeFind(path: string): Promise<Times | null> {
	const script = `find "$1" -printf '%y %s %T@ %i %p\\n' > /dev/null && times`;
	const startMs = performance.now();
	const found = await run('sh', ['-c', script, 'sh', path]).catch(() => null);
	const wall = performance.now() - startMs;
	if (found === null) return null;
	// The second line is what the children used: `0m0.080s 0m0.210s`.
	const used = [...(found.stdout.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.,]+)s/g)];
	const cpu = used.reduce((ms, [, minutes, seconds]) => ms + Number(minutes) * 60_000 + parseFloat(String(seconds).replace(',', '.')) * 1_000, 0);
	return { wall, cpu };
}

/** What `find -printf` does, in this process: the yardstick where there is no such `find`. */
export function timeScan(path: string): Times {
	const [startMs, before] = [performance.now(), process.cpuUsage()];
	const pending = [path];
	for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
		for (const name of readdirSync(folder)) {
			const at = join(folder, name);
			if (lstatSync(at).isDirectory()) pending.push(at);
		}
	}
	const used = process.cpuUsage(before);
	return { wall: performance.now() - startMs, cpu: (used.user + used.system) / 1_000 };
}
