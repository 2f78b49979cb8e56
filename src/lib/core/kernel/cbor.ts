import { invariant } from './assert.ts';
import { halfToNumber, numberToHalf } from './half-float.ts';
import { err, ok, type Result } from './result.ts';
import type { WireValue } from './wire.ts';

/** The major types of RFC 8949, section 3.1, that travel; tags do not. */
const major = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, simple: 7 } as const;
const simple = { false: 20, true: 21, null: 22, half: 25, single: 26, double: 27 } as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const loneSurrogate = /\p{Surrogate}/u;

/** The order of bytes, as `Array.sort` wants it. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
	const shared = Math.min(a.length, b.length);
	for (let at = 0; at < shared; at++) {
		const difference = (a[at] ?? 0) - (b[at] ?? 0);
		if (difference !== 0) return difference;
	}
	return a.length - b.length;
}

/** Text as it travels: names of files too, whose bytes that are no text are code points of their own by then (name.ts). */
function textToBytes(text: string): Uint8Array {
	invariant(!loneSurrogate.test(text), 'text that travels has no lone surrogates');
	return encoder.encode(text);
}

class CborWriter {
	#bytes = new Uint8Array(256);
	#view = new DataView(this.#bytes.buffer);
	#at = 0;

	/** Makes room for `length` more; where it begins. */
	#take(length: number): number {
		const at = this.#at;
		this.#at += length;
		if (this.#at > this.#bytes.length) {
			const grown = new Uint8Array(Math.max(this.#at, this.#bytes.length * 2));
			grown.set(this.#bytes);
			this.#bytes = grown;
			this.#view = new DataView(grown.buffer);
		}
		return at;
	}

	/** A major type and its argument in the fewest bytes. */
	#head(type: number, argument: number): void {
		const lead = type << 5;
		const width = argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : argument < 0x1_0000_0000 ? 4 : 8;
		const at = this.#take(1 + width);
		const view = this.#view;
		view.setUint8(at, lead | (width === 0 ? argument : 24 + Math.log2(width)));
		if (width === 1) view.setUint8(at + 1, argument);
		else if (width === 2) view.setUint16(at + 1, argument);
		else if (width === 4) view.setUint32(at + 1, argument);
		else if (width === 8) {
			view.setUint32(at + 1, Math.floor(argument / 0x1_0000_0000));
			view.setUint32(at + 5, argument % 0x1_0000_0000);
		}
	}

	#string(type: number, bytes: Uint8Array): void {
		this.#head(type, bytes.length);
		const at = this.#take(bytes.length);
		this.#bytes.set(bytes, at);
	}

	#number(value: number): void {
		if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
			return value < 0 ? this.#head(major.negative, -1 - value) : this.#head(major.unsigned, value);
		}
		const half = numberToHalf(value);
		const isSingle = half === null && Math.fround(value) === value;
		const at = this.#take(half !== null ? 3 : isSingle ? 5 : 9);
		const lead = major.simple << 5;
		this.#view.setUint8(at, lead | (half !== null ? simple.half : isSingle ? simple.single : simple.double));
		if (half !== null) this.#view.setUint16(at + 1, half);
		else if (isSingle) this.#view.setFloat32(at + 1, value);
		else this.#view.setFloat64(at + 1, value);
	}

	#map(value: Readonly<Record<string, WireValue>>): void {
		// Shorter keys come first: the order is that of the keys as they are encoded, each led by its length.
		const members = Object.keys(value)
			.map((key) => ({ key, bytes: textToBytes(key) }))
			.toSorted((a, b) => a.bytes.length - b.bytes.length || compareBytes(a.bytes, b.bytes));
		this.#head(major.map, members.length);
		for (const { key, bytes } of members) {
			this.#string(major.text, bytes);
			this.write(value[key]);
		}
	}

	write(value: WireValue | undefined): void {
		invariant(value !== undefined, 'what is left out of a map does not travel as undefined');
		if (value === null) this.#head(major.simple, simple.null);
		else if (typeof value === 'boolean') this.#head(major.simple, value ? simple.true : simple.false);
		else if (typeof value === 'number') this.#number(value);
		else if (typeof value === 'string') this.#string(major.text, textToBytes(value));
		else if (value instanceof Uint8Array) this.#string(major.bytes, value);
		else if (isList(value)) {
			this.#head(major.array, value.length);
			for (const item of value) this.write(item);
		} else this.#map(value);
	}

	end(): Uint8Array {
		return this.#bytes.slice(0, this.#at);
	}
}

/** `Array.isArray` does not narrow readonly arrays away. */
function isList(value: WireValue): value is readonly WireValue[] {
	return Array.isArray(value);
}

/** The one encoding of `value`: deterministic CBOR (RFC 8949, section 4.2.1), the same bytes on every device. */
export function wireToBytes(value: WireValue): Uint8Array {
	const writer = new CborWriter();
	writer.write(value);
	return writer.end();
}

/** Why bytes are not taken: `at` is where, `what` is for a log. */
export type CborWrong = { readonly type: 'CborWrong'; readonly at: number; readonly what: string };

export type CborLimits = {
	readonly bytesMax: number;
	/** How many arrays and maps may lie in one another. */
	readonly depthMax: number;
	/** About how many bytes of memory the value may take: a byte of CBOR can ask for two hundred. */
	readonly memoryMax: number;
};

/** Enough for a message of 1 MiB between devices, all of it small things. */
export const cborLimits: CborLimits = { bytesMax: 1_048_576, depthMax: 32, memoryMax: 32 * 1_048_576 };

/** What values take in memory besides their bytes, measured on V8 and rounded up. */
const memoryOf = { item: 16, text: 32, bytes: 256, list: 208, map: 64, member: 48 } as const;

/** Reads one value; at the first thing wrong `wrong` is set, and what is returned from then on means nothing. */
class CborReader {
	readonly #bytes: Uint8Array;
	readonly #view: DataView;
	readonly #limits: CborLimits;
	#at = 0;
	#memory = 0;
	/** Of the head that was read last. */
	#type = 0;
	#info = 0;
	#value = 0;
	wrong: CborWrong | null = null;

	constructor(bytes: Uint8Array, limits: CborLimits) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.#limits = limits;
	}

	#refuse(what: string, at = this.#at): null {
		this.wrong ??= { type: 'CborWrong', at, what };
		return null;
	}

	#charge(bytes: number): boolean {
		this.#memory += bytes;
		if (this.#memory > this.#limits.memoryMax) this.#refuse('takes too much memory');
		return this.wrong === null;
	}

	/** The argument that follows its lead byte in `length` bytes. */
	#argument(length: number): number {
		const at = this.#at;
		if (this.#bytes.length - at < length) return this.#refuse('is cut short') ?? 0;
		this.#at += length;
		if (length === 1) return this.#view.getUint8(at);
		if (length === 2) return this.#view.getUint16(at);
		if (length === 4) return this.#view.getUint32(at);
		return this.#view.getUint32(at) * 0x1_0000_0000 + this.#view.getUint32(at + 4);
	}

	/** Reads a head; whether it is one. */
	#head(): boolean {
		const start = this.#at;
		const lead = this.#bytes[start];
		if (lead === undefined) return this.#refuse('is cut short') !== null;
		this.#at++;
		const info = lead & 0x1f;
		this.#type = lead >> 5;
		this.#info = info;
		this.#value = info;
		if (info < 24) return true;
		if (info > 27) return this.#refuse('has an indefinite or reserved length', start) !== null;
		this.#value = this.#argument(1 << (info - 24));
		if (this.wrong !== null || this.#type === major.simple) return this.wrong === null;
		const least = info === 24 ? 24 : info === 25 ? 0x100 : info === 26 ? 0x1_0000 : 0x1_0000_0000;
		if (this.#value < least) this.#refuse('is longer than it need be', start);
		else if (this.#value > Number.MAX_SAFE_INTEGER) this.#refuse('is out of range', start);
		return this.wrong === null;
	}

	#take(length: number): Uint8Array | null {
		if (this.#bytes.length - this.#at < length) return this.#refuse('is cut short');
		this.#at += length;
		return this.#bytes.subarray(this.#at - length, this.#at);
	}

	#text(length: number): string | null {
		const start = this.#at;
		const bytes = this.#take(length);
		if (bytes === null || !this.#charge(memoryOf.text + 2 * length)) return null;
		try {
			return decoder.decode(bytes);
		} catch {
			return this.#refuse('is no UTF-8', start);
		}
	}

	#float(info: number, start: number): number | null {
		const at = start + 1;
		const value =
			info === simple.half
				? halfToNumber(this.#view.getUint16(at))
				: info === simple.single
					? this.#view.getFloat32(at)
					: this.#view.getFloat64(at);
		const encoded = wireToBytes(value);
		const isOnly = compareBytes(encoded, this.#bytes.subarray(start, this.#at)) === 0;
		return isOnly ? value : this.#refuse('is a number that has another encoding', start);
	}

	#list(length: number, depth: number): WireValue {
		// Each item takes a byte at least.
		if (length > this.#bytes.length - this.#at) return this.#refuse('is cut short');
		if (!this.#charge(memoryOf.list)) return null;
		const items: WireValue[] = [];
		for (let n = 0; n < length && this.wrong === null; n++) items.push(this.read(depth + 1));
		return items;
	}

	#map(size: number, depth: number): WireValue {
		if (size * 2 > this.#bytes.length - this.#at) return this.#refuse('is cut short');
		if (!this.#charge(memoryOf.map)) return null;
		const map: Record<string, WireValue> = {};
		let before: Uint8Array = new Uint8Array();
		for (let n = 0; n < size; n++) {
			const start = this.#at;
			if (!this.#head()) return null;
			if (this.#type !== major.text) return this.#refuse('has a key that is no text', start);
			const key = this.#text(this.#value);
			if (key === null) return null;
			const encoded = this.#bytes.subarray(start, this.#at);
			if (n > 0 && compareBytes(before, encoded) >= 0) return this.#refuse('has keys out of order', start);
			before = encoded;
			if (!this.#charge(memoryOf.member)) return null;
			const value = this.read(depth + 1);
			if (this.wrong !== null) return null;
			// Assigned, this one key would become the prototype.
			if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true });
			else map[key] = value;
		}
		return map;
	}

	#simple(info: number, argument: number, start: number): WireValue {
		if (info >= simple.half && info <= simple.double) return this.#float(info, start);
		if (info === argument && argument === simple.null) return null;
		if (info === argument && argument === simple.true) return true;
		if (info === argument && argument === simple.false) return false;
		return this.#refuse('is a simple value that does not travel', start);
	}

	read(depth: number): WireValue {
		const start = this.#at;
		if (!this.#head() || !this.#charge(memoryOf.item)) return null;
		const [type, argument] = [this.#type, this.#value];
		if ((type === major.array || type === major.map) && depth >= this.#limits.depthMax)
			return this.#refuse('lies too deep', start);
		switch (type) {
			case major.unsigned:
				return argument;
			case major.negative:
				return argument < Number.MAX_SAFE_INTEGER ? -1 - argument : this.#refuse('is out of range', start);
			case major.bytes: {
				const bytes = this.#take(argument);
				return bytes !== null && this.#charge(memoryOf.bytes + argument) ? bytes.slice() : null;
			}
			case major.text:
				return this.#text(argument);
			case major.array:
				return this.#list(argument, depth);
			case major.map:
				return this.#map(argument, depth);
			case major.simple:
				return this.#simple(this.#info, argument, start);
			default:
				return this.#refuse('is a tag', start);
		}
	}

	readAll(): WireValue {
		const value = this.read(0);
		if (this.wrong === null && this.#at < this.#bytes.length) this.#refuse('goes on after its end');
		return value;
	}
}

/**
 * The value whose one encoding `bytes` are; whatever is taken encodes to the same bytes again. Refuses all else: lengths
 * that are not the shortest or not definite, keys that are unsorted, repeated or no text, tags, text that is not UTF-8,
 * numbers that are not exact, what goes on after its end, what passes `limits`. Looks at each length before it allocates.
 */
export function bytesToWire(bytes: Uint8Array, limits: CborLimits = cborLimits): Result<WireValue, CborWrong> {
	if (bytes.length > limits.bytesMax) return err({ type: 'CborWrong', at: limits.bytesMax, what: 'is too long' });
	const reader = new CborReader(bytes, limits);
	const value = reader.readAll();
	return reader.wrong === null ? ok(value) : err(reader.wrong);
}
