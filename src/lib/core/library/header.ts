import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { err, libraryId, ok, type LibraryId, type Result } from '#core/kernel';
import { authenticate, headerKey, isAuthentic, pbkdf2RoundsMax, pbkdf2RoundsMin } from '#core/crypto';
import type { LibraryFailure } from './schema.ts';

/** The version of `library.json` that this code writes and reads. */
export const headerFormat = 1;
/** More key slots than a person has ways to open a library. */
const slotsMax = 32;

const hex = (bytes: number) => v.pipe(v.string(), v.regex(/^[0-9a-f]+$/), v.length(bytes * 2));
const sealed = v.pipe(v.string(), v.regex(/^[0-9a-f]+$/), v.maxLength(512));

const passwordSlot = v.strictObject({
	kind: v.literal('password'),
	kdf: v.strictObject({
		name: v.literal('pbkdf2-hmac-sha512'),
		rounds: v.pipe(v.number(), v.integer(), v.minValue(pbkdf2RoundsMin), v.maxValue(pbkdf2RoundsMax)),
		salt: hex(16)
	}),
	sealed
});
const recoverySlot = v.strictObject({ kind: v.literal('recovery'), salt: hex(16), sealed });
const deviceSlot = v.strictObject({ kind: v.literal('device'), device: hex(16), sealed });

const headerSchema = v.strictObject({
	format: v.literal(headerFormat),
	id: v.pipe(
		v.string(),
		v.regex(/^[0-9a-f]{32}$/),
		v.transform((text: string) => libraryId(text))
	),
	createdMs: v.pipe(v.number(), v.integer(), v.minValue(0)),
	cipher: v.strictObject({ name: v.literal('sqlcipher-4'), salt: hex(16) }),
	slots: v.pipe(
		v.array(v.variant('kind', [passwordSlot, recoverySlot, deviceSlot])),
		v.minLength(1),
		v.maxLength(slotsMax)
	),
	/** HMAC under a key of the library: proves after unlocking that nobody changed a slot. */
	mac: hex(32),
	/** Plain digest of all the rest: tells damage from a wrong password before unlocking. */
	checksum: hex(32)
});

export type Header = v.InferOutput<typeof headerSchema>;
export type Slot = Header['slots'][number];
export type UnsignedHeader = Omit<Header, 'mac' | 'checksum'>;

/** The bytes that `mac` covers. Property order is fixed here, so that they never depend on who wrote the file. */
function signedBytes(header: UnsignedHeader): Uint8Array {
	const { format, id, createdMs, cipher, slots } = header;
	return utf8ToBytes(JSON.stringify([format, id, createdMs, cipher.name, cipher.salt, slots.map(slotParts)]));
}

function slotParts(slot: Slot): readonly unknown[] {
	switch (slot.kind) {
		case 'password':
			return [slot.kind, slot.kdf.name, slot.kdf.rounds, slot.kdf.salt, slot.sealed];
		case 'recovery':
			return [slot.kind, slot.salt, slot.sealed];
		case 'device':
			return [slot.kind, slot.device, slot.sealed];
	}
}

/** What a slot's box is bound to: everything in the slot but the box. */
export function slotContext(id: LibraryId, slot: Slot): Uint8Array {
	return utf8ToBytes(JSON.stringify([id, ...slotParts(slot).slice(0, -1)]));
}

function checksumOf(header: UnsignedHeader, mac: string): string {
	return bytesToHex(sha256.create().update(signedBytes(header)).update(utf8ToBytes(mac)).digest());
}

/** `library.json`, signed with the library's key. */
export function printHeader(header: UnsignedHeader, libraryKey: Uint8Array): Uint8Array {
	const mac = bytesToHex(authenticate(headerKey(libraryKey, header.id), signedBytes(header)));
	const { format, id, createdMs, cipher, slots } = header;
	const whole = { format, id, createdMs, cipher, slots, mac, checksum: checksumOf(header, mac) };
	return utf8ToBytes(JSON.stringify(whole, null, '\t') + '\n');
}

/** Whether the header is what the holder of `libraryKey` last wrote. */
export function isHeaderAuthentic(header: Header, libraryKey: Uint8Array): boolean {
	return isAuthentic(headerKey(libraryKey, header.id), signedBytes(header), hexToBytes(header.mac));
}

function damaged(detail: string): Result<never, LibraryFailure> {
	return err({ type: 'LibraryDamaged', detail: `library.json: ${detail}`, retry: 'never' });
}

const versioned = v.looseObject({ format: v.pipe(v.number(), v.integer()) });

function parseJson(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
	} catch {
		return undefined;
	}
}

/** Parses the bytes of a `library.json` of any origin. */
export function parseHeader(bytes: Uint8Array): Result<Header, LibraryFailure> {
	const value = parseJson(bytes);
	const version = v.safeParse(versioned, value);
	if (!version.success) return damaged('not readable');
	const found = version.output.format;
	if (found > headerFormat) return err({ type: 'LibraryNewer', found, known: headerFormat });
	const parsed = v.safeParse(headerSchema, value);
	if (!parsed.success) return damaged(v.getDotPath(parsed.issues[0]) ?? 'not an object');
	const header = parsed.output;
	return header.checksum === checksumOf(header, header.mac) ? ok(header) : damaged('checksum');
}
