import { err, invariant, ok, type Result } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import { framesPerMessageMax, frameToBytes, isKind, putStream, readFrame, streamHeadBytes } from './frames.ts';
import type { Frame, Priority, Settings } from './frames.ts';
import { keepAlive } from './keep-alive.ts';
import { closeCodes, type Link, type LinkEnd } from './link.ts';
import { MuxStream, type Stream, type StreamHost } from './stream.ts';
import { Turns } from './turns.ts';
import { VarintReader } from './varint.ts';
import { ReceiveWindow, SendCredit } from './window.ts';

export type MuxSettings = Omit<Settings, 'version'> & {
	/** After so long without a message the other side is asked for a sign of life, three times. */
	readonly pingAfterMs: number;
};

/** At most 16 MiB of a link are held unread, 14 streams of which nobody reads; a way of 80 ms takes 12 MB/s of a stream. */
export const muxSettings: MuxSettings = {
	messageBytesMax: 262_144,
	windowBytes: 16 * 1_048_576,
	streamWindowBytes: 1_048_576,
	streamsMax: 64,
	pingAfterMs: 15_000
};

export type MuxOptions = {
	/** The two sides differ in it: who dialled is the client, say. */
	readonly role: 'client' | 'server';
	readonly settings: MuxSettings;
	readonly clock: ClockPort;
	/** The other side has opened a stream. Whoever does not want it closes it. */
	readonly onStream: (stream: Stream) => void;
};

export type Mux = {
	/** Opens a stream, as soon as the other side allows one more. `kind` names what is spoken on it: `sync/1`. */
	open(kind: string, priority: Priority, signal: AbortSignal): Promise<Result<Stream, LinkEnd>>;
	/** How long an answer takes, in milliseconds: the way there and back, and what is sent before it. */
	ping(signal: AbortSignal): Promise<Result<number, LinkEnd>>;
	/** Ends the link and all its streams. What streams have written, and had taken, comes over. */
	close(code: number): void;
	/** How it ended. What had come on a stream may still be read then. */
	readonly ended: Promise<LinkEnd>;
	/** Bytes that came and were not read yet: at most `windowBytes`. */
	readonly heldBytes: number;
};

const version = 1;
const messageBytesLeast = 1_024;
/** Of the credit of the whole link, the part that only control may use: bulk that nobody reads does not shut it out. */
const controlShare = 1 / 8;
/** Smaller than `controlShare`, so that what control gives back is granted even when all else stands still. */
const grantShare = 1 / 16;
/** What is urgent waits until a part that was begun has gone out; larger ones carry no more, and would be cut to be sealed. */
const partBytesMax: Readonly<Record<Priority, number>> = { control: 16_384, normal: 64_512, bulk: 64_512 };

/** What is known of the other side once its first frame is there. */
type Peer = { readonly messageBytesMax: number; readonly streamWindowBytes: number; readonly reserveBytes: number };

class LinkMux implements Mux {
	readonly #link: Link;
	readonly #options: MuxOptions;
	readonly #streams = new Map<number, MuxStream>();
	readonly #turns = new Turns<MuxStream>();
	readonly #window: ReceiveWindow;
	readonly #credit = new SendCredit(0);
	readonly #streamHost: StreamHost;
	readonly #life = new AbortController();
	/** Frames that go out before any stream's. The rules of what may be sent bound it on both sides. */
	readonly #control: Frame[] = [];
	readonly #pongs = new Set<() => void>();
	readonly #openers = new Set<() => void>();
	/** Where messages of streams are put together: the link copies them. */
	#scratch = new Uint8Array();
	#peer: Peer | null = null;
	#nextOwn: number;
	#nextTheirs: number;
	#ownMax = 0;
	#theirsMax: number;
	#received = 0;
	#isReady = true;
	#isPumping = false;
	#isReceiving = false;
	#end: LinkEnd | null = null;
	#tellEnd: (end: LinkEnd) => void = () => undefined;
	readonly ended = new Promise<LinkEnd>((resolve) => (this.#tellEnd = resolve));

	constructor(link: Link, options: MuxOptions) {
		const { role, settings } = options;
		invariant(settings.messageBytesMax >= messageBytesLeast, 'messages have room for frames');
		this.#link = link;
		this.#options = options;
		this.#window = new ReceiveWindow(settings.windowBytes, grantShare);
		this.#nextOwn = role === 'client' ? 0 : 1;
		this.#nextTheirs = role === 'client' ? 1 : 0;
		this.#theirsMax = settings.streamsMax;
		this.#streamHost = {
			tell: (frame) => this.#tell(frame),
			onWritable: (stream) => {
				this.#turns.add(stream);
				this.#pump();
			},
			onRead: (bytes) => this.#countRead(bytes),
			onDone: (stream) => this.#forget(stream)
		};
	}

	start(): void {
		const { settings, clock } = this.#options;
		// Before the link may tell of anything, which may be answered at once.
		this.#control.push({ type: 'settings', settings: { ...settings, version } });
		this.#link.start({
			onMessage: (message) => this.#receive(message),
			onReady: () => {
				this.#isReady = true;
				this.#pump();
			},
			onEnd: (end) => this.#endWith(end)
		});
		this.#pump();
		const watched = {
			received: () => this.#received,
			ping: () => this.#askForPong(),
			onSilent: () => {
				this.#endWith({ type: 'LinkLost', what: 'the other side is silent' });
				this.#link.close(closeCodes.none);
			}
		};
		void keepAlive(clock, settings.pingAfterMs, watched, this.#life.signal);
	}

	get heldBytes(): number {
		return this.#window.unreadBytes;
	}

	async open(kind: string, priority: Priority, signal: AbortSignal): Promise<Result<Stream, LinkEnd>> {
		invariant(isKind(kind), 'a kind of stream is a short name');
		signal.throwIfAborted();
		for (;;) {
			if (this.#end !== null) return err(this.#end);
			if (this.#peer !== null && Math.floor(this.#nextOwn / 4) < this.#ownMax) break;
			await this.#told(this.#openers, signal);
		}
		const id = this.#nextOwn;
		this.#nextOwn += 4;
		this.#tell({ type: 'open', id, priority, kind });
		return ok(this.#addStream(id, kind, priority));
	}

	async ping(signal: AbortSignal): Promise<Result<number, LinkEnd>> {
		signal.throwIfAborted();
		const { clock } = this.#options;
		const startMs = clock.elapsedMs();
		if (this.#end === null) {
			this.#askForPong();
			await this.#told(this.#pongs, signal);
		}
		return this.#end === null ? ok(clock.elapsedMs() - startMs) : err(this.#end);
	}

	close(code: number): void {
		if (this.#end !== null) return;
		// Where the link is full it tells the code itself, as well as its carrier can.
		if (this.#isReady) this.#link.send(frameToBytes({ type: 'close', code }));
		this.#endWith({ type: 'LinkClosed', by: 'us', code });
		this.#link.close(code);
	}

	#addStream(id: number, kind: string, priority: Priority): MuxStream {
		const { streamWindowBytes } = this.#options.settings;
		const host = this.#streamHost;
		const stream = new MuxStream({ id, kind, priority }, host, streamWindowBytes, this.#peer?.streamWindowBytes ?? 0);
		this.#streams.set(id, stream);
		return stream;
	}

	#forget(stream: MuxStream): void {
		this.#turns.remove(stream);
		if (!this.#streams.delete(stream.id) || this.#isOwn(stream.id)) return;
		this.#theirsMax++;
		this.#tell({ type: 'max-streams', max: this.#theirsMax });
	}

	#isOwn(id: number): boolean {
		return id % 4 === this.#nextOwn % 4;
	}

	/** Resolves when those in `waiting` are woken; rejects with the reason of `signal`. */
	async #told(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
		await new Promise<void>((resolve) => {
			const wake = () => {
				waiting.delete(wake);
				signal.removeEventListener('abort', wake);
				resolve();
			};
			waiting.add(wake);
			signal.addEventListener('abort', wake, { once: true });
		});
		signal.throwIfAborted();
	}

	#wakeAll(waiting: Set<() => void>): void {
		for (const wake of waiting) wake();
	}

	#endWith(end: LinkEnd): void {
		if (this.#end !== null) return;
		this.#end = end;
		this.#life.abort();
		this.#control.length = 0;
		for (const stream of this.#streams.values()) stream.endWithLink(end);
		this.#wakeAll(this.#openers);
		this.#wakeAll(this.#pongs);
		this.#tellEnd(end);
	}

	#tell(frame: Frame): void {
		if (this.#end !== null) return;
		this.#control.push(frame);
		this.#pump();
	}

	#askForPong(): void {
		if (!this.#control.some(({ type }) => type === 'ping')) this.#tell({ type: 'ping' });
	}

	#countRead(bytes: number): void {
		const max = this.#window.read(bytes);
		if (max !== null) this.#tell({ type: 'max-bytes', max });
	}

	/** Sends as long as there is something, and room. */
	#pump(): void {
		// What one message brings about goes out together once all of it has been read.
		if (this.#isPumping || this.#isReceiving) return;
		this.#isPumping = true;
		while (this.#isReady && this.#end === null) {
			const message = this.#nextMessage();
			if (message === null) break;
			this.#isReady = this.#link.send(message);
		}
		this.#isPumping = false;
	}

	#nextMessage(): Uint8Array | null {
		if (this.#control.length > 0) return this.#nextControl();
		if (this.#peer === null) return null;
		const { messageBytesMax, reserveBytes } = this.#peer;
		const creditOf = (priority: Priority) => this.#credit.leftBytes - (priority === 'control' ? 0 : reserveBytes);
		const stream = this.#turns.next(creditOf);
		if (stream === null) return null;
		const headBytes = streamHeadBytes(stream.id, stream.sentBytes);
		const creditBytes = Math.max(0, creditOf(stream.priority));
		const part = stream.nextPart(Math.min(messageBytesMax - headBytes, partBytesMax[stream.priority], creditBytes));
		this.#credit.sentBytes += part.bytes.length;
		if (this.#scratch.length < headBytes + part.bytes.length)
			this.#scratch = new Uint8Array(headBytes + part.bytes.length);
		return putStream(this.#scratch, { type: 'stream', id: stream.id, ...part });
	}

	#nextControl(): Uint8Array {
		const parts: Uint8Array[] = [];
		let length = 0;
		while (parts.length < framesPerMessageMax) {
			const [frame] = this.#control;
			if (frame === undefined) break;
			const part = frameToBytes(frame);
			if (length + part.length > messageBytesLeast) break;
			this.#control.shift();
			parts.push(part);
			length += part.length;
		}
		const message = new Uint8Array(length);
		let at = 0;
		for (const part of parts) {
			message.set(part, at);
			at += part.length;
		}
		return message;
	}

	#receive(message: Uint8Array): void {
		if (this.#end !== null) return;
		this.#received++;
		this.#isReceiving = true;
		let code: number | null = closeCodes.internal; // where somebody who was told of a stream throws
		try {
			code = this.#takeMessage(message);
		} finally {
			this.#isReceiving = false;
			if (code !== null) this.close(code);
			else this.#pump();
		}
	}

	/** The code that closes the link where the message is wrong. */
	#takeMessage(message: Uint8Array): number | null {
		if (message.length === 0 || message.length > this.#options.settings.messageBytesMax)
			return closeCodes.frameEncoding;
		const reader = new VarintReader(message);
		for (let count = 0; !reader.isAtEnd; count++) {
			if (count === framesPerMessageMax) return closeCodes.frameEncoding;
			const frame = readFrame(reader);
			const code = frame.ok ? this.#take(frame.value) : frame.failure.code;
			if (code !== null) return code;
			if (this.#end !== null) return null;
		}
		return null;
	}

	#take(frame: Frame): number | null {
		if (this.#peer === null)
			return frame.type === 'settings' ? this.#takeSettings(frame.settings) : closeCodes.protocol;
		switch (frame.type) {
			case 'settings':
				return closeCodes.protocol;
			case 'ping':
				// However often it is asked, one answer waits.
				if (!this.#control.some(({ type }) => type === 'pong')) this.#tell({ type: 'pong' });
				return null;
			case 'pong':
				this.#wakeAll(this.#pongs);
				return null;
			case 'close':
				this.#endWith({ type: 'LinkClosed', by: 'them', code: frame.code });
				this.#link.close(closeCodes.none);
				return null;
			case 'max-bytes':
				this.#credit.raise(frame.max);
				return null;
			case 'max-streams':
				this.#ownMax = Math.max(this.#ownMax, frame.max);
				this.#wakeAll(this.#openers);
				return null;
			case 'open':
				return this.#takeOpen(frame);
			default:
				return this.#takeOfStream(frame);
		}
	}

	#takeSettings(settings: Settings): number | null {
		if (settings.version !== version) return closeCodes.version;
		if (settings.messageBytesMax < messageBytesLeast || settings.windowBytes < 1 || settings.streamWindowBytes < 1)
			return closeCodes.settings;
		this.#peer = {
			messageBytesMax: Math.min(settings.messageBytesMax, this.#link.messageBytesMax),
			streamWindowBytes: settings.streamWindowBytes,
			reserveBytes: Math.floor(settings.windowBytes * controlShare)
		};
		this.#credit.raise(settings.windowBytes);
		this.#ownMax = settings.streamsMax;
		this.#wakeAll(this.#openers);
		return null;
	}

	#takeOpen({ id, kind, priority }: Extract<Frame, { type: 'open' }>): number | null {
		if (id !== this.#nextTheirs) return closeCodes.streamState;
		if (Math.floor(id / 4) >= this.#theirsMax) return closeCodes.streamLimit;
		this.#nextTheirs += 4;
		this.#options.onStream(this.#addStream(id, kind, priority));
		return null;
	}

	#takeOfStream(frame: Extract<Frame, { id: number; type: 'stream' | 'reset' | 'stop' | 'max-stream-bytes' }>) {
		const next = this.#isOwn(frame.id) ? this.#nextOwn : this.#nextTheirs;
		if (frame.id % 4 !== next % 4 || frame.id >= next) return closeCodes.streamState;
		const stream = this.#streams.get(frame.id);
		if (frame.type === 'stream') {
			if (!this.#window.receive(frame.bytes.length)) return closeCodes.flowControl;
			if (stream !== undefined) return stream.receive(frame);
			this.#countRead(frame.bytes.length);
		}
		// A stream that is over by now: what was under way then comes late, and means nothing.
		if (stream === undefined) return null;
		if (frame.type === 'reset') return stream.receiveReset(frame.code, frame.finalBytes);
		if (frame.type === 'stop') stream.receiveStop(frame.code);
		if (frame.type === 'max-stream-bytes') stream.receiveCredit(frame.max);
		return null;
	}
}

/**
 * Many streams over one link, framed as QUIC frames them (RFC 9000), with credit for each stream and for the whole link:
 * what nobody reads stops at its window, and all else passes. Every queue is bounded, whatever the other side does: it
 * is held to the rules, and the link closed with a code where it breaks one.
 */
export function createMux(link: Link, options: MuxOptions): Mux {
	const mux = new LinkMux(link, options);
	mux.start();
	return mux;
}
