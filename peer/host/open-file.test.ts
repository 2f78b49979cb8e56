import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RootRef } from '#core/ports';
import { failureOf, never, valueOf } from '../../tests/conformance/expectation.ts';
import { asOrdinaryUser } from '../../tests/conformance/ordinary-user.ts';
import { makeRoot } from '../../tests/peer/real-root.ts';
import { createFiles } from './files.ts';

const port = createFiles();
let base = '';
let root: RootRef;
beforeEach(() => {
	({ base, root } = makeRoot());
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

async function text(path: readonly string[], from = root): Promise<string> {
	const file = valueOf(await port.open(from, path, never));
	const into = new Uint8Array(100);
	const length = valueOf(await file.read(0, into, never));
	await file.close();
	return new TextDecoder().decode(into.subarray(0, length));
}

async function refusal(path: readonly string[]): Promise<string> {
	return failureOf(await port.open(root, path, never)).type;
}

test('pipes, sockets, devices and symlinks are not opened', { timeout: 5_000 }, async () => {
	execFileSync('mkfifo', [join(root, 'pipe')]);
	const server = createServer().listen(join(root, 'socket'));
	await once(server, 'listening');
	symlinkSync('/dev/zero', join(root, 'device'));
	writeFileSync(join(base, 'secret'), 'x');
	symlinkSync(join(base, 'secret'), join(root, 'out'));
	symlinkSync('loop', join(root, 'loop'));
	// A pipe has no writer: opening it to read would wait for ever.
	for (const name of ['pipe', 'socket', 'device', 'out', 'loop']) expect(await refusal([name]), name).toBe('NotAFile');
	expect(failureOf(await port.open('/dev' as RootRef, ['null'], never)).type).toBe('NotAFile');
	server.close();
	await once(server, 'close');
});

test('no symlink is passed on the way, also one that was put in place of a folder', async () => {
	mkdirSync(join(root, 'folder'));
	writeFileSync(join(root, 'folder', 'file'), 'inside');
	mkdirSync(join(base, 'outside'));
	writeFileSync(join(base, 'outside', 'file'), 'outside');
	expect(await text(['folder', 'file'])).toBe('inside');
	renameSync(join(root, 'folder'), join(base, 'away'));
	symlinkSync(join(base, 'outside'), join(root, 'folder'));
	expect(await refusal(['folder', 'file'])).toBe('FileMissing');
	// The root itself may be one: a person chose it.
	symlinkSync(join(base, 'outside'), join(base, 'chosen'));
	expect(await text(['file'], join(base, 'chosen') as RootRef)).toBe('outside');
});

test('a path longer than the system takes in one piece is opened', async () => {
	const names = Array.from({ length: 40 }, (_, at) => `${at}-${'x'.repeat(150)}`);
	const deep = 'set -e; for name in "$@"; do mkdir "$name"; cd "$name"; done; printf deep > file';
	execFileSync('bash', ['-c', deep, 'bash', ...names], { cwd: root });
	expect(await text([...names, 'file'])).toBe('deep');
	execFileSync('rm', ['-rf', 'root'], { cwd: base });
});

test('reading leaves no trace: the time of the last access stays', async () => {
	const path = join(root, 'file');
	writeFileSync(path, 'text');
	utimesSync(path, 1_000, 1_000);
	await text(['file']);
	expect(statSync(path).atimeMs).toBe(1_000_000);
	// The control: who does not ask for it leaves one, where the disk keeps such times at all.
	const keepsTimes = !/\bnoatime\b/.test(execFileSync('findmnt', ['-no', 'OPTIONS', '-T', base]).toString());
	readFileSync(path);
	if (keepsTimes) expect(statSync(path).atimeMs).toBeGreaterThan(1_000_000);
});

test('a write whose time was set back is still seen', async () => {
	const path = join(root, 'file');
	writeFileSync(path, 'one');
	utimesSync(path, 1_000, 1_000);
	const file = valueOf(await port.open(root, ['file'], never));
	for (let same = true; same;) {
		writeFileSync(path, 'two');
		utimesSync(path, 1_000, 1_000);
		same = valueOf(await file.isUnchanged(never));
	}
	expect([statSync(path).mtimeMs, statSync(path).size]).toEqual([file.modifiedMs, file.sizeBytes]);
	await file.close();
});

test('a file that may not be read says so', async () => {
	writeFileSync(join(root, 'closed'), 'x', { mode: 0 });
	await asOrdinaryUser(base, async () => expect(await refusal(['closed'])).toBe('FileDenied'));
});
