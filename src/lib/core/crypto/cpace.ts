import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { invariant } from '#core/kernel';
import { packParts } from './parts.ts';

const domain = utf8ToBytes('CPaceRistretto255');
const keyDomain = utf8ToBytes('CPaceRistretto255_ISK');
const confirmDomain = utf8ToBytes('CPaceMac');
const hashBlockBytes = 128;
const { Point } = ristretto255;

/** What both sides of a CPace must have alike: the secret, what the exchange is for, and 16 bytes drawn for this one. */
export type CPaceAgreed = {
	readonly password: Uint8Array;
	readonly context: Uint8Array;
	readonly session: Uint8Array;
};

/** What a side sends: its share, and data that both sides end up agreeing on. */
export type CPaceMessage = { readonly share: Uint8Array; readonly data: Uint8Array };

/** Of both sides. */
export type CPaceMessages = { readonly initiator: CPaceMessage; readonly responder: CPaceMessage };

/** What both sides know in the end, if they had the same secret; 64 bytes each. */
export type CPaceKeys = {
	readonly key: Uint8Array;
	/** The tag that proves to the other side that this one has the key; the initiator's and the responder's differ. */
	confirmation(message: CPaceMessage): Uint8Array;
};

/** `generator_string` of the draft: the secret fills the hash's first block, so that how long it is does not show. */
export function generatorString({ password, context, session }: CPaceAgreed): Uint8Array {
	const used = packParts(domain, password).length;
	return packParts(domain, password, new Uint8Array(Math.max(0, hashBlockBytes - 1 - used)), context, session);
}

/** A scalar and the share that is sent of it. `seed`: 64 fresh random bytes. */
export function cpaceShare(
	agreed: CPaceAgreed,
	seed: Uint8Array
): { readonly scalar: bigint; readonly share: Uint8Array } {
	// 512 bits leave nothing to see of the reduction to 253.
	const scalar = Point.Fn.create(bytesToNumberLE(sha512(seed)));
	return { scalar, share: shareOf(agreed, scalar) };
}

/** The share of a scalar: the generator that the secret gives, multiplied by it. */
export function shareOf(agreed: CPaceAgreed, scalar: bigint): Uint8Array {
	// Element derivation of RFC 9496, section 4.3.4.
	const generator = ristretto255_hasher.deriveToCurve?.(sha512(generatorString(agreed)));
	invariant(generator !== undefined, 'ristretto255 derives points from bytes');
	return generator.multiply(scalar).toBytes();
}

/** `scalar_mult_vfy` of the draft: null where the share is no point or the neutral one. */
export function multiplyShare(scalar: bigint, share: Uint8Array): Uint8Array | null {
	try {
		const point = Point.fromBytes(share).multiply(scalar);
		return point.equals(Point.ZERO) ? null : point.toBytes();
	} catch {
		return null;
	}
}

/**
 * The keys of a CPace exchange, initiator's message first (draft-irtf-cfrg-cpace, CPACE-RISTR255-SHA512, sections 6.2
 * and 10.4), or null where the exchange must end. Which secret the other side had shows only in its confirmation.
 */
export function cpaceKeys(
	{ session }: Pick<CPaceAgreed, 'session'>,
	scalar: bigint,
	peerShare: Uint8Array,
	messages: CPaceMessages
): CPaceKeys | null {
	const shared = multiplyShare(scalar, peerShare);
	if (shared === null) return null;
	const { initiator, responder } = messages;
	const transcript = packParts(initiator.share, initiator.data, responder.share, responder.data);
	const key = sha512(concatBytes(packParts(keyDomain, session, shared), transcript));
	const confirmKey = sha512(concatBytes(confirmDomain, session, key));
	return { key, confirmation: ({ share, data }) => hmac(sha512, confirmKey, packParts(share, data)) };
}
