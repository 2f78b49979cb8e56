import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { deviceId, invariant, stampOf, type DeviceId, type Stamp } from '#core/kernel';
import { bodyBytesMax, targetsMax, type FactBody, type TargetKey, type Tie } from './fact.ts';

/** The devices that a library can know are the most that a context can name. */
const contextMax = 8_192;
const fieldsMax = 16;
const tiesMax = targetsMax;
const splitMax = 2 ** 20;
const entryMax = 2 ** 40 - 1;
const identityBytes = 32;
const idBytes = 16;
const relations = ['parent', 'synonym'] as const;

/** The value of a digit of hex, 0-9 or a-f. */
function nibble(code: number): number {
	return code < 58 ? code - 48 : code - 87;
}

/** Writes whole numbers as LEB128, low bits first, and all else as it is. */
class Writer {
	#bytes = new Uint8Array(256);
	#length = 0;

	#room(more: number): void {
		if (this.#length + more <= this.#bytes.length) return;
		const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
		larger.set(this.#bytes);
		this.#bytes = larger;
	}

	whole(value: number): void {
		invariant(Number.isSafeInteger(value) && value >= 0, 'a number of a fact is whole');
		this.#room(8);
		let left = value;
		for (; left >= 128; left = Math.floor(left / 128)) this.#bytes[this.#length++] = (left % 128) + 128;
		this.#bytes[this.#length++] = left;
	}

	raw(bytes: Uint8Array): void {
		this.#room(bytes.length);
		this.#bytes.set(bytes, this.#length);
		this.#length += bytes.length;
	}

	/** Digits of a text that is known to be hex: of 100,000 targets each look costs. */
	hex(text: string, from: number, to: number): void {
		this.#room((to - from) / 2);
		for (let at = from; at < to; at += 2)
			this.#bytes[this.#length++] = nibble(text.charCodeAt(at)) * 16 + nibble(text.charCodeAt(at + 1));
	}

	text(value: string): void {
		const bytes = utf8ToBytes(value);
		this.whole(bytes.length);
		this.raw(bytes);
	}

	done(): Uint8Array {
		return this.#bytes.slice(0, this.#length);
	}
}

/** Thrown within this file where bytes are no body; it never leaves it. */
class NotABody extends Error {}

function refuse(isWrong: boolean): void {
	if (isWrong) throw new NotABody();
}

class Reader {
	readonly #bytes: Uint8Array;
	#at = 0;
	readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	/** A number from 0 to `max`, which is 2^53 - 1 at most, in the shortest way to write it. */
	whole(max: number): number {
		let [value, factor] = [0, 1];
		for (;;) {
			const byte = this.#bytes[this.#at++];
			if (byte === undefined || factor > 2 ** 49) throw new NotABody();
			value += (byte % 128) * factor;
			refuse(value > max);
			if (byte < 128) {
				refuse(byte === 0 && factor > 1);
				return value;
			}
			factor *= 128;
		}
	}

	raw(length: number): Uint8Array {
		refuse(length > this.#bytes.length - this.#at);
		this.#at += length;
		return this.#bytes.subarray(this.#at - length, this.#at);
	}

	hex(length: number): string {
		return bytesToHex(this.raw(length));
	}

	text(): string {
		const bytes = this.raw(this.whole(bodyBytesMax));
		try {
			return this.#utf8.decode(bytes);
		} catch {
			throw new NotABody();
		}
	}

	/** A list whose items take `least` bytes at least: what cannot be there is not made room for. */
	list<T>(max: number, least: number, item: () => T): T[] {
		const count = this.whole(max);
		refuse(count * least > this.#bytes.length - this.#at);
		return Array.from({ length: count }, item);
	}

	isAtEnd(): boolean {
		return this.#at === this.#bytes.length;
	}
}

const contentEnd = 1 + identityBytes * 2;
const ownerEnd = 1 + idBytes * 2;

function isContent(key: TargetKey): boolean {
	return key.startsWith('c');
}

export function contentTarget(identityHex: string, split: number): TargetKey {
	return `c${identityHex}${split}`;
}

export function entryTarget(device: DeviceId, number: number): TargetKey {
	return `e${device}${number}`;
}

export type TargetParts =
	| { readonly is: 'content'; readonly identity: string; readonly split: number }
	| { readonly is: 'entry'; readonly device: DeviceId; readonly number: number };

export function splitTarget(key: TargetKey): TargetParts {
	if (isContent(key))
		return { is: 'content', identity: key.slice(1, contentEnd), split: Number(key.slice(contentEnd)) };
	return { is: 'entry', device: deviceId(key.slice(1, ownerEnd)), number: Number(key.slice(ownerEnd)) };
}

function writeTarget(writer: Writer, key: TargetKey, owners: ReadonlyMap<string, number>): void {
	if (isContent(key)) {
		writer.whole(0);
		writer.hex(key, 1, contentEnd);
		writer.whole(Number(key.slice(contentEnd)));
	} else {
		writer.whole((owners.get(key.slice(1, ownerEnd)) ?? 0) + 1);
		writer.whole(Number(key.slice(ownerEnd)));
	}
}

/** A body as bytes. */
export function bodyToBytes({ context, fields, targets, positions, ties }: FactBody): Uint8Array {
	const writer = new Writer();
	writer.whole(context.size);
	for (const [device, stamp] of [...context].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
		writer.raw(hexToBytes(device));
		writer.whole(stamp);
	}
	writer.whole(fields.length);
	for (const [field, value] of fields) {
		writer.whole(field);
		writer.text(value);
	}
	const owners = new Map<string, number>();
	for (const key of targets) {
		const owner = isContent(key) ? null : key.slice(1, ownerEnd);
		if (owner !== null && !owners.has(owner)) owners.set(owner, owners.size);
	}
	writer.whole(owners.size);
	for (const owner of owners.keys()) writer.raw(hexToBytes(owner));
	writer.whole(targets.length);
	for (const key of targets) writeTarget(writer, key, owners);
	writer.whole(positions.length);
	for (const position of positions) writer.whole(position);
	writer.whole(ties.length);
	for (const { relation, tag, other } of ties) {
		writer.whole(relations.indexOf(relation));
		writer.raw(hexToBytes(tag));
		writer.raw(hexToBytes(other));
	}
	return writer.done();
}

function readContext(reader: Reader): Map<DeviceId, Stamp> {
	const context = new Map<DeviceId, Stamp>();
	let before = '';
	reader.list(contextMax, idBytes + 1, () => {
		const device = deviceId(reader.hex(idBytes));
		refuse(device <= before);
		before = device;
		context.set(device, stampOf(reader.whole(Number.MAX_SAFE_INTEGER)));
	});
	return context;
}

function readTarget(reader: Reader, owners: readonly DeviceId[]): TargetKey {
	const owner = reader.whole(owners.length);
	if (owner === 0) return contentTarget(reader.hex(identityBytes), reader.whole(splitMax));
	const device = owners[owner - 1];
	if (device === undefined) throw new NotABody();
	const number = reader.whole(entryMax);
	refuse(number === 0);
	return entryTarget(device, number);
}

function readTie(reader: Reader): Tie {
	const relation = relations[reader.whole(relations.length - 1)] ?? 'parent';
	return { relation, tag: reader.hex(idBytes), other: reader.hex(idBytes) };
}

function readBody(reader: Reader): FactBody {
	const context = readContext(reader);
	const fields = reader.list(fieldsMax, 2, () => [reader.whole(255), reader.text()] as const);
	const owners = reader.list(targetsMax, idBytes, () => deviceId(reader.hex(idBytes)));
	const targets = reader.list(targetsMax, 2, () => readTarget(reader, owners));
	refuse(new Set(targets).size !== targets.length);
	const positions = reader.list(targetsMax, 1, () => reader.whole(Number.MAX_SAFE_INTEGER));
	refuse(positions.length > 0 && positions.length !== targets.length);
	const ties = reader.list(tiesMax, 1 + 2 * idBytes, () => readTie(reader));
	refuse(!reader.isAtEnd());
	return { context, fields, targets, positions, ties };
}

/** The body that bytes are; null where they are none. Lengths are checked before anything is made room for. */
export function bytesToBody(bytes: Uint8Array): FactBody | null {
	if (bytes.length > bodyBytesMax) return null;
	try {
		return readBody(new Reader(bytes));
	} catch (thrown) {
		if (thrown instanceof NotABody) return null;
		throw thrown;
	}
}
