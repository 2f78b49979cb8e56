import { ed25519 } from '@noble/curves/ed25519.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { KeyPair } from './handshake.ts';
import { packParts } from './parts.ts';

export const signatureBytes = 64;

/** What is signed: the domain, the kind of statement and what it says, so that none passes for one of another kind. */
function signedBytes(kind: string, body: Uint8Array): Uint8Array {
	return packParts(utf8ToBytes('atoll/1/statement'), utf8ToBytes(kind), body);
}

/** A device's signature (Ed25519, RFC 8032) under a statement of that kind. `body` must be encoded in one way only. */
export function signStatement(signing: KeyPair, kind: string, body: Uint8Array): Uint8Array {
	return ed25519.sign(signedBytes(kind, body), signing.secret);
}

/** Whether the holder of `signingKey` has signed exactly this, for this kind. Keys of small order sign nothing. */
export function isSigned(signingKey: Uint8Array, kind: string, body: Uint8Array, signature: Uint8Array): boolean {
	try {
		return ed25519.verify(signature, signedBytes(kind, body), signingKey, { zip215: false });
	} catch {
		return false;
	}
}
