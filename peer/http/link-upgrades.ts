import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Link } from '#core/net';
import { createWsServer, linkPath, linkProtocol } from '../host/ws-link.ts';
import { filePolicy, guardHeaders } from './headers.ts';
import { hostOfHeader, localNames, originRefusal, refusalOf, type HostNames } from './host-names.ts';
import { AddressCounts, isLoopback, networkAddress } from './remote-address.ts';

/** Where this peer hands on what other devices say to each other. */
export const relayPath = '/relay';
/** A household of devices, each with a few tabs that come and go. */
const linksMax = 256;
/** Behind a proxy that is all of them, so that one of them does not shut out the others only where there is none. */
const perAddressMax = 64;

type Allowed = {
	/** The names under which this peer answers. */
	readonly hosts: HostNames;
	/** Origins of apps that are served elsewhere and may come here: `https://atoll.example`. */
	readonly origins: readonly string[];
	readonly linksMax?: number;
	readonly perAddressMax?: number;
};

/** What becomes of an upgrade that may be one. */
type Taking = {
	accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	close(): void;
};

export type LinkUpgradesInput = Allowed & {
	/** Somebody is there, and nobody knows yet who; `isHere` where nobody else than this machine itself can have asked. */
	readonly onLink: (link: Link, isHere: boolean) => void;
};

export type RelayUpgradesInput = Allowed & { readonly relay: Taking };

export type LinkUpgrades = {
	/** Whether a request is one for a link; all others are answered as if they asked for no upgrade. */
	isFor(request: IncomingMessage): boolean;
	take(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	close(): void;
};

/** What proxies say of for whom they ask (RFC 9110, 7.6.3; RFC 7239). */
const proxyHeaders = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/**
 * Whether a request comes from this machine itself: over its loopback, under a name of it, and by nobody who says to ask for
 * another. A proxy that hides all of that looks the same: who knows of one does not rely on this.
 */
function isFromHere({ socket, headers }: IncomingMessage): boolean {
	const isLocalName = localNames.includes(hostOfHeader(headers.host ?? '') ?? '');
	return isLoopback(socket) && isLocalName && proxyHeaders.every((name) => headers[name] === undefined);
}

function refuse(socket: Duplex, status: number, text: string): void {
	const headers = {
		...guardHeaders,
		'Content-Security-Policy': filePolicy,
		'Cache-Control': 'no-cache',
		'Content-Type': 'text/plain;charset=utf-8',
		'Content-Length': String(Buffer.byteLength(text)),
		Connection: 'close'
	};
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
	socket.on('error', () => undefined);
	socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`);
}

/** Takes links at `linkPath`, from whom `createUpgrades` lets come. */
export function createLinkUpgrades(input: LinkUpgradesInput): LinkUpgrades {
	const server = createWsServer();
	const accept: Taking['accept'] = (request, socket, head) => {
		const isHere = isFromHere(request);
		server.accept(request, socket, head, (link) => input.onLink(link, isHere));
	};
	return createUpgrades(linkPath, input, { accept, close: () => server.close() });
}

/** Takes who comes to the relay, at `relayPath`, by the same rules. */
export function createRelayUpgrades(input: RelayUpgradesInput): LinkUpgrades {
	return createUpgrades(relayPath, input, input.relay);
}

/**
 * Takes WebSockets at `path` from this peer's own pages, from programs that are no browser (those send no Origin), and
 * from nobody else (RFC 6455, section 10.2): a page of another site is refused before a byte of it is read, by the
 * name that it asks under (DNS rebinding) or by the origin that its browser gives.
 */
function createUpgrades(path: string, input: Allowed, taking: Taking): LinkUpgrades {
	const { hosts, origins } = input;
	const open = new AddressCounts();

	function formRefusal({ method, headers }: IncomingMessage): readonly [number, string] | null {
		if (method !== 'GET') return [405, 'only GET\n'];
		// The versions before it put the origin elsewhere.
		if (headers['sec-websocket-version'] !== '13') return [400, 'WebSocket version 13\n'];
		const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
		return offered.includes(linkProtocol) ? null : [400, `this peer speaks ${linkProtocol}\n`];
	}

	function limitRefusal(address: string): readonly [number, string] | null {
		const isTaken = open.total >= (input.linksMax ?? linksMax);
		const isTheirsTaken = open.of(address) >= (input.perAddressMax ?? perAddressMax);
		return isTaken || isTheirsTaken ? [503, 'too many links\n'] : null;
	}

	return {
		isFor: ({ url, headers }) =>
			url?.replace(/[?#].*$/s, '') === path && headers.upgrade?.toLowerCase() === 'websocket',
		take(request, socket, head) {
			const address = networkAddress(request.socket);
			const refused =
				refusalOf(request, hosts) ?? originRefusal(request, origins) ?? formRefusal(request) ?? limitRefusal(address);
			if (refused !== null) return refuse(socket, ...refused);
			open.add(address, 1);
			socket.once('close', () => open.add(address, -1));
			taking.accept(request, socket, head);
		},
		close: () => taking.close()
	};
}
