import { crc32 } from 'node:zlib';

/** An entry of an archive, as its directory, its own header and what follows its bytes say alike. */
export type ReadEntry = {
	readonly path: string;
	readonly isFolder: boolean;
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
	readonly crc: number;
	readonly isBig: boolean;
	readonly bytes: Uint8Array;
};

function must(condition: boolean, what: string): asserts condition {
	if (!condition) throw new Error(`not a sound archive: ${what}`);
}

type Fields = { readonly bigs: number[]; readonly modifiedMs: number | null };

/** What the extra fields of a record say. */
function readFields(view: DataView, from: number, length: number): Fields {
	const bigs: number[] = [];
	let modifiedMs: number | null = null;
	for (let at = from; at < from + length;) {
		const [id, size] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
		for (let big = 0; id === 1 && big < size; big += 8) bigs.push(Number(view.getBigUint64(at + 4 + big, true)));
		if (id === 0x5455) modifiedMs = view.getInt32(at + 5, true) * 1000;
		at += 4 + size;
	}
	return { bigs, modifiedMs };
}

/** Where the directory lies and how many entries it has, by the end of the archive. */
function readEnd(view: DataView): { readonly count: number; readonly size: number; readonly start: number } {
	const end = view.byteLength - 22;
	must(view.getUint32(end, true) === 0x06054b50, 'its end');
	const plain = {
		count: view.getUint16(end + 10, true),
		size: view.getUint32(end + 12, true),
		start: view.getUint32(end + 16, true)
	};
	if (plain.count < 0xffff && plain.size < 0xffff_ffff && plain.start < 0xffff_ffff) return plain;
	must(view.getUint32(end - 20, true) === 0x07064b50, 'the way to its end of 64 bits');
	const at = Number(view.getBigUint64(end - 12, true));
	must(view.getUint32(at, true) === 0x06064b50, 'its end of 64 bits');
	const [count, size, start] = [32, 40, 48].map((offset) => Number(view.getBigUint64(at + offset, true)));
	return { count: count ?? 0, size: size ?? 0, start: start ?? 0 };
}

/** The entries of a stored zip archive, in the order of its directory; throws where anything in it does not fit. */
export function readZip(whole: Uint8Array): ReadEntry[] {
	const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
	const decoder = new TextDecoder('utf-8', { fatal: true });
	const { count, size, start } = readEnd(view);
	const entries: ReadEntry[] = [];
	let [at, next] = [start, 0];
	for (let entry = 0; entry < count; entry++) {
		must(view.getUint32(at, true) === 0x02014b50, 'a record of its directory');
		must((view.getUint16(at + 8, true) & 0x0800) !== 0 && view.getUint16(at + 10, true) === 0, 'stored, in UTF-8');
		const [crc, small, name, extra] = [
			view.getUint32(at + 16, true),
			view.getUint32(at + 24, true),
			view.getUint16(at + 28, true),
			view.getUint16(at + 30, true)
		];
		const path = decoder.decode(whole.subarray(at + 46, at + 46 + name));
		const { bigs, modifiedMs } = readFields(view, at + 46 + name, extra);
		const isBig = small === 0xffff_ffff;
		const sizeBytes = isBig ? (bigs.shift() ?? NaN) : small;
		if (isBig) must(bigs.shift() === sizeBytes, 'stored bytes are as many as there are');
		const offset =
			view.getUint32(at + 42, true) === 0xffff_ffff ? (bigs.shift() ?? NaN) : view.getUint32(at + 42, true);
		must(offset === next && view.getUint32(offset, true) === 0x04034b50, `the header of ${path}`);
		const [ownName, ownExtra] = [view.getUint16(offset + 26, true), view.getUint16(offset + 28, true)];
		must(decoder.decode(whole.subarray(offset + 30, offset + 30 + ownName)) === path, `the name of ${path}`);
		const from = offset + 30 + ownName + ownExtra;
		const bytes = whole.subarray(from, from + sizeBytes);
		const after = from + sizeBytes;
		must(view.getUint32(after, true) === 0x08074b50 && view.getUint32(after + 4, true) === crc, `the sum of ${path}`);
		must(crc32(bytes) === crc, `the bytes of ${path}`);
		const said = isBig ? Number(view.getBigUint64(after + 16, true)) : view.getUint32(after + 12, true);
		must(said === sizeBytes, `the size of ${path}`);
		const isFolder = path.endsWith('/');
		entries.push({ path, isFolder, sizeBytes, modifiedMs, crc, isBig, bytes });
		next = after + (isBig ? 24 : 16);
		at += 46 + name + extra;
	}
	must(next === start && at === start + size, 'nothing lies between');
	return entries;
}
