import { randomBytes } from 'node:crypto';
import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deviceIdOfKey, deviceKeys, isSigned, packParts, signStatement, unpackParts } from '#core/crypto';

const fresh = (length: number) => new Uint8Array(randomBytes(length));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');
const text = (value: string) => new TextEncoder().encode(value);

test('a device seed gives the same two keys for ever', () => {
	const { signing, channel } = deviceKeys(new Uint8Array(32).fill(7));
	// Pinned: other keys would be another device.
	expect([hex(signing.public), hex(channel.public), deviceIdOfKey(signing.public)]).toMatchInlineSnapshot(`
		[
		  "0ba63e6a76d77e2fdabbd18238b795afe7a587897a8b891e252fb33720a2bbc6",
		  "0009ee2886bd780ef741d6e210fadfccd0c533628d65d42f6b1e535821ccb214",
		  "70531c9b491fe6506be019a4bab10cbc",
		]
	`);
	expect(hex(signing.secret)).not.toBe(hex(channel.secret));
	expect(deviceIdOfKey(deviceKeys(fresh(32)).signing.public)).not.toBe(deviceIdOfKey(signing.public));
});

describe('a signed statement', () => {
	const { signing } = deviceKeys(fresh(32));
	const other = deviceKeys(fresh(32)).signing;
	const body = text('this is so');
	const signature = signStatement(signing, 'greeting', body);

	test('holds for its signer, its kind and its words, and for nothing else', () => {
		expect(isSigned(signing.public, 'greeting', body, signature)).toBe(true);
		expect(isSigned(other.public, 'greeting', body, signature)).toBe(false);
		expect(isSigned(signing.public, 'parting', body, signature)).toBe(false);
		expect(isSigned(signing.public, 'greeting', text('this is not so'), signature)).toBe(false);
		expect(isSigned(signing.public, 'greetingthis', text(' is so'), signature)).toBe(false);
		for (let bit = 0; bit < 512; bit += 7) {
			const changed = signature.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
			expect(isSigned(signing.public, 'greeting', body, changed)).toBe(false);
		}
	});

	test('is one that another implementation of Ed25519 accepts', () => {
		const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), signing.public]);
		const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
		const signed = packParts(text('atoll/1/statement'), text('greeting'), body);
		expect(verify(null, signed, key, signature)).toBe(true);
	});

	test.each([
		['the neutral point, which would sign anything', '01' + '00'.repeat(31), '01' + '00'.repeat(63)],
		['a key of order 8', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', '01' + '00'.repeat(63)]
	])('is none by %s', (_, key, forged) => {
		const [publicKey, signatureBytes] = [Buffer.from(key, 'hex'), Buffer.from(forged, 'hex')];
		expect(isSigned(new Uint8Array(publicKey), 'greeting', body, new Uint8Array(signatureBytes))).toBe(false);
	});

	test('of any lengths is judged without a throw', () => {
		for (const length of [0, 31, 33, 63, 64, 65])
			expect(isSigned(fresh(length), 'greeting', body, fresh(length))).toBe(false);
	});
});

describe('packed parts', () => {
	test('come back as they were, and no other bytes give them', () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }), (parts) => {
				expect(unpackParts(packParts(...parts), 6)).toEqual(parts);
			})
		);
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
				const parts = unpackParts(bytes, 8);
				if (parts !== null) expect(packParts(...parts)).toEqual(bytes);
			})
		);
	});

	test.each([
		['cut short', [3, 1, 2]],
		['a length that is not there', [0x80]],
		['a length written longer than it is', [0x81, 0x00, 9]],
		['a length of four digits', [0x81, 0x80, 0x80, 0x01]],
		['a length beyond all there is', [0xff, 0xff, 0x03]],
		['one part too many', [0, 0, 0]]
	])('%s are refused', (_, bytes) => expect(unpackParts(Uint8Array.from(bytes), 2)).toBeNull());
});
