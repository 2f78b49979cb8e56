import { packParts, signatureBytes, unpackParts } from '#core/crypto';
import { passBytes } from './pass.ts';

/** What client and relay speak before a relay hands on. */
export const relayVersion = 2;
export const challengeBytes = 32;
export const placeBytes = 16;
export const ticketBytes = 16;
const keyBytes = 32;
const tagBytes = 32;
/** The longest message of all. */
export const relayMessageBytesMax = 192;

/** What a relay says. */
export type RelayMessage =
	/** First, to whoever comes. */
	| { readonly kind: 'greeting'; readonly version: number; readonly challenge: Uint8Array }
	/** The place is kept as long as this connection. */
	| { readonly kind: 'held' }
	/**
	 * Somebody calls: who comes with this ticket on a connection of its own is joined with them. `pass` is what they have
	 * shown, for `challenge`.
	 */
	| { readonly kind: 'called'; readonly ticket: Uint8Array; readonly challenge: Uint8Array; readonly pass: Uint8Array }
	| { readonly kind: 'alive' }
	/** From now on each message goes to the other side, and comes from there. */
	| { readonly kind: 'joined' };

/** What a client says. */
export type ClientMessage =
	/** Keeps the place of this key: `signature` over the challenge by it, `right` a tag by a token of the relay, or a pass. */
	| { readonly kind: 'hold'; readonly key: Uint8Array; readonly signature: Uint8Array; readonly right: Uint8Array }
	/** Wants to be joined with who keeps the place; shows a pass, or nothing. */
	| { readonly kind: 'call'; readonly place: Uint8Array; readonly pass: Uint8Array }
	| { readonly kind: 'answer'; readonly ticket: Uint8Array }
	/** Does not talk with who has called. */
	| { readonly kind: 'decline'; readonly ticket: Uint8Array }
	| { readonly kind: 'alive' };

type Kind = (RelayMessage | ClientMessage)['kind'];
const codes: Readonly<Record<Kind, number>> = {
	greeting: 0,
	hold: 1,
	call: 2,
	answer: 3,
	held: 4,
	called: 5,
	alive: 6,
	joined: 7,
	decline: 8
};
const kinds = new Map(Object.entries(codes).map(([kind, code]) => [code, kind]));
/** How long the parts of each may be. */
const shapes: Readonly<Record<string, readonly (readonly number[])[]>> = {
	greeting: [[1], [challengeBytes]],
	hold: [[keyBytes], [signatureBytes], [tagBytes, passBytes]],
	call: [[placeBytes], [0, passBytes]],
	answer: [[ticketBytes]],
	decline: [[ticketBytes]],
	held: [],
	called: [[ticketBytes], [challengeBytes], [0, passBytes]],
	alive: [],
	joined: []
};

const print = (kind: Kind, ...parts: readonly Uint8Array[]) => packParts(Uint8Array.of(codes[kind]), ...parts);

export function printRelayMessage(message: RelayMessage): Uint8Array {
	if (message.kind === 'greeting') return print(message.kind, Uint8Array.of(message.version), message.challenge);
	return message.kind === 'called'
		? print(message.kind, message.ticket, message.challenge, message.pass)
		: print(message.kind);
}

export function printClientMessage(message: ClientMessage): Uint8Array {
	switch (message.kind) {
		case 'hold':
			return print(message.kind, message.key, message.signature, message.right);
		case 'call':
			return print(message.kind, message.place, message.pass);
		case 'answer':
		case 'decline':
			return print(message.kind, message.ticket);
		case 'alive':
			return print(message.kind);
	}
}

/** Kind and parts of a message that has the length of each; null for all others. */
function read(bytes: Uint8Array): { readonly kind: string; readonly parts: readonly Uint8Array[] } | null {
	const [head, ...parts] = bytes.length > relayMessageBytesMax ? [] : (unpackParts(bytes, 4) ?? []);
	const kind = head?.length === 1 ? kinds.get(head[0] ?? -1) : undefined;
	const shape = kind === undefined ? undefined : shapes[kind];
	if (kind === undefined || shape?.length !== parts.length) return null;
	return shape.every((lengths, at) => lengths.includes(parts[at]?.length ?? -1)) ? { kind, parts } : null;
}

/** What a relay has said; null where that is no message of one. */
export function readRelayMessage(bytes: Uint8Array): RelayMessage | null {
	const { kind, parts: [first, second, third] = [] } = read(bytes) ?? {};
	if (kind === 'greeting' && first !== undefined && second !== undefined)
		return { kind, version: first[0] ?? 0, challenge: second };
	if (kind === 'called' && first !== undefined && second !== undefined && third !== undefined)
		return { kind, ticket: first, challenge: second, pass: third };
	return kind === 'held' || kind === 'alive' || kind === 'joined' ? { kind } : null;
}

/** What a client has said; null where that is no message of one. */
export function readClientMessage(bytes: Uint8Array): ClientMessage | null {
	const { kind, parts: [first, second, third] = [] } = read(bytes) ?? {};
	if (kind === 'hold' && first !== undefined && second !== undefined && third !== undefined)
		return { kind, key: first, signature: second, right: third };
	if (kind === 'call' && first !== undefined && second !== undefined) return { kind, place: first, pass: second };
	if ((kind === 'answer' || kind === 'decline') && first !== undefined) return { kind, ticket: first };
	return kind === 'alive' ? { kind } : null;
}

/** Why a relay ends a connection. */
export const relayCodes = {
	/** Nobody keeps that place, or whoever does has not answered in time. */
	nobody: 0x110,
	/** The token is none of the relay's, or the device none of its library. */
	refused: 0x111,
	/** It has no room for more. */
	full: 0x112,
	/** What was said was not what should have been. */
	wrong: 0x113,
	/** Nothing was said for too long. */
	idle: 0x114,
	/** The same device keeps the same place over a newer connection. */
	replaced: 0x115
} as const;
