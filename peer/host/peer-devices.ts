import { hostname } from 'node:os';
import type { Core, DeviceOptions } from '#core';
import { err, ok, type Result } from '#core/kernel';
import { addressMax, parseLinkAddress, type DialPort } from '#core/devices';
import { readDeviceIdentity } from '#core/library';
import { tidyName } from '#core/pairing';
import type { Host, SecretsFailure } from '#core/ports';
import { parsePlaceAddress } from '#core/relay';
import { createDeviceCertificate, type DeviceCertificate } from './device-certificate.ts';
import { dialRelay, readPlaceAddress, relayTokens, takeRelayPlace, type PlaceTaking } from './relay-place.ts';
import { outerAddresses, printHost } from './own-addresses.ts';
import { errorCode } from './system-error.ts';
import { dialTls, listenTls } from './tls-link.ts';
import { createPeerLinks, type PeerLinks } from './peer-links.ts';

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

/** Where this machine can be reached by others, on a port of all its addresses or of one. */
export function deviceAddresses(host: string | undefined, port: number): readonly string[] {
	if (host !== undefined && host !== '0.0.0.0' && host !== '::') return [printDeviceAddress({ host, port })];
	const outer = outerAddresses().slice(0, addressMax.count);
	return outer.map((address) => printDeviceAddress({ host: address, port }));
}

export type ListenFailure =
	| SecretsFailure
	| { readonly type: 'PortTaken'; readonly host: string; readonly port: number }
	| { readonly type: 'AddressRefused'; readonly host: string; readonly port: number; readonly code: string };

export type PeerListening = { readonly port: number; readonly addresses: readonly string[]; close(): Promise<void> };

/** This peer among devices: what it is to the core, and how it is reached. */
export type PeerDevices = {
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
	/** What this peer asks for where it is a relay itself. */
	relayTokens(core: Core, signal: AbortSignal): ReturnType<typeof relayTokens>;
};

/** What this machine is called, as far as that can be shown. */
function machineName(): string {
	return tidyName(hostname()) || 'Peer';
}

export function createPeerDevices(host: Pick<Host, 'secrets' | 'random' | 'clock' | 'compute'>): PeerDevices {
	const links = createPeerLinks(host);
	const certify = async (signal: AbortSignal): Promise<Result<DeviceCertificate, SecretsFailure>> => {
		const identity = await readDeviceIdentity(host, signal);
		return identity.ok ? ok(createDeviceCertificate(identity.value.keys.signing.secret)) : err(identity.failure);
	};
	const dials: DialPort = {
		dial: async (address, deviceKey, signal) => {
			const link = parseLinkAddress(address);
			if (link !== null) return links.dial(link, deviceKey, signal);
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
		relayTokens: (...given) => relayTokens(host, ...given),
		takePlace: (...given) => takeRelayPlace(host, ...given),
		options: (keepsLinks) => ({ card: { name: machineName(), kind: 'peer' }, dials, keepsLinks }),
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
