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

/** Small times are measured as the mean of so many that the clocks of processes can tell. */
const findMsMin = 300;
const findScript = `left="$2"; while [ "$left" -gt 0 ]; do
	find "$1" -printf '%p %s %T@ %i\\n' > /dev/null || exit 1
	left=$((left - 1))
done; times`;

/** Milliseconds of processor time that the children of a shell used, from the second line of what `times` prints. */
function childrenCpu(printed: string): number {
	const used = [...(printed.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.,]+)s/g)];
	return used.reduce(
		(ms, [, minutes, seconds = '']) => ms + Number(minutes) * 60_000 + Number(seconds.replace(',', '.')) * 1_000,
		0
	);
}

async function find(path: string, times: number): Promise<Times | null> {
	const startMs = performance.now();
	const found = await run('sh', ['-c', findScript, 'sh', path, String(times)]).catch(() => null);
	if (found === null) return null;
	return { wall: (performance.now() - startMs) / times, cpu: childrenCpu(found.stdout) / times };
}

/** Gives what times `find -printf` over the tree by wall and by processor; null where there is no such `find`. */
export async function findTimer(path: string): Promise<(() => Promise<Times>) | null> {
	const once = await find(path, 1);
	if (once === null) return null;
	const times = Math.ceil(findMsMin / (once['wall'] ?? findMsMin));
	return async () => {
		const found = await find(path, times);
		if (found === null) throw new Error(`find failed over ${path}`);
		return found;
	};
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
