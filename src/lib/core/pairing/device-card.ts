import { deviceId, invariant } from '#core/kernel';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { deviceIdOfKey, isSigned, packParts, signStatement, unpackParts, type DeviceKeys } from '#core/crypto';
import type { DeviceCard, DeviceKind } from './schema.ts';

const statementKind = 'device-card';
/** Of a name: enough to tell devices apart, and to show on one line. */
const nameLettersMax = 64;
const nameBytesMax = nameLettersMax * 4;
const idBytes = 16;
const keyBytes = 32;
const kinds: readonly DeviceKind[] = ['browser', 'peer'];
/** Body and signature. */
const cardParts = 2;
/** Id, kind, name and two keys. */
const bodyParts = 5;

/** A name as it is shown: without what turns lines, hides letters or breaks a line, and not longer than 64 letters. */
export function tidyName(name: string): string {
	const shown = name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '').trim();
	return Array.from(shown).slice(0, nameLettersMax).join('').trim();
}

/** The text of UTF-8 bytes that are a name as it is shown, and not empty; else null. */
export function readName(bytes: Uint8Array): string | null {
	if (bytes.length > nameBytesMax) return null;
	try {
		const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
		return name !== '' && tidyName(name) === name ? name : null;
	} catch {
		return null;
	}
}

/** The card of the device that holds `keys`, signed by it. */
export function printCard(keys: DeviceKeys, card: Pick<DeviceCard, 'id' | 'kind' | 'name'>): Uint8Array {
	invariant(card.name !== '' && tidyName(card.name) === card.name, 'a device has a name, and a tidy one');
	const body = packParts(
		hexToBytes(card.id),
		utf8ToBytes(card.kind),
		utf8ToBytes(card.name),
		keys.signing.public,
		keys.channel.public
	);
	return packParts(body, signStatement(keys.signing, statementKind, body));
}

/**
 * What a card of any origin says, or null where it is none or its signature is not that of the key in it. It proves that
 * the holder of the signing key speaks for the channel key; that the other side holds that key is for the handshake.
 */
export function parseCard(bytes: Uint8Array): DeviceCard | null {
	const [body, signature, ...more] = unpackParts(bytes, cardParts) ?? [];
	if (body === undefined || signature === undefined || more.length > 0) return null;
	const [id, kindBytes, nameBytes, signingKey, channelKey] = unpackParts(body, bodyParts) ?? [];
	if (id?.length !== idBytes || signingKey?.length !== keyBytes || channelKey?.length !== keyBytes) return null;
	const kind = kinds.find((known) => known === String.fromCharCode(...(kindBytes?.subarray(0, idBytes) ?? [])));
	const name = nameBytes === undefined ? null : readName(nameBytes);
	if (kind === undefined || name === null || !isSigned(signingKey, statementKind, body, signature)) return null;
	return { id: deviceId(bytesToHex(id)), kind, name, signingKey, channelKey };
}

/** Whether only the holder of its key can have that id. Ids of devices from before there were keys are drawn by chance. */
export function isIdOfKey(card: DeviceCard): boolean {
	return card.id === deviceIdOfKey(card.signingKey);
}
