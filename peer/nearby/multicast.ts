import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { outerAddresses } from '../host/own-addresses.ts';
import { messageBytesMax } from './dns-message.ts';

/** Multicast DNS (RFC 6762, 3). */
const group = '224.0.0.251';
const port = 5353;
/** What does not come from a neighbour is not meant for this network (RFC 6762, 11). */
const timeToLive = 255;

export type Multicast = {
	/** Follows the addresses of this machine; whether they have changed. */
	refresh(): boolean;
	/** Sends into each network that this machine is in; `make` is given its address there. */
	send(make: (address: string) => Buffer): void;
	close(): void;
};

/** A socket of each network, as each sends with an address of its own. `onMessage` may hear the same more than once. */
export function createMulticast(onMessage: (bytes: Buffer) => void): Multicast {
	const sockets = new Map<string, { readonly socket: Socket; isReady: boolean }>();
	let known = '';

	function open(address: string): void {
		const socket = createSocket({ type: 'udp4', reuseAddr: true });
		const entry = { socket, isReady: false };
		sockets.set(address, entry);
		const drop = () => {
			if (sockets.get(address) === entry) sockets.delete(address);
			socket.close();
		};
		// Of a network that takes no multicast, or a port that somebody has for themselves, nothing more is heard.
		socket.once('error', drop);
		socket.on('message', (bytes) => {
			if (bytes.length <= messageBytesMax) onMessage(bytes);
		});
		socket.bind(port, () => {
			try {
				socket.addMembership(group, address);
				socket.setMulticastInterface(address);
				socket.setMulticastTTL(timeToLive);
				socket.unref();
				entry.isReady = true;
			} catch {
				drop();
			}
		});
	}

	return {
		refresh: () => {
			const all = outerAddresses();
			const now = new Set(all.filter((address) => isIPv4(address)));
			for (const [address, { socket }] of sockets)
				if (!now.has(address)) {
					sockets.delete(address);
					socket.close();
				}
			for (const address of now) if (!sockets.has(address)) open(address);
			const before = known;
			known = all.join();
			return known !== before;
		},
		send: (make) => {
			for (const [address, { socket, isReady }] of sockets)
				if (isReady) socket.send(make(address), port, group, () => undefined);
		},
		close: () => {
			for (const { socket } of sockets.values()) socket.close();
			sockets.clear();
		}
	};
}
