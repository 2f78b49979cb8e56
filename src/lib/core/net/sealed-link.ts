import { type Channel, channelPlainBytesMax, noiseMessageBytesMax } from '#core/crypto';
import { invariant } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import { closeCodes, type Link, type LinkEnd, type LinkReceiver } from './link.ts';

const messageBytesMax = 262_144;
/** What may come of messages before this end is started; who sends more than it may ends the link. */
const earlyBytesMax = 2 * messageBytesMax;
/** Of a message; small pieces would cost more than the bytes in them. */
const piecesMax = 256;
/** How long an end that was closed waits for the carrier to take what was sent. */
const lingerMs = 5_000;
const codeLimit = 0x8000_0000;

/** What a record holds, by its first byte. */
const kinds = {
	/** This end reads from now on. */
	started: 0,
	/** A piece of a message that goes on in the next one of these. */
	more: 1,
	/** The last piece of a message. */
	last: 2,
	/** The end, with its code. */
	close: 3
} as const;
type Kind = (typeof kinds)[keyof typeof kinds];
type Piece = { readonly kind: Kind; readonly bytes: Uint8Array };

const nothing = new Uint8Array(0);

function codeBytes(code: number): Uint8Array {
	const bytes = new Uint8Array(4);
	new DataView(bytes.buffer).setUint32(0, code % codeLimit);
	return bytes;
}

/** The code of a `close`, or null. */
function readCode(bytes: Uint8Array): number | null {
	if (bytes.length !== 4) return null;
	const code = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
	return code < codeLimit ? code : null;
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
	const whole = new Uint8Array(length);
	let at = 0;
	for (const piece of pieces) {
		whole.set(piece, at);
		at += piece.length;
	}
	return whole;
}

/**
 * A link over a carrier that is not trusted, through a channel whose ends know each other. Whatever somebody on the way
 * changes, repeats, swaps or leaves out ends it; so does the carrier when it ends by itself, and that is told as a loss.
 */
export class SealedLink implements Link {
	readonly messageBytesMax = messageBytesMax;
	readonly #carrier: Link;
	readonly #channel: Channel;
	readonly #clock: ClockPort;
	readonly #pieceBytesMax: number;
	/** Where a piece stands until it is sealed or sent: the channel and the carrier copy it. */
	readonly #scratch: Uint8Array;
	readonly #life = new AbortController();
	/** At most one message, cut, and a word about this end. Sealed when they are sent, as order is what the seal counts. */
	readonly #queue: Piece[] = [];
	readonly #held: Uint8Array[] = [];
	#heldBytes = 0;
	/** Of the message that is coming in. */
	#pieces: Uint8Array[] = [];
	#pieceBytes = 0;
	#receiver: LinkReceiver | null = null;
	#earlyLeftBytes = earlyBytesMax;
	#hasOtherStarted = false;
	#isCarrierReady: boolean;
	#isFull = false;
	#end: LinkEnd | null = null;

	constructor(carrier: Link, channel: Channel, clock: ClockPort, isCarrierReady: boolean) {
		this.#carrier = carrier;
		this.#channel = channel;
		this.#clock = clock;
		this.#isCarrierReady = isCarrierReady;
		const sealedBytes = noiseMessageBytesMax - channelPlainBytesMax;
		this.#pieceBytesMax = Math.min(carrier.messageBytesMax, noiseMessageBytesMax) - sealedBytes - 1;
		this.#scratch = new Uint8Array(1 + this.#pieceBytesMax);
		invariant(this.#pieceBytesMax * piecesMax >= messageBytesMax, 'a message is cut into few pieces');
	}

	start(receiver: LinkReceiver): void {
		invariant(this.#receiver === null, 'a link is started once');
		this.#receiver = receiver;
		for (const message of this.#held.splice(0)) if (!this.#isOver()) receiver.onMessage(message);
		if (this.#end !== null) return receiver.onEnd(this.#end);
		this.#queue.unshift({ kind: kinds.started, bytes: nothing });
		this.#flush();
	}

	send(message: Uint8Array): boolean {
		invariant(message.length <= messageBytesMax, 'a message is no longer than the link takes');
		if (this.#end !== null) return false;
		invariant(!this.#isFull, 'nothing is sent while the link is full');
		let at = 0;
		for (; message.length - at > this.#pieceBytesMax; at += this.#pieceBytesMax)
			this.#queue.push({ kind: kinds.more, bytes: message.subarray(at, at + this.#pieceBytesMax) });
		this.#queue.push({ kind: kinds.last, bytes: message.subarray(at) });
		this.#flush();
		// What could not be sealed yet is kept apart from the message, which is the sender's again.
		for (const [n, { kind, bytes }] of this.#queue.entries()) this.#queue[n] = { kind, bytes: bytes.slice() };
		this.#isFull = this.#queue.length > 0 || !this.#isCarrierReady;
		return !this.#isFull;
	}

	close(code: number): void {
		if (this.#end !== null) return;
		this.#queue.push({ kind: kinds.close, bytes: codeBytes(code) });
		this.#tellEnd({ type: 'LinkClosed', by: 'us', code });
		this.#flush();
		if (!this.#life.signal.aborted)
			void this.#clock.wait(lingerMs, this.#life.signal).then(() => this.#leave(closeCodes.none));
	}

	/** A message of the carrier. */
	take(sealed: Uint8Array): void {
		if (this.#life.signal.aborted) return;
		const opened = this.#channel.open(sealed);
		if (!opened.ok) return this.#break(closeCodes.seal);
		const kind = opened.value[0];
		const bytes = opened.value.subarray(1);
		// Who was closed here reads no more of what is said, but whether the other side reads.
		if (kind === kinds.started && bytes.length === 0 && !this.#hasOtherStarted) {
			this.#hasOtherStarted = true;
			this.#flush();
		} else if (this.#end !== null) return;
		else if (kind === kinds.more || kind === kinds.last) this.#takePiece(bytes, kind === kinds.last, sealed.length);
		else if (kind === kinds.close) this.#takeClose(bytes);
		else this.#break(closeCodes.protocol);
	}

	carrierReady(): void {
		this.#isCarrierReady = true;
		this.#flush();
	}

	carrierEnded(end: LinkEnd): void {
		this.#life.abort();
		// Who says so in the clear is not known.
		const what = end.type === 'LinkLost' ? end.what : `what carried it was closed with code ${end.code}`;
		if (this.#end === null) this.#tellEnd({ type: 'LinkLost', what });
	}

	#isOver(): boolean {
		return this.#end?.type === 'LinkClosed' && this.#end.by === 'us';
	}

	#takePiece(bytes: Uint8Array, isLast: boolean, sealedBytes: number): void {
		this.#pieceBytes += bytes.length;
		if (this.#receiver === null) this.#heldBytes += sealedBytes;
		const isEmpty = !isLast && bytes.length === 0;
		const isTooMuch = this.#pieceBytes > messageBytesMax || this.#pieces.length >= piecesMax;
		if (isEmpty || isTooMuch || this.#heldBytes > earlyBytesMax) return this.#break(closeCodes.protocol);
		this.#pieces.push(bytes);
		if (!isLast) return;
		const message = this.#pieces.length === 1 ? bytes : joined(this.#pieces, this.#pieceBytes);
		this.#pieces = [];
		this.#pieceBytes = 0;
		if (this.#receiver === null) this.#held.push(message);
		else this.#receiver.onMessage(message);
	}

	#takeClose(bytes: Uint8Array): void {
		const code = readCode(bytes);
		if (code === null) return this.#break(closeCodes.protocol);
		this.#tellEnd({ type: 'LinkClosed', by: 'them', code });
		this.#leave(closeCodes.none);
	}

	/** Seals and sends what may be sent by now. */
	#flush(): void {
		while (this.#isCarrierReady && !this.#life.signal.aborted) {
			const piece = this.#queue[0];
			if (piece === undefined || !this.#mayGo(piece)) break;
			this.#queue.shift();
			const plain = this.#scratch.subarray(0, 1 + piece.bytes.length);
			plain[0] = piece.kind;
			plain.set(piece.bytes, 1);
			const sealed = this.#channel.seal(plain);
			if (!sealed.ok) return this.#break(closeCodes.seal);
			this.#isCarrierReady = this.#carrier.send(sealed.value);
			if (piece.kind === kinds.close) return this.#leave(closeCodes.none);
		}
		const hasRoom = this.#queue.length === 0 && this.#isCarrierReady && this.#end === null;
		if (!this.#isFull || !hasRoom || this.#receiver === null) return;
		this.#isFull = false;
		this.#receiver.onReady();
	}

	/** Whether the other side has started, or holds it until then. */
	#mayGo({ kind, bytes }: Piece): boolean {
		if (this.#hasOtherStarted || kind === kinds.started || kind === kinds.close) return true;
		const sealedBytes = bytes.length + 1 + noiseMessageBytesMax - channelPlainBytesMax;
		if (sealedBytes > this.#earlyLeftBytes) return false;
		this.#earlyLeftBytes -= sealedBytes;
		return true;
	}

	#break(code: number): void {
		if (this.#end === null) this.#tellEnd({ type: 'LinkClosed', by: 'us', code });
		this.#leave(code);
	}

	#leave(code: number): void {
		this.#life.abort();
		this.#queue.length = 0;
		this.#carrier.close(code);
	}

	#tellEnd(end: LinkEnd): void {
		this.#end = end;
		this.#receiver?.onEnd(end);
	}
}
