import { ed25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { deviceId, invariant, type DeviceId } from '#core/kernel';
import { keyPair, type KeyPair } from './handshake.ts';

/** Length of a device's seed and of each key that comes of it. */
export const deviceSeedBytes = 32;
const deviceIdBytes = 16;

/** What a device proves itself with: Ed25519 (RFC 8032) for what it says, X25519 (RFC 7748) for channels. */
export type DeviceKeys = { readonly signing: KeyPair; readonly channel: KeyPair };

function derive(seed: Uint8Array, purpose: string): Uint8Array {
	return hkdf(sha256, seed, undefined, utf8ToBytes(`atoll/1/device/${purpose}`), deviceSeedBytes);
}

/** Both keys of a device, from the one seed that it keeps; neither tells anything of the other. */
export function deviceKeys(seed: Uint8Array): DeviceKeys {
	invariant(seed.length === deviceSeedBytes, 'a device seed has 32 bytes');
	const signing = derive(seed, 'signing');
	return {
		signing: { secret: signing, public: ed25519.getPublicKey(signing) },
		channel: keyPair(derive(seed, 'channel'))
	};
}

/** The id of a new device: 128 bits that only the holder of this key's secret can claim with right. */
export function deviceIdOfKey(signingKey: Uint8Array): DeviceId {
	const hash = sha256(concatBytes(utf8ToBytes('atoll/1/device/id'), signingKey));
	return deviceId(bytesToHex(hash.subarray(0, deviceIdBytes)));
}
