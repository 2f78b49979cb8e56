import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { deviceIdOfKey, deviceKeys, packParts, type DeviceKeys } from '#core/crypto';
import { createExistingSide, createOffers, parseCard, printCard, type ExistingState } from '#core/pairing';
import { partsOf, printMessage } from './messages.ts';
import { commitmentTo, pairingHandshake } from './secrets.ts';

const fresh = (length: number) => new Uint8Array(randomBytes(length));
const none = new Uint8Array(0);
const secret = fresh(16);

function device(name: string) {
	const keys = deviceKeys(fresh(32));
	return { keys, card: { id: deviceIdOfKey(keys.signing.public), kind: 'browser', name } as const };
}

function cardOf({ keys, card }: ReturnType<typeof device>, name = card.name): Uint8Array {
	return printCard(keys, { ...card, name });
}

/** What the device with the library makes of one that commits to the first nonce and card, and shows the second. */
function showAfter(
	keys: DeviceKeys,
	committed: readonly [nonce: Uint8Array, card: Uint8Array],
	shown: readonly [nonce: Uint8Array, card: Uint8Array]
): ExistingState {
	const offer = createOffers().make({ type: 'secret', secret }, 0);
	if (!offer.ok) throw new Error('no offer');
	const existing = createExistingSide(offer.value, {
		...device('Cellar'),
		pinned: new Map(),
		random: { bytes: fresh }
	});
	const handshake = pairingHandshake('initiator', 'secret', secret, keys, fresh(32));
	const first = handshake.write(commitmentTo(...committed));
	const answer = existing.receive(printMessage('first', none, first.ok ? first.value : none), 0) ?? none;
	const second = handshake.read(partsOf(answer, 'second', 2)?.[1] ?? none);
	const third = second.ok ? handshake.write(packParts(...shown)) : second;
	existing.receive(printMessage('third', third.ok ? third.value : none), 0);
	return existing.state();
}

describe('what a new device shows', () => {
	const laptop = device('Laptop');
	const [nonce, card] = [fresh(32), cardOf(laptop)];
	const broken = { step: 'ended', failure: { type: 'PairingBroken' } };

	test('is taken where it is what it was bound to before', () => {
		const state = showAfter(laptop.keys, [nonce, card], [nonce, card]);
		expect(state).toMatchObject({ step: 'checking', peer: { name: 'Laptop', id: laptop.card.id } });
	});

	test.each([
		['another nonce, which would change the words', [fresh(32), card]],
		['another name', [nonce, cardOf(laptop, 'Another')]],
		['a nonce of another length', [nonce.subarray(1), card]],
		['a card that is none', [nonce, fresh(180)]],
		['nothing', [none, none]]
	] as const)('is refused where it is %s', (_, shown) => {
		expect(showAfter(laptop.keys, [nonce, card], shown)).toEqual(broken);
	});

	test('is refused where the card is of a device whose key it does not hold', () => {
		const stolen = cardOf(device('Phone'));
		expect(showAfter(laptop.keys, [nonce, stolen], [nonce, stolen])).toEqual(broken);
	});
});

describe('a card', () => {
	const phone = device('Phone');
	const card = cardOf(phone);

	test('says who its device is, and is nothing with one bit changed', () => {
		expect(parseCard(card)).toEqual({
			...phone.card,
			signingKey: phone.keys.signing.public,
			channelKey: phone.keys.channel.public
		});
		for (let at = 0; at < card.length; at++)
			expect(parseCard(card.map((byte, here) => (here === at ? byte ^ (1 << (at % 8)) : byte)))).toBeNull();
	});

	test.each([
		['turned around by a control character', 'fdp\u202egpj.'],
		['of no letters', ''],
		['of two lines', 'Phone\nof Anna'],
		['of more than 64 letters', 'x'.repeat(65)],
		['with an end that does not show', 'Phone ']
	])('is not made with a name %s', (_, name) => {
		expect(() => cardOf(phone, name)).toThrow('defect');
	});
});
