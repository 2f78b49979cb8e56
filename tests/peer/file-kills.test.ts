import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	symlinkSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { FromTo } from '#core/bytes';
import type { RootRef } from '#core/ports';
import { createFiles } from '../../peer/host/files.ts';
import { testSeed } from '../sim/host/random.ts';
import { seeded } from './kills.ts';
import { isNightly } from '../tier.ts';

const kills = isNightly ? 500 : 4;
const child = new URL('./file-steps.child.ts', import.meta.url).pathname;
/** Two disks, where the system has one in memory. */
const bases = [tmpdir(), existsSync('/dev/shm') ? '/dev/shm' : tmpdir()].map((at) => mkdtempSync(join(at, 'atoll-')));
afterAll(() => bases.forEach((base) => rmSync(base, { recursive: true, force: true })));

/** What is at a path and below it, by its content. */
function contentAt(path: string, below = '', found = new Map<string, string>()): Map<string, string> {
	const stats = lstatSync(path, { throwIfNoEntry: false });
	if (stats?.isFile()) found.set(below, createHash('sha256').update(readFileSync(path)).digest('hex'));
	if (stats?.isSymbolicLink()) found.set(below, `link ${readlinkSync(path)}`);
	if (!stats?.isDirectory()) return found;
	found.set(below, 'folder');
	for (const name of readdirSync(path)) contentAt(join(path, name), below === '' ? name : `${below}/${name}`, found);
	return found;
}

function plant(at: string, random: () => number): void {
	mkdirSync(join(at, 'inner', 'deep'), { recursive: true });
	for (let file = 0; file < 40; file++)
		writeFileSync(
			join(at, ['', 'inner', 'inner/deep'][file % 3] ?? '', `file ${file}`),
			randomBytes(Math.floor(random() * 60_000))
		);
	writeFileSync(join(at, 'large'), randomBytes(12_000_000));
	symlinkSync('../nowhere', join(at, 'inner', 'link'));
}

type Run = { readonly outcome: string | null };

/** Runs the step, and kills it `afterMs` after it has begun, if that is said. */
function run(kind: string, step: FromTo, afterMs: number | null): Promise<Run & { readonly tookMs: number }> {
	return new Promise((resolve, reject) => {
		const going = spawn(process.execPath, [child, kind, JSON.stringify(step)], {
			stdio: ['ignore', 'pipe', 'inherit']
		});
		let [out, beganMs] = ['', performance.now()];
		going.stdout.on('data', (chunk: Buffer) => {
			if (out === '') {
				beganMs = performance.now();
				if (afterMs !== null) setTimeout(() => going.kill('SIGKILL'), afterMs);
			}
			out += String(chunk);
		});
		going.on('error', reject);
		going.on('close', () => resolve({ outcome: out.split('\n')[1] || null, tookMs: performance.now() - beganMs }));
	});
}

function ownNames(path: string): readonly string[] {
	return readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.atoll-'));
}

test(
	'a copy or a move that is killed loses no byte, shows no half file, and comes to its end',
	{ timeout: 60_000 + kills * 20_000 },
	async () => {
		const random = seeded(testSeed('file kills'));
		const [here = '', there = ''] = bases;
		const faults: string[] = [];
		let [tookMs, midway, steps] = [400, 0, 0];
		for (let kill = 0; kill < kills && faults.length === 0; kill++) {
			steps++;
			const kind = ['move', 'move', 'proved', 'plain'][kill % 4] ?? 'move';
			const [from, to] = [join(here, `from ${kill}`), join(there, `to ${kill}`)];
			mkdirSync(from);
			mkdirSync(to);
			plant(join(from, 'item'), random);
			const before = contentAt(join(from, 'item'));
			const expected = await createFiles().look(from as RootRef, ['item'], new AbortController().signal);
			if (!expected.ok || expected.value === null) throw new Error('planted');
			const step: FromTo = {
				step: `kill-${kill}`,
				from: { root: from as RootRef, path: ['item'] },
				expected: expected.value,
				to: { root: to as RootRef, path: ['new'] }
			};
			for (let again = 1 + Math.floor(random() * 2); again > 0; again--) {
				const ended = await run(kind, step, random() * tookMs);
				if (ended.outcome === null) midway++;
				const [source, target] = [contentAt(join(from, 'item')), contentAt(join(to, 'new'))];
				for (const [path, what] of target)
					if (before.get(path) !== what) faults.push(`kill ${kill}, ${kind}: half of ${path}`);
				for (const [path, what] of before)
					if (source.get(path) !== what && (kind !== 'move' || target.get(path) !== what))
						faults.push(`kill ${kill}, ${kind}: ${path} is missing`);
			}
			const last = await run(kind, step, null);
			tookMs = Math.max(100, (tookMs + last.tookMs) / 2);
			if (!last.outcome?.startsWith('{"ok":true')) faults.push(`kill ${kill}, ${kind}: ended with ${last.outcome}`);
			if (contentAt(join(to, 'new')).size !== before.size)
				faults.push(`kill ${kill}, ${kind}: the target is not whole`);
			if (existsSync(join(from, 'item')) === (kind === 'move')) faults.push(`kill ${kill}, ${kind}: the source`);
			faults.push(...[...ownNames(from), ...ownNames(to)].map((name) => `kill ${kill}, ${kind}: left ${name}`));
			for (const folder of [from, to]) rmSync(folder, { recursive: true });
		}
		expect(faults).toEqual([]);
		console.info(`${steps} steps, ${midway} kills in the middle of one`);
		// So few as in other runs may all come between two steps.
		if (isNightly) expect(midway).toBeGreaterThan(0);
	}
);
