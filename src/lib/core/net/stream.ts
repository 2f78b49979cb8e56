import { err, invariant, ok, type Result } from '#core/kernel';
import type { Frame, Priority } from './frames.ts';
import { Inbound } from './inbound.ts';
import { closeCodes, type LinkEnd } from './link.ts';
import { ReceiveWindow, SendCredit } from './window.ts';

export type StreamFailure =
	/** The other side sends no more of it; what had come and was not read is gone. */
	| { readonly type: 'StreamReset'; readonly code: number }
	/** The other side reads no more of it. */
	| { readonly type: 'StreamStopped'; readonly code: number }
	/** This side has ended this direction before. */
	| { readonly type: 'StreamClosed' }
	| LinkEnd;

/**
 * Bytes in both directions, each ending by itself. Whoever has a stream reads it to its end or closes it: what is
 * not read keeps others waiting. Codes are one of `closeCodes`, or an application's own from 0x100 on.
 */
export type Stream = {
	readonly id: number;
	/** What is spoken on it. */
	readonly kind: string;
	readonly priority: Priority;
	/** The next bytes, as soon as there are any; null at the end. They belong to the caller. For one caller at a time. */
	read(signal: AbortSignal): Promise<Result<Uint8Array | null, StreamFailure>>;
	/**
	 * Resolves when the link has taken all of `bytes`, which are not changed until then. One at a time. Called off, it
	 * leaves this direction reset, as the other side may have got a part of them.
	 */
	write(bytes: Uint8Array, signal: AbortSignal): Promise<Result<void, StreamFailure>>;
	/** Ends this direction; resolves when the link has taken that. All that was written comes over before it. */
	end(signal: AbortSignal): Promise<Result<void, StreamFailure>>;
	/** Gives up both directions, whatever is under way: nothing more is sent, nothing more is wanted. */
	close(code: number): void;
};

/** What a stream asks of the mux that it belongs to. */
export type StreamHost = {
	/** Sends a frame before all that streams carry. */
	readonly tell: (frame: Frame) => void;
	/** It may have something to send. */
	readonly onWritable: (stream: MuxStream) => void;
	/** So many bytes were read, or will never be. */
	readonly onRead: (bytes: number) => void;
	/** Both directions have ended. */
	readonly onDone: (stream: MuxStream) => void;
};

type Write = {
	readonly bytes: Uint8Array;
	readonly isLast: boolean;
	readonly settle: (result: Result<void, StreamFailure>) => void;
};

type Part = { readonly bytes: Uint8Array; readonly offset: number; readonly isLast: boolean };

/** Of a stream's window; larger steps tell less often, and leave less to a sender that is far away. */
const grantShare = 1 / 2;

/** A stream as its mux knows it. */
export class MuxStream implements Stream {
	readonly id: number;
	readonly kind: string;
	readonly priority: Priority;
	readonly #host: StreamHost;
	readonly #inbound = new Inbound();
	readonly #window: ReceiveWindow;
	readonly #credit: SendCredit;
	#write: Write | null = null;
	#writtenBytes = 0;
	#wakeReader: (() => void) | null = null;
	/** Null while this direction is open; the link's end is not here. */
	#sendEnd: StreamFailure | null = null;
	#receiveEnd: StreamFailure | 'last' | null = null;
	/** Nothing that comes is wanted, though the other side may not know yet. */
	#isStopped = false;
	#linkEnd: LinkEnd | null = null;

	constructor(
		{ id, kind, priority }: Pick<Stream, 'id' | 'kind' | 'priority'>,
		host: StreamHost,
		windowBytes: number,
		creditBytes: number
	) {
		this.id = id;
		this.kind = kind;
		this.priority = priority;
		this.#host = host;
		this.#window = new ReceiveWindow(windowBytes, grantShare);
		this.#credit = new SendCredit(creditBytes);
	}

	/** How much of it has gone out. */
	get sentBytes(): number {
		return this.#credit.sentBytes;
	}

	async read(signal: AbortSignal): Promise<Result<Uint8Array | null, StreamFailure>> {
		signal.throwIfAborted();
		invariant(this.#wakeReader === null, 'a stream is read by one at a time');
		for (;;) {
			const piece = this.#inbound.take();
			if (piece !== null) {
				this.#countRead(piece.length);
				return ok(piece);
			}
			if (this.#isStopped) return err({ type: 'StreamClosed' });
			if (this.#receiveEnd === 'last') return ok(null);
			const failure = this.#receiveEnd ?? this.#linkEnd;
			if (failure !== null) return err(failure);
			await this.#arrival(signal);
			signal.throwIfAborted();
		}
	}

	write(bytes: Uint8Array, signal: AbortSignal): Promise<Result<void, StreamFailure>> {
		return this.#hand(bytes, false, signal);
	}

	end(signal: AbortSignal): Promise<Result<void, StreamFailure>> {
		return this.#hand(new Uint8Array(), true, signal);
	}

	close(code: number): void {
		this.#stop(code);
		this.#reset(code, { type: 'StreamClosed' });
	}

	/** Whether it has something to send, of which bytes only within `creditBytes` of the whole link. */
	canSend(creditBytes: number): boolean {
		if (this.#write === null) return false;
		const isEmpty = this.#write.bytes.length === this.#writtenBytes;
		return isEmpty || (creditBytes > 0 && this.#credit.leftBytes > 0);
	}

	/** The next of what is to be sent, of at most `bytesMax`. Only where `canSend` says so. */
	nextPart(bytesMax: number): Part {
		const write = this.#write;
		invariant(write !== null, 'a part is asked for where there is one');
		const offset = this.#credit.sentBytes;
		const end = Math.min(write.bytes.length, this.#writtenBytes + Math.min(bytesMax, this.#credit.leftBytes));
		const bytes = write.bytes.subarray(this.#writtenBytes, end);
		this.#writtenBytes = end;
		this.#credit.sentBytes += bytes.length;
		const isAll = end === write.bytes.length;
		if (isAll && write.isLast) this.#sendEnd = { type: 'StreamClosed' };
		if (isAll) this.#settle(ok(undefined));
		if (isAll && write.isLast) this.#tellDone();
		return { bytes, offset, isLast: isAll && write.isLast };
	}

	/** Takes what has come; the code that closes the link where it must not have come. */
	receive({ bytes, offset, isLast }: Part): number | null {
		if (this.#receiveEnd !== null) return closeCodes.finalSize;
		if (offset !== this.#window.receivedBytes) return closeCodes.protocol;
		if (!this.#window.receive(bytes.length)) return closeCodes.flowControl;
		if (this.#isStopped) this.#countRead(bytes.length);
		else if (bytes.length > 0) this.#inbound.put(bytes);
		if (isLast) this.#receiveEnd = 'last';
		this.#wakeReader?.();
		if (isLast) this.#tellDone();
		return null;
	}

	/** The other side has given up its direction after `finalBytes`. */
	receiveReset(code: number, finalBytes: number): number | null {
		if (finalBytes !== this.#window.receivedBytes) return closeCodes.finalSize;
		if (this.#receiveEnd !== null) return null;
		this.#countRead(this.#inbound.drop());
		this.#receiveEnd = { type: 'StreamReset', code };
		this.#wakeReader?.();
		this.#tellDone();
		return null;
	}

	/** The other side reads no more: RFC 9000, section 3.5, asks for a reset in return. */
	receiveStop(code: number): void {
		this.#reset(code, { type: 'StreamStopped', code });
	}

	receiveCredit(maxBytes: number): void {
		if (this.#credit.raise(maxBytes) && this.#write !== null) this.#host.onWritable(this);
	}

	/** The link has ended. What had come may still be read. */
	endWithLink(end: LinkEnd): void {
		this.#linkEnd = end;
		this.#settle(err(end));
		this.#wakeReader?.();
	}

	#countRead(bytes: number): void {
		if (bytes === 0) return;
		const max = this.#window.read(bytes);
		if (max !== null && this.#receiveEnd === null && !this.#isStopped)
			this.#host.tell({ type: 'max-stream-bytes', id: this.id, max });
		this.#host.onRead(bytes);
	}

	#arrival(signal: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			const wake = () => {
				this.#wakeReader = null;
				signal.removeEventListener('abort', wake);
				resolve();
			};
			this.#wakeReader = wake;
			signal.addEventListener('abort', wake, { once: true });
		});
	}

	async #hand(bytes: Uint8Array, isLast: boolean, signal: AbortSignal): Promise<Result<void, StreamFailure>> {
		signal.throwIfAborted();
		invariant(this.#write === null, 'a stream is written by one at a time');
		const failure = this.#sendEnd ?? this.#linkEnd;
		if (failure !== null) return err(failure);
		if (bytes.length === 0 && !isLast) return ok(undefined);
		const handed = await new Promise<Result<void, StreamFailure>>((resolve) => {
			const onAbort = () => this.#reset(closeCodes.cancelled, { type: 'StreamClosed' });
			const settle = (result: Result<void, StreamFailure>) => {
				signal.removeEventListener('abort', onAbort);
				resolve(result);
			};
			this.#write = { bytes, isLast, settle };
			this.#writtenBytes = 0;
			signal.addEventListener('abort', onAbort, { once: true });
			this.#host.onWritable(this);
		});
		if (!handed.ok) signal.throwIfAborted();
		return handed;
	}

	#settle(result: Result<void, StreamFailure>): void {
		const write = this.#write;
		this.#write = null;
		write?.settle(result);
	}

	#stop(code: number): void {
		if (this.#isStopped || this.#linkEnd !== null) return;
		this.#isStopped = true;
		if (this.#receiveEnd === null) this.#host.tell({ type: 'stop', id: this.id, code });
		this.#countRead(this.#inbound.drop());
		this.#wakeReader?.();
	}

	#reset(code: number, failure: StreamFailure): void {
		if (this.#sendEnd !== null || this.#linkEnd !== null) return;
		this.#sendEnd = failure;
		this.#host.tell({ type: 'reset', id: this.id, code, finalBytes: this.#credit.sentBytes });
		this.#settle(err(failure));
		this.#tellDone();
	}

	#tellDone(): void {
		if (this.#sendEnd !== null && this.#receiveEnd !== null) this.#host.onDone(this);
	}
}
