import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { isSameBytes, isSigned, packParts, signatureBytes, signStatement, type KeyPair } from '#core/crypto';

const hintBytes = 8;
export const passBytes = hintBytes + signatureBytes;

/** What a pass is for: to keep the place of a key, or to call a place. `about`: that key, or that place. */
export type PassUse = {
	readonly use: 'hold' | 'call';
	readonly about: Uint8Array;
	/** Of the relay, for this one connection. */
	readonly challenge: Uint8Array;
};

function hintOf(key: Uint8Array, challenge: Uint8Array): Uint8Array {
	return sha256(packParts(utf8ToBytes('atoll/1/relay/hint'), challenge, key)).subarray(0, hintBytes);
}

const signedBody = ({ about, challenge }: PassUse) => packParts(challenge, about);
const statementOf = ({ use }: PassUse) => `relay-${use}`;

/** Shows to whoever knows this device's key that it is there; to all others it is bytes that tell nothing. */
export function makePass(signing: KeyPair, use: PassUse): Uint8Array {
	const signature = signStatement(signing, statementOf(use), signedBody(use));
	return Uint8Array.of(...hintOf(signing.public, use.challenge), ...signature);
}

/** Which of those that have `keys` (Ed25519) shows that pass, for that use; null where it is none of them. */
export function passHolder(pass: Uint8Array, use: PassUse, keys: readonly Uint8Array[]): Uint8Array | null {
	if (pass.length !== passBytes) return null;
	const [hint, signature] = [pass.subarray(0, hintBytes), pass.subarray(hintBytes)];
	const holder = keys.find((key) => isSameBytes(hintOf(key, use.challenge), hint));
	return holder !== undefined && isSigned(holder, statementOf(use), signedBody(use), signature) ? holder : null;
}
