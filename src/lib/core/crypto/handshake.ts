import { x25519 } from '@noble/curves/ed25519.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { err, invariant, ok, type Result } from '#core/kernel';
import type { Aead } from '#core/ports';
import { createChannel, noiseMessageBytesMax, type Channel } from './channel.ts';
import { tagBytes, type NoiseSuite } from './noise-suite.ts';
import { createSymmetricState, type SymmetricState } from './symmetric-state.ts';

type Token = 'e' | 's' | 'ee' | 'es' | 'se' | 'psk';
/** `knowsResponder`: its static key is known to the initiator beforehand (`<- s` before the dots). */
type Pattern = { readonly knowsResponder: boolean; readonly messages: readonly (readonly Token[])[] };

/** Noise revision 34, sections 7.5 and 9.4. */
const patterns = {
	XX: { knowsResponder: false, messages: [['e'], ['e', 'ee', 's', 'es'], ['s', 'se']] },
	XK: {
		knowsResponder: true,
		messages: [
			['e', 'es'],
			['e', 'ee'],
			['s', 'se']
		]
	},
	XXpsk0: {
		knowsResponder: false,
		messages: [
			['psk', 'e'],
			['e', 'ee', 's', 'es'],
			['s', 'se']
		]
	}
} as const satisfies Record<string, Pattern>;

const publicKeyBytes = 32;

/** An X25519 key (RFC 7748). */
export type KeyPair = { readonly secret: Uint8Array; readonly public: Uint8Array };

export function keyPair(secret: Uint8Array): KeyPair {
	return { secret, public: x25519.getPublicKey(secret) };
}

export type HandshakeSetting = {
	readonly pattern: keyof typeof patterns;
	readonly suite: NoiseSuite;
	readonly role: 'initiator' | 'responder';
	/** What both sides must agree on before; another prologue is another handshake. */
	readonly prologue: Uint8Array;
	readonly own: KeyPair;
	/** 32 fresh random bytes, for this handshake only. */
	readonly ephemeralSecret: Uint8Array;
	/** The responder's static key: what the initiator of XK knows; null everywhere else. */
	readonly responder: Uint8Array | null;
	/** 32 bytes that both share, for XXpsk0; null everywhere else. */
	readonly psk: Uint8Array | null;
};

/** Something that is not the next message of the other side came, or its key is none. Nothing more is told. */
export type HandshakeFailure = { readonly type: 'HandshakeFailed' };

/** One side of a handshake. The two write in turn, the initiator first; the first failure ends it for good. */
export type Handshake = {
	/** The next message, with a payload as secret as the pattern makes it. */
	write(payload: Uint8Array): Result<Uint8Array, HandshakeFailure>;
	/** The payload of the other side's next message. */
	read(message: Uint8Array): Result<Uint8Array, HandshakeFailure>;
	/** Whether all messages were exchanged. */
	isDone(): boolean;
	/** The static key that the other side has proved to hold; null until it has. */
	peer(): Uint8Array | null;
	/** The hash of all that was said so far: at the end it names this channel and no other. */
	hash(): Uint8Array;
	/** The channel of a handshake that is done; asked for once. `lent` does its bulk, where a host has it. */
	channel(lent?: Aead | null): Channel;
};

const failed: Result<never, HandshakeFailure> = err({ type: 'HandshakeFailed' });

/** The shared secret, or null for a public key of low order (RFC 7748, section 6.1). */
function agree(secret: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
	try {
		return x25519.getSharedSecret(secret, publicKey);
	} catch {
		return null;
	}
}

/** What the tokens of the messages work on (Noise revision 34, section 5.3). */
type Sides = {
	readonly setting: HandshakeSetting;
	readonly state: SymmetricState;
	readonly ephemeral: KeyPair;
	peerEphemeral: Uint8Array | null;
	peerStatic: Uint8Array | null;
};

function mixAgreement({ setting, state, ephemeral, peerEphemeral, peerStatic }: Sides, token: Token): boolean {
	const ownIsStatic = token === (setting.role === 'initiator' ? 'se' : 'es');
	const peerIsStatic = token === (setting.role === 'initiator' ? 'es' : 'se');
	const peer = peerIsStatic ? peerStatic : peerEphemeral;
	const shared = peer === null ? null : agree((ownIsStatic ? setting.own : ephemeral).secret, peer);
	if (shared !== null) state.mixKey(shared);
	return shared !== null;
}

function mixEphemeral({ setting, state }: Sides, publicKey: Uint8Array): void {
	state.mixHash(publicKey);
	if (setting.psk !== null) state.mixKey(publicKey);
}

function writeToken(sides: Sides, token: Token): Uint8Array | null {
	const { setting, state, ephemeral } = sides;
	switch (token) {
		case 'e':
			mixEphemeral(sides, ephemeral.public);
			return ephemeral.public;
		case 's':
			return state.encryptAndHash(setting.own.public);
		case 'psk':
			state.mixKeyAndHash(setting.psk ?? new Uint8Array(0));
			return new Uint8Array(0);
		default:
			return mixAgreement(sides, token) ? new Uint8Array(0) : null;
	}
}

/** How many bytes the token took from the front of `message`, or null. */
function readToken(sides: Sides, token: Token, message: Uint8Array): number | null {
	const { setting, state } = sides;
	switch (token) {
		case 'e': {
			if (message.length < publicKeyBytes) return null;
			sides.peerEphemeral = message.slice(0, publicKeyBytes);
			mixEphemeral(sides, sides.peerEphemeral);
			return publicKeyBytes;
		}
		case 's': {
			const length = publicKeyBytes + (state.hasKey() ? tagBytes : 0);
			sides.peerStatic = message.length < length ? null : state.decryptAndHash(message.subarray(0, length));
			return sides.peerStatic === null ? null : length;
		}
		case 'psk':
			state.mixKeyAndHash(setting.psk ?? new Uint8Array(0));
			return 0;
		default:
			return mixAgreement(sides, token) ? 0 : null;
	}
}

function writeMessage(sides: Sides, tokens: readonly Token[], payload: Uint8Array): Uint8Array | null {
	const pieces: Uint8Array[] = [];
	for (const token of tokens) {
		const piece = writeToken(sides, token);
		if (piece === null) return null;
		pieces.push(piece);
	}
	const sealed = sides.state.encryptAndHash(payload);
	if (sealed === null) return null;
	const message = concatBytes(...pieces, sealed);
	invariant(message.length <= noiseMessageBytesMax, 'a handshake message with its payload fits into 65,535 bytes');
	return message;
}

function readMessage(sides: Sides, tokens: readonly Token[], message: Uint8Array): Uint8Array | null {
	if (message.length > noiseMessageBytesMax) return null;
	let at = 0;
	for (const token of tokens) {
		const taken = readToken(sides, token, message.subarray(at));
		if (taken === null) return null;
		at += taken;
	}
	return sides.state.decryptAndHash(message.subarray(at));
}

function begin(setting: HandshakeSetting): Sides {
	const { pattern, suite, role, own, responder, psk } = setting;
	const { knowsResponder } = patterns[pattern];
	const isInitiator = role === 'initiator';
	invariant((psk?.length ?? 0) === (pattern === 'XXpsk0' ? 32 : 0), 'XXpsk0 has a key of 32 bytes, no other has one');
	invariant((responder !== null) === (knowsResponder && isInitiator), 'who begins XK knows the responder, none else');
	const state = createSymmetricState(`Noise_${pattern}_25519_${suite.cipher}_${suite.hash}`, suite);
	state.mixHash(setting.prologue);
	if (knowsResponder) state.mixHash(responder ?? own.public);
	return { setting, state, ephemeral: keyPair(setting.ephemeralSecret), peerEphemeral: null, peerStatic: responder };
}

/** One side of a Noise handshake (revision 34): pure, message in and message out. */
export function createHandshake(setting: HandshakeSetting): Handshake {
	const sides = begin(setting);
	const isInitiator = setting.role === 'initiator';
	const { messages } = patterns[setting.pattern];
	let step = 0;
	let isFailed = false;
	let isSplit = false;
	/** The tokens of this message, if it is this side's turn to do that. */
	const tokensFor = (mine: boolean) => (((step % 2 === 0) === isInitiator) === mine ? messages[step] : undefined);
	const take = (bytes: Uint8Array | null): Result<Uint8Array, HandshakeFailure> => {
		step++;
		isFailed = bytes === null;
		return bytes === null ? failed : ok(bytes);
	};
	const isDone = () => !isFailed && step === messages.length;
	return {
		write(payload) {
			if (isFailed) return failed;
			const tokens = tokensFor(true);
			invariant(tokens !== undefined, 'the sides of a handshake write in turn');
			return take(writeMessage(sides, tokens, payload));
		},
		read(message) {
			const tokens = tokensFor(false);
			// A message out of turn is the other side's doing, so it is no defect.
			return isFailed ? failed : take(tokens === undefined ? null : readMessage(sides, tokens, message));
		},
		isDone,
		// A key that was only read is not proved: its agreement and the payload's tag come after it in the same message.
		peer: () => (isFailed || (sides.peerStatic === setting.responder && !isDone()) ? null : sides.peerStatic),
		hash: () => sides.state.hash(),
		channel(lent = null) {
			invariant(isDone() && !isSplit, 'a handshake that is done gives one channel');
			isSplit = true;
			const [first, second] = sides.state.split();
			const keys = isInitiator ? { sending: first, receiving: second } : { sending: second, receiving: first };
			return createChannel(setting.suite.cipher, keys, lent);
		}
	};
}
