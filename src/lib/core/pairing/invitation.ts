import { base64urlnopad } from '@scure/base';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { packParts, secretBytes, unpackParts } from '#core/crypto';
import { err, invariant, ok, type Result } from '#core/kernel';
import type { InvitationFailure } from './schema.ts';

const version = 1;
/** What follows the `#`: a key that no other fragment of the app has, the version, the rest. */
const fragmentShape = /^pair=(\d{1,4})\.([A-Za-z0-9_-]*)$/;
/** A QR code of this many letters can still be read from a screen. */
const invitationLettersMax = 1_500;
/** Ways to reach the device that shows the invitation: more than it has networks. */
const addressesMax = 8;
const addressLettersMax = 120;
/** Milliseconds since 1970 in eight bytes. */
const timeBytes = 8;
/** How far the clocks of two devices may differ. The device that shows the invitation ends it to the millisecond. */
const driftMsMax = 5 * 60_000;

/** What the address holds that a person opens, or scans as a QR code. */
export type Invitation = {
	/** 128 random bits that only the two devices have. */
	readonly secret: Uint8Array;
	/** When it ends, by the clock of the device that shows it. */
	readonly expiresMs: number;
	/** How to reach that device; what they mean is between the carriers. */
	readonly addresses: readonly string[];
};

const isAddress = (text: string) => /^[\x21-\x7e]+$/.test(text) && text.length <= addressLettersMax;

function timeToBytes(timeMs: number): Uint8Array {
	const bytes = new Uint8Array(timeBytes);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(timeMs));
	return bytes;
}

function bytesToTime(bytes: Uint8Array): number {
	return Number(new DataView(bytes.buffer, bytes.byteOffset, timeBytes).getBigUint64(0));
}

/** The invitation as an address: `app` and a fragment, which no browser sends to a server. */
export function printInvitation(app: string, { secret, expiresMs, addresses }: Invitation): string {
	invariant(secret.length === secretBytes, 'the secret of an invitation has 16 bytes');
	invariant(
		addresses.length <= addressesMax && addresses.every(isAddress),
		'an invitation holds a few short addresses'
	);
	const parts = packParts(secret, timeToBytes(expiresMs), ...addresses.map(utf8ToBytes));
	const text = `${app.replace(/#.*$/s, '')}#pair=${version}.${base64urlnopad.encode(parts)}`;
	invariant(text.length <= invitationLettersMax, 'an invitation is short enough to be scanned');
	return text;
}

function decode(text: string): readonly Uint8Array[] | null {
	try {
		return unpackParts(base64urlnopad.decode(text), 2 + addressesMax);
	} catch {
		return null;
	}
}

/** What an invitation of any origin says; touches nothing and reaches nobody. `nowMs` is the clock of this device. */
export function parseInvitation(text: string, nowMs: number): Result<Invitation, InvitationFailure> {
	const shape =
		text.length > invitationLettersMax ? null : fragmentShape.exec(text.slice(text.indexOf('#') + 1).trim());
	if (shape === null) return err({ type: 'NotAnInvitation' });
	const found = Number(shape[1]);
	if (found !== version)
		return err(found > version ? { type: 'InvitationNewer', version: found } : { type: 'InvitationDamaged' });
	const [secret, time, ...rest] = decode(shape[2] ?? '') ?? [];
	if (secret?.length !== secretBytes || time?.length !== timeBytes) return err({ type: 'InvitationDamaged' });
	const addresses = rest.map((part) => String.fromCharCode(...part.subarray(0, addressLettersMax + 1)));
	if (!addresses.every(isAddress)) return err({ type: 'InvitationDamaged' });
	const expiresMs = bytesToTime(time);
	if (!Number.isSafeInteger(expiresMs)) return err({ type: 'InvitationDamaged' });
	return expiresMs + driftMsMax <= nowMs ? err({ type: 'InvitationExpired' }) : ok({ secret, expiresMs, addresses });
}
