import { deviceIdOfKey, deviceKeys, drawWords } from '#core/crypto';
import { libraryId, type DeviceId } from '#core/kernel';
import {
	createExistingSide,
	createNewSide,
	createOffers,
	type Door,
	type ExistingSide,
	type NewSide,
	type Offer,
	type Offers,
	type Own,
	type Welcome
} from '#core/pairing';
import type { SimRandom } from './host/random.ts';

/** A device with keys of its own, as a pairing takes it; `known` are the devices whose keys it has pinned. */
export function simDevice(
	random: SimRandom,
	name: string,
	known: Own['pinned'] = new Map<DeviceId, Uint8Array>()
): Own {
	const keys = deviceKeys(random.bytes(32));
	return { keys, card: { id: deviceIdOfKey(keys.signing.public), kind: 'peer', name }, pinned: known, random };
}

export function simWelcome(random: SimRandom): Welcome {
	return { library: libraryId('5a'.repeat(16)), libraryKey: random.bytes(32), libraryName: 'Family' };
}

export function secretDoor(random: SimRandom): Door {
	return { type: 'secret', secret: random.bytes(16) };
}

export function codeDoor(random: SimRandom): Door {
	return { type: 'code', code: { nameplate: 1 + random.integer(999), words: drawWords(random.bytes(3), 2) } };
}

/** An offer of that door, which must be allowed. */
export function offerOf(door: Door, nowMs = 0, offers: Offers = createOffers()): Offer {
	const offer = offers.make(door, nowMs);
	if (!offer.ok) throw new Error(`no offer: ${offer.failure.type}`);
	return offer.value;
}

export type Pair = { readonly newSide: NewSide; readonly existing: ExistingSide };

export function pairOf(random: SimRandom, door: Door, typed = door): Pair {
	return {
		newSide: createNewSide(typed, simDevice(random, 'Laptop')),
		existing: createExistingSide(offerOf(door), simDevice(random, 'Cellar'))
	};
}

/** From whom a message comes; what becomes of it, several for one that is repeated. */
export type Wire = (from: 'new' | 'existing', message: Uint8Array) => readonly Uint8Array[];

const faithful: Wire = (_, message) => [message];

/** Carries `first` and what is answered to it, until nobody has anything to say. */
export function carry(
	{ newSide, existing }: Pair,
	from: 'new' | 'existing',
	first: Uint8Array | null,
	wire: Wire = faithful,
	nowMs = 0
): void {
	const waiting: { from: 'new' | 'existing'; message: Uint8Array }[] = [];
	const say = (who: 'new' | 'existing', message: Uint8Array | null) => {
		if (message !== null) for (const copy of wire(who, message)) waiting.push({ from: who, message: copy });
	};
	say(from, first);
	for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
		if (next.from === 'new') say('existing', existing.receive(next.message, nowMs));
		else say('new', newSide.receive(next.message, nowMs));
	}
}

/** Lets the two talk until both screens show words, or one of them has ended. */
export function talkToWords(pair: Pair, wire?: Wire): void {
	carry(pair, 'new', pair.newSide.begin(0), wire);
}

/** What `talkToWords` begins, to its end: the person of each device says yes, and the key is kept. */
export function letIn(pair: Pair, welcome: Welcome, wire?: Wire): void {
	pair.newSide.confirm(0);
	carry(pair, 'existing', pair.existing.confirm(welcome, 0), wire);
	carry(pair, 'new', pair.newSide.kept(), wire);
}
