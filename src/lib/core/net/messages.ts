import {
	bytesToWire,
	type CborLimits,
	cborLimits,
	type CborWrong,
	err,
	ok,
	type Result,
	type WireValue,
	wireToBytes
} from '#core/kernel';
import { closeCodes } from './link.ts';
import type { Stream, StreamFailure } from './stream.ts';
import { putVarint, varintLength, VarintReader } from './varint.ts';

export type MessageFailure =
	| StreamFailure
	/** What came is no message; the stream is closed. */
	| CborWrong
	| { readonly type: 'MessageTooLong'; readonly bytes: number }
	/** The stream ended in the middle of one. */
	| { readonly type: 'MessageCut' };

/** Whole values on a stream, each in CBOR behind its length. */
export type Messages = {
	/** Resolves when the link has taken it. One at a time; called off, it leaves the stream's direction reset. */
	send(value: WireValue, signal: AbortSignal): Promise<Result<void, MessageFailure>>;
	/** The next; null at the end of the stream. For one caller at a time; called off, it loses nothing. */
	receive(signal: AbortSignal): Promise<Result<WireValue | null, MessageFailure>>;
};

/** Bytes of a stream, put together again. */
class Gathered {
	#pieces: Uint8Array[] = [];
	bytes = 0;

	put(piece: Uint8Array): void {
		this.#pieces.push(piece);
		this.bytes += piece.length;
	}

	/** All of it in one. */
	whole(): Uint8Array {
		const [first] = this.#pieces;
		if (first !== undefined && this.#pieces.length === 1) return first;
		const whole = new Uint8Array(this.bytes);
		let at = 0;
		for (const piece of this.#pieces) {
			whole.set(piece, at);
			at += piece.length;
		}
		this.#pieces = [whole];
		return whole;
	}

	/** Lets go of the first `bytes`. */
	skip(bytes: number): void {
		this.#pieces = [this.whole().subarray(bytes)];
		this.bytes -= bytes;
	}
}

/** A length is a varint of RFC 9000 of at most 4 bytes. */
const lengthBytesMax = 4;

class StreamMessages implements Messages {
	readonly #stream: Stream;
	readonly #limits: CborLimits;
	readonly #gathered = new Gathered();
	/** Of the message that is coming in, where it is known. */
	#length: number | null = null;

	constructor(stream: Stream, limits: CborLimits) {
		this.#stream = stream;
		this.#limits = limits;
	}

	async send(value: WireValue, signal: AbortSignal): Promise<Result<void, MessageFailure>> {
		const body = wireToBytes(value);
		if (body.length > this.#limits.bytesMax) return err({ type: 'MessageTooLong', bytes: body.length });
		const headBytes = varintLength(body.length);
		const message = new Uint8Array(headBytes + body.length);
		putVarint(message, 0, body.length);
		message.set(body, headBytes);
		return this.#stream.write(message, signal);
	}

	async receive(signal: AbortSignal): Promise<Result<WireValue | null, MessageFailure>> {
		for (;;) {
			const length = this.#readLength();
			if (!length.ok) return this.#refuse(length.failure);
			if (length.value !== null && this.#gathered.bytes >= length.value) return this.#take(length.value);
			const read = await this.#stream.read(signal);
			if (!read.ok) return read;
			if (read.value !== null) this.#gathered.put(read.value);
			else if (this.#gathered.bytes === 0 && this.#length === null) return ok(null);
			else return this.#refuse({ type: 'MessageCut' });
		}
	}

	/** The length of the message that is coming in; null while it is not all there. */
	#readLength(): Result<number | null, MessageFailure> {
		if (this.#length !== null || this.#gathered.bytes === 0) return ok(this.#length);
		const bytes = this.#gathered.whole();
		const headBytes = 1 << ((bytes[0] ?? 0) >> 6);
		if (headBytes > lengthBytesMax) return err({ type: 'MessageTooLong', bytes: Infinity });
		if (bytes.length < headBytes) return ok(null);
		const reader = new VarintReader(bytes);
		const length = reader.next();
		if (reader.isWrong) return err({ type: 'CborWrong', at: 0, what: 'has a length that is longer than it need be' });
		if (length > this.#limits.bytesMax) return err({ type: 'MessageTooLong', bytes: length });
		this.#gathered.skip(headBytes);
		this.#length = length;
		return ok(length);
	}

	#take(length: number): Result<WireValue, MessageFailure> {
		const read = bytesToWire(this.#gathered.whole().subarray(0, length), this.#limits);
		if (!read.ok) return this.#refuse(read.failure);
		this.#gathered.skip(length);
		this.#length = null;
		return read;
	}

	#refuse(failure: MessageFailure): Result<never, MessageFailure> {
		this.#stream.close(closeCodes.frameEncoding);
		return err(failure);
	}
}

/** Sends and receives whole values on `stream`, none past `limits`. What is received is not known to be of any shape yet. */
export function createMessages(stream: Stream, limits: CborLimits = cborLimits): Messages {
	return new StreamMessages(stream, limits);
}
