/** How much the other side may send before some of it is read (RFC 9000, section 4), of a stream or of all of them. */
export class ReceiveWindow {
	readonly #windowBytes: number;
	/** A grant adds so much at least. */
	readonly #stepBytes: number;
	#readBytes = 0;
	#grantedBytes: number;
	receivedBytes = 0;

	constructor(windowBytes: number, stepShare: number) {
		this.#windowBytes = windowBytes;
		this.#stepBytes = Math.max(1, Math.floor(windowBytes * stepShare));
		this.#grantedBytes = windowBytes;
	}

	/** What came and was not read yet. */
	get unreadBytes(): number {
		return this.receivedBytes - this.#readBytes;
	}

	/** Counts what came; false where it was more than had been granted. */
	receive(bytes: number): boolean {
		this.receivedBytes += bytes;
		return this.receivedBytes <= this.#grantedBytes;
	}

	/** Counts what was read; how far the other side may go from now on, where it is time to tell it. */
	read(bytes: number): number | null {
		this.#readBytes += bytes;
		const max = this.#readBytes + this.#windowBytes;
		const isSoonUsedUp = this.#grantedBytes - this.receivedBytes <= this.#windowBytes / 2;
		if (!isSoonUsedUp || max - this.#grantedBytes < this.#stepBytes) return null;
		this.#grantedBytes = max;
		return max;
	}
}

/** How much this side may still send. */
export class SendCredit {
	#maxBytes: number;
	sentBytes = 0;

	constructor(maxBytes: number) {
		this.#maxBytes = maxBytes;
	}

	get leftBytes(): number {
		return this.#maxBytes - this.sentBytes;
	}

	/** Takes a grant; whether it is more than before. An older one may come late and changes nothing. */
	raise(maxBytes: number): boolean {
		if (maxBytes <= this.#maxBytes) return false;
		this.#maxBytes = maxBytes;
		return true;
	}
}
