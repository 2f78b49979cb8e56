import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RootRef } from '#core/ports';
import { never, valueOf } from '../../tests/conformance/expectation.ts';
import { listed } from '../../tests/conformance/files.ts';
import { makeRoot, rootAt } from '../../tests/peer/real-root.ts';
import { createFiles } from './files.ts';
import { openDirectory } from './open-directory.ts';

const port = createFiles();
let base = '';
let root: RootRef;
beforeEach(() => {
	({ base, root } = makeRoot());
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

async function kinds(path: readonly string[] = []): Promise<Record<string, string>> {
	const { entries } = await listed(port, root, path);
	return Object.fromEntries(entries.map(({ name, kind }) => [name, kind]));
}

describe('what must not be opened', () => {
	test('pipes, sockets and devices are told as "other" and never opened', { timeout: 5_000 }, async () => {
		execFileSync('mkfifo', [join(root, 'pipe')]);
		const server = createServer().listen(join(root, 'socket'));
		await once(server, 'listening');
		expect(await kinds()).toEqual({ pipe: 'other', socket: 'other' });
		server.close();
		await once(server, 'close');
		// A pipe has no reader: opening it to read would wait for ever.
		expect((await listed(port, root, ['pipe'])).failure).toEqual({ type: 'NotAFolder', retry: 'never' });
		const devices = await listed(port, rootAt('/dev'));
		expect(devices.entries.find(({ name }) => name === 'null')?.kind).toBe('other');
	});

	test('symlinks are told, never followed: loops, ways out, dangling ones', async () => {
		mkdirSync(join(base, 'outside'));
		writeFileSync(join(base, 'outside', 'secret'), 'x');
		mkdirSync(join(root, 'folder'));
		symlinkSync('..', join(root, 'folder', 'up'));
		symlinkSync('loop', join(root, 'loop'));
		symlinkSync(join(base, 'outside'), join(root, 'out'));
		symlinkSync('nowhere', join(root, 'dangling'));
		symlinkSync('folder', join(root, 'inside'));
		expect(await kinds()).toEqual({
			folder: 'directory',
			loop: 'symlink',
			out: 'symlink',
			dangling: 'symlink',
			inside: 'symlink'
		});
		for (const path of [
			['out'],
			['loop'],
			['dangling'],
			['inside'],
			['inside', 'up'],
			['folder', 'up'],
			['folder', 'up', 'folder']
		])
			expect((await listed(port, root, path)).failure?.type).toBe('NotAFolder');
		const through = await listed(port, root, ['out', 'secret']);
		expect([through.entries, through.failure?.type]).toEqual([[], 'NotAFolder']);
	});

	test('a walk over a tree of loops ends, having seen each directory once', async () => {
		mkdirSync(join(root, 'a', 'b'), { recursive: true });
		for (const at of ['a', 'a/b'])
			for (const [index, target] of ['.', '..', '../..', root].entries())
				symlinkSync(target, join(root, at, `link ${index}`));
		linkSyncTwice();
		const seen: string[] = [];
		const waiting: string[][] = [[]];
		for (let path = waiting.pop(); path; path = waiting.pop()) {
			seen.push(path.join('/'));
			for (const { name, kind } of (await listed(port, root, path)).entries)
				if (kind === 'directory') waiting.push([...path, name]);
		}
		expect(seen.toSorted()).toEqual(['', 'a', 'a/b']);
	});

	test('a root that is a symlink itself is the folder that it names', async () => {
		writeFileSync(join(root, 'file'), 'x');
		mkdirSync(join(root, 'folder'));
		symlinkSync(root, join(base, 'alias'));
		const alias = rootAt(join(base, 'alias'));
		expect((await listed(port, alias)).entries.length).toBe(2);
		expect((await listed(port, alias, ['folder'])).failure).toBe(null);
		expect(valueOf(await port.relation(alias, root, never))).toBe('same');
		expect(valueOf(await port.relation(rootAt(join(base, 'alias', 'folder')), root, never))).toBe('a-inside-b');
	});

	test('a symlink that takes the place of a directory on the way is not followed', async () => {
		mkdirSync(join(base, 'outside', 'deep'), { recursive: true });
		writeFileSync(join(base, 'outside', 'deep', 'secret'), 'x');
		mkdirSync(join(root, 'way', 'deep'), { recursive: true });
		writeFileSync(join(root, 'way', 'deep', 'mine'), 'x');
		const directory = openDirectory(root, ['way', 'deep']);
		renameSync(join(root, 'way'), join(root, 'moved'));
		symlinkSync(join(base, 'outside'), join(root, 'way'));
		expect(directory.isInPlace()).toBe(false);
		expect(statSync(String(directory.held)).ino).toBe(statSync(join(root, 'moved', 'deep')).ino);
		directory.close();
		const through = await listed(port, root, ['way', 'deep']);
		expect([through.entries, through.failure?.type]).toEqual([[], 'NotAFolder']);
		// Negative control: the path alone leads out.
		expect(statSync(join(root, 'way', 'deep', 'secret')).size).toBe(1);
	});

	test('a directory that becomes a symlink while it is listed gives nothing of the other', async () => {
		mkdirSync(join(base, 'outside'));
		mkdirSync(join(root, 'folder'));
		for (let at = 0; at < 1_100; at++) {
			writeFileSync(join(base, 'outside', `f${at}`), 'outside!');
			writeFileSync(join(root, 'folder', `f${at}`), 'in');
		}
		const sizes = new Set<number>();
		for await (const page of port.list(root, ['folder'], never)) {
			for (const { sizeBytes } of valueOf(page).entries) sizes.add(sizeBytes);
			if (statSync(join(root, 'folder')).ino === statSync(join(base, 'outside')).ino) continue;
			renameSync(join(root, 'folder'), join(root, 'moved'));
			symlinkSync(join(base, 'outside'), join(root, 'folder'));
		}
		expect([...sizes]).toEqual([2]);
	});

	test('file systems that the kernel makes up hold nothing', { timeout: 10_000 }, async () => {
		const slash = rootAt('/');
		const top = await listed(port, slash);
		expect(top.entries.find(({ name }) => name === 'proc')?.kind).toBe('directory');
		for (const path of [['proc'], ['proc', 'self'], ['proc', 'self', 'fd'], ['sys'], ['sys', 'devices']]) {
			const { entries, failure } = await listed(port, slash, path);
			// `self` is a symlink, and what is below it with it.
			expect([entries, failure === null || failure.type === 'NotAFolder']).toEqual([[], true]);
		}
		expect((await listed(port, slash, ['usr'])).entries.length).toBeGreaterThan(3);
	});
});

function linkSyncTwice(): void {
	writeFileSync(join(root, 'a', 'file'), 'x');
	linkSync(join(root, 'a', 'file'), join(root, 'a', 'b', 'same file'));
}

test('a root that leads elsewhere by now is followed, and nothing else', async () => {
	for (const at of ['old', 'new']) {
		mkdirSync(join(base, at, 'folder'), { recursive: true });
		writeFileSync(join(base, at, 'folder', at), 'x');
	}
	const alias = rootAt(join(base, 'alias'));
	for (const at of ['old', 'new', 'old']) {
		rmSync(alias, { force: true });
		symlinkSync(join(base, at), alias);
		for (let round = 0; round < 2; round++)
			expect((await listed(port, alias, ['folder'])).entries.map(({ name }) => name)).toEqual([at]);
	}
});

test('no path leads out of the root', { timeout: 60_000 }, async () => {
	writeFileSync(join(base, 'canary'), 'x');
	mkdirSync(join(root, 'folder'));
	symlinkSync('..', join(root, 'folder', 'up'));
	const known = fc.constantFrom(
		'folder',
		'up',
		'..',
		'.',
		'',
		'/',
		base,
		'..\\',
		'%2e%2e',
		'\uef2e\uef2e',
		'\u2024\u2024',
		'a/../..',
		'\0'
	);
	const path = fc.array(fc.oneof(known, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 5 });
	await fc.assert(
		fc.asyncProperty(path, async (segments) => {
			const found = await listed(port, root, segments).catch((error: unknown) => {
				expect(String(error)).toMatch(/defect: a path segment/);
				return null;
			});
			expect(found?.entries.some(({ name }) => name === 'canary') ?? false).toBe(false);
		}),
		{ numRuns: 3_000 }
	);
	// Negative control: the system itself would have gone there.
	expect(statSync(`${root}/folder/up/../canary`).size).toBe(1);
});
