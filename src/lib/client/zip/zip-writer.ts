import { crc32 } from './crc32.ts';
import { dataDescriptor, directoryRecord, endRecords, localHeader } from './records.ts';

/** Takes the bytes of an archive, one piece after the other, and answers when it wants more. */
export type Sink = (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;

export type ZipFile = {
	/** A path below the top, as `ZipNames` gives it. */
	readonly path: string;
	readonly modifiedMs: number | null;
	/** How many bytes there will be. */
	readonly sizeBytes: number;
};

/** Fewer fit into 32 bits. */
const bigFrom = 0xffff_ffff;
/** A name's length is written in 16 bits. */
const nameBytesMax = 0xffff;
/** The directory goes out in pieces of about so much. */
const pieceBytes = 64 * 1024;

const encoder = new TextEncoder();

/** What was said does not come: more or fewer bytes, or a path longer than an archive can say. */
export class ZipMismatch extends Error {
	override readonly name = 'ZipMismatch';
}

/**
 * Writes a zip archive from its beginning to its end, holding no more of it than a line for each entry: bytes are stored
 * as they come. An archive that `finish` was not called for is none.
 */
export class ZipWriter {
	readonly #sink: Sink;
	readonly #bigFrom: number;
	readonly #directory: Uint8Array<ArrayBuffer>[] = [];
	#offset = 0;

	/** `from`: files of so many bytes are written in 64 bits. */
	constructor(sink: Sink, from: number = bigFrom) {
		this.#sink = sink;
		this.#bigFrom = from;
	}

	async addFolder({ path, modifiedMs }: Omit<ZipFile, 'sizeBytes'>): Promise<void> {
		await this.#add({ path: `${path}/`, modifiedMs, sizeBytes: 0 }, true, []);
	}

	/** Throws `ZipMismatch` where there are not as many bytes as was said; then the archive is to be given up. */
	async addFile(file: ZipFile, pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<void> {
		await this.#add(file, false, pieces);
	}

	async #add(
		{ path, modifiedMs, sizeBytes }: ZipFile,
		isFolder: boolean,
		pieces: AsyncIterable<Uint8Array<ArrayBuffer>> | readonly []
	): Promise<void> {
		const name = encoder.encode(path);
		if (name.length > nameBytesMax) throw new ZipMismatch('the path is too long');
		const isBig = sizeBytes >= this.#bigFrom;
		const offset = this.#offset;
		await this.#write(localHeader({ name, modifiedMs, isBig }));
		let [crc, count] = [0, 0];
		for await (const piece of pieces) {
			count += piece.length;
			if (count > sizeBytes) break;
			crc = crc32(crc, piece);
			await this.#write(piece);
		}
		if (count !== sizeBytes) throw new ZipMismatch('the file has another size by now');
		await this.#write(dataDescriptor({ crc, sizeBytes, isBig }));
		this.#directory.push(directoryRecord({ name, isFolder, modifiedMs, crc, sizeBytes, offset, isBig }));
	}

	/** Ends the archive. */
	async finish(): Promise<void> {
		const start = this.#offset;
		for (let from = 0; from < this.#directory.length;) {
			let [to, length] = [from, 0];
			while (to < this.#directory.length && length < pieceBytes) length += this.#directory[to++]?.length ?? 0;
			await this.#write(joined(this.#directory.slice(from, to), length));
			from = to;
		}
		await this.#write(endRecords(this.#directory.length, this.#offset - start, start));
	}

	async #write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
		this.#offset += bytes.length;
		await this.#sink(bytes);
	}
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
	const whole = new Uint8Array(length);
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
