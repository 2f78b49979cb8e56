import type { Core } from '#core';
import {
	acceptCarrier,
	addressMax,
	parseLinkAddress,
	printLinkAddress,
	secureDialled,
	type DialFailure,
	type LinkAddress,
	type LinkMeans
} from '#core/devices';
import { err, ok, type Result } from '#core/kernel';
import { readDeviceIdentity } from '#core/library';
import { closeCodes, type Link } from '#core/net';
import type { Host, SecretsFailure } from '#core/ports';
import { dialWs, linkPath } from './ws-link.ts';

/** Links over WebSockets, which are secured by themselves: whoever carries them reads nothing. */
export type PeerLinks = {
	dial(at: LinkAddress, deviceKey: Uint8Array | null, signal: AbortSignal): Promise<Result<Link, DialFailure>>;
	/** Takes a link that has come, from whoever proves to be a device that `core` lets in. */
	take(core: Core, link: Link, isHere: boolean, signal: AbortSignal): Promise<void>;
	/** Where devices come, with the key of this one; `origins` (`ws://host:port`) are where this peer answers. */
	addresses(origins: readonly string[], signal: AbortSignal): Promise<Result<readonly string[], SecretsFailure>>;
};

export function createPeerLinks(host: Pick<Host, 'secrets' | 'random' | 'clock' | 'compute'>): PeerLinks {
	let known: LinkMeans | null = null;
	const means = async (signal: AbortSignal): Promise<Result<LinkMeans, SecretsFailure>> => {
		if (known !== null) return ok(known);
		const identity = await readDeviceIdentity(host, signal);
		const { clock, random, compute } = host;
		return identity.ok ? ok((known = { clock, random, compute, own: identity.value.keys })) : identity;
	};
	return {
		dial: async ({ url, channelKey }, deviceKey, signal) => {
			const own = await means(signal);
			if (!own.ok) return err({ type: 'DeviceUnreachable', what: own.failure.type });
			const carrier = await dialWs(url, signal);
			return carrier.ok
				? secureDialled({ link: carrier.value }, { channelKey, deviceKey }, own.value, signal)
				: carrier;
		},
		take: async (core, link, isHere, signal) => {
			const own = await means(signal).catch(() => null);
			if (own?.ok !== true) return link.close(closeCodes.internal);
			await acceptCarrier({ link }, isHere, core.links, own.value, signal);
		},
		addresses: async (origins, signal) => {
			const own = await means(signal);
			if (!own.ok) return own;
			const channelKey = own.value.own.channel.public;
			const printed = origins.map((origin) => printLinkAddress({ url: `${origin}${linkPath}`, channelKey }));
			return ok(printed.filter((address) => parseLinkAddress(address) !== null).slice(0, addressMax.count));
		}
	};
}
