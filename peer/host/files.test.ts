import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nameToBytes } from '#core/kernel';
import type { RootRef } from '#core/ports';
import { never, valueOf } from '../../tests/conformance/expectation.ts';
import { listed } from '../../tests/conformance/files.ts';
import { asOrdinaryUser } from '../../tests/conformance/ordinary-user.ts';
import { makeRoot, rootAt } from '../../tests/peer/real-root.ts';
import { createFiles } from './files.ts';

const port = createFiles();
let base = '';
let root: RootRef;
beforeEach(() => {
	({ base, root } = makeRoot());
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('names', () => {
	const odd = [
		'ff fe',
		'61 80 62',
		'c3 28',
		'ed a0 80',
		'f4 90 80 80',
		'ef be 80',
		'ee be 80',
		'ef bf bd',
		'c3 a9 ff',
		'c0 af'
	];
	const bytesOf = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

	test('that are not UTF-8 keep their bytes, in a listing and on the way in', async () => {
		for (const hex of odd) {
			const path = Buffer.concat([Buffer.from(`${root}/`), bytesOf(hex)]);
			mkdirSync(path);
			writeFileSync(Buffer.concat([path, Buffer.from('/inner'), bytesOf('ff')]), hex);
		}
		const { entries, skipped } = await listed(port, root);
		expect(skipped).toEqual([]);
		const hexNames = entries.map(({ name }) => Buffer.from(nameToBytes(name)).toString('hex')).toSorted();
		expect(hexNames).toEqual(odd.map((hex) => bytesOf(hex).toString('hex')).toSorted());
		for (const { name, kind } of entries) {
			expect(kind).toBe('directory');
			const inner = await listed(port, root, [name]);
			expect(inner.failure).toBe(null);
			expect(inner.entries.map((entry) => Buffer.from(nameToBytes(entry.name)).toString('latin1'))).toEqual([
				'inner\xff'
			]);
			expect(inner.entries[0]?.sizeBytes).toBeGreaterThan(0);
			const own = rootAt(`${root}/${name}`);
			expect((await listed(port, own)).entries.length).toBe(1);
			expect(valueOf(await port.relation(own, root, never))).toBe('a-inside-b');
			expect(valueOf(await port.rootName(own, never))).toBe(name);
		}
	});

	test('would be lost as text (negative control)', () => {
		for (const hex of odd.slice(0, 3))
			expect(Buffer.from(bytesOf(hex).toString('utf8')).equals(bytesOf(hex))).toBe(false);
	});

	test('in both Unicode forms are two', async () => {
		writeFileSync(join(root, 'caf\u00e9'), 'composed');
		writeFileSync(join(root, 'cafe\u0301'), 'decomposed!');
		const { entries } = await listed(port, root);
		expect(new Map(entries.map(({ name, sizeBytes }) => [name, sizeBytes]))).toEqual(
			new Map([
				['cafe\u0301', 11],
				['caf\u00e9', 8]
			])
		);
	});

	test('of 255 bytes make paths longer than the system takes at once', async () => {
		const path = Array.from({ length: 40 }, (_, at) => `${at} `.padEnd(255, 'x'));
		const cwd = process.cwd();
		process.chdir(root);
		for (const name of path) {
			mkdirSync(name);
			process.chdir(name);
		}
		writeFileSync('bottom', 'found');
		process.chdir(cwd);
		for (let depth = 0; depth < path.length; depth++)
			expect((await listed(port, root, path.slice(0, depth))).entries.map(({ name }) => name)).toEqual([path[depth]]);
		const bottom = await listed(port, root, path);
		expect(bottom.entries.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([['bottom', 5]]);
	});
});

describe('what cannot be read', () => {
	test('is named with its reason, and the rest goes on', async () => {
		await asOrdinaryUser(base, async () => {
			const here = rootAt(join(base, 'theirs'));
			mkdirSync(here);
			for (let at = 0; at < 300; at++) writeFileSync(join(here, `good ${at}`), 'x');
			mkdirSync(join(here, 'closed'));
			writeFileSync(join(here, 'closed', 'inner'), 'x');
			mkdirSync(join(here, 'names only'));
			writeFileSync(join(here, 'names only', 'inner'), 'x');
			chmodSync(join(here, 'closed'), 0o000);
			// Names can be read here, and nothing about them.
			chmodSync(join(here, 'names only'), 0o400);
			const top = await listed(port, here);
			expect([top.entries.length, top.skipped, top.failure]).toEqual([302, [], null]);
			expect((await listed(port, here, ['closed'])).failure).toEqual({ type: 'FolderDenied', retry: 'when-online' });
			const names = await listed(port, here, ['names only']);
			expect(names.skipped).toEqual([{ name: 'inner', reason: 'denied', code: 'EACCES' }]);
			expect(names.failure).toBe(null);
			chmodSync(join(here, 'closed'), 0o700);
			chmodSync(join(here, 'names only'), 0o700);
			expect((await listed(port, here, ['closed'])).entries.length).toBe(1);
		});
	});

	test('is named as vanished when it goes between its name and its look', async () => {
		for (let at = 0; at < 1_200; at++) writeFileSync(join(root, `f${at}`), 'x');
		let removed = false;
		const found = { entries: 0, vanished: 0 };
		for await (const page of port.list(root, [], never)) {
			const { entries, skipped } = valueOf(page);
			found.entries += entries.length;
			found.vanished += skipped.filter(({ reason, code }) => reason === 'vanished' && code === 'ENOENT').length;
			if (!removed)
				for (const { name } of await remaining(entries.map((entry) => entry.name))) rmSync(join(root, name));
			removed = true;
		}
		expect(found).toEqual({ entries: 1_000, vanished: 200 });
	});
});

async function remaining(known: readonly string[]): Promise<readonly { readonly name: string }[]> {
	const { entries } = await listed(port, root);
	return entries.filter(({ name }) => !known.includes(name));
}

test('hard links have one inode; times and large sizes are exact', async () => {
	writeFileSync(join(root, 'a'), 'x');
	linkSync(join(root, 'a'), join(root, 'b'));
	execFileSync('truncate', ['-s', '3T', join(root, 'sparse')]);
	execFileSync('touch', ['-d', '1969-12-31 23:43:19.5 UTC', join(root, 'a')]);
	const byName = new Map((await listed(port, root)).entries.map((entry) => [entry.name, entry]));
	expect(byName.get('a')?.inode).toBe(byName.get('b')?.inode);
	expect(byName.get('a')?.inode).toBe(statSync(join(root, 'a')).ino);
	expect(byName.get('sparse')?.sizeBytes).toBe(3 * 2 ** 40);
	expect(byName.get('a')?.modifiedMs).toBe(-1_000_500);
});

test('other work of the thread goes on during a long walk', async () => {
	for (let folder = 0; folder < 60; folder++) {
		mkdirSync(join(root, `d${folder}`));
		for (let file = 0; file < 100; file++) writeFileSync(join(root, `d${folder}`, `f${file}`), '');
	}
	let longestMs = 0;
	let turnMs = performance.now();
	const turn = () => {
		longestMs = Math.max(longestMs, performance.now() - turnMs);
		turnMs = performance.now();
		turns++;
		handle = setImmediate(turn);
	};
	let turns = 0;
	let handle = setImmediate(turn);
	for (let round = 0; round < 5; round++)
		for (let folder = 0; folder < 60; folder++) await listed(port, root, [`d${folder}`]);
	clearImmediate(handle);
	// 30,000 looks take far longer than one hold of the thread.
	expect(turns).toBeGreaterThan(3);
});

test('leaves no directory open, also when a listing is left or fails', async () => {
	const openNow = () =>
		readdirSync('/proc/self/fd')
			.map((descriptor) => readlinkIfThere(join('/proc/self/fd', descriptor)))
			.filter((path) => path.startsWith(base));
	for (let at = 0; at < 1_100; at++) writeFileSync(join(root, `f${at}`), '');
	for (let round = 0; round < 50; round++) {
		for await (const page of port.list(root, [], never)) if (page.ok) break;
		await listed(port, root, ['missing']);
		await listed(port, root, ['f1']);
	}
	expect(openNow()).toEqual([]);
	// Negative control: a listing that is left without saying so keeps its directory.
	const held = port.list(root, [], never)[Symbol.asyncIterator]();
	await held.next();
	expect(openNow()).toEqual([root]);
	await held.return?.();
	expect(openNow()).toEqual([]);
});

function readlinkIfThere(path: string): string {
	try {
		return readlinkSync(path);
	} catch {
		// The descriptor of this very reading.
		return '';
	}
}
