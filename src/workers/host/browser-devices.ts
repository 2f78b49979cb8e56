import type { DeviceOptions } from '#core';
import { err, type Result } from '#core/kernel';
import { parseLinkAddress, secureDialled, type DialFailure } from '#core/devices';
import { readDeviceIdentity } from '#core/library';
import { closeCodes, type Link } from '#core/net';
import type { Host } from '#core/ports';
import { deviceName } from './device-name.ts';
import { dialWs } from './ws-link.ts';

type Means = Pick<Host, 'secrets' | 'random' | 'clock' | 'compute'>;

/** Where the peer that served this page takes links. The page's policy lets it reach nobody else. */
function ownPeer(): string {
	const { protocol, host } = location;
	return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/link`;
}

/**
 * Reaches the peer that served this page, whatever host an address names: the same peer has other names behind a proxy. It is
 * the keys that say who must answer; where another does, nothing is told to it.
 */
async function dial(
	host: Means,
	address: string,
	deviceKey: Uint8Array | null,
	signal: AbortSignal
): Promise<Result<Link, DialFailure>> {
	const place = parseLinkAddress(address);
	if (place === null) return err({ type: 'DeviceUnreachable', what: 'no address that a browser can call' });
	const carrier = await dialWs(ownPeer(), host.clock, signal);
	if (!carrier.ok) return carrier;
	const own = await readDeviceIdentity(host, signal);
	if (!own.ok) {
		carrier.value.close(closeCodes.internal);
		return err({ type: 'DeviceUnreachable', what: own.failure.type });
	}
	const { channelKey } = place;
	return secureDialled(carrier.value, { channelKey, deviceKey }, { ...host, own: own.value.keys }, signal);
}

/** This browser among devices: what it is to the core, and how it reaches others. */
export function createBrowserDevices(host: Means): DeviceOptions {
	return {
		card: { name: deviceName(navigator.userAgent), kind: 'browser' },
		dials: { dial: (address, deviceKey, signal) => dial(host, address, deviceKey, signal) },
		keepsLinks: true
	};
}
