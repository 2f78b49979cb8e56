import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { keyBytes, packParts, unpackParts } from '#core/crypto';
import { libraryId } from '#core/kernel';
import { readName, tidyName } from './device-card.ts';
import type { Welcome } from './schema.ts';

/** What the two say to each other, in this order; `share` only behind the door of a short code. */
export type MessageKind = 'share' | 'first' | 'second' | 'third' | 'sealed' | 'refused';
/** What is in a sealed one. */
export type SealedKind = 'welcome' | 'kept' | 'refused';

const kinds: readonly MessageKind[] = ['share', 'first', 'second', 'third', 'sealed', 'refused'];
const sealedKinds: readonly SealedKind[] = ['welcome', 'kept', 'refused'];
/** The longest holds a card behind a handshake's keys. */
const messageBytesMax = 2_048;
const partsMax = 4;
const idBytes = 16;

function print(place: number, parts: readonly Uint8Array[]): Uint8Array {
	return packParts(Uint8Array.of(place), ...parts);
}

function parse<Kind>(
	bytes: Uint8Array,
	known: readonly Kind[]
): { readonly kind: Kind; readonly parts: readonly Uint8Array[] } | null {
	const [tag, ...parts] = bytes.length > messageBytesMax ? [] : (unpackParts(bytes, partsMax) ?? []);
	const kind = tag?.length === 1 ? known[tag[0] ?? known.length] : undefined;
	return kind === undefined ? null : { kind, parts };
}

export function printMessage(kind: MessageKind, ...parts: readonly Uint8Array[]): Uint8Array {
	return print(kinds.indexOf(kind), parts);
}

/** The parts of a message of that kind, exactly `count` of them; null for all other bytes. */
export function partsOf(bytes: Uint8Array, kind: MessageKind, count: number): readonly Uint8Array[] | null {
	const message = parse(bytes, kinds);
	return message?.kind === kind && message.parts.length === count ? message.parts : null;
}

export function printSealed(kind: SealedKind, ...parts: readonly Uint8Array[]): Uint8Array {
	return print(sealedKinds.indexOf(kind), parts);
}

export function parseSealed(bytes: Uint8Array): ReturnType<typeof parse<SealedKind>> {
	return parse(bytes, sealedKinds);
}

export function printWelcome({ library, libraryKey, libraryName }: Welcome): Uint8Array {
	// A name of letters that do not show is none to the other side; the real one comes when the library is kept in step.
	return printSealed('welcome', hexToBytes(library), libraryKey, utf8ToBytes(tidyName(libraryName) || library));
}

export function parseWelcome([id, libraryKey, nameBytes, ...more]: readonly Uint8Array[]): Welcome | null {
	if (id?.length !== idBytes || libraryKey?.length !== keyBytes || nameBytes === undefined || more.length > 0)
		return null;
	const libraryName = readName(nameBytes);
	return libraryName === null ? null : { library: libraryId(bytesToHex(id)), libraryKey, libraryName };
}
