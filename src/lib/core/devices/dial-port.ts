import type { Result } from '#core/kernel';
import { directWay, type Link, type LinkWay } from '#core/net';
import { parsePlaceAddress } from '#core/relay';

export type DialFailure =
	| { readonly type: 'DeviceUnreachable'; readonly what: string }
	/** Nobody has answered in time. */
	| { readonly type: 'DeviceSilent' }
	/** The host may not reach the network around it before a person has said so, and nobody has in time. */
	| { readonly type: 'NetworkUnanswered' }
	/** A person, or the host by itself, has said that it may not. */
	| { readonly type: 'NetworkRefused' }
	/** Somebody else answers at that address. */
	| { readonly type: 'DeviceOther' };

/** More ways to one device than it has networks; each as long as an invitation holds it. */
export const addressMax = { count: 8, letters: 120 } as const;

/** By what way the links go that an address leads to. */
export function wayTo(address: string): LinkWay {
	const place = parsePlaceAddress(address);
	return place === null ? directWay : { type: 'relayed', relay: place.url };
}

/** How a host reaches other devices. Whom a host lets come to it, it asks `Links` itself. */
export type DialPort = {
	/**
	 * A link to the device with that key and to no other; with a key of null to whoever answers, who is then to be
	 * found out over the link. Rejects with the reason of `signal`.
	 */
	dial(address: string, deviceKey: Uint8Array | null, signal: AbortSignal): Promise<Result<Link, DialFailure>>;
};
