import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { cpaceKeys, cpaceShare, generatorString, multiplyShare, shareOf } from './cpace.ts';
import { cpacePoints, cpaceVector as vector } from '../../../../tests/vectors/cpace.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array | null | undefined) => (value ? Buffer.from(value).toString('hex') : value);
const scalar = (text: string) => BigInt(`0x${Buffer.from(text, 'hex').reverse().toString('hex')}`);
const fresh = (length: number) => new Uint8Array(randomBytes(length));

describe('the vectors of the draft', () => {
	const agreed = {
		password: bytes(vector.password),
		context: bytes(vector.context),
		session: bytes(vector.session)
	};
	const messages = {
		initiator: { share: bytes(vector.initiatorShare), data: bytes(vector.initiatorData) },
		responder: { share: bytes(vector.responderShare), data: bytes(vector.responderData) }
	};

	test('give the generator, the shares, the secret point and the key', () => {
		expect(hex(generatorString(agreed))).toBe(vector.generatorString);
		expect(hex(shareOf(agreed, 1n))).toBe(vector.generator);
		expect(hex(shareOf(agreed, scalar(vector.initiatorScalar)))).toBe(vector.initiatorShare);
		expect(hex(shareOf(agreed, scalar(vector.responderScalar)))).toBe(vector.responderShare);
		expect(hex(multiplyShare(scalar(vector.initiatorScalar), messages.responder.share))).toBe(vector.shared);
		expect(hex(multiplyShare(scalar(vector.responderScalar), messages.initiator.share))).toBe(vector.shared);
		const one = cpaceKeys(agreed, scalar(vector.initiatorScalar), messages.responder.share, messages);
		const other = cpaceKeys(agreed, scalar(vector.responderScalar), messages.initiator.share, messages);
		expect([hex(one?.key), hex(other?.key)]).toEqual([vector.key, vector.key]);
	});

	test('end the exchange at a share that is no point, and at the neutral one', () => {
		const factor = scalar(cpacePoints.scalar);
		expect(hex(multiplyShare(factor, bytes(cpacePoints.point)))).toBe(cpacePoints.product);
		for (const share of cpacePoints.invalid) {
			expect(multiplyShare(factor, bytes(share))).toBeNull();
			expect(cpaceKeys(agreed, factor, bytes(share), messages)).toBeNull();
		}
		for (const length of [0, 31, 33]) expect(multiplyShare(factor, fresh(length))).toBeNull();
	});
});

describe('an exchange', () => {
	const context = bytes('00');
	const data = new Uint8Array(0);

	function exchange(ownPassword: string, otherPassword: string, change = { session: false, data: false }) {
		const session = fresh(16);
		const own = { password: Buffer.from(ownPassword), context, session };
		const other = {
			password: Buffer.from(otherPassword),
			context,
			session: change.session ? fresh(16) : session
		};
		const [a, b] = [cpaceShare(own, fresh(64)), cpaceShare(other, fresh(64))];
		const seen = { initiator: { share: a.share, data }, responder: { share: b.share, data } };
		const seenByOther = change.data ? { ...seen, initiator: { share: a.share, data: fresh(1) } } : seen;
		const [mine, yours] = [cpaceKeys(own, a.scalar, b.share, seen), cpaceKeys(other, b.scalar, a.share, seenByOther)];
		return {
			isSameKey: hex(mine?.key) === hex(yours?.key),
			isConfirmed: hex(mine?.confirmation(seen.initiator)) === hex(yours?.confirmation(seenByOther.initiator)),
			tagsDiffer: hex(mine?.confirmation(seen.initiator)) !== hex(mine?.confirmation(seen.responder))
		};
	}

	test('ends with one key for one secret, which each side confirms in its own way', () => {
		const same = { isSameKey: true, isConfirmed: true, tagsDiffer: true };
		expect(exchange('7-orbit-violin', '7-orbit-violin')).toEqual(same);
	});

	test('ends with two keys for two secrets, two sessions, or data that was changed on the way', () => {
		const differ = { isSameKey: false, isConfirmed: false, tagsDiffer: true };
		expect(exchange('7-orbit-violin', '7-orbit-village')).toEqual(differ);
		expect(exchange('7-orbit-violin', '7-orbit-violin', { session: true, data: false })).toEqual(differ);
		expect(exchange('7-orbit-violin', '7-orbit-violin', { session: false, data: true })).toEqual(differ);
	});
});
