import type { Writable } from 'node:stream';

/** Of a length before a message. */
export const headBytes = 4;

/**
 * Writes messages behind their lengths. While the system takes one lot the next comes together, so that the socket always
 * has one write of one piece: several at once it would copy into a new buffer each time.
 */
export class MessageWriter {
	readonly #socket: Writable;
	/** What a message of full length takes. */
	readonly #unitBytes: number;
	readonly #onRoom: () => void;
	#gathering: Buffer;
	#gathered = 0;
	/** Whether a message of full length is gathered. */
	#hasWhole = false;
	#spare: Buffer;
	#isWriting = false;
	#isFull = false;

	/** `lotBytes`: what one lot has room for; at least one message of `messageBytesMax`. */
	constructor(
		socket: Writable,
		{ messageBytesMax, lotBytes }: { readonly messageBytesMax: number; readonly lotBytes: number },
		onRoom: () => void
	) {
		this.#socket = socket;
		this.#unitBytes = headBytes + messageBytesMax;
		this.#onRoom = onRoom;
		this.#gathering = Buffer.alloc(lotBytes);
		this.#spare = Buffer.alloc(lotBytes);
	}

	get isFull(): boolean {
		return this.#isFull;
	}

	/** Takes a message, or a head alone. Only while it is not full. */
	put(head: number, message: Uint8Array = new Uint8Array()): void {
		this.#gathering.writeUInt32BE(head, this.#gathered);
		this.#gathering.set(message, this.#gathered + headBytes);
		this.#gathered += headBytes + message.length;
		this.#hasWhole ||= message.length + headBytes === this.#unitBytes;
		// After it one of full length would not begin where the reader gets a new piece: it begins the next lot.
		const isUneven = this.#hasWhole && this.#gathered % this.#unitBytes !== 0;
		this.#isFull = this.#gathered + this.#unitBytes > this.#gathering.length || isUneven;
		this.#write();
	}

	/** Writes all that is left, and this head after it; then the socket ends. */
	end(head: number | null): void {
		this.#isWriting = true; // nothing is written beside it any more
		this.#socket.write(Buffer.from(this.#gathering.subarray(0, this.#gathered)));
		const last = Buffer.alloc(headBytes);
		if (head !== null) last.writeUInt32BE(head);
		this.#socket.end(head === null ? undefined : last);
	}

	#write(): void {
		if (this.#isWriting || this.#gathered === 0) return;
		this.#isWriting = true;
		const lot = this.#gathering;
		const bytes = this.#gathered;
		this.#gathering = this.#spare;
		this.#gathered = 0;
		this.#hasWhole = false;
		this.#isFull = false;
		this.#socket.write(lot.subarray(0, bytes), (error) => {
			if (error !== null && error !== undefined) return;
			this.#spare = lot;
			this.#isWriting = this.#socket.writableEnded;
			const wasFull = this.#isFull;
			this.#write();
			if (wasFull && !this.#isFull) this.#onRoom();
		});
	}
}
