import { describe, expect, test } from 'vitest';
import { deviceId } from '#core/kernel';
import {
	createExistingSide,
	createNewSide,
	createOffers,
	isIdOfKey,
	offerMs,
	parseInvitation,
	parseShortCode,
	printInvitation,
	printShortCode,
	type Door,
	type ExistingSide,
	type Offer,
	type Own
} from '#core/pairing';
import { bytesToWords, packParts, unpackParts, wordsToBytes } from '#core/crypto';
import { isNightly } from '../tier.ts';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';
import {
	carry,
	codeDoor,
	letIn,
	offerOf,
	pairOf,
	secretDoor,
	simDevice,
	simWelcome,
	talkToWords,
	type Pair
} from './pairing-world.ts';

const random = createSimRandom(testSeed('pairing'));

/** 100,000 in all at night (T39); each is a handshake, as far as it goes. */
const replays = isNightly ? 50_000 : 100;
const replayingMs = isNightly ? 3_600_000 : 30_000;
const guesses = isNightly ? 10_000 : 100;

const doors: readonly (readonly [name: string, door: (random: SimRandom) => Door])[] = [
	['an invitation or twelve words', secretDoor],
	['a short code', codeDoor]
];

/** What both screens show, where both show words. */
function screens({ newSide, existing }: Pair) {
	const [left, right] = [newSide.state(), existing.state()];
	if (left.step !== 'checking' || right.step !== 'checking')
		throw new Error(`no words: ${JSON.stringify([left, right])}`);
	return { left, right };
}

function holds(message: Uint8Array, secret: Uint8Array): boolean {
	return Buffer.from(message).includes(Buffer.from(secret));
}

describe.each(doors)('through the door of %s', (_, doorOf) => {
	test('both end with the keys of the other, the same words, and the library on both', () => {
		const pair = pairOf(random, doorOf(random));
		const said: Uint8Array[] = [];
		const wire = (_from: string, message: Uint8Array) => (said.push(message), [message]);
		talkToWords(pair, wire);
		const { left, right } = screens(pair);
		expect(left.words).toEqual(right.words);
		expect(left.words).toHaveLength(3);
		expect([left.peer.name, right.peer.name]).toEqual(['Cellar', 'Laptop']);
		const welcome = simWelcome(random);
		letIn(pair, welcome, wire);
		expect(pair.newSide.state()).toEqual({ step: 'paired', peer: left.peer });
		expect(pair.existing.state()).toEqual({ step: 'paired', peer: right.peer });
		expect(right.peer.signingKey).not.toEqual(left.peer.signingKey);
		// Neither the key of the library nor a name is ever in the clear.
		expect(said.length).toBeGreaterThan(4);
		for (const hidden of [welcome.libraryKey, Buffer.from('Cellar'), Buffer.from('Laptop'), Buffer.from('Family')])
			expect(said.some((message) => holds(message, hidden))).toBe(false);
	});

	test('the welcome is there for the new device only when both persons have said yes, in either order', () => {
		const [first, second] = [pairOf(random, doorOf(random)), pairOf(random, doorOf(random))];
		const welcome = simWelcome(random);
		talkToWords(first);
		expect(first.newSide.state()).toMatchObject({ step: 'checking', isAgreed: false });
		carry(first, 'existing', first.existing.confirm(welcome, 0));
		expect(first.newSide.state()).toMatchObject({ step: 'checking', isAgreed: true });
		expect(first.newSide.kept()).toBeNull();
		first.newSide.confirm(0);
		expect(first.newSide.state()).toMatchObject({ step: 'welcomed', welcome });
		talkToWords(second);
		second.newSide.confirm(0);
		expect(second.newSide.state().step).toBe('waiting');
		expect(second.newSide.kept()).toBeNull();
		carry(second, 'existing', second.existing.confirm(welcome, 0));
		expect(second.newSide.state()).toMatchObject({ step: 'welcomed', welcome });
	});

	test('whatever is done on the new device and said by it, without a yes on the other there is no library', () => {
		for (let run = 0; run < (isNightly ? 250 : 40); run++) {
			const pair = pairOf(random, doorOf(random));
			const { newSide, existing } = pair;
			const seen: Uint8Array[] = [];
			const tell = (message: Uint8Array | null) => {
				if (message !== null) carry(pair, 'new', message, (_from, said) => (seen.push(said), [said]));
			};
			for (let step = 0; step < 12; step++) {
				const deeds = [
					() => tell(newSide.begin(0)),
					() => tell(newSide.confirm(0)),
					() => tell(newSide.kept()),
					() => tell(seen[random.integer(seen.length)] ?? random.bytes(random.integer(80))),
					() => newSide.receive(seen[random.integer(seen.length)] ?? random.bytes(80), 0)
				];
				deeds[random.integer(deeds.length)]?.();
			}
			expect(['welcomed', 'paired']).not.toContain(newSide.state().step);
			expect(['welcoming', 'paired']).not.toContain(existing.state().step);
		}
	});

	test('a changed bit in any message ends it, and nobody is let in', () => {
		const lengths: number[] = [];
		talkToWords(pairOf(random, doorOf(random)), (_from, message) => (lengths.push(message.length), [message]));
		for (const [place, length] of lengths.entries())
			for (let run = 0; run < (isNightly ? 40 : 6); run++) {
				const [at, bit] = [random.integer(length), 1 << random.integer(8)];
				const pair = pairOf(random, doorOf(random));
				let count = 0;
				talkToWords(pair, (_from, message) => [
					count++ === place ? message.map((byte, here) => (here === at ? byte ^ bit : byte)) : message
				]);
				const what = `message ${place}, byte ${at}, bit ${bit}`;
				expect([pair.newSide.state().step, pair.existing.state().step], what).toContain('ended');
				letIn(pair, simWelcome(random));
				expect(pair.newSide.state().step, what).not.toBe('paired');
				expect(pair.existing.state().step, what).not.toBe('paired');
			}
	});

	test.each([
		['lost', () => []],
		['said twice', (message) => [message, message]],
		['cut short', (message) => [message.subarray(0, random.integer(message.length))]],
		['lengthened', (message) => [Uint8Array.of(...message, random.integer(256))]],
		['replaced by another', (_message, earlier) => [earlier[random.integer(earlier.length)] ?? random.bytes(70)]],
		['said after a word of a stranger', (message) => [random.bytes(random.integer(200)), message]]
	] as readonly (readonly [string, (message: Uint8Array, earlier: readonly Uint8Array[]) => readonly Uint8Array[]])[])(
		'a message that is %s lets nobody in',
		(_, change) => {
			for (let place = 0; place < 5; place++) {
				const pair = pairOf(random, doorOf(random));
				const earlier: Uint8Array[] = [];
				let changed = false;
				const wire = (_from: string, message: Uint8Array) => {
					const isThis = earlier.length === place;
					const now = isThis ? change(message, earlier) : [message];
					changed ||= isThis;
					earlier.push(message);
					return now;
				};
				talkToWords(pair, wire);
				if (!changed) continue;
				letIn(pair, simWelcome(random), wire);
				expect(pair.newSide.state().step, `message ${place}`).not.toBe('paired');
				expect(pair.existing.state().step, `message ${place}`).not.toBe('paired');
			}
		}
	);

	test(
		'what was said once is nothing to the next offer, nor to the same one',
		() => {
			const door = doorOf(random);
			const offers = createOffers();
			const offer = offerOf(door, 0, offers);
			const own = simDevice(random, 'Cellar');
			const said: Uint8Array[] = [];
			const pair = {
				newSide: createNewSide(door, simDevice(random, 'Laptop')),
				existing: createExistingSide(offer, own)
			};
			const wire = (from: string, message: Uint8Array) => (from === 'new' && said.push(message), [message]);
			talkToWords(pair, wire);
			letIn(pair, simWelcome(random), wire);
			expect(pair.existing.state().step).toBe('paired');
			const replay = (existing: ExistingSide) => {
				for (const message of said) existing.receive(message, 0);
				return existing.state();
			};
			expect(replay(createExistingSide(offer, own))).toEqual({ step: 'ended', failure: { type: 'PairingUsed' } });
			for (let run = 0; run < replays; run++) {
				// With the same secret again, which nobody offers twice, and with another one.
				const existing = createExistingSide(offerOf(run % 2 === 0 ? door : doorOf(random)), own);
				expect(replay(existing), `replay ${run}`).toMatchObject({ step: 'ended' });
			}
		},
		replayingMs
	);

	test('only one device gets through, however many come at once', () => {
		const door = doorOf(random);
		const offer = offerOf(door);
		const pairs = [1, 2, 3].map(() => ({
			newSide: createNewSide(door, simDevice(random, 'Laptop')),
			existing: createExistingSide(offer, simDevice(random, 'Cellar'))
		}));
		const firsts = pairs.map(({ newSide }) => newSide.begin(0));
		for (const [at, pair] of pairs.entries()) carry(pair, 'new', firsts[at] ?? null);
		expect(pairs.map(({ newSide }) => newSide.state().step)).toEqual(['checking', 'ended', 'ended']);
		expect(pairs[1]?.newSide.state()).toEqual({ step: 'ended', failure: { type: 'PairingUsed' } });
	});

	test('five minutes end it in every step, but not once the person has said yes', () => {
		const fresh = () => pairOf(random, doorOf(random));
		const expired = { step: 'ended', failure: { type: 'PairingExpired' } };
		const late = fresh();
		carry(late, 'new', late.newSide.begin(0), undefined, offerMs);
		expect([late.newSide.state(), late.existing.state()]).toEqual([expired, expired]);
		const checking = fresh();
		talkToWords(checking);
		expect(checking.existing.confirm(simWelcome(random), offerMs)).not.toBeNull();
		expect(checking.existing.state()).toEqual(expired);
		checking.newSide.tick(offerMs - 1);
		expect(checking.newSide.state().step).toBe('checking');
		checking.newSide.confirm(offerMs);
		expect(checking.newSide.state()).toEqual(expired);
		const welcoming = fresh();
		talkToWords(welcoming);
		welcoming.existing.confirm(simWelcome(random), offerMs - 1);
		welcoming.existing.tick(offerMs * 2);
		expect(welcoming.existing.state().step).toBe('welcoming');
	});

	test('a person may say no on either side, and the other is told', () => {
		const [left, right] = [pairOf(random, doorOf(random)), pairOf(random, doorOf(random))];
		talkToWords(left);
		carry(left, 'new', left.newSide.cancel());
		expect(left.existing.state()).toEqual({ step: 'ended', failure: { type: 'PairingRefused' } });
		expect(left.existing.confirm(simWelcome(random), 0)).toBeNull();
		talkToWords(right);
		carry(right, 'existing', right.existing.cancel());
		expect(right.newSide.state()).toEqual({ step: 'ended', failure: { type: 'PairingRefused' } });
	});
});

describe('an invitation that was opened', () => {
	test('says nothing and believes nothing until a person begins', () => {
		const { newSide } = pairOf(random, secretDoor(random));
		const other = pairOf(random, secretDoor(random));
		const offered = other.newSide.begin(0) ?? random.bytes(1);
		for (const message of [offered, random.bytes(100), random.bytes(0)]) expect(newSide.receive(message, 0)).toBeNull();
		expect([newSide.confirm(0), newSide.kept(), newSide.state()]).toEqual([null, null, { step: 'scanned' }]);
		expect(newSide.cancel()).toBeNull();
	});
});

describe('a short code', () => {
	test('that is wrong ends both sides, is used up, and after three there is none for five minutes', () => {
		const offers = createOffers();
		for (let attempt = 0; attempt < 3; attempt++) {
			const door = codeDoor(random);
			const offer = offerOf(door, attempt * 1_000, offers);
			const pair = {
				newSide: createNewSide(codeDoor(random), simDevice(random, 'Guesser')),
				existing: createExistingSide(offer, simDevice(random, 'Cellar'))
			};
			talkToWords(pair);
			const wrong = { step: 'ended', failure: { type: 'PairingCodeWrong' } };
			expect([pair.newSide.state(), pair.existing.state()]).toEqual([wrong, wrong]);
			const right = {
				newSide: createNewSide(door, simDevice(random, 'Laptop')),
				existing: createExistingSide(offer, simDevice(random, 'Cellar'))
			};
			talkToWords(right);
			expect(right.existing.state()).toEqual({ step: 'ended', failure: { type: 'PairingUsed' } });
		}
		const wait = { type: 'TooManyTries', waitMs: offerMs - 60_000 };
		expect(offers.make(codeDoor(random), 60_000)).toEqual({ ok: false, failure: wait });
		expect(offers.make(secretDoor(random), 60_000)).toMatchObject({ value: { expiresAtMs: offerMs + 60_000 } });
		expect(offers.make(codeDoor(random), offerMs)).toMatchObject({ value: { expiresAtMs: offerMs * 2 } });
	});

	test('is not confirmed by what its own side has said', () => {
		const newSide = createNewSide(codeDoor(random), simDevice(random, 'Laptop'));
		/** The parts of a message, which are short here, behind its kind. */
		const partsOf = (message: Uint8Array | null) => unpackParts(message ?? random.bytes(0), 4)?.slice(1) ?? [];
		const kind = (value: number) => Uint8Array.of(value);
		const [, share = random.bytes(0)] = partsOf(newSide.begin(0));
		const [tag = random.bytes(0), first = random.bytes(0)] = partsOf(newSide.receive(packParts(kind(0), share), 0));
		expect(tag).toHaveLength(64);
		newSide.receive(packParts(kind(2), tag, first), 0);
		expect(newSide.state()).toEqual({ step: 'ended', failure: { type: 'PairingCodeWrong' } });
	});

	test('gives three guesses in any five minutes, however many codes were ready', () => {
		const offers = createOffers();
		const ready = Array.from({ length: 10 }, () => offerOf(codeDoor(random), 0, offers));
		const guess = (offer: Offer, nowMs: number) => {
			const pair = {
				newSide: createNewSide(codeDoor(random), simDevice(random, 'Guesser')),
				existing: createExistingSide(offer, simDevice(random, 'Cellar'))
			};
			carry(pair, 'new', pair.newSide.begin(nowMs), undefined, nowMs);
			const state = pair.existing.state();
			return state.step === 'ended' ? state.failure.type : state.step;
		};
		const guesses = ready.map((offer, at) => guess(offer, offerMs - 20 + at));
		expect(guesses.slice(0, 3)).toEqual(['PairingCodeWrong', 'PairingCodeWrong', 'PairingCodeWrong']);
		expect(new Set(guesses.slice(3))).toEqual(new Set(['PairingUsed']));
		expect(offers.make(codeDoor(random), offerMs)).toEqual({
			ok: false,
			failure: { type: 'TooManyTries', waitMs: offerMs - 20 }
		});
	});

	test('that was right is no try', () => {
		const offers = createOffers();
		for (let attempt = 0; attempt < 5; attempt++) {
			const door = codeDoor(random);
			const existing = createExistingSide(offerOf(door, 0, offers), simDevice(random, 'Cellar'));
			const pair = { newSide: createNewSide(door, simDevice(random, 'Laptop')), existing };
			talkToWords(pair);
			expect(screens(pair).left.words).toEqual(screens(pair).right.words);
		}
	});

	test(
		'is good for one guess, however many guess at once; nobody gets in by the ones that it does not count',
		() => {
			const door = codeDoor(random);
			const [offer, own] = [offerOf(door), simDevice(random, 'Cellar')];
			const guesser = simDevice(random, 'Guesser');
			const all = Array.from({ length: guesses }, () => ({
				newSide: createNewSide(codeDoor(random), guesser),
				existing: createExistingSide(offer, own)
			}));
			const firsts = all.map(({ newSide }) => newSide.begin(0));
			for (const [at, pair] of all.entries()) carry(pair, 'new', firsts[at] ?? null);
			const ends = all.map(({ existing }) => existing.state());
			expect(ends[0]).toEqual({ step: 'ended', failure: { type: 'PairingCodeWrong' } });
			for (const end of ends.slice(1)) expect(end).toEqual({ step: 'ended', failure: { type: 'PairingUsed' } });
			// Who knows the code comes too late. Control: it is the code of another offer.
			const late = { newSide: createNewSide(door, guesser), existing: createExistingSide(offer, own) };
			talkToWords(late);
			expect(late.existing.state()).toEqual({ step: 'ended', failure: { type: 'PairingUsed' } });
			const right = { newSide: createNewSide(door, guesser), existing: createExistingSide(offerOf(door), own) };
			talkToWords(right);
			expect(right.existing.state()).toMatchObject({ step: 'checking' });
		},
		replayingMs
	);

	test('is used up by whoever begins and goes away', () => {
		const offer = offerOf(codeDoor(random));
		const leaver = createNewSide(codeDoor(random), simDevice(random, 'Leaver'));
		const first = leaver.begin(0);
		expect(first).not.toBeNull();
		expect(createExistingSide(offer, simDevice(random, 'Cellar')).receive(first ?? random.bytes(1), 0)).not.toBeNull();
		expect(offer.use(0)).toBeNull();
	});

	test('wants two words and a number, and a secret of 128 bits does not', () => {
		const code = { nameplate: 7, words: ['orbit', 'violin'] };
		expect(printShortCode(code)).toBe('7-orbit-violin');
		for (const typed of ['7-orbit-violin', ' 7 Orbit VIOLIN ', '7\u2013orbit\u2013violin', '007.orbit/violin'])
			expect(parseShortCode(typed)).toEqual({ ok: true, value: code });
		for (const typed of ['', '7', '7-orbit', 'orbit-violin', '0-orbit-violin', '1000-orbit-violin', '7-orbit-violin-x'])
			expect(parseShortCode(typed)).toEqual({ ok: false, failure: { type: 'CodeIncomplete' } });
		expect(parseShortCode('7-orbit-violni')).toMatchObject({
			failure: { type: 'WordsUnknown', unknown: [{ place: 1, word: 'violni' }] }
		});
	});

	test('a guess of the secret of an invitation uses nothing up', () => {
		const door = secretDoor(random);
		const offer = offerOf(door);
		for (let guess = 0; guess < 5; guess++) {
			const pair = {
				newSide: createNewSide(secretDoor(random), simDevice(random, 'Guesser')),
				existing: createExistingSide(offer, simDevice(random, 'Cellar'))
			};
			talkToWords(pair);
			expect(pair.existing.state()).toEqual({ step: 'ended', failure: { type: 'PairingBroken' } });
		}
		const pair = {
			newSide: createNewSide(door, simDevice(random, 'Laptop')),
			existing: createExistingSide(offer, simDevice(random, 'Cellar'))
		};
		talkToWords(pair);
		expect(screens(pair).left.words).toEqual(screens(pair).right.words);
	});
});

describe('somebody between the two who has the secret itself', () => {
	test('cannot make both screens show the same words', () => {
		for (let run = 0; run < (isNightly ? 500 : 20); run++) {
			const door = run % 2 === 0 ? secretDoor(random) : codeDoor(random);
			const between = simDevice(random, 'Cellar');
			const near = {
				newSide: createNewSide(door, simDevice(random, 'Laptop')),
				existing: createExistingSide(offerOf(door), between)
			};
			const far = {
				newSide: createNewSide(door, between),
				existing: createExistingSide(offerOf(door), simDevice(random, 'Cellar'))
			};
			talkToWords(near);
			talkToWords(far);
			expect(screens(near).left.words).toEqual(screens(near).right.words);
			expect(screens(near).left.words).not.toEqual(screens(far).right.words);
		}
	});
});

describe('a device that is known', () => {
	test('is not taken for another that comes with its id, on either side', () => {
		for (const side of ['new', 'existing'] as const) {
			const door = secretDoor(random);
			const [laptop, cellar] = [simDevice(random, 'Laptop'), simDevice(random, 'Cellar')];
			const wrongKey = random.bytes(32);
			const knows = (own: Own, other: Own): Own => ({ ...own, pinned: new Map([[other.card.id, wrongKey]]) });
			const pair = {
				newSide: createNewSide(door, side === 'new' ? knows(laptop, cellar) : laptop),
				existing: createExistingSide(offerOf(door), side === 'existing' ? knows(cellar, laptop) : cellar)
			};
			talkToWords(pair);
			const device = side === 'new' ? cellar.card.id : laptop.card.id;
			const failed = side === 'new' ? pair.newSide.state() : pair.existing.state();
			expect(failed).toEqual({ step: 'ended', failure: { type: 'DeviceKeyChanged', device } });
		}
	});

	test('may be paired again with the key that it has, and never with itself', () => {
		const door = secretDoor(random);
		const laptop = simDevice(random, 'Laptop');
		const cellar = simDevice(random, 'Cellar', new Map([[laptop.card.id, laptop.keys.signing.public]]));
		const again = { newSide: createNewSide(door, laptop), existing: createExistingSide(offerOf(door), cellar) };
		talkToWords(again);
		expect(screens(again).right.peer.id).toBe(laptop.card.id);
		const alone = { newSide: createNewSide(door, laptop), existing: createExistingSide(offerOf(door), laptop) };
		talkToWords(alone);
		expect(alone.newSide.state()).toEqual({ step: 'ended', failure: { type: 'PairedWithItself' } });
	});

	test('may have an id from before there were keys', () => {
		const door = secretDoor(random);
		const laptop = simDevice(random, 'Laptop');
		const old = { ...laptop, card: { ...laptop.card, id: deviceId('0'.repeat(32)) } };
		const pair = {
			newSide: createNewSide(door, old),
			existing: createExistingSide(offerOf(door), simDevice(random, 'Cellar'))
		};
		talkToWords(pair);
		const { left, right } = screens(pair);
		expect(right.peer.id).toBe(old.card.id);
		expect([isIdOfKey(left.peer), isIdOfKey(right.peer)]).toEqual([true, false]);
	});
});

describe('an invitation', () => {
	const secret = random.bytes(16);
	const addresses = ['lan:192.168.1.7:4242/hash', 'relay:wss://relay.example/7'];
	const invitation = printInvitation('https://app.example/#old', { secret, expiresMs: 1_000_000, addresses });

	test('says after the # what it holds, and the same in twelve words', () => {
		expect(invitation).toMatch(/^https:\/\/app\.example\/#pair=1\.[\w-]+$/);
		expect(parseInvitation(invitation, 999_999)).toEqual({
			ok: true,
			value: { secret, expiresMs: 1_000_000, addresses }
		});
		expect(parseInvitation(invitation.slice(invitation.indexOf('#') + 1), 0)).toMatchObject({ ok: true });
		expect(wordsToBytes(bytesToWords(secret).join(' '))).toEqual({ ok: true, value: secret });
	});

	test.each([
		['nothing', '', 'NotAnInvitation'],
		['another page', 'https://app.example/#/settings', 'NotAnInvitation'],
		['a longer one than any', `${invitation}${'A'.repeat(2_000)}`, 'NotAnInvitation'],
		['one of a later version', invitation.replace('=1.', '=2.'), 'InvitationNewer'],
		['one of no version', invitation.replace('=1.', '=0.'), 'InvitationDamaged'],
		['one that was cut', invitation.slice(0, -3), 'InvitationDamaged'],
		['one without its secret', 'x#pair=1.', 'InvitationDamaged']
	])('that is %s is refused', (_, text, type) => {
		expect(parseInvitation(text, 0)).toMatchObject({ ok: false, failure: { type } });
	});

	test('is refused when it is over, but for what two clocks may differ', () => {
		expect(parseInvitation(invitation, 1_000_000 + offerMs - 1)).toMatchObject({ ok: true });
		expect(parseInvitation(invitation, 1_000_000 + offerMs)).toEqual({
			ok: false,
			failure: { type: 'InvitationExpired' }
		});
	});
});
