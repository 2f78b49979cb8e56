import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Blake3, RootRef } from '#core/ports';
import { createFiles } from '../../peer/host/files.ts';
import { createCompute } from '../../peer/host/compute.ts';
import { createNodeHost } from '../../peer/host/node-host.ts';
import { addIndexed, drive, type Driver } from '../conformance/core-driver.ts';
import { toHex } from '../vectors/blake3.ts';
import { isNightly } from '../tier.ts';

const rounds = isNightly ? 100 : 12;

const files = 40;
const pieces = 16;
const pieceBytes = 16 * 1024;
const sizeBytes = pieces * pieceBytes;
const versions = 250;
const never = new AbortController().signal;

let base: string;
let folder: string;
let valid: ReadonlySet<string>;

/** Writes version after version into files by chance, piece by piece, until it is killed. */
const writer = `
const { openSync, writeSync, closeSync } = require('node:fs');
const [folder, files, pieces, pieceBytes, versions] = [process.argv[1], ...process.argv.slice(2).map(Number)];
const at = Array.from({ length: files }, () => 0);
const handles = at.map((_, n) => openSync(folder + '/file ' + n, 'r+'));
const turn = () => {
	const n = Math.floor(Math.random() * files);
	at[n] = (at[n] + 1) % versions;
	const piece = Buffer.alloc(pieceBytes, at[n]);
	for (let p = 0; p < pieces; p++) writeSync(handles[n], piece, 0, pieceBytes, p * pieceBytes);
	setTimeout(turn, 2);
};
process.stdout.write('writing');
turn();
`;

/** What the identity of a file of this size is made of; the bytes of each window say which state it is of. */
function windows(): readonly (readonly [offset: number, length: number])[] {
	const step = Math.floor((sizeBytes - 16_384) / 4);
	return [[0, 8_192], ...[0, 1, 2, 3].map((at) => [8_192 + at * step, 10_240] as const), [sizeBytes - 8_192, 8_192]];
}

function identityOf(hasher: Blake3, byteAt: (offset: number) => number): string {
	const length = new Uint8Array(8);
	new DataView(length.buffer).setBigUint64(0, BigInt(sizeBytes), true);
	hasher.update(length);
	for (const [offset, bytes] of windows())
		hasher.update(Uint8Array.from({ length: bytes }, (_, at) => byteAt(offset + at)));
	return toHex(hasher.digest());
}

/** The identities of every state that a file is ever in: the first pieces of one version, the rest of the one before. */
async function validIdentities(): Promise<ReadonlySet<string>> {
	const hasher = await createCompute().blake3();
	const found = new Set<string>();
	for (let version = 0; version < versions; version++) {
		const before = (version + versions - 1) % versions;
		for (let cut = 0; cut < pieces; cut++)
			found.add(identityOf(hasher, (offset) => (offset < cut * pieceBytes ? version : before)));
	}
	return found;
}

async function startWriter() {
	const args = [folder, files, pieces, pieceBytes, versions].map(String);
	const child = spawn(process.execPath, ['-e', writer, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
	await new Promise((resolve) => child.stdout.once('data', resolve));
	return {
		stop: () =>
			new Promise((resolve) => {
				child.once('close', resolve);
				child.kill('SIGKILL');
			})
	};
}

beforeAll(async () => {
	base = mkdtempSync(join(tmpdir(), 'atoll-changing-'));
	folder = join(base, 'files');
	mkdirSync(folder);
	for (let n = 0; n < files; n++) writeFileSync(join(folder, `file ${n}`), new Uint8Array(sizeBytes));
	valid = await validIdentities();
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function identities(driver: Driver, location: { readonly entry: number }): Promise<string[]> {
	const ids = await driver.value('entries.ids', {
		folder: location.entry as never,
		order: { by: 'name', descending: false }
	});
	const found: string[] = [];
	for (const id of ids) {
		const { content } = await driver.value('content.of', { entry: id as never, limit: 1 });
		if (content !== null) found.push(toHex(content.identity));
	}
	return found;
}

test('T24: while a program writes into the files, no identity is of two states', async () => {
	const driver = drive(
		{
			host: createNodeHost({ secretsFolder: join(base, 'secrets') }),
			libraryFolder: () => join(base, 'one.sdlibrary')
		},
		1,
		{ runsJobs: 'asked' }
	);
	await driver.value('library.create', { name: 'Home', password: null });
	const location = await addIndexed(driver, folder as RootRef, 'Here');
	const child = await startWriter();
	let [told, left] = [0, 0];
	try {
		for (let round = 0; round < rounds; round++) {
			await driver.value('index.run', { location: location.id, acceptEmpty: false });
			left += (await driver.value('content.identify', { location: location.id })).problems;
			const found = await identities(driver, location);
			told += found.length;
			expect(found.filter((one) => !valid.has(one))).toEqual([]);
		}
	} finally {
		await child.stop();
	}
	console.info(`${told} identities told, ${left} left for later`);
	expect(told).toBeGreaterThan(rounds);
	expect(left).toBeGreaterThan(rounds);

	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	await driver.value('content.identify', { location: location.id });
	expect(await identities(driver, location), 'with the writer gone, all of them').toHaveLength(files);
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
	await driver.core.close();
});

test('control: who reads the same windows without looking again does get bytes of two states', async () => {
	const port = createFiles();
	const hasher = await createCompute().blake3();
	const child = await startWriter();
	let mixed = 0;
	try {
		for (let tries = 0; mixed === 0 && tries < 20_000; tries++) {
			const opened = await port.open(folder as RootRef, [`file ${tries % files}`], never);
			if (!opened.ok) throw new Error(opened.failure.type);
			const bytes = new Uint8Array(sizeBytes);
			for (const [offset, length] of windows()) {
				const read = await opened.value.read(offset, bytes.subarray(offset, offset + length), never);
				if (!read.ok) throw new Error(read.failure.type);
				// The reader may be held up between two windows, as on any busy machine.
				await new Promise((resolve) => setImmediate(resolve));
			}
			await opened.value.close();
			if (!valid.has(identityOf(hasher, (offset) => bytes[offset] ?? 0))) mixed++;
		}
	} finally {
		await child.stop();
	}
	expect(mixed).toBeGreaterThan(0);
});
