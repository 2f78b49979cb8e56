import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	chmodSync,
	chownSync,
	existsSync,
	linkSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	truncateSync,
	utimesSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
	anything,
	copyFile,
	copyTree,
	makeFolder,
	moveItem,
	removeTree,
	type FilesDeps,
	type StepFailure
} from '#core/bytes';
import type { Result } from '#core/kernel';
import type { DiskEntry, DiskPlace, RootRef } from '#core/ports';
import { isForeignToWindows } from '../../peer/host/change-failure.ts';
import { createClock } from '../../peer/host/clock.ts';
import { createCompute } from '../../peer/host/compute.ts';
import { createFileChanges } from '../../peer/host/file-changes.ts';
import { createFiles } from '../../peer/host/files.ts';
import { settableSeconds } from '../../peer/host/keep-facts.ts';
import { asOrdinaryUser } from '../conformance/ordinary-user.ts';
import { hostilePaths } from './hostile-paths.ts';
import { indexedName, makeOddTree } from './odd-tree.ts';

const never = new AbortController().signal;
const silent = () => undefined;
const deps: FilesDeps = {
	files: createFiles(),
	changes: createFileChanges(),
	compute: createCompute(),
	clock: createClock()
};

/** In memory where there is such a disk: what is tried here is flushed thousands of times. */
const home = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
let base = '';
beforeEach(() => void (base = mkdtempSync(join(home, 'atoll-'))));
afterEach(() => rmSync(base, { recursive: true, force: true }));

function at(...path: readonly string[]): DiskPlace {
	return { root: join(base, 'root') as RootRef, path };
}

async function entryAt({ root, path }: DiskPlace): Promise<DiskEntry> {
	const found = await deps.files.look(root, path, never);
	if (!found.ok || found.value === null) throw new Error(`nothing at ${path.join('/')}`);
	return found.value;
}

async function step(from: DiskPlace, to: DiskPlace) {
	return { step: 'one', from, expected: await entryAt(from), to };
}

function done<T>(result: Result<T, StepFailure>): T {
	if (!result.ok) throw new Error(result.failure.type);
	return result.value;
}

/** Everything outside the root, by content and inode. */
function canary(): string {
	const hash = createHash('sha256');
	const walk = (path: string) => {
		const { ino, mode, size, mtimeMs } = lstatSync(path);
		hash.update([path, ino, mode, size, mtimeMs].join());
		if (lstatSync(path).isDirectory()) for (const name of readdirSync(path).toSorted()) walk(join(path, name));
		else hash.update(readFileSync(path));
	};
	walk(join(base, 'outside'));
	return hash.digest('hex');
}

describe('a hostile name', () => {
	beforeEach(() => {
		mkdirSync(join(base, 'outside', 'canary'), { recursive: true });
		writeFileSync(join(base, 'outside', 'canary', 'file'), 'of somebody else');
		mkdirSync(join(base, 'root', 'folder'), { recursive: true });
		writeFileSync(join(base, 'root', 'file'), 'mine');
		symlinkSync('../outside', join(base, 'root', 'link'));
		symlinkSync('../../outside/canary', join(base, 'root', 'folder', 'link'));
	});

	const names = [
		...hostilePaths,
		...hostilePaths.map((path) => path.replaceAll('canary', 'outside/canary')),
		'link',
		'LINK'
	];
	/** As one name, and taken apart as a careless caller would. */
	const placesOf = (name: string) => [
		[name],
		['folder', name],
		[name, 'new'],
		name.split('/'),
		['link', name],
		['folder', 'link', name]
	];

	test('leads nowhere outside the root, whatever is done with it', async () => {
		const before = canary();
		const expected = await entryAt(at('file'));
		const outside = { kind: 'directory', sizeBytes: 0, modifiedMs: null, inode: null } as const;
		const outcomes = new Set<string>();
		const tell = async (work: () => Promise<Result<unknown, { readonly type: string }>>) => {
			try {
				const outcome = await work();
				outcomes.add(outcome.ok ? 'ok' : outcome.failure.type);
			} catch (error) {
				outcomes.add(error instanceof Error ? error.message : 'thrown');
			}
		};
		for (const name of new Set(names))
			for (const path of placesOf(name)) {
				const to = at(...path);
				const file = { step: 'one', from: at('file'), expected, to };
				await tell(() => copyFile(deps, file, { proof: false }, silent, never));
				await tell(() => makeFolder(deps, to, never));
				await tell(() =>
					copyTree(deps, { ...file, from: to, to: at('copied'), expected: outside }, { proof: false }, silent, never)
				);
				await tell(() => moveItem(deps, { ...file, from: to, to: at('moved'), expected: outside }, silent, never));
				await tell(() => removeTree(deps, to, async (_, entry) => ({ ok: true, value: entry.kind !== 'file' }), never));
				for (const made of ['copied', 'moved']) rmSync(join(base, 'root', made), { recursive: true, force: true });
				if (!existsSync(join(base, 'root', 'folder'))) mkdirSync(join(base, 'root', 'folder'));
				expect(canary(), JSON.stringify(path)).toBe(before);
			}
		expect([...outcomes]).toContain('NameRefused');
		expect([...outcomes]).toContain('NotAFolder');
		expect([...outcomes]).toContain('ok');
	});

	test('of Windows is known as one', () => {
		for (const name of ['CON', 'nul.txt', 'COM1', 'a:b', 'name.', 'name ', 'what?', 'a\\b', 'new\nline', 'LPT9.tar.gz'])
			expect(isForeignToWindows(name), name).toBe(true);
		for (const name of ['CONSOLE', 'name', '.hidden', 'a.b', 'com', 'COM10', 'été'])
			expect(isForeignToWindows(name), name).toBe(false);
	});
});

describe('what a copy keeps', () => {
	beforeEach(() => mkdirSync(join(base, 'root')));
	const own = (...path: readonly string[]) => join(base, 'root', ...path);

	test('times to the millisecond, permissions and owner', async () => {
		mkdirSync(own('from', 'closed'), { recursive: true });
		writeFileSync(own('from', 'run'), '#!/bin/sh');
		writeFileSync(own('from', 'closed', 'secret'), 'no');
		chmodSync(own('from', 'run'), 0o4751);
		chmodSync(own('from', 'closed', 'secret'), 0o400);
		chmodSync(own('from', 'closed'), 0o710);
		if (process.geteuid?.() === 0)
			for (const path of [own('from', 'run'), own('from', 'closed')]) chownSync(path, 1_234, 2_345);
		chmodSync(own('from', 'run'), 0o4751);
		utimesSync(own('from', 'run'), 1, 1_234_567_890.123);
		utimesSync(own('from', 'closed'), 1, 987_654_321.987);
		done(await copyTree(deps, await step(at('from'), at('to')), { proof: true }, silent, never));
		for (const path of ['run', 'closed', 'closed/secret', '']) {
			const [a, b] = [lstatSync(own('from', path)), lstatSync(own('to', path))];
			expect([b.mode, b.uid, b.gid, Math.floor(b.mtimeMs)], path).toEqual([
				a.mode,
				a.uid,
				a.gid,
				Math.floor(a.mtimeMs)
			]);
		}
	});

	test('every millisecond that a disk has', () => {
		writeFileSync(own('file'), '');
		for (let at = 0; at < 2_000; at++) {
			const timeMs = Math.floor(at * 987_654_321.77) + (at % 1_000);
			utimesSync(own('file'), 1, settableSeconds(timeMs));
			expect(Math.floor(lstatSync(own('file')).mtimeMs)).toBe(timeMs);
		}
	});

	test('names that are not UTF-8, links as links, and holes', async () => {
		const odd = makeOddTree(own('from'));
		truncateSync(own('from', '.hidden'), 40_000_000);
		const copied = done(await copyTree(deps, await step(at('from'), at('to')), { proof: true }, silent, never));
		expect(copied.left.map(({ path }) => path.at(-1))).toEqual(['pipe']);
		const names = readdirSync(own('to'), { encoding: 'buffer' }).map((name) => name.toString('hex'));
		const wanted = odd.filter(({ kind }) => kind !== 'other').map(({ bytes }) => bytes.toString('hex'));
		expect(names.toSorted()).toEqual(wanted.toSorted());
		expect(readlinkSync(own('to', 'loop'))).toBe('loop');
		expect(readlinkSync(own('to', 'root'))).toBe('/');
		expect(odd.map(indexedName)).toContain('.hidden');
		const { size, blocks } = statSync(own('to', '.hidden'));
		expect(size).toBe(40_000_000);
		expect(blocks * 512).toBeLessThan(2_000_000);
	});
});

describe('a folder of a real disk', () => {
	beforeEach(() => mkdirSync(join(base, 'root', 'to'), { recursive: true }));
	const own = (...path: readonly string[]) => join(base, 'root', ...path);

	test('takes no file through a link that was put in place of a folder', async () => {
		mkdirSync(join(base, 'outside'));
		writeFileSync(own('file'), 'mine');
		renameSync(own('to'), own('was'));
		symlinkSync('../outside', own('to'));
		const copied = await copyFile(deps, await step(at('file'), at('to', 'new')), { proof: true }, silent, never);
		expect(copied).toMatchObject({ ok: false, failure: { type: 'NotAFolder' } });
		expect(readdirSync(join(base, 'outside'))).toEqual([]);
	});

	test('removes a link and not what it leads to', async () => {
		mkdirSync(join(base, 'outside'));
		writeFileSync(join(base, 'outside', 'file'), 'of somebody else');
		symlinkSync('../../outside', own('to', 'link'));
		expect(done(await removeTree(deps, at('to'), anything, never))).toEqual({ removed: 2, left: [] });
		expect(readdirSync(join(base, 'outside'))).toEqual(['file']);
	});

	test('finishes a renaming that left both names', async () => {
		writeFileSync(own('file'), 'mine');
		linkSync(own('file'), own('to', 'file'));
		done(await moveItem(deps, await step(at('file'), at('to', 'file')), silent, never));
		expect([readdirSync(own()), readFileSync(own('to', 'file'), 'utf8')]).toEqual([['to'], 'mine']);
	});

	test('writes to no part that is a second name of a file', async () => {
		writeFileSync(own('file'), 'new');
		writeFileSync(own('kept'), 'mine');
		linkSync(own('kept'), own('to', '.atoll-one.part'));
		const copied = await copyFile(deps, await step(at('file'), at('to', 'file')), { proof: true }, silent, never);
		expect(copied).toMatchObject({ ok: false, failure: { type: 'SourceChanged' } });
		expect(readFileSync(own('kept'), 'utf8')).toBe('mine');
	});

	test('says that it may not be changed', async () => {
		writeFileSync(own('file'), 'mine');
		chmodSync(own('to'), 0o555);
		await asOrdinaryUser(base, async () => {
			const copied = await copyFile(deps, await step(at('file'), at('to', 'new')), { proof: true }, silent, never);
			expect(copied).toMatchObject({ ok: false, failure: { type: 'ChangeDenied', retry: 'when-online' } });
		});
	});

	/** How a process may have a disk of its own here: as root, else as root of its own namespace. */
	const namespaces = [['--mount'], ['--map-root-user', '--mount']].filter(
		(flags) => spawnSync('unshare', [...flags, 'sh', '-c', 'mount -t tmpfs -o size=64k tmpfs /mnt']).status === 0
	);

	test.each(namespaces.slice(0, 1))('leaves the source where a disk has no room', async (...namespace) => {
		writeFileSync(own('file'), new Uint8Array(3_000_000).fill(1));
		const move = await step(at('file'), { root: own('to') as RootRef, path: ['file'] });
		const child = new URL('./file-steps.child.ts', import.meta.url).pathname;
		const script = `mount -t tmpfs -o size=1m tmpfs "$1" && "$2" "$3" move "$4" && ls -A "$1"`;
		const given = [own('to'), process.execPath, child, JSON.stringify(move)];
		const { stdout } = spawnSync('unshare', [...namespace, 'sh', '-c', script, 'sh', ...given], { encoding: 'utf8' });
		const [begins, outcome = '', ...left] = stdout.trim().split('\n');
		expect([begins, JSON.parse(outcome), left]).toMatchObject([
			'begins',
			{ ok: false, failure: { type: 'NoSpace' } },
			[]
		]);
		expect(statSync(own('file')).size).toBe(3_000_000);
	});

	test.each(namespaces.slice(0, 1))('goes on with a move between two mounts of one disk', async (...namespace) => {
		mkdirSync(own('from'));
		writeFileSync(own('from', 'file'), 'mine');
		mkdirSync(own('other'));
		const child = new URL('./file-steps.child.ts', import.meta.url).pathname;
		const move = {
			...(await step(at('from', 'file'), at('to', 'file'))),
			from: { root: own('from') as RootRef, path: ['file'] },
			to: { root: own('other') as RootRef, path: ['file'] }
		};
		const run = () => {
			const script = `mount --bind "$1" "$2" && "$3" "$4" move "$5"`;
			const given = [own('to'), own('other'), process.execPath, child, JSON.stringify(move)];
			const { stdout } = spawnSync('unshare', [...namespace, 'sh', '-c', script, 'sh', ...given], { encoding: 'utf8' });
			return JSON.parse(stdout.split('\n')[1] ?? '');
		};
		// As a kill leaves it that comes between the naming of the copy and the end of the source.
		writeFileSync(own('to', 'file'), 'mine');
		expect(run()).toEqual({ ok: true, value: { inOneStep: false, left: [] } });
		expect([readdirSync(own('from')), readFileSync(own('to', 'file'), 'utf8')]).toEqual([[], 'mine']);
	});
});
