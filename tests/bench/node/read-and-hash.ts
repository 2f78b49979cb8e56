import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Blake3Hasher } from '@napi-rs/blake-hash';

const lengthBytes = 8;
const wholeBytesMax = 102_400;

/** The yardstick of identities: opens `files`, reads the same bytes, hashes them by the same code, keeps nothing. */
export function readAndHash(files: readonly string[]): void {
	const hasher = new Blake3Hasher();
	const input = Buffer.alloc(lengthBytes + wholeBytesMax);
	for (const path of files) {
		const file = openSync(path, 'r');
		const { size } = fstatSync(file);
		input.writeBigUInt64LE(BigInt(size), 0);
		let filled = lengthBytes;
		const read = (offset: number, length: number) => (filled += readSync(file, input, filled, length, offset));
		if (size <= wholeBytesMax) read(0, size);
		else {
			const step = Math.floor((size - 16_384) / 4);
			read(0, 18_432);
			for (let n = 1; n < 4; n++) read(8_192 + n * step, 10_240);
			read(size - 8_192, 8_192);
		}
		hasher.update(input.subarray(0, filled));
		hasher.digestBuffer();
		hasher.reset();
		closeSync(file);
	}
}
