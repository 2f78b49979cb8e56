import { isSameBytes, type DeviceKeys } from '#core/crypto';
import { err, ok, type Result } from '#core/kernel';
import { linkToDevice, type Link, type SecureFailure } from '#core/net';
import type { Aead, ClockPort, RandomPort } from '#core/ports';
import { hear, type DialUrl, type RelayFailure } from './carrier.ts';
import { greet } from './greet.ts';
import { printClientMessage } from './messages.ts';
import { makePass } from './pass.ts';
import { callKey, type PlaceAddress } from './place.ts';

/** The other device is told within 10 seconds, or the relay says so. */
const joinedMs = 20_000;

export type RelayMeans = {
	readonly dial: DialUrl;
	readonly clock: ClockPort;
	readonly random: RandomPort;
	/** What the host lends for the bulk of it (`compute.aead`). */
	readonly aead: Aead | null;
	/** The keys of this device. */
	readonly own: DeviceKeys;
};

export type CallFailure =
	| RelayFailure
	/** Another device answers there. */
	| { readonly type: 'DeviceOther' };

function whyNot(failure: SecureFailure): CallFailure {
	switch (failure.type) {
		case 'DeviceRefused':
			return { type: 'DeviceOther' };
		case 'LinkEnded':
			return { type: 'DeviceUnreachable', what: 'it hung up' };
		default:
			return { type: 'DeviceUnreachable', what: failure.type };
	}
}

/**
 * A link through a relay to the device with that key (Ed25519) and to no other; with a key of null to whoever keeps the
 * place, who is then to be found out over the link. The relay reads nothing of it. Rejects with the reason of `signal`.
 */
export async function callDevice(
	means: RelayMeans,
	at: PlaceAddress,
	deviceKey: Uint8Array | null,
	signal: AbortSignal
): Promise<Result<Link, CallFailure>> {
	const greeted = await greet(means, at.url, signal);
	if (!greeted.ok) return greeted;
	const { carrier, challenge } = greeted.value;
	// Who comes for what is offered is known by nobody there.
	const pass =
		deviceKey === null ? new Uint8Array(0) : makePass(means.own.signing, { use: 'call', about: at.place, challenge });
	carrier.say(printClientMessage({ kind: 'call', place: at.place, pass }));
	const joined = await hear(carrier, 'joined', means.clock, joinedMs, signal);
	if (!joined.ok) return joined;
	const { clock, random, aead, own } = means;
	const side = { role: 'initiator', pattern: 'XXpsk0', psk: callKey(at) } as const;
	const isWelcome = (key: Uint8Array) => deviceKey === null || isSameBytes(key, deviceKey);
	const secured = await linkToDevice(carrier, { side, own, clock, random, aead, isWelcome }, signal);
	return secured.ok ? ok(secured.value.link) : err(whyNot(secured.failure));
}
