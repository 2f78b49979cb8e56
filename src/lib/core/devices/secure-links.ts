import { isSameBytes, type DeviceKeys } from '#core/crypto';
import { err, ok, type Result } from '#core/kernel';
import { closeCodes, linkToDevice, type Link, type SecureFailure } from '#core/net';
import type { Host } from '#core/ports';
import type { DialFailure } from './dial-port.ts';
import type { Links } from './links.ts';

/** What a host has for securing links: who it is, and its ports. */
export type LinkMeans = Pick<Host, 'clock' | 'random' | 'compute'> & { readonly own: DeviceKeys };

function means({ clock, random, compute, own }: LinkMeans) {
	return { clock, random, aead: compute.aead, own };
}

/** A link whose other end may be anybody, and what both its ends know of it where nobody else reads it (`SecureOptions.binding`). */
export type Carrier = { readonly link: Link; readonly binding?: Uint8Array };

function bound({ binding }: Carrier) {
	return binding === undefined ? {} : { binding };
}

/** Why nobody could be talked to over a carrier that led somewhere. */
function whyNot(failure: SecureFailure): DialFailure {
	if (failure.type === 'DeviceRefused' || failure.type === 'HandshakeFailed') return { type: 'DeviceOther' };
	if (failure.type !== 'LinkEnded') return { type: 'DeviceUnreachable', what: failure.type };
	const { end } = failure;
	if (end.type === 'LinkLost') return { type: 'DeviceUnreachable', what: end.what };
	return end.code === closeCodes.handshake
		? { type: 'DeviceOther' }
		: { type: 'DeviceUnreachable', what: 'it lets nobody in now' };
}

/**
 * Makes of a carrier that was dialled a link to the device with `deviceKey`, or to whoever answers where that is null. With
 * a `channelKey` nobody else can even answer (Noise XK); without, who answers is known before this device says who it is.
 * Rejects with the reason of `signal`.
 */
export async function secureDialled(
	carrier: Carrier,
	wanted: { readonly channelKey: Uint8Array | null; readonly deviceKey: Uint8Array | null },
	own: LinkMeans,
	signal: AbortSignal
): Promise<Result<Link, DialFailure>> {
	const { channelKey, deviceKey } = wanted;
	const secured = await linkToDevice(
		carrier.link,
		{
			...means(own),
			...bound(carrier),
			side:
				channelKey === null
					? { role: 'initiator', pattern: 'XX' }
					: { role: 'initiator', pattern: 'XK', responder: channelKey },
			isWelcome: (key) => deviceKey === null || isSameBytes(key, deviceKey)
		},
		signal
	);
	return secured.ok ? ok(secured.value.link) : err(whyNot(secured.failure));
}

/**
 * Hands a carrier that has come to `links`, once the device at its other end has proved who it is and may come. Until then
 * nothing else of it is read. `isHere`: it came from this machine itself. Resolves when it is handed on or over.
 */
export async function acceptCarrier(
	carrier: Carrier,
	isHere: boolean,
	links: Pick<Links, 'mayConnect' | 'accept' | 'awaitsAnybody'>,
	own: LinkMeans,
	signal: AbortSignal
): Promise<void> {
	if (signal.aborted) return carrier.link.close(closeCodes.none);
	try {
		const secured = await linkToDevice(
			carrier.link,
			{
				...means(own),
				...bound(carrier),
				// Who asks without knowing this device's key is told it only while anybody may come.
				side: { role: 'responder', patterns: links.awaitsAnybody() ? ['XK', 'XX'] : ['XK'], psk: null },
				isWelcome: (key) => links.mayConnect(key)
			},
			signal
		);
		if (secured.ok) links.accept(secured.value.link, secured.value.deviceKey, { isHere });
	} catch (thrown) {
		if (!signal.aborted) throw thrown;
	}
}
