import { isSameBytes, isSigned, signatureBytes, signStatement, type DeviceKeys } from '#core/crypto';
import { ok, type Result } from '#core/kernel';
import type { Aead, ClockPort, RandomPort } from '#core/ports';
import type { SecureSide } from './handshake-talk.ts';
import type { Link } from './link.ts';
import { secureLink, type SecureFailure } from './secure-link.ts';

const statementKind = 'channel-key';
const keyBytes = 32;
const nothing = new Uint8Array(0);

/** What a device says with its channel key: which device it is, signed by it. */
export function printDeviceProof({ signing, channel }: DeviceKeys): Uint8Array {
	const signature = signStatement(signing, statementKind, channel.public);
	return Uint8Array.from([...signing.public, ...signature]);
}

/** The device key that speaks for `channelKey`, or null where the proof, of any origin, is none. */
export function readDeviceProof(proof: Uint8Array, channelKey: Uint8Array): Uint8Array | null {
	if (proof.length !== keyBytes + signatureBytes) return null;
	const deviceKey = proof.slice(0, keyBytes);
	const isTheirs = isSigned(deviceKey, statementKind, channelKey, proof.slice(keyBytes));
	return isTheirs ? deviceKey : null;
}

export type DeviceLinkOptions = {
	readonly side: SecureSide;
	/** What both ends know of the carrier (`SecureOptions.binding`); nothing where it is left out. */
	readonly binding?: Uint8Array;
	readonly own: DeviceKeys;
	readonly clock: ClockPort;
	readonly random: RandomPort;
	readonly aead: Aead | null;
	/** Whether this device talks to the one with that Ed25519 key. It was told nothing of this device before. */
	readonly isWelcome: (deviceKey: Uint8Array) => boolean;
};

/** A link, and the Ed25519 key of the device at its other end. */
export type DeviceLink = { readonly link: Link; readonly deviceKey: Uint8Array };

/**
 * Makes of `carrier` a link to a device that has proved by which key devices of a library know it: whoever carried it, the
 * answer to "who is this" is the one that mutual TLS gives. As `secureLink` otherwise.
 */
export async function linkToDevice(
	carrier: Link,
	{ side, binding = nothing, own, clock, random, aead, isWelcome }: DeviceLinkOptions,
	signal: AbortSignal
): Promise<Result<DeviceLink, SecureFailure>> {
	let deviceKey: Uint8Array = nothing;
	const judge = (channelKey: Uint8Array, said: Uint8Array) => {
		const found = readDeviceProof(said, channelKey);
		if (found === null || isSameBytes(found, own.signing.public) || !isWelcome(found)) return false;
		deviceKey = found;
		return true;
	};
	const secured = await secureLink(
		carrier,
		{
			side,
			own: own.channel,
			says: printDeviceProof(own),
			binding,
			clock,
			random,
			aead,
			isWelcome: (channelKey, _pattern, said) => judge(channelKey, said)
		},
		signal
	);
	return secured.ok ? ok({ link: secured.value.link, deviceKey }) : secured;
}
