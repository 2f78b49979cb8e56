import {
	closeSync,
	constants,
	fchmodSync,
	fstatSync,
	ftruncateSync,
	futimesSync,
	lstatSync,
	mkdirSync,
	openSync,
	readdirSync,
	readSync,
	writeSync
} from 'node:fs';
import { join } from 'node:path';
import { Blake3Hasher } from '@napi-rs/blake-hash';

const { O_CREAT, O_EXCL, O_NOATIME, O_RDONLY, O_WRONLY } = constants;
const hasher = new Blake3Hasher();
const block = Buffer.alloc(1024 * 1024);
const zeros = Buffer.alloc(block.length);

function* blocksOf(file: number, sizeBytes: number): Generator<readonly [Buffer, number]> {
	for (let offset = 0; offset < sizeBytes; offset += block.length) {
		const bytes = block.subarray(0, Math.min(block.length, sizeBytes - offset));
		readSync(file, bytes, 0, bytes.length, offset);
		hasher.update(bytes);
		yield [bytes, offset];
	}
}

function digest(): string {
	const hash = hasher.digest('hex');
	hasher.reset();
	return hash;
}

function copyFile(from: string, to: string): string {
	const source = openSync(from, O_RDONLY | O_NOATIME);
	const stats = fstatSync(source);
	const target = openSync(to, O_WRONLY | O_CREAT | O_EXCL, 0o600);
	for (const [bytes, offset] of blocksOf(source, stats.size))
		if (!zeros.subarray(0, bytes.length).equals(bytes)) writeSync(target, bytes, 0, bytes.length, offset);
	if (fstatSync(target).size !== stats.size) ftruncateSync(target, stats.size);
	fchmodSync(target, stats.mode & 0o7777);
	futimesSync(target, stats.atimeMs / 1_000, stats.mtimeMs / 1_000);
	closeSync(target);
	fstatSync(source);
	closeSync(source);
	return digest();
}

function hashOf(path: string): string {
	const file = openSync(path, O_RDONLY | O_NOATIME);
	// Drawn to its end.
	for (const _ of blocksOf(file, fstatSync(file).size));
	closeSync(file);
	return digest();
}

function copyFolder(from: string, to: string, hashes: Map<string, string>): void {
	mkdirSync(to);
	for (const name of readdirSync(from)) {
		const [source, target] = [join(from, name), join(to, name)];
		if (lstatSync(source).isDirectory()) copyFolder(source, target, hashes);
		else hashes.set(target, copyFile(source, target));
	}
}

/**
 * The least that a copy with proof can ask of the system, in one thread and with nothing around it: what a copy has to
 * be held against that is written in the same language.
 */
export function copyBarely(from: string, to: string, flush: () => void): void {
	const hashes = new Map<string, string>();
	copyFolder(from, to, hashes);
	flush();
	for (const [path, hash] of hashes) if (hashOf(path) !== hash) throw new Error(`${path} differs`);
}
