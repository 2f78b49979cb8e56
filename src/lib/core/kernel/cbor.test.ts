import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToName, bytesToWire, cborLimits, nameToBytes, wireToBytes, type WireValue } from '#core/kernel';
import { bytesHeldBy } from '../../../../tests/held-bytes.ts';

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const refusal = (bytes: Uint8Array, limits = cborLimits) => {
	const read = bytesToWire(bytes, limits);
	return read.ok ? `took ${JSON.stringify(read.value)}` : read.failure.what;
};

/** RFC 8949, appendix A: those of its examples that are in the subset and are deterministic. */
const examples: readonly (readonly [WireValue, string])[] = [
	[0, '00'],
	[1, '01'],
	[10, '0a'],
	[23, '17'],
	[24, '1818'],
	[25, '1819'],
	[100, '1864'],
	[1000, '1903e8'],
	[1_000_000, '1a000f4240'],
	[1_000_000_000_000, '1b000000e8d4a51000'],
	[-1, '20'],
	[-10, '29'],
	[-100, '3863'],
	[-1000, '3903e7'],
	[-0, 'f98000'],
	[1.1, 'fb3ff199999999999a'],
	[1.5, 'f93e00'],
	[3.4028234663852886e38, 'fa7f7fffff'],
	[1e300, 'fb7e37e43c8800759c'],
	[5.960464477539063e-8, 'f90001'],
	[0.00006103515625, 'f90400'],
	[-4.1, 'fbc010666666666666'],
	[Infinity, 'f97c00'],
	[NaN, 'f97e00'],
	[-Infinity, 'f9fc00'],
	[false, 'f4'],
	[true, 'f5'],
	[null, 'f6'],
	[new Uint8Array(), '40'],
	[Uint8Array.of(1, 2, 3, 4), '4401020304'],
	['', '60'],
	['a', '6161'],
	['IETF', '6449455446'],
	['"\\', '62225c'],
	['\u00fc', '62c3bc'],
	['\u6c34', '63e6b0b4'],
	['\u{10151}', '64f0908591'],
	[[], '80'],
	[[1, 2, 3], '83010203'],
	[[1, [2, 3], [4, 5]], '8301820203820405'],
	[Array.from({ length: 25 }, (_, at) => at + 1), '98190102030405060708090a0b0c0d0e0f101112131415161718181819'],
	[{}, 'a0'],
	[{ a: 1, b: [2, 3] }, 'a26161016162820203'],
	[['a', { b: 'c' }], '826161a161626163'],
	[{ a: 'A', b: 'B', c: 'C', d: 'D', e: 'E' }, 'a56161614161626142616361436164614461656145']
];

describe('RFC 8949, appendix A', () => {
	test.each(examples)('%j is %s', (value, hex) => {
		expect(toHex(wireToBytes(value))).toBe(hex);
		expect(bytesToWire(fromHex(hex))).toEqual({ ok: true, value });
	});

	test.each([
		['f90000', 'is a number that has another encoding'], // 0.0
		['f93c00', 'is a number that has another encoding'], // 1.0
		['f97bff', 'is a number that has another encoding'], // 65504.0
		['fa47c35000', 'is a number that has another encoding'], // 100000.0
		['fa7f800000', 'is a number that has another encoding'], // Infinity in 32 bits
		['fb7ff8000000000000', 'is a number that has another encoding'], // NaN in 64
		['1bffffffffffffffff', 'is out of range'],
		['3bffffffffffffffff', 'is out of range'],
		['c249010000000000000000', 'is a tag'],
		['c11a514b67b0', 'is a tag'],
		['f7', 'is a simple value that does not travel'],
		['f0', 'is a simple value that does not travel'],
		['f8ff', 'is a simple value that does not travel'],
		['a201020304', 'has a key that is no text'],
		['5f42010243030405ff', 'has an indefinite or reserved length'],
		['7f657374726561646d696e67ff', 'has an indefinite or reserved length'],
		['9fff', 'has an indefinite or reserved length'],
		['bf61610161629f0203ffff', 'has an indefinite or reserved length']
	])('%s is outside of the subset: it %s', (hex, what) => expect(refusal(fromHex(hex))).toBe(what));
});

describe('what is not the one encoding is refused', () => {
	test.each([
		['', 'is cut short'],
		['1817', 'is longer than it need be'],
		['1900ff', 'is longer than it need be'],
		['1a0000ffff', 'is longer than it need be'],
		['1b00000000ffffffff', 'is longer than it need be'],
		['7801', 'is longer than it need be'],
		['1c', 'has an indefinite or reserved length'],
		['18', 'is cut short'],
		['1a0000', 'is cut short'],
		['6261', 'is cut short'],
		['5affffffff00', 'is cut short'], // says 4 GiB
		['9affffffff00', 'is cut short'],
		['baffffffff00', 'is cut short'],
		['7b001fffffffffffff00', 'is cut short'],
		['8201', 'is cut short'],
		['a1', 'is cut short'],
		['f9', 'is cut short'],
		['fb00000000', 'is cut short'],
		['0000', 'goes on after its end'],
		['a2616100616100', 'has keys out of order'], // twice the same
		['a2616200616100', 'has keys out of order'],
		['a262616100616200', 'has keys out of order'], // the longer one first
		['61ff', 'is no UTF-8'],
		['63eda080', 'is no UTF-8'], // a lone surrogate
		['62c080', 'is no UTF-8'], // overlong
		['1b0020000000000000', 'is out of range'],
		['3b001fffffffffffff', 'is out of range'],
		['ff', 'has an indefinite or reserved length']
	])('%s %s', (hex, what) => expect(refusal(fromHex(hex))).toBe(what));

	test('what lies too deep', () => {
		const nested = (depth: number) => Uint8Array.from([...Array<number>(depth).fill(0x81), 0]);
		expect(bytesToWire(nested(cborLimits.depthMax)).ok).toBe(true);
		expect(refusal(nested(cborLimits.depthMax + 1))).toBe('lies too deep');
		expect(refusal(nested(1_000_000))).toBe('lies too deep');
	});

	test('what is too long', () => expect(refusal(new Uint8Array(2_000_000))).toBe('is too long'));

	test('the greatest and the least whole number travel, what is beyond travels as a float', () => {
		expect(bytesToWire(fromHex('1b001fffffffffffff'))).toEqual({ ok: true, value: Number.MAX_SAFE_INTEGER });
		expect(bytesToWire(fromHex('3b001ffffffffffffe'))).toEqual({ ok: true, value: Number.MIN_SAFE_INTEGER });
		expect(toHex(wireToBytes(2 ** 53))).toBe('fa5a000000');
	});
});

describe('memory', () => {
	/** `count` things of one kind in a list. */
	const listOf = (count: number, item: readonly number[]) => {
		const head = wireToBytes(Array<null>(count).fill(null));
		const bytes = new Uint8Array(head.length - count + count * item.length);
		bytes.set(head.subarray(0, head.length - count));
		for (let n = 0; n < count; n++) bytes.set(item, head.length - count + n * item.length);
		return bytes;
	};
	const memoryMax = 4 * 1_048_576;
	const limits = { ...cborLimits, memoryMax };

	test.each([
		['empty maps', [0xa0]],
		['empty lists', [0x80]],
		['lists of one', [0x81, 0x00]],
		['bytes', [0x41, 0x00]],
		['maps of one', [0xa1, 0x60, 0xa0]],
		['texts', [0x62, 0xc3, 0xa4]],
		['fractions', [0xf9, 0x3e, 0x00]]
	])('a list of %s ends before it takes more than it may', (_, item) => {
		let count = 66_000;
		while (count > 1_000 && !bytesToWire(listOf(count, item), limits).ok) count = Math.floor(count * 0.9);
		const input = listOf(count, item);
		expect(bytesToWire(input, limits).ok).toBe(true);
		expect(bytesHeldBy(() => bytesToWire(input, limits), memoryMax)).toBeLessThan(memoryMax);
	});

	test('control: what takes more is measured as more', () => {
		const input = listOf(66_000, [0xa0]);
		const unbounded = { ...limits, memoryMax: Infinity };
		expect(bytesHeldBy(() => bytesToWire(input, unbounded), Infinity)).toBeGreaterThan(memoryMax);
	});

	test('a message full of ordinary things is within the limits', () => {
		const file = wireToBytes([4_711, 'IMG_2041.jpg', 3_145_728, 1_767_225_600_000, new Uint8Array(32), null]);
		expect(bytesToWire(listOf(Math.floor(1_048_000 / file.length), [...file])).ok).toBe(true);
	});

	test('one full of nothing but maps is not', () => {
		expect(refusal(listOf(1_000_000, [0xa0]))).toBe('takes too much memory');
	});
});

describe('text', () => {
	test('the name of any file survives, whatever its bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 255 }), (name) => {
				const read = bytesToWire(wireToBytes(bytesToName(name)));
				expect(read.ok && typeof read.value === 'string' && nameToBytes(read.value)).toEqual(name);
			})
		);
	});

	test('a byte order mark stays', () =>
		expect(bytesToWire(wireToBytes('\ufeffa'))).toEqual({ ok: true, value: '\ufeffa' }));

	test('a lone surrogate is a defect: silently replaced, two texts would become one', () => {
		expect(() => wireToBytes('a\ud800')).toThrow('defect');
		expect(() => wireToBytes({ '\udc00': 1 })).toThrow('defect');
	});

	test('a key named as the prototype is a key, and no more', () => {
		const read = bytesToWire(wireToBytes(JSON.parse('{"__proto__":{"evil":true},"a":1}')));
		expect(read.ok && Object.getPrototypeOf(read.value)).toBe(Object.prototype);
		expect(read.ok && Object.keys(read.value ?? {})).toEqual(['a', '__proto__']);
		expect(({} as { evil?: boolean }).evil).toBeUndefined();
	});
});

const { value: anyValue } = fc.letrec<{ value: WireValue }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 4 },
		fc.constantFrom(null, true, false, -0, 2 ** 53, 65_504, 65_505, 2 ** -24, 2 ** -25),
		fc.maxSafeInteger(),
		fc.double(),
		fc.float(),
		fc.string({ unit: 'binary' }),
		fc.uint8Array({ maxLength: 40 }),
		fc.array(tie('value'), { maxLength: 6 }),
		fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 6 })
	)
}));

test('whatever goes in comes out', () => {
	fc.assert(
		fc.property(anyValue, (value) => {
			const read = bytesToWire(wireToBytes(value));
			expect(read.ok && wireToBytes(read.value)).toEqual(wireToBytes(value));
			// What has no prototype is the same map.
			expect(read).toEqual({ ok: true, value: structuredClone(value) });
		})
	);
});
