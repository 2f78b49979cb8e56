import {
	bytesToName,
	contentKey,
	deviceId,
	err,
	nameToBytes,
	ok,
	volumeKey,
	type ContentKey,
	type DeviceId,
	type Result,
	type VolumeKey
} from '#core/kernel';

/**
 * What an `atoll://` address names:
 * - `atoll://<device>/<volume>/<path>`: a file or folder of a volume of one device
 * - `atoll://cloud/<volume>/<path>`: one of a volume that belongs to no device
 * - `atoll://content/<content>`: bytes, wherever a copy of them is
 */
export type Address =
	| { readonly kind: 'device'; readonly device: DeviceId; readonly volume: VolumeKey; readonly path: readonly string[] }
	| { readonly kind: 'cloud'; readonly volume: VolumeKey; readonly path: readonly string[] }
	| { readonly kind: 'content'; readonly content: ContentKey };

export type AddressFailure = {
	readonly type: 'AddressInvalid';
	readonly reason: 'too-long' | 'no-scheme' | 'no-device' | 'no-volume' | 'no-content' | 'path';
};

/** A path of 1,000 names of 255 bytes that all need an escape comes to 766,000; nobody has one that deep. */
const addressBytesMax = 1_048_576;
const scheme = 'atoll://';
const hex128 = /^[0-9a-f]{32}$/;
const hex256 = /^[0-9a-f]{64}$/;
/** RFC 3986's unreserved characters: what needs no escape anywhere. */
const unreserved = /[A-Za-z0-9._~-]/;

function invalid(reason: AddressFailure['reason']): Result<never, AddressFailure> {
	return err({ type: 'AddressInvalid', reason });
}

function printSegment(name: string): string {
	return Array.from(nameToBytes(name), (byte) => {
		const letter = String.fromCharCode(byte);
		return unreserved.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
	}).join('');
}

/** The one text of an address: letters, digits and `-._~:/%`, so that it survives mail, shells and spreadsheets. */
export function printAddress(address: Address): string {
	if (address.kind === 'content') return `${scheme}content/${address.content}`;
	const authority = address.kind === 'cloud' ? 'cloud' : address.device;
	return scheme + [authority, address.volume, ...address.path.map(printSegment)].join('/');
}

/** The bytes that a segment stands for; null where an escape is cut short or no hex. */
function decodeSegment(segment: string): Uint8Array | null {
	const bytes = new Uint8Array(segment.length);
	let length = 0;
	for (let at = 0; at < segment.length; at++) {
		if (segment[at] !== '%') {
			bytes[length++] = segment.charCodeAt(at);
			continue;
		}
		const digits = segment.slice(at + 1, at + 3);
		if (!/^[0-9a-fA-F]{2}$/.test(digits)) return null;
		bytes[length++] = Number.parseInt(digits, 16);
		at += 2;
	}
	return bytes.subarray(0, length);
}

/** The names of a path, or null where one could not be a name or would lead elsewhere. */
function parsePath(segments: readonly string[]): string[] | null {
	const names: string[] = [];
	for (const [at, segment] of segments.entries()) {
		// One slash at the end says no more than none.
		if (segment === '' && at === segments.length - 1) break;
		const bytes = decodeSegment(segment);
		if (bytes === null || bytes.length === 0 || bytes.includes(0) || bytes.includes(0x2f)) return null;
		const name = bytesToName(bytes);
		if (name === '.' || name === '..') return null;
		names.push(name);
	}
	return names;
}

/** One letter for each byte, so that names which are not UTF-8 come through. */
function lettersOf(bytes: Uint8Array): string {
	let text = '';
	for (const byte of bytes) text += String.fromCharCode(byte);
	return text;
}

/** What `bytes` (an address in UTF-8, escaped or not) name. Never fails otherwise than by its answer. */
export function parseAddress(bytes: Uint8Array): Result<Address, AddressFailure> {
	if (bytes.length > addressBytesMax) return invalid('too-long');
	const text = lettersOf(bytes);
	if (text.slice(0, scheme.length).toLowerCase() !== scheme) return invalid('no-scheme');
	const [first = '', second = '', ...rest] = text.slice(scheme.length).split('/');
	const authority = first.toLowerCase();
	const key = second.toLowerCase();
	if (authority === 'content') {
		const isEnd = rest.length === 0 || (rest.length === 1 && rest[0] === '');
		return hex256.test(key) && isEnd ? ok({ kind: 'content', content: contentKey(key) }) : invalid('no-content');
	}
	if (authority !== 'cloud' && !hex128.test(authority)) return invalid('no-device');
	if (!hex128.test(key)) return invalid('no-volume');
	const path = parsePath(rest);
	if (path === null) return invalid('path');
	const volume = volumeKey(key);
	if (authority === 'cloud') return ok({ kind: 'cloud', volume, path });
	return ok({ kind: 'device', device: deviceId(authority), volume, path });
}
