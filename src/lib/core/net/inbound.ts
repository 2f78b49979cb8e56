/** Of pieces that small ones are put together into: a reader gets no more calls than it would of a disk. */
const pieceBytes = 16_384;
const pieceBytesLeast = 64;

/** Bytes that came and were not read yet. Takes at most twice the memory of what it holds, in however small pieces it came. */
export class Inbound {
	#pieces: Uint8Array[] = [];
	/** The last piece, where it has room for more; `#tailBytes` of it are filled. */
	#tail: Uint8Array | null = null;
	#tailBytes = 0;
	heldBytes = 0;

	/** Takes `bytes`; whoever gave them changes them no more. */
	put(bytes: Uint8Array): void {
		this.heldBytes += bytes.length;
		// A view of a long message would keep all of it alive.
		if (bytes.length >= pieceBytes / 4 && bytes.length * 2 >= bytes.buffer.byteLength) {
			this.#endTail();
			this.#pieces.push(bytes);
			return;
		}
		for (let at = 0; at < bytes.length;) {
			const tail = this.#roomyTail(bytes.length - at);
			const part = bytes.subarray(at, at + tail.length - this.#tailBytes);
			tail.set(part, this.#tailBytes);
			this.#tailBytes += part.length;
			at += part.length;
		}
	}

	/** The oldest bytes held, all of one piece; null where there are none. */
	take(): Uint8Array | null {
		if (this.#pieces.length === 0) this.#endTail();
		const piece = this.#pieces.shift() ?? null;
		this.heldBytes -= piece?.length ?? 0;
		return piece;
	}

	/** Lets go of everything; how much it was. */
	drop(): number {
		const dropped = this.heldBytes;
		this.#pieces = [];
		this.#tail = null;
		this.#tailBytes = 0;
		this.heldBytes = 0;
		return dropped;
	}

	/** A tail that is not full. It is as long as what is there already, so that a stream of a byte takes few. */
	#roomyTail(wantedBytes: number): Uint8Array {
		if (this.#tail !== null && this.#tailBytes < this.#tail.length) return this.#tail;
		this.#endTail();
		const roomBytes = Math.min(pieceBytes, Math.max(wantedBytes, this.heldBytes - wantedBytes, pieceBytesLeast));
		this.#tail = new Uint8Array(roomBytes);
		return this.#tail;
	}

	#endTail(): void {
		const [tail, bytes] = [this.#tail, this.#tailBytes];
		if (tail !== null && bytes > 0)
			this.#pieces.push(bytes * 2 < tail.length ? tail.slice(0, bytes) : tail.subarray(0, bytes));
		this.#tail = null;
		this.#tailBytes = 0;
	}
}
