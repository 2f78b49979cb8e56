import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToName, foldName, nameExtension, nameSortKey, nameToBytes } from '#core/kernel';

const bytes = fc.uint8Array({ maxLength: 255 });

describe('names as bytes', () => {
	test('any bytes come back as they were', () => {
		fc.assert(
			fc.property(bytes, (name) => {
				expect(nameToBytes(bytesToName(name))).toEqual(name);
			})
		);
	});

	test('names that are text stay that text', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (name) => {
				fc.pre(!/[\uef80-\uefff]/.test(name));
				expect(bytesToName(new TextEncoder().encode(name))).toBe(name);
			})
		);
	});

	test('two names never meet in one text', () => {
		fc.assert(
			fc.property(bytes, bytes, (a, b) => {
				fc.pre(a.join() !== b.join());
				expect(bytesToName(a)).not.toBe(bytesToName(b));
			})
		);
	});

	test('a name that holds a carrier itself is not taken for raw bytes', () => {
		const named = new TextEncoder().encode('a\uefe9b');
		const raw = Uint8Array.of(0x61, 0xe9, 0x62);
		expect(bytesToName(raw)).toBe('a\uefe9b');
		expect(bytesToName(named)).not.toBe(bytesToName(raw));
		expect(nameToBytes(bytesToName(named))).toEqual(named);
	});
});

describe('order of names', () => {
	const sorted = (names: string[]) => names.toSorted((a, b) => (nameSortKey(a) < nameSortKey(b) ? -1 : 1));

	test('numbers count, case and accents do not', () => {
		expect(sorted(['img10.png', 'IMG2.png', 'Über', 'uber1', 'img1.png', 'apple'])).toEqual([
			'apple',
			'img1.png',
			'IMG2.png',
			'img10.png',
			'Über',
			'uber1'
		]);
	});

	test('runs of digits are in the order of their numbers', () => {
		fc.assert(
			fc.property(fc.nat(), fc.nat(), (a, b) => {
				fc.pre(a < b);
				expect(nameSortKey(`x${a}`) < nameSortKey(`x${b}`)).toBe(true);
			})
		);
	});

	test('leading zeros do not change the place, and the key never fails', () => {
		expect(nameSortKey('a007')).toBe(nameSortKey('a7'));
		fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => typeof nameSortKey(name) === 'string'));
	});
});

test('folding forgets case, accents and Unicode form', () => {
	expect(foldName('CAF\u00c9')).toBe('cafe');
	expect(foldName('Cafe\u0301')).toBe('cafe');
	expect(foldName('日本')).toBe('日本');
});

test.each([
	['a.TXT', 'txt'],
	['archive.tar.gz', 'gz'],
	['.profile', ''],
	['README', ''],
	['name.', '']
])('the extension of %s is "%s"', (name, extension) => expect(nameExtension(name)).toBe(extension));
