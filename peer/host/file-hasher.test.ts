import { execFileSync } from 'node:child_process';
import {
	mkdirSync,
	mkdtempSync,
	realpathSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HashFailure, HashWish, RootRef } from '#core/ports';
import { failureOf, never, valueOf } from '../../tests/conformance/expectation.ts';
import { patternBytes, toHex } from '../../tests/vectors/blake3.ts';
import { createCompute } from './compute.ts';
import { createHasher } from './file-hasher.ts';
import { createHashRoom, hashFile } from './hash-file.ts';
import { markOf } from './open-file.ts';

let root: RootRef;
beforeEach(() => {
	root = realpathSync(mkdtempSync(join(tmpdir(), 'atoll-'))) as RootRef;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function wish(path: readonly string[], spans: HashWish['spans'] = [{ offset: 0, length: 1 }]): HashWish {
	return { path, mark: markOf(statSync(join(root, ...path))), spans };
}

/** Hashes by the threads, which are gone afterwards. */
async function hashed(wishes: readonly HashWish[]) {
	const hasher = createHasher(root, never);
	try {
		return await hasher.hash(wishes);
	} finally {
		await hasher.close();
	}
}

async function refusal(one: HashWish): Promise<HashFailure['type']> {
	const [result] = await hashed([one]);
	return result === undefined ? 'FileMissing' : failureOf(result).type;
}

async function hashOf(sizeBytes: number, parts: readonly Uint8Array[]): Promise<string> {
	const hasher = await createCompute().blake3();
	const length = new Uint8Array(8);
	new DataView(length.buffer).setBigUint64(0, BigInt(sizeBytes), true);
	for (const part of [length, ...parts]) hasher.update(part);
	return toHex(hasher.digest());
}

test('many lists of files are hashed by their lengths and spans, each in its order, with their first bytes', async () => {
	const sizes = [0, 1, 4_096, 4_097, 150_000, 700_000];
	const spansOf = (size: number) =>
		size === 0
			? []
			: [
					{ offset: 0, length: Math.ceil(size / 2) },
					{ offset: size - 1, length: 1 }
				];
	mkdirSync(join(root, 'a folder', 'in it'), { recursive: true });
	const pathOf = (size: number) => ['a folder', 'in it', `caf\u00e9 ${size}`];
	for (const size of sizes) writeFileSync(join(root, ...pathOf(size)), patternBytes(size));
	const hasher = createHasher(root, never);
	const orders = Array.from({ length: 40 }, (_, at) => sizes.map((_size, n) => sizes[(n + at) % sizes.length] ?? 0));
	const lists = await Promise.all(
		orders.map((order) => hasher.hash(order.map((size) => wish(pathOf(size), spansOf(size)))))
	);
	expect(await hasher.hash([])).toEqual([]);
	await hasher.close();
	for (const [at, order] of orders.entries())
		for (const [n, size] of order.entries()) {
			const bytes = patternBytes(size);
			const parts = spansOf(size).map(({ offset, length }) => bytes.subarray(offset, offset + length));
			const result = lists[at]?.[n];
			const { hash, head } = result === undefined ? expect.fail() : valueOf(result);
			expect(toHex(hash)).toBe(await hashOf(size, parts));
			expect(toHex(head)).toBe(toHex((parts[0] ?? bytes).subarray(0, 4_096)));
		}
});

test('pipes, folders, symlinks and what lies behind them are not opened, and each failure is one file’s', async () => {
	execFileSync('mkfifo', [join(root, 'pipe')]);
	mkdirSync(join(root, 'folder'));
	writeFileSync(join(root, 'folder', 'file'), 'x');
	symlinkSync('folder', join(root, 'way'));
	symlinkSync('folder/file', join(root, 'link'));
	const file = wish(['folder', 'file']);
	const at = (...path: readonly string[]) => ({ ...file, path });
	const found = await hashed([at('pipe'), at('folder'), at('link'), at('way', 'file'), at('none'), file]);
	expect(found.map((one) => (one.ok ? 'hashed' : one.failure.type))).toEqual([
		'NotAFile',
		'NotAFile',
		'NotAFile',
		'FileMissing',
		'FileMissing',
		'hashed'
	]);
	await expect(hashed([at('..', 'file')])).rejects.toThrow('plain name');
	await expect(hashed([{ ...file, spans: [{ offset: 0, length: 2_000_000 }] }])).rejects.toThrow('1 MiB');
});

test('a file that is not as it was wanted is changing, and one that ends early cannot be read', async () => {
	writeFileSync(join(root, 'file'), 'as it was');
	const before = wish(['file']);
	for (const [what, value] of Object.entries({ sizeBytes: 8, modifiedMs: 7, inode: 6 }))
		expect(await refusal({ ...before, mark: { ...before.mark, [what]: value } }), what).toBe('FileChanging');
	expect(await refusal({ ...before, spans: [{ offset: 5, length: 5 }] })).toBe('FileUnreadable');
});

test('T24: a write between two reads, its time set back, is told; without one there is a hash', () => {
	const path = join(root, 'file');
	writeFileSync(path, patternBytes(1_000));
	const at = new Date(1_600_000_000_000);
	const hash = (between: () => void) => {
		utimesSync(path, at, at);
		const spans = [
			{ offset: 0, length: 10 },
			{
				get offset() {
					between();
					return 500;
				},
				length: 10
			}
		];
		const found = hashFile(createHashRoom(), root, wish(['file'], spans));
		return 'type' in found ? found.type : 'hashed';
	};
	const rewrite = () => {
		writeFileSync(path, patternBytes(1_000, 3));
		utimesSync(path, at, at);
	};
	expect(hash(rewrite)).toBe('FileChanging');
	expect(hash(() => writeFileSync(path, 'short'))).toBe('FileChanging');
	writeFileSync(path, patternBytes(1_000));
	expect(hash(() => undefined)).toBe('hashed');
});

test('an abort and a close end what is asked for, and what comes later', async () => {
	writeFileSync(join(root, 'file'), 'x');
	const controller = new AbortController();
	const hasher = createHasher(root, controller.signal);
	await hasher.hash([wish(['file'])]);
	const waiting = hasher.hash([wish(['file'])]);
	controller.abort('enough');
	await expect(waiting).rejects.toBe('enough');
	await expect(hasher.hash([wish(['file'])])).rejects.toBe('enough');
	await hasher.close();

	const other = createHasher(root, never);
	const left = other.hash([wish(['file'])]);
	const told = expect(left).rejects.toThrow('closed');
	await other.close();
	await told;
	await expect(other.hash([])).rejects.toThrow('closed');
});

test('a thread that fails is one clear failure of all that waits', async () => {
	writeFileSync(join(root, 'file'), 'x');
	const hasher = createHasher(root, never);
	const broken = { ...wish(['file']), spans: [{ offset: 0.5, length: 1 }] };
	const [one, other] = [hasher.hash([broken]), hasher.hash([broken])];
	await expect(one).rejects.toThrow('a thread that reads files has failed');
	await expect(other).rejects.toThrow('a thread that reads files has failed');
	await expect(hasher.hash([wish(['file'])])).rejects.toThrow('has failed');
	await hasher.close();
});
