import { hostname } from 'node:os';
import type { Core, DeviceOptions } from '#core';
import { err, ok, type Result } from '#core/kernel';
import { addressMax, parseDirectAddress, parseLinkAddress, type DialPort } from '#core/devices';
import type { DirectServer } from '#core/direct';
import { readDeviceIdentity } from '#core/library';
import { tidyName } from '#core/pairing';
import type { Host, SecretsFailure } from '#core/ports';
import { parsePlaceAddress } from '#core/relay';
import { createDeviceCertificate, type DeviceCertificate } from './device-certificate.ts';
import { outerAddresses, printHost } from './own-addresses.ts';
import { dialRelay, ownRelayToken, readPlaceAddress, takeRelayPlace, type PlaceTaking } from './relay-place.ts';
import { errorCode } from './system-error.ts';
import { dialTls, listenTls } from './tls-link.ts';
import { createPeerLinks, type PeerLinks } from './peer-links.ts';
import { createWebRtc } from '../rtc/web-rtc.ts';

/** More links than a household has devices; the rest wait outside. */
const connectionsMax = 64;
const scheme = 'tls://';
const addressShape = /^(?:tls:\/\/)?(\[[0-9a-f:.]+\]|[^\s[\]:/]+):(\d{1,5})$/i;

export type HostAndPort = { readonly host: string; readonly port: number };

/** `tls://host:port`, with or without the scheme; null where it is nothing of that sort. */
export function parseDeviceAddress(text: string): HostAndPort | null {
	const [, host = '', port = ''] = addressShape.exec(text) ?? [];
	const isPort = port !== '' && Number(port) > 0 && Number(port) <= 65_535;
	return isPort && text.length <= addressMax.letters
		? { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
		: null;
}

export function printDeviceAddress({ host, port }: HostAndPort): string {
	return `${scheme}${printHost(host)}:${port}`;
}

/** An address of a device as a person types it, in the form that others dial; null where it is none. */
export function readAddress(text: string): string | null {
	const place = parseDeviceAddress(text);
	return place === null ? readPlaceAddress(text) : printDeviceAddress(place);
}

/** Where this machine can be reached by others that listens on all its addresses, or on one. */
export function ownHosts(host: string | undefined): readonly string[] {
	if (host !== undefined && host !== '0.0.0.0' && host !== '::') return [host];
	return outerAddresses().slice(0, addressMax.count);
}

/** The addresses of a port there. */
export function deviceAddresses(host: string | undefined, port: number): readonly string[] {
	return ownHosts(host).map((one) => printDeviceAddress({ host: one, port }));
}

export type ListenFailure =
	| SecretsFailure
	| { readonly type: 'PortTaken'; readonly host: string; readonly port: number }
	| { readonly type: 'AddressRefused'; readonly host: string; readonly port: number; readonly code: string };

export type PeerListening = { readonly port: number; readonly addresses: readonly string[]; close(): Promise<void> };

/** This peer among devices: what it is to the core, and how it is reached. */
export type PeerDevices = {
	/** Who only passes by makes no direct links of those through a relay. */
	options(keepsLinks: boolean): DeviceOptions;
	/** Lets devices in, as far as `core` knows them, on a port of `host`; on all addresses where none is named. */
	listen(
		core: Core,
		at: { readonly host: string | undefined; readonly port: number },
		signal: AbortSignal
	): Promise<Result<PeerListening, ListenFailure>>;
	readonly links: PeerLinks;
	/** Keeps a place at a relay, where devices that `core` knows call this one. */
	readonly takePlace: PlaceTaking;
	/** What this peer asks of devices of other libraries where it is a relay itself. */
	relayToken(signal: AbortSignal): ReturnType<typeof ownRelayToken>;
	/** Ends what was started for it; to be called after the core is closed. */
	close(): void;
};

/** What this machine is called, as far as that can be shown. */
function machineName(): string {
	return tidyName(hostname()) || 'Peer';
}

/** `servers` help to find direct ways to devices that are linked through a relay. */
export function createPeerDevices(
	host: Pick<Host, 'secrets' | 'random' | 'clock' | 'compute'>,
	servers: readonly DirectServer[]
): PeerDevices {
	const webRtc = createWebRtc();
	const links = createPeerLinks(host, webRtc);
	const certify = async (signal: AbortSignal): Promise<Result<DeviceCertificate, SecretsFailure>> => {
		const identity = await readDeviceIdentity(host, signal);
		return identity.ok ? ok(createDeviceCertificate(identity.value.keys.signing.secret)) : err(identity.failure);
	};
	const dials: DialPort = {
		dial: async (address, deviceKey, signal) => {
			const link = parseLinkAddress(address);
			if (link !== null) return links.dial(link, deviceKey, signal);
			const direct = parseDirectAddress(address);
			if (direct !== null) return links.dialDirectly(direct, deviceKey, signal);
			const relayed = parsePlaceAddress(address);
			if (relayed !== null) return dialRelay(host, relayed, deviceKey, signal);
			const place = parseDeviceAddress(address);
			if (place === null) return err({ type: 'DeviceUnreachable', what: `no address of a peer: ${address}` });
			const own = await certify(signal);
			if (!own.ok) return err({ type: 'DeviceUnreachable', what: own.failure.type });
			const dialled = await dialTls(own.value, { ...place, deviceKey }, signal);
			if (dialled.ok) return dialled;
			const { failure } = dialled;
			return err(failure.type === 'DeviceOther' ? { type: 'DeviceOther' } : failure);
		}
	};
	return {
		links,
		relayToken: (signal) => ownRelayToken(host, signal),
		close: () => webRtc.close(),
		takePlace: (...given) => takeRelayPlace(host, ...given),
		options: (keepsLinks) => ({
			card: { name: machineName(), kind: 'peer' },
			dials,
			keepsLinks,
			...(keepsLinks && { direct: webRtc.signalled(servers) })
		}),
		listen: async (core, { host: address, port }, signal) => {
			const own = await certify(signal);
			if (!own.ok) return own;
			try {
				const listening = await listenTls({
					device: own.value,
					host: address ?? '::',
					port,
					connectionsMax,
					isKnown: (key) => core.links.mayConnect(key),
					onLink: (link, key) => core.links.accept(link, key)
				});
				const addresses = deviceAddresses(address, listening.port);
				return ok({ port: listening.port, addresses, close: () => listening.close() });
			} catch (thrown) {
				const code = errorCode(thrown);
				const where = { host: address ?? '::', port };
				return err(
					code === 'EADDRINUSE' ? { type: 'PortTaken', ...where } : { type: 'AddressRefused', ...where, code }
				);
			}
		}
	};
}
