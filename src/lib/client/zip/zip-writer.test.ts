import { crc32 as nodeCrc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { createSimRandom, testSeed } from '../../../../tests/sim/host/random.ts';
import { readZip } from '../../../../tests/e2e/support/read-zip.ts';
import { crc32 } from './crc32.ts';
import { ZipNames } from './zip-names.ts';
import { ZipMismatch, ZipWriter } from './zip-writer.ts';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

/** A writer, and all that was written. */
function collect(bigFrom?: number) {
	const pieces: Uint8Array[] = [];
	const zip = new ZipWriter(async (bytes) => void pieces.push(bytes), bigFrom);
	return { zip, whole: () => new Uint8Array(Buffer.concat(pieces)) };
}

test('sums are those of another program, in whatever pieces the bytes come', () => {
	const random = createSimRandom(testSeed('crc32'));
	for (let round = 0; round < 50; round++) {
		const bytes = random.bytes(random.integer(500));
		const cut = random.integer(bytes.length + 1);
		expect(crc32(crc32(0, bytes.subarray(0, cut)), bytes.subarray(cut))).toBe(nodeCrc32(bytes));
	}
});

test.each([undefined, 1, 150])('an archive is read back by another reader: 64 bits from %s on', async (bigFrom) => {
	const random = createSimRandom(testSeed('zip'));
	const { zip, whole } = collect(bigFrom);
	const files = new Map<string, { readonly bytes: Uint8Array; readonly modifiedMs: number }>();
	const names = new ZipNames();
	const folder = names.give('', 'Ferien – été 🏖');
	await zip.addFolder({ path: folder, modifiedMs: 1_700_000_000_000 });
	for (let at = 0; at < 40; at++) {
		const bytes = random.bytes(random.integer(300));
		const modifiedMs = 1_000_000_000_000 + random.integer(700_000_000) * 1_000;
		const path = names.give(random.chance(0.5) ? folder : '', `${random.integer(20)} é.txt`);
		files.set(path, { bytes, modifiedMs });
		await zip.addFile({ path, modifiedMs, sizeBytes: bytes.length }, inPieces(bytes, 1 + random.integer(100)));
	}
	await zip.finish();
	const [first, ...read] = readZip(whole());
	expect(first).toMatchObject({ path: `${folder}/`, isFolder: true, sizeBytes: 0 });
	expect(read.map(({ path }) => path)).toEqual([...files.keys()]);
	for (const { path, bytes, modifiedMs, crc, isBig } of read) {
		expect(bytes).toEqual(files.get(path)?.bytes);
		expect(modifiedMs).toBe(files.get(path)?.modifiedMs);
		expect(crc).toBe(nodeCrc32(bytes));
		expect(isBig).toBe(bytes.length >= (bigFrom ?? Infinity));
	}
});

test('more entries than 16 bits count are all there', async () => {
	const { zip, whole } = collect();
	for (let at = 0; at < 70_000; at++)
		await zip.addFile({ path: `${at}`, modifiedMs: null, sizeBytes: 0 }, inPieces(new Uint8Array(), 1));
	await zip.finish();
	const read = readZip(whole());
	expect([read.length, read.at(-1)?.path, read.at(-1)?.modifiedMs]).toEqual([70_000, '69999', null]);
});

test('a file that has another size than was said gives the archive up', async () => {
	for (const sizeBytes of [4, 6]) {
		const { zip } = collect();
		const adding = zip.addFile({ path: 'a', modifiedMs: null, sizeBytes }, inPieces(new Uint8Array(5), 2));
		await expect(adding).rejects.toBeInstanceOf(ZipMismatch);
	}
});

test('no name leads out of the folder where it is unpacked, and no two are the same', () => {
	const names = new ZipNames();
	const given = [
		'..',
		'.',
		'',
		'../../etc/passwd',
		'/etc',
		'C:\\x',
		'c:x',
		'a\0b',
		'a\\..\\b',
		'Notes',
		'notes',
		'notes',
		'a.b.txt',
		'a.b.txt',
		'\ud800x',
		'10:30.txt'
	];
	const paths = given.map((name) => names.give('', name));
	expect(paths).toEqual([
		'__',
		'_',
		'_ (2)',
		'.._.._etc_passwd',
		'_etc',
		'C__x',
		'c_x',
		'a_b',
		'a_.._b',
		'Notes',
		'notes (2)',
		'notes (3)',
		'a.b.txt',
		'a.b (2).txt',
		'\ufffdx',
		'10:30.txt'
	]);
	expect(names.give('Notes', 'Notes')).toBe('Notes/Notes');
});
