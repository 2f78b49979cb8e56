import { invariant, nameExtension } from '#core/kernel';
import { fileKinds, fileTypes, type FileKind, type FileTypeRow } from './file-types.ts';
import { signatures } from './signatures.ts';

/** What a file is taken for. `confidence` goes from 0, no idea, to 100, its name and its bytes agree. */
export type FoundType = { readonly type: FileTypeRow; readonly confidence: number };

type Pattern = {
	readonly at: number;
	readonly bytes: readonly (number | null)[];
	/** How many bytes it names. */
	readonly exact: number;
	readonly type: FileTypeRow;
};

const byId = new Map(fileTypes.map((type) => [type.id, type]));
const byExtension = new Map<string, FileTypeRow[]>();
for (const type of fileTypes)
	for (const extension of type.extensions.split(' ').filter(Boolean))
		byExtension.set(extension, [...(byExtension.get(extension) ?? []), type]);

function known(id: string): FileTypeRow {
	const type = byId.get(id);
	invariant(type !== undefined, `the file type ${id} has a row`);
	return type;
}

const binary = known('binary');
const plainText = known('text');

function toPattern(id: string, at: number, hex: string): Pattern {
	const bytes = (hex.match(/../g) ?? []).map((pair) => (pair === '..' ? null : Number.parseInt(pair, 16)));
	return { at, type: known(id), bytes, exact: bytes.filter((byte) => byte !== null).length };
}

/** The longest come first, as `ftypqt  ` says more than `ftyp`. */
const patterns = signatures.map(([id, at, hex]) => toPattern(id, at, hex)).toSorted((a, b) => b.exact - a.exact);
/** Those that a file may fit, by its first byte: most are ruled out by it. */
const patternsByFirst = Array.from({ length: 256 }, (_, first) =>
	patterns.filter(({ at, bytes }) => at > 0 || bytes[0] === null || bytes[0] === first)
);
const signed = new Set(patterns.map(({ type }) => type));

/** The type of an id as the database holds it; null where no row has it any more. */
export function typeById(id: string): FileTypeRow | null {
	return byId.get(id) ?? null;
}

/** The likeliest type of a file by the end of its name alone. */
export function typeOfName(name: string): FileTypeRow | null {
	return byExtension.get(nameExtension(name))?.[0] ?? null;
}

/**
 * What a copy called `name` is, of a content whose bytes showed `seen`: bytes do not tell one kind of text from another,
 * names do, and empty files have nothing but their names.
 */
export function typeOfCopy(name: string, sizeBytes: number, seen: string | null): FileTypeRow | null {
	const named = typeOfName(name);
	const shown = seen === null || sizeBytes === 0 ? null : typeById(seen);
	if (shown === null) return named;
	return named?.text === true && shown.text === true ? named : shown;
}

export function kindCode(kind: FileKind): number {
	return fileKinds.indexOf(kind);
}

/** Whether the bytes of `pattern` stand in `first`: a loop of its own, as it runs for each of a million files. */
function matches({ at, bytes }: Pattern, first: Uint8Array): boolean {
	if (at + bytes.length > first.length) return false;
	for (let index = 0; index < bytes.length; index++) {
		const byte = bytes[index];
		if (byte !== null && first[at + index] !== byte) return false;
	}
	return true;
}

function typeOfBytes(first: Uint8Array): FileTypeRow | null {
	const found = patternsByFirst[first[0] ?? 0]?.find((pattern) => matches(pattern, first));
	if (found === undefined) return null;
	// A text may begin with the two letters of a program.
	return found.exact < tellingMin && looksLikeText(first) ? null : found.type;
}

/** Fewer bytes than these say nothing of what reads as text. */
const tellingMin = 4;
const strict = new TextDecoder('utf-8', { fatal: true });
/** Bytes that are looked at to tell text: enough for any header, cheap for a million files. */
const sniffedMax = 4_096;

/** Whether `first` reads as text: UTF-8, or UTF-16 by its mark, without the control letters that no text has. */
export function looksLikeText(first: Uint8Array): boolean {
	const bytes = first.subarray(0, sniffedMax);
	if (bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)))
		return true;
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at] ?? 0;
		if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) return false;
	}
	// A letter may be cut in two where the bytes end.
	for (let cut = 0; cut < Math.min(4, bytes.length + 1); cut++) {
		try {
			strict.decode(bytes.subarray(0, bytes.length - cut));
			return true;
		} catch {
			if (bytes.length < sniffedMax && first.length < sniffedMax) return false;
		}
	}
	return false;
}

/**
 * What a file is, from the end of its name and its first bytes. Where the two disagree the bytes are believed; a
 * type that is packed in another, as a Word document in a ZIP archive, is believed by its name.
 */
export function findType(name: string, first: Uint8Array): FoundType {
	const named = byExtension.get(nameExtension(name)) ?? [];
	const [likeliest] = named;
	// All empty files are one content, whatever they are called.
	if (first.length === 0) return { type: binary, confidence: 0 };
	const shown = typeOfBytes(first);
	if (shown !== null) {
		if (named.includes(shown)) return { type: shown, confidence: 100 };
		const packed = named.find((type) => type.inside === shown.id);
		if (packed !== undefined) return { type: packed, confidence: 95 };
		return { type: shown, confidence: likeliest === undefined ? 90 : 70 };
	}
	const isText = looksLikeText(first);
	const fitting = named.find((type) => (type.text === true) === isText && !signed.has(type));
	if (fitting !== undefined) return { type: fitting, confidence: isText ? 85 : 60 };
	if (isText) return { type: plainText, confidence: likeliest === undefined ? 80 : 50 };
	return likeliest === undefined || likeliest.text === true
		? { type: binary, confidence: 20 }
		: { type: likeliest, confidence: 30 };
}
