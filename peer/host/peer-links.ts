import type { Core } from '#core';
import {
	acceptCarrier,
	addressMax,
	parseLinkAddress,
	printDirectAddress,
	printLinkAddress,
	secureDialled,
	type DialFailure,
	type DirectAddress,
	type LinkAddress,
	type LinkMeans
} from '#core/devices';
import { err, ok, type Result } from '#core/kernel';
import { readDeviceIdentity } from '#core/library';
import { closeCodes, type Link } from '#core/net';
import type { Host, SecretsFailure } from '#core/ports';
import { readDirectCertificate } from './direct-certificate.ts';
import { dialWs, linkPath } from './ws-link.ts';
import type { RtcListening, RtcListenFailure, WebRtc } from '../rtc/web-rtc.ts';

/** Links over WebSockets and data channels: who is at the other end proves it over them, to this device. */
export type PeerLinks = {
	dial(at: LinkAddress, deviceKey: Uint8Array | null, signal: AbortSignal): Promise<Result<Link, DialFailure>>;
	/** Dials a UDP port directly. */
	dialDirectly(
		at: DirectAddress,
		deviceKey: Uint8Array | null,
		signal: AbortSignal
	): Promise<Result<Link, DialFailure>>;
	/** Takes a link that has come, from whoever proves to be a device that `core` lets in. */
	take(core: Core, link: Link, isHere: boolean, signal: AbortSignal): Promise<void>;
	/** Takes direct dials, from whoever proves to be a device that `core` lets in, at a UDP port of `host`. */
	listenDirectly(
		core: Core,
		at: { readonly host: string; readonly port: number },
		signal: AbortSignal
	): Promise<Result<DirectListening, SecretsFailure | RtcListenFailure>>;
	/** Where devices come, with the key of this one; `origins` (`ws://host:port`) are where this peer answers. */
	addresses(origins: readonly string[], signal: AbortSignal): Promise<Result<readonly string[], SecretsFailure>>;
};

export type DirectListening = RtcListening & {
	/** How it is dialled at an IP address of this machine; null where that is too long. */
	addressAt(host: string): string | null;
};

export function createPeerLinks(
	host: Pick<Host, 'secrets' | 'random' | 'clock' | 'compute'>,
	webRtc: WebRtc
): PeerLinks {
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
		dialDirectly: async ({ channelKey, ...place }, deviceKey, signal) => {
			const own = await means(signal);
			if (!own.ok) return err({ type: 'DeviceUnreachable', what: own.failure.type });
			const carrier = await webRtc.dial(place, signal);
			return carrier.ok ? secureDialled(carrier.value, { channelKey, deviceKey }, own.value, signal) : carrier;
		},
		listenDirectly: async (core, at, signal) => {
			// A moment's work: told to stop in it, the program ends as it does a moment later.
			const unstopped = new AbortController().signal;
			const own = await means(unstopped);
			if (!own.ok) return own;
			const certificate = await readDirectCertificate(host.secrets, unstopped);
			if (!certificate.ok) return certificate;
			const { fingerprint } = certificate.value;
			const listening = await webRtc.listen({ ...at, ...certificate.value }, (caller) => {
				const links = {
					mayConnect: (key: Uint8Array) => core.links.mayConnect(key),
					awaitsAnybody: () => core.links.awaitsAnybody(),
					accept: (link: Link, key: Uint8Array) => {
						caller.proved();
						core.links.accept(link, key);
					}
				};
				void acceptCarrier(caller, false, links, own.value, signal);
			});
			if (!listening.ok) return listening;
			const channelKey = own.value.own.channel.public;
			const addressAt = (address: string) =>
				printDirectAddress({ host: address, port: at.port, fingerprint, channelKey });
			return ok({ ...listening.value, addressAt });
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
