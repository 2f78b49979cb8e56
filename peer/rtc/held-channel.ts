import type { DataChannel, PeerConnection } from 'node-datachannel';
import type { Fingerprints, Pipe, PeerSays, ProcessSays } from './pipe.ts';

/** At this much that waits in a channel the peer is told how much has left: half of what it sends ahead. */
const lowBytes = 524_288;
/** What came and the peer has not read by then ends a channel: the streams of a link have less under way. */
const unreadBytesMax = 32 * 1_048_576;
/** How long a channel that was closed waits for the other side to take what was sent. */
const lingerMs = 5_000;
/** Whoever dials and whoever is dialled know the channel without a word (RFC 8832, section 4). */
export const directChannel = { negotiated: true, id: 0 } as const;

export type ProcessPipe = Pipe<ProcessSays, PeerSays>;

/** One connection with its one data channel. It is kept in a map: the library frees what nobody holds. */
export class HeldChannel {
	readonly id: number;
	readonly #pipe: ProcessPipe;
	readonly #connection: PeerConnection;
	#channel: DataChannel | null = null;
	readonly #onOver: (what: string) => void;
	#isOpen = false;
	#onOpen: () => void = () => undefined;
	/** How many messages have come. */
	#taken = 0;
	/** The other side has said that it is the end. */
	#isEnded = false;
	#isClosing = false;
	#isOver = false;
	#unreadBytes = 0;
	/** Sent, and not yet told to have left. */
	#untoldBytes = 0;

	/** `onOver` is called once, at the end. The channel of the connection is given by `use`. */
	constructor(id: number, pipe: ProcessPipe, connection: PeerConnection, onOver: (what: string) => void) {
		this.id = id;
		this.#pipe = pipe;
		this.#connection = connection;
		this.#onOver = onOver;
	}

	/** The connection's channel; a second one, which only a stranger would make, is left alone. */
	use(channel: DataChannel): void {
		if (this.#channel !== null) return;
		this.#channel = channel;
		channel.setBufferedAmountLowThreshold(lowBytes);
		channel.onBufferedAmountLow(() => this.#tellLeft());
		channel.onMessage((message) => this.#take(message));
		channel.onClosed(() => this.lost('the connection broke'));
		channel.onError((what) => this.lost(what));
		channel.onOpen(() => this.#opened());
	}

	/** Calls back when messages can be sent, before any that comes is told. */
	onOpen(callback: () => void): void {
		this.#onOpen = callback;
	}

	get isOpen(): boolean {
		return this.#isOpen;
	}

	/** The certificates that DTLS has made sure of; null where there is none of the other side. */
	fingerprints(): Fingerprints | null {
		const sdp = this.#connection.localDescription()?.sdp ?? '';
		const [, local] = /^a=fingerprint:sha-256 (\S+)\r?$/im.exec(sdp) ?? [];
		const { value: remote, algorithm } = this.#connection.remoteFingerprint();
		return local === undefined || algorithm !== 'sha-256' || remote === '' ? null : { local, remote };
	}

	send(data: Uint8Array | string): void {
		const channel = this.#channel;
		if (this.#isOver || this.#isClosing || channel?.isOpen() !== true) return;
		if (typeof data === 'string') {
			channel.sendMessage(data);
			return;
		}
		this.#untoldBytes += data.length;
		channel.sendMessageBinary(data);
		if (channel.bufferedAmount() <= lowBytes) this.#tellLeft();
	}

	/** The peer has read so much of what came. */
	read(bytes: number): void {
		this.#unreadBytes -= bytes;
	}

	/**
	 * Ends it after all that was sent: the other side breaks it off once it has read so far. A channel that is closed here
	 * says so at once, with messages still under way.
	 */
	close(): void {
		if (this.#isOver || this.#isClosing) return;
		this.#isClosing = true;
		if (this.#isEnded) this.drop('closed');
		else setTimeout(() => this.drop('closed'), lingerMs).unref();
	}

	/**
	 * It has ended by itself: over once what came before has been told. The library calls back from several queues; what was
	 * put into another one before this call comes with the next turn of the loop at the latest.
	 */
	lost(what: string): void {
		const before = this.#taken;
		const afterATurn = (run: () => void) => setImmediate(() => setImmediate(run));
		afterATurn(() => (this.#taken === before ? this.drop(what) : this.lost(what)));
	}

	drop(what: string): void {
		if (this.#isOver) return;
		this.#isOver = true;
		this.#connection.close();
		this.#onOver(what);
	}

	#tellLeft(): void {
		if (this.#isOver || this.#channel === null) return;
		const bytes = this.#untoldBytes - this.#channel.bufferedAmount();
		if (bytes <= 0) return;
		this.#pipe.say({ type: 'took', id: this.id, bytes });
		this.#untoldBytes -= bytes;
	}

	#opened(): void {
		if (this.#isOpen || this.#isOver) return;
		this.#isOpen = true;
		this.#onOpen();
	}

	#take(message: string | Buffer | ArrayBuffer): void {
		this.#taken++;
		// The library calls back from several queues: a message may come before the news that the channel is open.
		this.#opened();
		if (this.#isOver || this.#isClosing) return;
		if (typeof message === 'string') {
			this.#isEnded = true;
			return this.#pipe.say({ type: 'text', id: this.id, text: message.slice(0, 16) });
		}
		const bytes = message instanceof ArrayBuffer ? new Uint8Array(message) : message;
		this.#unreadBytes += bytes.length;
		if (this.#unreadBytes > unreadBytesMax) return this.drop('the other side sent more than this peer could read');
		this.#pipe.sendBytes(this.id, bytes);
	}
}
