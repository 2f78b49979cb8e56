import {
	readDescription,
	type DirectServer,
	type DirectSide,
	type FromMaker,
	type Pipe,
	type Signal,
	type ToMaker
} from '#core/direct';
import type { LinkEnd } from '#core/net';

/** How long a side that has closed waits for the other one to take what was sent. */
const lingerMs = 5_000;
/** At this much that waits in a channel it takes more. */
const lowBytes = 262_144;
const codeLimit = 2 ** 31;

/** As much of simple-peer 9 as is used, in the mode in which texts stay texts and messages whole. */
export type SimplePeer = {
	signal(signal: SimpleSignal): void;
	/** Of an open connection; it holds as much as it is given. */
	send(message: Uint8Array | string): void;
	/** Bytes that it holds. */
	readonly bufferSize: number;
	destroy(): void;
	on(event: 'signal', listener: (signal: SimpleSignal) => void): void;
	on(event: 'data', listener: (message: Uint8Array | string) => void): void;
	on(event: 'connect' | 'close', listener: () => void): void;
	on(event: 'error', listener: (error: Error) => void): void;
};

/** What simple-peer wants the other side to be told. */
export type SimpleSignal = {
	readonly type?: string;
	readonly sdp?: string;
	readonly candidate?: {
		readonly candidate: string;
		readonly sdpMid?: string | null;
		readonly sdpMLineIndex?: number | null;
	};
};

/** As much of a data channel as tells when there is room again. */
export type DrainingChannel = {
	bufferedAmountLowThreshold: number;
	addEventListener(type: 'bufferedamountlow', listener: () => void): void;
};

/** What makes connections of a page. */
export type PeerMaker = {
	make(side: DirectSide, servers: readonly DirectServer[]): SimplePeer;
	/** SHA-256 of the certificate that the other side of the connection has shown; null where that is not known. */
	shown(peer: SimplePeer): Promise<Uint8Array | null>;
	/** The data channel of the connection: simple-peer's own streams hold 64 KiB at a time, half of what a channel takes. */
	channel(peer: SimplePeer): DrainingChannel | null;
};

function toSimple(signal: Signal): SimpleSignal {
	if (signal.kind !== 'candidate') return { type: signal.kind, sdp: signal.sdp };
	return { type: 'candidate', candidate: { candidate: signal.candidate, sdpMid: signal.mid, sdpMLineIndex: 0 } };
}

/** Null for what the other side is not told: there is one medium, and it is made once. */
function fromSimple({ type, sdp, candidate }: SimpleSignal): Signal | null {
	if ((type === 'offer' || type === 'answer') && sdp !== undefined) return { kind: type, sdp };
	const text = candidate?.candidate.replace(/^a=/, '') ?? '';
	return text.startsWith('candidate:') ? { kind: 'candidate', candidate: text, mid: candidate?.sdpMid ?? '0' } : null;
}

/** The code of a link that the other side has closed, which is what a text is for; null for any other. */
function readCode(text: string): number | null {
	return /^\d{1,10}$/.test(text) && Number(text) < codeLimit ? Number(text) : null;
}

/** One connection, for the core at the other end of `pipe`. */
class Connection {
	readonly #pipe: Pipe<ToMaker, FromMaker>;
	readonly #maker: PeerMaker;
	#peer: SimplePeer | null = null;
	#own: Uint8Array | null = null;
	/** Bytes that were taken and not told of yet. */
	#waitingBytes = 0;
	#isOpen = false;
	#isOver = false;

	constructor(pipe: Pipe<ToMaker, FromMaker>, maker: PeerMaker) {
		this.#pipe = pipe;
		this.#maker = maker;
		pipe.hear((message) => this.#take(message));
	}

	#take(message: ToMaker): void {
		if (message.type === 'begin') return this.#begin(message.side, message.servers);
		const peer = this.#peer;
		if (peer === null || this.#isOver) return;
		if (message.type === 'signal') peer.signal(toSimple(message.signal));
		else if (message.type === 'data') this.#send(peer, message.bytes);
		else if (message.type === 'close') this.#close(peer, message.code);
		else this.#end({ type: 'LinkLost', what: 'it was broken off' });
	}

	#begin(side: DirectSide, servers: readonly DirectServer[]): void {
		if (this.#peer !== null) return;
		const peer = this.#maker.make(side, servers);
		this.#peer = peer;
		peer.on('signal', (told) => this.#say(told));
		peer.on('connect', () => void this.#open(peer));
		peer.on('data', (message) => this.#heard(message));
		peer.on('error', ({ message }) => this.#end({ type: 'LinkLost', what: message }));
		peer.on('close', () => this.#end({ type: 'LinkLost', what: 'the connection broke' }));
	}

	#say(told: SimpleSignal): void {
		const signal = fromSimple(told);
		if (signal === null || this.#isOver) return;
		if (signal.kind !== 'candidate') this.#own = readDescription(signal.sdp)?.fingerprint ?? null;
		this.#pipe.post({ type: 'signal', signal });
	}

	async #open(peer: SimplePeer): Promise<void> {
		const theirs = await this.#maker.shown(peer);
		if (this.#isOver) return;
		const own = this.#own;
		if (theirs === null || own === null) return this.#end({ type: 'LinkLost', what: 'no certificate was shown' });
		this.#isOpen = true;
		const channel = this.#maker.channel(peer);
		if (channel !== null) {
			channel.bufferedAmountLowThreshold = lowBytes;
			channel.addEventListener('bufferedamountlow', () => this.#drained());
		}
		this.#pipe.post({ type: 'open', own, theirs });
	}

	#send(peer: SimplePeer, bytes: Uint8Array): void {
		if (!this.#isOpen || !this.#hand(peer, bytes)) return;
		this.#waitingBytes += bytes.length;
		if (peer.bufferSize <= lowBytes) this.#drained();
	}

	/** Whether the connection has taken it; one that ends just now takes nothing, and ends all of this. */
	#hand(peer: SimplePeer, message: Uint8Array | string): boolean {
		try {
			peer.send(message);
			return true;
		} catch (thrown) {
			this.#end({ type: 'LinkLost', what: String(thrown) });
			return false;
		}
	}

	#drained(): void {
		const bytes = this.#waitingBytes;
		this.#waitingBytes = 0;
		if (bytes > 0) this.#pipe.post({ type: 'room', bytes });
	}

	#heard(message: Uint8Array | string): void {
		if (this.#isOver) return;
		if (typeof message !== 'string') return this.#pipe.post({ type: 'data', bytes: message });
		const code = readCode(message);
		this.#end(
			code === null ? { type: 'LinkLost', what: 'the other side sent text' } : { type: 'LinkClosed', by: 'them', code }
		);
	}

	/** The other side ends it once it has read so far. */
	#close(peer: SimplePeer, code: number): void {
		if (!this.#isOpen) return this.#end({ type: 'LinkClosed', by: 'us', code });
		if (!this.#hand(peer, String(code % codeLimit))) return;
		setTimeout(() => this.#end({ type: 'LinkClosed', by: 'us', code }), lingerMs);
	}

	#end(end: LinkEnd): void {
		if (this.#isOver) return;
		this.#isOver = true;
		this.#pipe.post({ type: 'end', end });
		this.#pipe.close();
		this.#peer?.destroy();
	}
}

/** Makes one connection for whoever is at the other end of `pipe`, and holds it until it ends. */
export function makeConnection(pipe: Pipe<ToMaker, FromMaker>, maker: PeerMaker): void {
	new Connection(pipe, maker);
}
