import { ed25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import {
	authenticate,
	isAuthentic,
	isSigned,
	packParts,
	signStatement,
	type DeviceKeys,
	type KeyPair
} from '#core/crypto';
import type { LibraryId } from '#core/kernel';
import { placeBytes, type ClientMessage } from './messages.ts';
import { makePass, passHolder } from './pass.ts';

const secretBytes = 16;
const tokenBytes = 16;
const keyBytes = 32;
const statement = 'relay-place';
/** Where a relay listens, and what stands behind it: a token for who keeps a place, a place for who calls one. */
const relayShape = /^(wss?:\/\/(?:\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?\/relay)(?:#([A-Za-z0-9_-]{22}))?$/i;
const addressShape = /^(wss?:\/\/[^#]+)#([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})$/;

/** A relay as a person names it. */
export type RelayName = {
	/** `wss://host/relay` */
	readonly url: string;
	/** Lets this device keep a place; null where the relay is a device of the library, which knows it. */
	readonly token: Uint8Array | null;
};

/** Where a device is to be called: others of its library know both, the relay only the place. */
export type PlaceAddress = { readonly url: string; readonly place: Uint8Array; readonly secret: Uint8Array };

/** What a device keeps its place at one relay with. */
export type OwnPlace = PlaceAddress & { readonly keys: KeyPair };

function decode(text: string): Uint8Array | null {
	try {
		return base64urlnopad.decode(text);
	} catch {
		return null; // bits behind the last byte
	}
}

/** `wss://host/relay`, with or without `#` and a token; null for anything else. */
export function parseRelayName(text: string): RelayName | null {
	const [, url, token] = relayShape.exec(text) ?? [];
	const bytes = token === undefined ? null : decode(token);
	return url === undefined || (token !== undefined && bytes === null) ? null : { url, token: bytes };
}

export function printRelayName({ url, token }: RelayName): string {
	return token === null ? url : `${url}#${base64urlnopad.encode(token)}`;
}

/** `wss://host/relay#<place>.<secret>`; null for anything else. */
export function parsePlaceAddress(text: string): PlaceAddress | null {
	const [, url = '', first = '', second = ''] = addressShape.exec(text) ?? [];
	const [place, secret] = [decode(first), decode(second)];
	return parseRelayName(url) === null || place === null || secret === null ? null : { url, place, secret };
}

export function printPlaceAddress({ url, place, secret }: PlaceAddress): string {
	return `${url}#${base64urlnopad.encode(place)}.${base64urlnopad.encode(secret)}`;
}

function derive(key: Uint8Array, salt: string, length: number, ...purpose: readonly string[]): Uint8Array {
	return hkdf(sha256, key, utf8ToBytes(salt), packParts(...purpose.map(utf8ToBytes)), length);
}

/** The place of which that is the key. */
export function placeOfKey(key: Uint8Array): Uint8Array {
	return sha256(packParts(utf8ToBytes('atoll/1/relay/place'), key)).subarray(0, placeBytes);
}

/**
 * This device's place at the relay of that URL, for one library: always the same, and of no use to tell that two places, at
 * two relays or for two libraries, are of one device, or whose any of them is.
 */
export function ownPlace({ signing }: DeviceKeys, library: LibraryId, url: string): OwnPlace {
	const secretKey = derive(signing.secret, library, keyBytes, 'atoll/1/relay/key', url);
	const keys = { secret: secretKey, public: ed25519.getPublicKey(secretKey) };
	const secret = derive(signing.secret, library, secretBytes, 'atoll/1/relay/secret', url);
	return { url, place: placeOfKey(keys.public), secret, keys };
}

/** What both ends of a call share and the relay does not know. */
export function callKey({ place, secret }: PlaceAddress): Uint8Array {
	return hkdf(sha256, secret, place, utf8ToBytes('atoll/1/relay/call'), keyBytes);
}

/** The token that a relay gives to whoever may keep a place at it who is no device of its library. */
export function relayToken({ signing }: DeviceKeys): Uint8Array {
	return derive(signing.secret, '', tokenBytes, 'atoll/1/relay/token');
}

const tagged = (challenge: Uint8Array, key: Uint8Array) => packParts(utf8ToBytes('atoll/1/relay/hold'), challenge, key);

type Hold = Extract<ClientMessage, { readonly kind: 'hold' }>;

/** By what a device may keep a place: it was told a token of the relay, or is a device of the relay's library. */
export type PlaceRight =
	{ readonly type: 'token'; readonly token: Uint8Array } | { readonly type: 'device'; readonly own: DeviceKeys };

/** Asks for a place, in answer to a challenge: neither right nor place can be taken from it by who hears it. */
export function signHold({ keys }: OwnPlace, by: PlaceRight, challenge: Uint8Array): Hold {
	return {
		kind: 'hold',
		key: keys.public,
		signature: signStatement(keys, statement, packParts(challenge)),
		right:
			by.type === 'token'
				? authenticate(by.token, tagged(challenge, keys.public))
				: makePass(by.own.signing, { use: 'hold', about: keys.public, challenge })
	};
}

/** Whom a relay lets keep places. */
export type Entitled = { readonly tokens: readonly Uint8Array[]; readonly members: readonly Uint8Array[] };

/** The place that is asked for by right, and by which device of the relay's library, if it is one; or null. */
export function heldPlace(
	{ key, signature, right }: Hold,
	challenge: Uint8Array,
	{ tokens, members }: Entitled
): { readonly place: Uint8Array; readonly member: Uint8Array | null } | null {
	const member = passHolder(right, { use: 'hold', about: key, challenge }, members);
	const isEntitled = member !== null || tokens.some((token) => isAuthentic(token, tagged(challenge, key), right));
	return isEntitled && isSigned(key, statement, packParts(challenge), signature)
		? { place: placeOfKey(key), member }
		: null;
}
