import { createHandshake, packParts } from '#core/crypto';
import { atollSuite, type Handshake, type HandshakeFailure, type HandshakeSetting, type KeyPair } from '#core/crypto';
import { err, ok, type Result } from '#core/kernel';

export type SecurePattern = HandshakeSetting['pattern'];

/** What an end of a secured link begins with. */
export type SecureSide =
	/** Towards a device whose key is known. */
	| { readonly role: 'initiator'; readonly pattern: 'XK'; readonly responder: Uint8Array }
	/** Towards whoever is there: its key is learned, and judged before this device says who it is. */
	| { readonly role: 'initiator'; readonly pattern: 'XX' }
	/** The same, and both share 32 bytes. */
	| { readonly role: 'initiator'; readonly pattern: 'XXpsk0'; readonly psk: Uint8Array }
	/** Takes what the other side begins with, if it is among `patterns`; XXpsk0 needs the bytes that both share. */
	| {
			readonly role: 'responder';
			readonly patterns: readonly SecurePattern[];
			readonly psk: Uint8Array | null;
	  };

export type TalkOptions = {
	readonly side: SecureSide;
	/** The X25519 key of this device (`deviceKeys(seed).channel`). */
	readonly own: KeyPair;
	/**
	 * What both ends know of a carrier that by itself nobody else can read or change, and that leads to no one who knows
	 * otherwise: the fingerprints of DTLS (`channelBinding`). Empty for any other carrier.
	 */
	readonly binding: Uint8Array;
	/** What this device says with its key, for the other side alone; nothing where it is left out. */
	readonly says?: Uint8Array;
	/**
	 * Whether this device talks to the one that has proved to hold this X25519 key, and `said` that with it. Nothing else of
	 * it was read by then.
	 */
	readonly isWelcome: (channelKey: Uint8Array, pattern: SecurePattern, said: Uint8Array) => boolean;
};

export type TalkFailure =
	| HandshakeFailure
	/** Who is there has proved its key, and is not welcome. */
	| { readonly type: 'DeviceRefused'; readonly channelKey: Uint8Array }
	| { readonly type: 'VersionOther'; readonly version: number };

/** What comes of a message: what is to be sent, and whether this was the last. */
export type TalkStep = { readonly send: Uint8Array | null; readonly done: Handshake | null };

/** The handshake of one end: pure, message in and message out. */
export type HandshakeTalk = {
	/** The first message of who begins; null for the other. */
	begin(): Uint8Array | null;
	take(message: Uint8Array): Result<TalkStep, TalkFailure>;
	readonly pattern: SecurePattern | null;
};

const version = 1;
const headBytes = 2;
const codes: readonly SecurePattern[] = ['XX', 'XK', 'XXpsk0'];
const nothing = new Uint8Array(0);
const failed: Result<never, HandshakeFailure> = err({ type: 'HandshakeFailed' });
const name = Uint8Array.from('atoll/1/link', (letter) => letter.charCodeAt(0));

function headOf(pattern: SecurePattern): Uint8Array {
	return Uint8Array.of(version, codes.indexOf(pattern));
}

/** `ephemeralSecret` is 32 fresh random bytes, for this talk only. */
export function createHandshakeTalk(options: TalkOptions, ephemeralSecret: Uint8Array): HandshakeTalk {
	const { side, own, binding, isWelcome, says = nothing } = options;
	let pattern: SecurePattern | null = null;
	let handshake: Handshake | null = null;

	function prepare(chosen: SecurePattern): Handshake {
		pattern = chosen;
		handshake = createHandshake({
			pattern: chosen,
			suite: atollSuite,
			role: side.role,
			// Who changes the head on the way has changed what both agreed on before.
			prologue: packParts(name, headOf(chosen), binding),
			own,
			ephemeralSecret,
			responder: side.role === 'initiator' && side.pattern === 'XK' ? side.responder : null,
			psk: chosen === 'XXpsk0' && 'psk' in side ? side.psk : null
		});
		return handshake;
	}

	function readHead(message: Uint8Array): Result<Handshake, TalkFailure> {
		const [theirs, code] = message;
		if (theirs === undefined || code === undefined) return failed;
		if (theirs !== version) return err({ type: 'VersionOther', version: theirs });
		const chosen = codes[code];
		if (chosen === undefined || side.role !== 'responder' || !side.patterns.includes(chosen)) return failed;
		return chosen === 'XXpsk0' && side.psk === null ? failed : ok(prepare(chosen));
	}

	function next(current: Handshake, message: Uint8Array): Result<TalkStep, TalkFailure> {
		const read = current.read(message);
		if (!read.ok) return read;
		// Whoever could answer what was sealed for a key that is known has proved it.
		const channelKey = current.peer() ?? (side.role === 'initiator' && side.pattern === 'XK' ? side.responder : null);
		if (channelKey !== null && pattern !== null && !isWelcome(channelKey, pattern, read.value))
			return err({ type: 'DeviceRefused', channelKey });
		if (current.isDone()) return ok({ send: null, done: current });
		const written = current.write(says);
		if (!written.ok) return written;
		return ok({ send: written.value, done: current.isDone() ? current : null });
	}

	return {
		get pattern() {
			return pattern;
		},
		begin() {
			if (side.role === 'responder') return null;
			const first = prepare(side.pattern).write(nothing);
			const head = headOf(side.pattern);
			return Uint8Array.from(first.ok ? [...head, ...first.value] : head);
		},
		take(message) {
			if (handshake !== null) return next(handshake, message);
			const read = readHead(message);
			return read.ok ? next(read.value, message.subarray(headBytes)) : read;
		}
	};
}
