import type { SqliteModule } from '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.mjs';

/** Room for the values of one execution; longer ones get a block of their own. */
const arenaBytes = 65_536;
/** Up to here a loop is quicker than the platform's coder. */
const shortText = 48;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Text and bytes inside SQLite's memory: lent to one execution at a time, as nothing here runs in between. */
export class Memory {
	readonly module: SqliteModule;
	readonly #arena: number;
	#used = 0;
	#extra: number[] = [];

	constructor(module: SqliteModule) {
		this.module = module;
		this.#arena = module._malloc(arenaBytes);
	}

	/** Takes back everything lent. */
	reset(): void {
		this.#used = 0;
		for (const block of this.#extra) this.module._free(block);
		this.#extra = [];
	}

	reserve(bytes: number): number {
		const aligned = (bytes + 7) & ~7;
		if (this.#used + aligned > arenaBytes) {
			const block = this.module._malloc(aligned);
			if (block === 0) throw new RangeError('no memory left for a value');
			this.#extra.push(block);
			return block;
		}
		const pointer = this.#arena + this.#used;
		this.#used += aligned;
		return pointer;
	}

	/** Lends `text` as UTF-8, followed by NUL. */
	lendText(text: string): { readonly pointer: number; readonly bytes: number } {
		const pointer = this.reserve(text.length * 3 + 1);
		const heap = this.module.HEAPU8;
		const bytes = writeAscii(heap, pointer, text) ? text.length : encodeAt(heap, pointer, text);
		heap[pointer + bytes] = 0;
		return { pointer, bytes };
	}

	lendBytes(bytes: Uint8Array): number {
		// One byte at least: a blob without an address would be NULL.
		const pointer = this.reserve(bytes.length + 1);
		this.module.HEAPU8.set(bytes, pointer);
		return pointer;
	}

	text(pointer: number, bytes: number): string {
		const heap = this.module.HEAPU8;
		if (bytes <= shortText) {
			const ascii = readAscii(heap, pointer, bytes);
			if (ascii !== null) return ascii;
		}
		return decoder.decode(heap.subarray(pointer, pointer + bytes));
	}

	bytes(pointer: number, length: number): Uint8Array {
		return this.module.HEAPU8.slice(pointer, pointer + length);
	}
}

function writeAscii(heap: Uint8Array, pointer: number, text: string): boolean {
	if (text.length > shortText) return false;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code > 0x7f) return false;
		heap[pointer + at] = code;
	}
	return true;
}

function encodeAt(heap: Uint8Array, pointer: number, text: string): number {
	return encoder.encodeInto(text, heap.subarray(pointer, pointer + text.length * 3)).written;
}

function readAscii(heap: Uint8Array, pointer: number, bytes: number): string | null {
	let text = '';
	for (let at = pointer; at < pointer + bytes; at++) {
		const code = heap[at] ?? 0x80;
		if (code > 0x7f) return null;
		text += String.fromCharCode(code);
	}
	return text;
}
