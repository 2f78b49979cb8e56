import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToName } from '#core/kernel';
import { parsePrinted, printMinute, printName, printSize, printTable, printTime, toJson } from './print.ts';
import { testSeed } from '../../tests/sim/host/random.ts';

const seed = testSeed('printing');
/** Letters that a terminal or a person could take for something else. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069\u200b\ufeff\uef80-\uefff]/u;

describe('printName', () => {
	test('shows nothing that a terminal would obey, and can be read back, whatever the bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
				const name = bytesToName(bytes);
				const printed = printName(name);
				expect(printed).not.toMatch(unsafe);
				expect(parsePrinted(printed) ?? printed).toBe(name);
			}),
			{ seed, numRuns: 2_000 }
		);
	});

	test('leaves plain names as they are, and is one to one for those that look alike', () => {
		for (const name of ['a b.txt', 'café', '日本語', '👨‍👩‍👧', 'نامه‌ها']) expect(printName(name)).toBe(name);
		expect(printName('a\u001bb')).toBe(String.raw`a\x1bb`);
		expect(printName(String.raw`a\x1bb`)).toBe(String.raw`a\\x1bb`);
		expect(printName('\u202e')).toBe(String.raw`\xe2\x80\xae`);
		expect(printName(bytesToName(Uint8Array.of(0xff)))).toBe(String.raw`\xff`);
	});
});

test('toJson means the same to a parser and shows nothing that a terminal would obey', () => {
	fc.assert(
		fc.property(fc.array(fc.string({ unit: 'binary' })), (names) => {
			const text = toJson({ names });
			expect(text).not.toMatch(unsafe);
			expect(JSON.parse(text)).toEqual({ names });
		}),
		{ seed, numRuns: 1_000 }
	);
});

test.each([
	[0, '0 B'],
	[999, '999 B'],
	[1_000, '1.0 kB'],
	[9_949, '9.9 kB'],
	[9_950, '10 kB'],
	[999_499, '999 kB'],
	[999_500, '1.0 MB'],
	[1.5e12, '1.5 TB'],
	[9e15, '9.0 PB'],
	[Number.MAX_SAFE_INTEGER, '9.0 PB']
])('printSize(%d) is %s', (sizeBytes, printed) => {
	expect(printSize(sizeBytes)).toBe(printed);
});

test('times are ISO 8601, and one that no calendar has is a dash', () => {
	expect(printTime(0)).toBe('1970-01-01T00:00:00.000Z');
	expect(printMinute(0)).toMatch(/^(1970-01-01|1969-12-31) \d\d:\d\d$/);
	for (const timeMs of [null, 8.64e15 + 1, -8.64e15 - 1, Number.MAX_SAFE_INTEGER]) {
		expect(printTime(timeMs)).toBe('-');
		expect(printMinute(timeMs)).toBe('-');
	}
});

test('printTable lines columns up and leaves the last as it is', () => {
	expect(
		printTable(
			[
				['1', 'a', 'x'],
				['22', 'bbb', 'y ']
			],
			{ right: [0], widths: [3] }
		)
	).toBe('  1  a    x\n 22  bbb  y \n');
	expect(printTable([])).toBe('');
});
