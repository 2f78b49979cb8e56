import { blake3 } from '@noble/hashes/blake3.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blake3Vectors, patternBytes, toHex } from '../../../../tests/vectors/blake3.ts';
import { identityVectors } from '../../../../tests/vectors/content-identity.ts';
import { inputBytesMax, spansOf, wholeBytesMax, writeLength } from './identity.ts';
import { settleMs } from './read-identity.ts';

describe('identity', () => {
	test('the hash in plain JavaScript is the official one', () => {
		for (const [length, hash] of blake3Vectors) expect(toHex(blake3(patternBytes(length)))).toBe(hash);
	});

	test.each(identityVectors)('of %i bytes is the one that was computed apart', (sizeBytes, identity) => {
		const input = new Uint8Array(inputBytesMax);
		let filled = writeLength(input, sizeBytes);
		for (const { offset, length } of spansOf(sizeBytes)) {
			input.set(patternBytes(length, offset), filled);
			filled += length;
		}
		expect(toHex(blake3(input.subarray(0, filled)))).toBe(identity);
	});

	test('the spans of any size lie in the file, in order, and never overlap', () => {
		fc.assert(
			fc.property(fc.integer({ min: wholeBytesMax + 1, max: 2 ** 48 }), (sizeBytes) => {
				const spans = spansOf(sizeBytes);
				expect(spans.reduce((sum, { length }) => sum + length, 0)).toBe(56 * 1024);
				let end = 0;
				for (const { offset, length } of spans) {
					expect(offset).toBeGreaterThanOrEqual(end);
					end = offset + length;
				}
				expect([spans[0]?.offset, end]).toEqual([0, sizeBytes]);
			})
		);
	});
});

describe('a file that was modified just now', () => {
	test.each([
		['long ago', 1_000_000, 2_000_000, 0],
		['within a tick of Linux', 1_000_010, 1_000_020, 40],
		['a tick ago', 1_000_010, 1_000_061, 0],
		['on a disk that counts whole seconds', 1_000_000, 1_000_500, 1_600],
		['in the future', 1_000_010, 1_000_000, 0],
		['at no known time', null, 1_000_000, 0]
	])('%s is waited for until another write would show', (_, modifiedMs, nowMs, waitMs) => {
		expect(settleMs(modifiedMs, nowMs)).toBe(waitMs);
	});
});
