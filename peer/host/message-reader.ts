import { headBytes } from './message-writer.ts';

/**
 * Whether the `bytes` from `at` on are there, and most of what `chunk` keeps in memory: then they need no copy, as nobody
 * else has the chunk.
 */
function isMostOf(chunk: Buffer, at: number, bytes: number): boolean {
	return at + bytes <= chunk.length && bytes * 2 >= chunk.buffer.byteLength;
}

/** Puts messages together from what a socket reads, each behind its length; at most one of them is not whole. */
export class MessageReader {
	/** Chunks are lent: a message in one of them is read before the next chunk comes. */
	readonly #isLent: boolean;
	readonly #head = Buffer.alloc(headBytes);
	#headFilled = 0;
	#message: Uint8Array | null = null;
	#filled = 0;

	constructor(isLent = false) {
		this.#isLent = isLent;
	}

	/** Takes `chunk`, telling of each message that ends in it. False: it went on after `onHead` had refused. */
	take(chunk: Buffer, onMessage: (message: Uint8Array) => void, onHead: (head: number) => boolean): void {
		for (let at = 0; at < chunk.length || this.#message?.length === 0;) {
			if (this.#message === null) {
				const part = chunk.copy(this.#head, this.#headFilled, at, at + headBytes - this.#headFilled);
				at += part;
				this.#headFilled += part;
				if (this.#headFilled < headBytes) return;
				this.#headFilled = 0;
				const head = this.#head.readUInt32BE();
				if (!onHead(head)) return;
				const isHere = this.#isLent ? at + head <= chunk.length : isMostOf(chunk, at, head);
				if (head > 0 && isHere) {
					onMessage(new Uint8Array(chunk.buffer, chunk.byteOffset + at, head));
					at += head;
					continue;
				}
				// Its length has been looked at; every byte of it is written before it is read.
				this.#message = new Uint8Array(Buffer.allocUnsafeSlow(head).buffer);
				this.#filled = 0;
			}
			const part = chunk.subarray(at, at + this.#message.length - this.#filled);
			this.#message.set(part, this.#filled);
			this.#filled += part.length;
			at += part.length;
			if (this.#filled < this.#message.length) return;
			const message = this.#message;
			this.#message = null;
			onMessage(message);
		}
	}
}
