/** Types of records (RFC 1035, 2782, 6762) as far as they are written or read here. */
const type = { address: 1, pointer: 12, text: 16, service: 33, any: 255 } as const;
const inClass = 1;
/** Of a record that nobody else has under that name: others forget what they had (RFC 6762, 10.2). */
const inClassUnique = 0x8001;
const answerFlags = 0x8400;
const secondsToLive = 120;
const labelBytesMax = 63;
const nameBytesMax = 255;
const headBytes = 12;
/** Of one message: whoever sends more means something else than to be found. */
const recordsMax = 64;
const jumpsMax = 16;
export const messageBytesMax = 9_000;

/** What is looked for and called out, in the words of RFC 6763. */
export const serviceName = '_atoll._tcp.local';

export type Announced = {
	/** A name that stands for nothing, of one label. */
	readonly instance: string;
	readonly port: number;
	/** IPv4. */
	readonly address: string;
	readonly bytes: Uint8Array;
};

function nameBytes(name: string): Buffer {
	const labels = name.split('.').map((label) => Buffer.from(label));
	return Buffer.concat([...labels.flatMap((label) => [Buffer.of(label.length), label]), Buffer.of(0)]);
}

function record(name: string, kind: number, recordClass: number, content: Buffer): Buffer {
	const fixed = Buffer.alloc(10);
	fixed.writeUInt16BE(kind, 0);
	fixed.writeUInt16BE(recordClass, 2);
	fixed.writeUInt32BE(secondsToLive, 4);
	fixed.writeUInt16BE(content.length, 8);
	return Buffer.concat([nameBytes(name), fixed, content]);
}

function head(flags: number, questions: number, answers: number): Buffer {
	const bytes = Buffer.alloc(headBytes);
	bytes.writeUInt16BE(flags, 2);
	bytes.writeUInt16BE(questions, 4);
	bytes.writeUInt16BE(answers, 6);
	return bytes;
}

/** The question who is there. */
export function printQuestion(): Buffer {
	return Buffer.concat([head(0, 1, 0), nameBytes(serviceName), Buffer.of(0, type.pointer, 0, inClass)]);
}

const textBytesMax = 255;

/** Bytes as the strings of a TXT record, each behind its length; of a key without a value nobody reads anything. */
function textRecord(bytes: Uint8Array): Buffer {
	const text = `b=${Buffer.from(bytes).toString('base64url')}`;
	const strings = text.match(new RegExp(`.{1,${textBytesMax}}`, 'g')) ?? [];
	return Buffer.concat(strings.flatMap((one) => [Buffer.of(one.length), Buffer.from(one)]));
}

/** The answer of one that is there. */
export function printAnswer({ instance, port, address, bytes }: Announced): Buffer {
	const [own, target] = [`${instance}.${serviceName}`, `${instance}.local`];
	const place = Buffer.alloc(6);
	place.writeUInt16BE(port, 4);
	return Buffer.concat([
		head(answerFlags, 0, 4),
		record(serviceName, type.pointer, inClass, nameBytes(own)),
		record(own, type.service, inClassUnique, Buffer.concat([place, nameBytes(target)])),
		record(own, type.text, inClassUnique, textRecord(bytes)),
		record(target, type.address, inClassUnique, Buffer.from(address.split('.').map(Number)))
	]);
}

/** What came, as far as it is any of our business. */
export type Heard = {
	readonly asks: boolean;
	/** What those who are there call out. */
	readonly calls: readonly Uint8Array[];
};

/** Reads one message from its beginning; each step checks its bounds first. */
class DnsReader {
	readonly #bytes: Buffer;
	#at = headBytes;

	constructor(bytes: Buffer) {
		this.#bytes = bytes;
	}

	/** The next number of `length` bytes; null where the message ends before. */
	number(length: 2 | 4): number | null {
		const at = this.#at;
		if (at + length > this.#bytes.length) return null;
		this.#at += length;
		return this.#bytes.readUIntBE(at, length);
	}

	content(length: number): Buffer | null {
		if (this.#at + length > this.#bytes.length) return null;
		this.#at += length;
		return this.#bytes.subarray(this.#at - length, this.#at);
	}

	/** The next name, in lower case; what it points to (RFC 1035, 4.1.4) lies before it, so that no name has no end. */
	name(): string | null {
		const labels: string[] = [];
		let at = this.#at;
		let after: number | null = null;
		for (let jumps = 0, total = 0; ;) {
			const length = this.#bytes[at];
			if (length === undefined) return null;
			if (length === 0) {
				this.#at = after ?? at + 1;
				return labels.join('.').toLowerCase();
			}
			if (length >= 0xc0) {
				const to = ((length & 0x3f) << 8) | (this.#bytes[at + 1] ?? 0);
				if (at + 1 >= this.#bytes.length || to >= at || ++jumps > jumpsMax) return null;
				after ??= at + 2;
				at = to;
				continue;
			}
			total += length + 1;
			if (length > labelBytesMax || total > nameBytesMax || at + 1 + length > this.#bytes.length) return null;
			labels.push(this.#bytes.toString('latin1', at + 1, at + 1 + length));
			at += length + 1;
		}
	}
}

function readText(content: Buffer): Uint8Array | null {
	const strings: string[] = [];
	for (let at = 0; at < content.length;) {
		const length = content[at] ?? 0;
		strings.push(content.toString('latin1', at + 1, at + 1 + length));
		at += length + 1;
	}
	const [, text] = /^b=([A-Za-z0-9_-]+)$/.exec(strings.join('')) ?? [];
	return text === undefined ? null : Uint8Array.from(Buffer.from(text, 'base64url'));
}

/** Reads what anybody in the network has sent; null where it is no message of DNS. */
export function readMessage(bytes: Buffer): Heard | null {
	if (bytes.length < headBytes || bytes.length > messageBytesMax) return null;
	const isAnswer = (bytes.readUInt16BE(2) & 0x8000) !== 0;
	const questions = bytes.readUInt16BE(4);
	const records = bytes.readUInt16BE(6) + bytes.readUInt16BE(8) + bytes.readUInt16BE(10);
	if (questions + records > recordsMax) return null;
	const reader = new DnsReader(bytes);
	let asks = false;
	for (let n = 0; n < questions; n++) {
		const [name, kind] = [reader.name(), reader.number(2)];
		if (name === null || kind === null || reader.number(2) === null) return null;
		if (!isAnswer && name === serviceName && (kind === type.pointer || kind === type.any)) asks = true;
	}
	const calls: Uint8Array[] = [];
	for (let n = 0; n < records; n++) {
		const [name, kind] = [reader.name(), reader.number(2)];
		const isWhole = reader.number(2) !== null && reader.number(4) !== null;
		const length = reader.number(2);
		const content = length === null ? null : reader.content(length);
		if (name === null || kind === null || !isWhole || content === null) return null;
		const call = isAnswer && kind === type.text && name.endsWith(`.${serviceName}`) ? readText(content) : null;
		if (call !== null) calls.push(call);
	}
	return { asks, calls };
}
