import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	databaseRawKey,
	headerKey,
	openBox,
	parseRecoveryCode,
	passwordBytes,
	printRecoveryCode,
	sealBox
} from '#core/crypto';
import { libraryId } from '#core/kernel';

const key32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const nonce24 = fc.uint8Array({ minLength: 24, maxLength: 24 });
const any = fc.uint8Array({ maxLength: 200 });

describe('sealed box', () => {
	test('opens with its key and context only', () => {
		fc.assert(
			fc.property(key32, nonce24, any, any, (key, nonce, plain, context) => {
				const box = sealBox(key, plain, context, nonce);
				expect(openBox(key, box, context)).toEqual(plain);
				expect(openBox(key, box, Uint8Array.of(...context, 1))).toBeNull();
				const otherKey = key.map((byte, at) => (at === 0 ? byte ^ 1 : byte));
				expect(openBox(otherKey, box, context)).toBeNull();
			})
		);
	});

	test('any flipped bit and any shortened box is refused', () => {
		const [key, context] = [randomBytes(32), randomBytes(8)];
		const box = sealBox(key, randomBytes(40), context, randomBytes(24));
		for (let bit = 0; bit < box.length * 8; bit++) {
			const flipped = box.slice();
			flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
			expect(openBox(key, flipped, context)).toBeNull();
		}
		for (let length = 0; length < box.length; length++)
			expect(openBox(key, box.subarray(0, length), context)).toBeNull();
	});
});

describe('recovery code', () => {
	const entropy = fc.uint8Array({ minLength: 19, maxLength: 19 });

	test('is read back however it is typed', () => {
		fc.assert(
			fc.property(entropy, (bytes) => {
				const code = printRecoveryCode(bytes);
				expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/);
				expect(parseRecoveryCode(code)).toEqual(bytes);
				const sloppy = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
				expect(parseRecoveryCode(sloppy)).toEqual(bytes);
			})
		);
	});

	test('a mistyped letter is found before any key is tried, but for one in 256', () => {
		const code = printRecoveryCode(randomBytes(19));
		let missed = 0;
		let tried = 0;
		for (const [at, letter] of Array.from(code).entries()) {
			for (const other of '0123456789ABCDEFGHJKMNPQRSTVWXYZ') {
				if (letter === '-' || other === letter) continue;
				tried++;
				if (parseRecoveryCode(code.slice(0, at) + other + code.slice(at + 1)) !== null) missed++;
			}
		}
		expect(missed / tried).toBeLessThan(0.03);
	});

	test.each(['', 'hello', '!'.repeat(32), 'U'.repeat(32), '0'.repeat(31), '0'.repeat(33), '日'.repeat(32)])(
		'%s is no code',
		(typed) => expect(parseRecoveryCode(typed)).toBeNull()
	);
});

test('keys differ by library and by purpose', () => {
	const key = randomBytes(32);
	const [a, b] = [libraryId('a'.repeat(32)), libraryId('b'.repeat(32))];
	const salt = new Uint8Array(16);
	expect(databaseRawKey(key, a, salt)).toMatch(/^[0-9a-f]{96}$/);
	expect(databaseRawKey(key, a, salt)).not.toBe(databaseRawKey(key, b, salt));
	expect(Buffer.from(headerKey(key, a)).toString('hex')).not.toBe(databaseRawKey(key, a, salt).slice(0, 64));
});

test('a password is the same however its letters are composed', () => {
	expect(passwordBytes('pa\u00dfw\u00f6rd')).toEqual(passwordBytes('pa\u00dfwo\u0308rd'));
});
