import { spawnSync } from 'node:child_process';
import {
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	truncateSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSpeed } from './read-speed.ts';

const never = new AbortController().signal;
const limits = { bytesMax: 64_000_000, durationMsMax: 5_000 };
const sizeBytes = 3_000_000;
const bytes = Buffer.alloc(sizeBytes, 'what a disk holds');
let root: string;

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'atoll-speed-'));
	mkdirSync(join(root, 'folder'));
	writeFileSync(join(root, 'folder', 'plain'), bytes);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const plain = ['folder', 'plain'];
const read = (...paths: (readonly string[])[]) => readSpeed(root, paths, limits, never);

test('reads every byte of plain files, also of a length that no block has', async () => {
	writeFileSync(join(root, 'odd'), bytes.subarray(0, 1_234_567));
	const found = await read(plain, ['odd']);
	expect(found.sizeBytes).toBe(sizeBytes + 1_234_567);
	expect(found.durationMs).toBeGreaterThan(0);
});

test('opens no pipe, follows no symlink, counts no hole, and passes over what is gone', async () => {
	expect(spawnSync('mkfifo', [join(root, 'pipe')]).status).toBe(0);
	symlinkSync(join(root, 'folder', 'plain'), join(root, 'link'));
	symlinkSync(join(root, 'folder'), join(root, 'linked folder'));
	writeFileSync(join(root, 'hole'), '');
	truncateSync(join(root, 'hole'), 50_000_000);
	const odd = [['pipe'], ['link'], ['linked folder', 'plain'], ['hole'], ['gone'], ['folder'], ['gone', 'too']];
	expect((await read(...odd)).sizeBytes).toBe(0);
	expect((await read(...odd, plain)).sizeBytes).toBe(sizeBytes);
});

test('T24: a file that is cut, grown or removed while it is read ends no measuring', async () => {
	const victim = join(root, 'victim');
	writeFileSync(victim, bytes);
	const changes = [
		() => truncateSync(victim, 10),
		() => writeFileSync(victim, Buffer.concat([bytes, bytes])),
		() => rmSync(victim)
	];
	for (const change of changes) {
		const reading = read(plain, ['victim'], plain);
		change();
		const found = await reading;
		expect(found.sizeBytes).toBeGreaterThanOrEqual(2 * sizeBytes);
		expect(found.sizeBytes).toBeLessThanOrEqual(4 * sizeBytes);
	}
});

test('changes nothing of what it reads', async () => {
	const before = statSync(join(root, 'folder', 'plain'));
	await read(plain);
	const after = statSync(join(root, 'folder', 'plain'));
	expect([after.mtimeMs, after.ctimeMs, after.size]).toEqual([before.mtimeMs, before.ctimeMs, before.size]);
	expect(readFileSync(join(root, 'folder', 'plain')).equals(bytes)).toBe(true);
});
