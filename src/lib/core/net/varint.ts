/** Variable-length integers of RFC 9000, section 16, up to 2^53 - 1 and always in their shortest form. */

/** How many bytes `value` takes. */
export function varintLength(value: number): 1 | 2 | 4 | 8 {
	return value < 0x40 ? 1 : value < 0x4000 ? 2 : value < 0x4000_0000 ? 4 : 8;
}

/** Writes `value` into `bytes` at `at`; where it ends. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
	const length = varintLength(value);
	let left = value;
	for (let byte = at + length - 1; byte >= at; byte--) {
		bytes[byte] = left % 256;
		left = Math.floor(left / 256);
	}
	bytes[at] = (bytes[at] ?? 0) | (Math.log2(length) << 6);
	return at + length;
}

/** Reads integers and bytes one after another. At the first that is not there, or not in its form, `isWrong` is set. */
export class VarintReader {
	readonly #bytes: Uint8Array;
	#at = 0;
	isWrong = false;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	get isAtEnd(): boolean {
		return this.#at >= this.#bytes.length;
	}

	/** The next integer; 0 where it is wrong. */
	next(): number {
		const first = this.#bytes[this.#at] ?? 0;
		const length = 1 << (first >> 6);
		if (this.#at + length > this.#bytes.length) return this.#refuse();
		let value = first & 0x3f;
		for (let n = 1; n < length; n++) value = value * 256 + (this.#bytes[this.#at + n] ?? 0);
		if (value > Number.MAX_SAFE_INTEGER || varintLength(value) !== length) return this.#refuse();
		this.#at += length;
		return value;
	}

	/** The next `length` bytes, not copied; none where there are fewer. */
	take(length: number): Uint8Array {
		if (length > this.#bytes.length - this.#at) this.#refuse();
		const taken = this.#bytes.subarray(this.#at, this.isWrong ? this.#at : this.#at + length);
		this.#at += taken.length;
		return taken;
	}

	/** All that is left, not copied. */
	rest(): Uint8Array {
		return this.take(this.#bytes.length - this.#at);
	}

	#refuse(): number {
		this.isWrong = true;
		return 0;
	}
}
