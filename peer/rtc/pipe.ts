import type { Socket } from 'node:net';
import type { DirectServer, DirectSide, Signal } from '#core/direct';
import { MessageReader } from '../host/message-reader.ts';

/** Where the process of WebRTC has its end of the pipe. */
export const pipeFd = 3;
/** Longer than any message of a data channel. */
const frameBytesMax = 1_048_576;
const headBytes = 8;
const idBytes = 4;
/** What goes out in one write; longer frames go by themselves. */
const lotBytes = 262_144;
/** Lots that are kept for what is sent next: as many as are under way while a channel is busy. */
const sparesMax = 6;

export type Certificate = { readonly certificate: string; readonly privateKey: string };

/** A channel has a number: even ones are given by the peer, odd ones by the process. */
type OfChannel = { readonly id: number };

export type PeerSays =
	| (OfChannel &
			Certificate & {
				readonly type: 'listen';
				readonly host: string;
				readonly port: number;
				/** Who has come proves within this who it is. */
				readonly proveWithinMs: number;
			})
	| (OfChannel & { readonly type: 'dial'; readonly host: string; readonly port: number; readonly fingerprint: string })
	/** Who is at the other end of a channel has proved it. */
	| (OfChannel & { readonly type: 'proved' })
	| (OfChannel & { readonly type: 'text'; readonly text: string })
	/** So much of what came was read. */
	| (OfChannel & { readonly type: 'took'; readonly bytes: number })
	/** Ends a channel after all that was sent, or a listener. */
	| (OfChannel & { readonly type: 'close' })
	/** Breaks a channel off. */
	| (OfChannel & { readonly type: 'drop' })
	/** Makes a connection whose ends tell each other by `signal` where they are. */
	| (OfChannel & { readonly type: 'connect'; readonly side: DirectSide; readonly servers: readonly DirectServer[] })
	| Signalled;

/** What the other side has said, or is to be told. */
type Signalled = OfChannel & { readonly type: 'signal'; readonly signal: Signal };

/** The hashes of the certificates of both ends. */
export type Fingerprints = { readonly local: string; readonly remote: string };

/** Why a channel did not come about. */
export type DialWhy = 'silent' | 'other' | 'broken';

export type ProcessSays =
	| (OfChannel & { readonly type: 'listening' })
	| (OfChannel & { readonly type: 'not-listening'; readonly what: string })
	/** Somebody has come to a listener, over a channel that is open now. */
	| (OfChannel & Fingerprints & { readonly type: 'came'; readonly listener: number; readonly host: string })
	| (OfChannel & Fingerprints & { readonly type: 'open' })
	| (OfChannel & { readonly type: 'failed'; readonly why: DialWhy })
	| (OfChannel & { readonly type: 'text'; readonly text: string })
	/** So much of what was sent has left. */
	| (OfChannel & { readonly type: 'took'; readonly bytes: number })
	| (OfChannel & { readonly type: 'closed'; readonly what: string })
	| Signalled;

type Heard<Says> = {
	readonly onSaid: (said: Says) => void;
	/** A message of a channel; where what was read is lent, only until it returns. */
	readonly onBytes: (id: number, bytes: Uint8Array) => void;
	readonly onEnd: () => void;
};

/**
 * What the peer and its process of WebRTC say to each other: frames, each behind its length, with the number of a channel
 * and what came of it, or with 0 and JSON. Neither waits for room here: what is under way is bounded for each channel.
 * Frames are written from memory that is used again: new memory for each would be collected as often as it is filled.
 */
export class Pipe<Says, Hears> {
	readonly #socket: Socket;
	readonly #heard: Heard<Hears>;
	readonly #reader: MessageReader;
	#lot: Buffer = Buffer.allocUnsafeSlow(lotBytes);
	#filled = 0;
	readonly #spares: Buffer[] = [];

	/** What `socket` reads is given to `take`; `isLent`: in memory that is used again after the call. */
	constructor(socket: Socket, isLent: boolean, heard: Heard<Hears>) {
		this.#socket = socket;
		this.#heard = heard;
		this.#reader = new MessageReader(isLent);
		socket.on('error', () => undefined); // its end follows
		socket.once('close', heard.onEnd);
	}

	take(chunk: Buffer): void {
		this.#reader.take(chunk, this.#onFrame, this.#isFrame);
	}

	say(said: Says): void {
		this.#write(0, Buffer.from(JSON.stringify(said)));
	}

	/** `bytes` are the caller's again after it. */
	sendBytes(id: number, bytes: Uint8Array): void {
		this.#write(id, bytes);
	}

	close(): void {
		this.#socket.destroy();
	}

	readonly #onFrame = (frame: Uint8Array) => {
		const id = Buffer.from(frame.buffer, frame.byteOffset, idBytes).readUInt32BE();
		const rest = frame.subarray(idBytes);
		if (id !== 0) return this.#heard.onBytes(id, rest);
		// Both ends are of one build.
		this.#heard.onSaid(JSON.parse(Buffer.from(rest.buffer, rest.byteOffset, rest.length).toString()) as Hears);
	};

	readonly #isFrame = (length: number) => {
		const isFrame = length >= idBytes && length <= frameBytesMax;
		if (!isFrame) this.#socket.destroy();
		return isFrame;
	};

	#write(id: number, bytes: Uint8Array): void {
		if (this.#socket.destroyed) return;
		const frameBytes = headBytes + bytes.length;
		if (this.#filled + frameBytes > this.#lot.length) this.#flush();
		if (frameBytes > this.#lot.length) this.#lot = Buffer.allocUnsafeSlow(frameBytes);
		// What is written in one go goes out in one call of the system.
		if (this.#filled === 0) process.nextTick(() => this.#flush());
		this.#lot.writeUInt32BE(idBytes + bytes.length, this.#filled);
		this.#lot.writeUInt32BE(id, this.#filled + idBytes);
		this.#lot.set(bytes, this.#filled + headBytes);
		this.#filled += frameBytes;
	}

	#flush(): void {
		if (this.#filled === 0) return;
		const lot = this.#lot;
		this.#socket.write(lot.subarray(0, this.#filled), () => {
			if (lot.length === lotBytes && this.#spares.length < sparesMax) this.#spares.push(lot);
		});
		this.#lot = this.#spares.pop() ?? Buffer.allocUnsafeSlow(lotBytes);
		this.#filled = 0;
	}
}
