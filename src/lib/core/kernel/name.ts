/**
 * Names as a disk has them, in a form that SQLite's UTF-8 text can hold.
 *
 * A Linux name is any bytes but `/` and NUL. Bytes that are not UTF-8 are carried as the code points
 * U+EF80..U+EFFF (byte 0x80..0xFF), the scheme of MirBSD's OPTU-8; a valid name that already contains
 * such a code point has that code point's own bytes carried the same way, so the mapping stays one to one.
 */
const rawBase = 0xef00;
const hasRaw = /[\uef80-\uefff]/;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Length in bytes of the valid UTF-8 sequence at `at`, or 0 where there is none (RFC 3629). */
function sequenceLength(bytes: Uint8Array, at: number): number {
	const lead = bytes[at] ?? 0;
	const length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
	if (length < 2 || at + length > bytes.length) return length === 1 ? 1 : 0;
	try {
		strict.decode(bytes.subarray(at, at + length));
		return length;
	} catch {
		return 0;
	}
}

/** The name that `bytes` stand for; never fails, and `nameToBytes` gives the same bytes back. */
export function bytesToName(bytes: Uint8Array): string {
	let text = '';
	for (let at = 0; at < bytes.length;) {
		const length = sequenceLength(bytes, at);
		const piece = length > 0 ? strict.decode(bytes.subarray(at, at + length)) : '';
		if (length === 0 || hasRaw.test(piece)) {
			for (const byte of bytes.subarray(at, at + Math.max(1, length))) text += String.fromCharCode(rawBase + byte);
		} else text += piece;
		at += Math.max(1, length);
	}
	return text;
}

/** The bytes on disk of a name made by `bytesToName`, or of any text without lone surrogates. */
export function nameToBytes(name: string): Uint8Array {
	if (!hasRaw.test(name)) return encoder.encode(name);
	const bytes: number[] = [];
	for (const char of name) {
		const code = char.codePointAt(0) ?? 0;
		if (hasRaw.test(char)) bytes.push(code - rawBase);
		else bytes.push(...encoder.encode(char));
	}
	return Uint8Array.from(bytes);
}

const plainAscii = /^[\x20-\x7e]*$/;
const marks = /\p{M}+/gu;

/** The form in which names are compared when a person searches: no case, no accents, one Unicode form. */
export function foldName(name: string): string {
	return plainAscii.test(name) ? name.toLowerCase() : name.normalize('NFKD').replace(marks, '').toLowerCase();
}

const digits = /\d+/g;
/** Digits after which a run of digits is compared as text: keeps keys short and the length mark one letter. */
const digitRunMax = 26;

/**
 * A key whose plain byte order is the order people expect: no case, no accents, `2` before `10`.
 * Each run of digits is led by a letter for its length, without leading zeros.
 */
export function nameSortKey(name: string): string {
	const folded = foldName(name);
	if (!/\d/.test(folded)) return folded;
	return folded.replace(digits, (run) => {
		const bare = run.replace(/^0+(?=\d)/, '');
		return bare.length > digitRunMax ? run : `0${String.fromCharCode(96 + bare.length)}${bare}`;
	});
}

/** The extension in lower case without its dot; empty for `.profile`, `README` and `name.`. */
export function nameExtension(name: string): string {
	const dot = name.lastIndexOf('.');
	return dot > 0 && dot < name.length - 1 ? name.slice(dot + 1).toLowerCase() : '';
}
