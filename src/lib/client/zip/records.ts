/**
 * The records of a zip archive (PKWARE APPNOTE 6.3.10): stored bytes, names in UTF-8, sums after the bytes, sizes and
 * places in 64 bits where 32 do not hold them.
 */

/** What the archive says of one entry; its sizes and sum are known once it was written. */
export type EntryRecord = {
	readonly name: Uint8Array;
	readonly isFolder: boolean;
	readonly modifiedMs: number | null;
	readonly crc: number;
	readonly sizeBytes: number;
	/** Where its local header begins. */
	readonly offset: number;
	/** Whether its sizes were written in 64 bits. */
	readonly isBig: boolean;
};

const version = 20;
const version64 = 45;
/** Sums after the bytes (bit 3), a name in UTF-8 (bit 11). */
const flags = 0x0008 | 0x0800;
const unix = 3;
const unknown32 = 0xffff_ffff;
const unknown16 = 0xffff;

/** Bytes one after the other, the lowest of each number first. */
class Bytes {
	readonly #parts: number[] = [];

	u16(value: number): this {
		this.#parts.push(value & 0xff, (value >>> 8) & 0xff);
		return this;
	}

	u32(value: number): this {
		return this.u16(value & 0xffff).u16(value >>> 16);
	}

	u64(value: number): this {
		return this.u32(value % 0x1_0000_0000).u32(Math.floor(value / 0x1_0000_0000));
	}

	bytes(bytes: Iterable<number>): this {
		this.#parts.push(...bytes);
		return this;
	}

	get length(): number {
		return this.#parts.length;
	}

	end(): Uint8Array<ArrayBuffer> {
		return Uint8Array.from(this.#parts);
	}
}

const firstDosYear = 1980;
const lastDosYear = 2107;

/** Date and time as DOS has them: of this place, in steps of two seconds, within what it can count. */
function dosTime(modifiedMs: number | null): readonly [time: number, date: number] {
	const when = new Date(modifiedMs ?? Date.UTC(firstDosYear, 1));
	const year = when.getFullYear();
	if (year < firstDosYear) return [0, (1 << 5) | 1];
	if (year > lastDosYear) return [0, ((lastDosYear - firstDosYear) << 9) | (12 << 5) | 31];
	const time = (when.getHours() << 11) | (when.getMinutes() << 5) | (when.getSeconds() >> 1);
	return [time, ((year - firstDosYear) << 9) | ((when.getMonth() + 1) << 5) | when.getDate()];
}

/** The time of change in whole seconds since 1970 (the extended timestamp, 0x5455), which knows no time zones. */
function timeField(modifiedMs: number | null): Uint8Array {
	const seconds = modifiedMs === null ? NaN : Math.floor(modifiedMs / 1000);
	if (!(Math.abs(seconds) < 0x8000_0000)) return new Uint8Array();
	return new Bytes()
		.u16(0x5455)
		.u16(5)
		.bytes([1])
		.u32(seconds >>> 0)
		.end();
}

/** The field of 64 bits with these numbers in it; nothing where there are none. */
function bigField(values: readonly number[]): Uint8Array {
	const field = new Bytes();
	if (values.length > 0) field.u16(0x0001).u16(values.length * 8);
	for (const value of values) field.u64(value);
	return field.end();
}

/** Before the bytes of an entry. */
export function localHeader({ name, modifiedMs, isBig }: Pick<EntryRecord, 'name' | 'modifiedMs' | 'isBig'>) {
	const [time, date] = dosTime(modifiedMs);
	const big = bigField(isBig ? [0, 0] : []);
	const stamp = timeField(modifiedMs);
	const size = isBig ? unknown32 : 0;
	return new Bytes()
		.u32(0x04034b50)
		.u16(isBig ? version64 : version)
		.u16(flags)
		.u16(0)
		.u16(time)
		.u16(date)
		.u32(0)
		.u32(size)
		.u32(size)
		.u16(name.length)
		.u16(big.length + stamp.length)
		.bytes(name)
		.bytes(big)
		.bytes(stamp)
		.end();
}

/** After the bytes of an entry: their sum and how many they were. */
export function dataDescriptor({ crc, sizeBytes, isBig }: Pick<EntryRecord, 'crc' | 'sizeBytes' | 'isBig'>) {
	const record = new Bytes().u32(0x08074b50).u32(crc);
	return (isBig ? record.u64(sizeBytes).u64(sizeBytes) : record.u32(sizeBytes).u32(sizeBytes)).end();
}

/** What the directory at the end says of an entry. */
export function directoryRecord({ name, isFolder, modifiedMs, crc, sizeBytes, offset, isBig }: EntryRecord) {
	const [time, date] = dosTime(modifiedMs);
	const isFar = offset >= unknown32;
	const big = bigField([...(isBig ? [sizeBytes, sizeBytes] : []), ...(isFar ? [offset] : [])]);
	const stamp = timeField(modifiedMs);
	const needs = isBig || isFar ? version64 : version;
	const size = isBig ? unknown32 : sizeBytes;
	return new Bytes()
		.u32(0x02014b50)
		.u16((unix << 8) | version64)
		.u16(needs)
		.u16(flags)
		.u16(0)
		.u16(time)
		.u16(date)
		.u32(crc)
		.u32(size)
		.u32(size)
		.u16(name.length)
		.u16(big.length + stamp.length)
		.u16(0)
		.u16(0)
		.u16(0)
		.u32(isFolder ? ((0o40755 << 16) | 0x10) >>> 0 : (0o100644 << 16) >>> 0)
		.u32(isFar ? unknown32 : offset)
		.bytes(name)
		.bytes(big)
		.bytes(stamp)
		.end();
}

/** The end of the archive, in 64 bits where 32 do not do. */
export function endRecords(entries: number, sizeBytes: number, offset: number) {
	const record = new Bytes();
	if (entries >= unknown16 || sizeBytes >= unknown32 || offset >= unknown32)
		record
			.u32(0x06064b50)
			.u64(44)
			.u16((unix << 8) | version64)
			.u16(version64)
			.u32(0)
			.u32(0)
			.u64(entries)
			.u64(entries)
			.u64(sizeBytes)
			.u64(offset)
			.u32(0x07064b50)
			.u32(0)
			.u64(offset + sizeBytes)
			.u32(1);
	const count = Math.min(entries, unknown16);
	return record
		.u32(0x06054b50)
		.u16(0)
		.u16(0)
		.u16(count)
		.u16(count)
		.u32(Math.min(sizeBytes, unknown32))
		.u32(Math.min(offset, unknown32))
		.u16(0)
		.end();
}
