import { portPipe } from '../../page/port-pipe.ts';
import type { DeviceOptions } from '#core';
import { createPipedPort, type DirectPort, type FromMaker, type ToMaker } from '#core/direct';
import { err, type Result } from '#core/kernel';
import { parseDirectAddress, parseLinkAddress, secureDialled, type DialFailure } from '#core/devices';
import { readDeviceIdentity } from '#core/library';
import type { Link } from '#core/net';
import type { ClockPort, Host } from '#core/ports';
import { callDevice, parsePlaceAddress, type DialUrl } from '#core/relay';
import type { WorkerMessage } from '../session/protocol.ts';
import { deviceName } from './device-name.ts';
import { ownPage, PeerConnections } from './peer-connections.ts';
import { dialWs } from './ws-link.ts';

type Means = Pick<Host, 'secrets' | 'random' | 'clock' | 'compute'>;

/** Where the peer that served this page takes links, or is a relay. The page's policy lets it reach nobody else. */
function ownPeer(path: '/link' | '/relay'): string {
	const { protocol, host } = location;
	return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${path}`;
}

/** Whichever relay is named, it is the own peer's that is reached. */
function dialRelay(clock: ClockPort): DialUrl {
	return (_url, signal) => dialWs(ownPeer('/relay'), clock, signal);
}

/**
 * Reaches a peer at its UDP port, wherever that is; the peer that served this page, or a device that has a place at it, whatever host an address names: the same peer
 * has other names behind a proxy. It is the keys that say who must answer; where another does, nothing is told to it.
 */
async function dial(
	host: Means,
	connections: PeerConnections,
	address: string,
	deviceKey: Uint8Array | null,
	signal: AbortSignal
): Promise<Result<Link, DialFailure>> {
	const { clock, random, compute } = host;
	const [link, place] = [parseLinkAddress(address), parsePlaceAddress(address)];
	const direct = parseDirectAddress(address);
	if (link === null && place === null && direct === null)
		return err({ type: 'DeviceUnreachable', what: 'no address that a browser can call' });
	const identity = await readDeviceIdentity(host, signal);
	if (!identity.ok) return err({ type: 'DeviceUnreachable', what: identity.failure.type });
	const own = identity.value.keys;
	if (place !== null) {
		const means = { dial: dialRelay(clock), clock, random, aead: compute.aead, own };
		return callDevice(means, place, deviceKey, signal);
	}
	if (direct !== null) {
		const carrier = await connections.dial(direct, signal);
		const { channelKey } = direct;
		return carrier.ok ? secureDialled(carrier.value, { channelKey, deviceKey }, { ...host, own }, signal) : carrier;
	}
	const carrier = await dialWs(ownPeer('/link'), clock, signal);
	if (!carrier.ok) return carrier;
	const channelKey = link?.channelKey ?? null;
	return secureDialled({ link: carrier.value }, { channelKey, deviceKey }, { ...host, own }, signal);
}

/** Connections by the page of this worker: where the page goes, so does the worker. */
function directPort(): DirectPort {
	const open = async () => {
		const { port1, port2 } = new MessageChannel();
		const asked: WorkerMessage = { type: 'signalled' };
		postMessage(asked, { transfer: [port2] });
		return portPipe<FromMaker, ToMaker>(port1);
	};
	return createPipedPort(open, () => []);
}

/** This browser among devices: what it is to the core, how it reaches others, and where it waits for them. */
export function createBrowserDevices(host: Means): DeviceOptions {
	const connections = new PeerConnections(ownPage(), host.clock);
	return {
		card: { name: deviceName(navigator.userAgent), kind: 'browser' },
		dials: { dial: (address, deviceKey, signal) => dial(host, connections, address, deviceKey, signal) },
		keepsLinks: true,
		relay: { url: ownPeer('/relay'), dial: dialRelay(host.clock) },
		direct: directPort()
	};
}
