import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { Certificates } from '../tls/certificates.ts';
import { AddressCounts, isLoopback, networkAddress } from './remote-address.ts';

/** The type of the record that a TLS client begins with (RFC 8446, 5.1); no method of HTTP begins with that byte. */
const handshakeByte = 0x16;
/** How often it is looked whether there is a newer certificate. */
const refreshMs = 2_000;

export type SharedPort = {
	/** Lets go of whoever has not said yet what they speak. */
	close(): void;
};

export type SharedPortInput = {
	readonly server: Server;
	/** Null: plain http alone. */
	readonly certificates: Certificates | null;
	/** Connections of one address that is not this machine's, where a proxy may be in front of everybody. */
	readonly perAddressMax: number;
	/** Whoever connects says within this what they speak, and ends a handshake. */
	readonly helloTimeoutMs: number;
	readonly onRefreshed: (refreshed: NonNullable<ReturnType<Certificates['refresh']>>) => void;
};

/**
 * Has `server`, which listens, take TLS and plain http on its one port, told apart by the first byte. What comes over TLS
 * is its request as well, of an encrypted socket. To be called before it listens.
 */
export function sharePort({ server, certificates, ...input }: SharedPortInput): SharedPort {
	// Those of the server itself: it reads requests from whatever socket they are given.
	const takers = server.listeners('connection');
	const serveHttp = (socket: Socket | TLSSocket) => takers.forEach((take) => Reflect.apply(take, server, [socket]));
	const waiting = new Set<Socket>();
	const counts = new AddressCounts();
	const secured =
		certificates === null
			? null
			: createTlsServer(
					{
						...certificates.current(),
						minVersion: 'TLSv1.2',
						ALPNProtocols: ['http/1.1'],
						handshakeTimeout: input.helloTimeoutMs
					},
					serveHttp
				);
	// Of a handshake that comes to nothing, as of any client that does not trust the certificate.
	secured?.on('tlsClientError', (_error, socket) => socket.destroy());

	function tellApart(socket: Socket): void {
		const gone = () => waiting.delete(socket);
		waiting.add(socket);
		socket.once('close', gone);
		socket.on('error', () => socket.destroy());
		socket.setTimeout(input.helloTimeoutMs, () => {
			if (waiting.has(socket)) socket.destroy();
		});
		const look = () => {
			const first: unknown = socket.read(1);
			if (!Buffer.isBuffer(first)) return;
			socket.off('readable', look);
			socket.off('close', gone);
			waiting.delete(socket);
			socket.unshift(first);
			if (first[0] !== handshakeByte) return serveHttp(socket);
			// As sockets of a TLS server are: else one whose client goes in the handshake stays.
			socket.allowHalfOpen = false;
			secured?.emit('connection', socket);
		};
		socket.on('readable', look);
	}

	server.removeAllListeners('connection');
	server.on('connection', (socket) => {
		const address = networkAddress(socket);
		if (!isLoopback(socket) && counts.of(address) >= input.perAddressMax) return void socket.destroy();
		counts.add(address, 1);
		socket.once('close', () => counts.add(address, -1));
		if (secured === null) serveHttp(socket);
		else tellApart(socket);
	});
	const refresh = () => {
		const refreshed = certificates?.refresh(Date.now()) ?? null;
		if (refreshed === null) return;
		if (refreshed.ok) secured?.setSecureContext(refreshed.value);
		input.onRefreshed(refreshed);
	};
	const refreshing = certificates === null ? null : setInterval(refresh, refreshMs);
	refreshing?.unref();
	return {
		close: () => {
			if (refreshing !== null) clearInterval(refreshing);
			for (const socket of waiting) socket.destroy();
		}
	};
}
