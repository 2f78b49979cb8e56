import { createServer, type Server } from 'node:http';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { err, ok, type Result } from '#core/kernel';
import type { Certificates } from '../tls/certificates.ts';
import { createAppRequests } from './app-requests.ts';
import { filePolicy, guardHeaders } from './headers.ts';
import { answeringNames } from './host-names.ts';
import { createLinkUpgrades, createRelayUpgrades, type LinkUpgrades } from './link-upgrades.ts';
import type { LinkUpgradesInput, RelayUpgradesInput } from './link-upgrades.ts';
import { sharePort, type SharedPort, type SharedPortInput } from './shared-port.ts';

export type ServeFailure =
	/** The folder of the built app holds no app. */
	| { readonly type: 'AppMissing'; readonly folder: string }
	| { readonly type: 'PortTaken'; readonly host: string; readonly port: number }
	/** The machine has no such address, or does not give it to this user. */
	| { readonly type: 'AddressRefused'; readonly host: string; readonly port: number; readonly code: string };

export type ServeInput = {
	readonly webFolder: string;
	readonly host: string;
	/** 0 takes any free port. */
	readonly port: number;
	/** Names beside localhost and `host` under which the peer answers. */
	readonly hostNames: readonly string[];
	/** Whether a taken port gives way to the next free one. */
	readonly nextFree: boolean;
	readonly isReady: () => boolean;
	/** Where other devices are let in, and no further than to prove who they are; none where this is left out. */
	readonly links?: Omit<LinkUpgradesInput, 'hosts'>;
	/** Where devices meet that cannot reach each other; nowhere where this is left out. */
	readonly relay?: Omit<RelayUpgradesInput, 'hosts'>;
	/** What https is answered with, on the same port, and who hears of a newer one; plain http alone where it is left out. */
	readonly tls?: Pick<SharedPortInput, 'onRefreshed'> & { readonly certificates: Certificates };
};

export type AppServer = {
	readonly port: number;
	/** Lets running answers end for `graceMs`, then ends them. */
	close(): Promise<void>;
};

/** A browser opens about six connections to one site; this is for a household of them. */
const connectionsMax = 512;
/** So that one of them leaves room for the others. */
const perAddressMax = 128;
/** A request is one line and a few headers: who needs longer holds a connection on purpose (slow loris). */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 15_000;
const idleTimeoutMs = 60_000;
const keepAliveTimeoutMs = 5_000;
const graceMs = 2_000;
/** How far above the wanted port another is looked for. */
const portTriesMax = 50;

const errorStatuses: Readonly<Record<string, string>> = {
	HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
	ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout'
};

/** Answers what never became a request, with the same headers as everything else. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
	if (!socket.writable || error.code === 'ECONNRESET') {
		socket.destroy();
		return;
	}
	const status = errorStatuses[error.code ?? ''] ?? '400 Bad Request';
	const headers = { ...guardHeaders, 'Content-Security-Policy': filePolicy, 'Cache-Control': 'no-cache' };
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
	socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}Content-Length: 0\r\nConnection: close\r\n\r\n`);
}

type Served = { readonly server: Server; readonly port: SharedPort; readonly upgrades: readonly LinkUpgrades[] };

function createAppServer(input: ServeInput): Served {
	const hosts = answeringNames(input.host, input.hostNames);
	const upgrades = [
		...(input.links === undefined ? [] : [createLinkUpgrades({ ...input.links, hosts })]),
		...(input.relay === undefined ? [] : [createRelayUpgrades({ ...input.relay, hosts })])
	];
	const certificates = input.tls?.certificates ?? null;
	const requests = createAppRequests({ webFolder: input.webFolder, hosts, isReady: input.isReady, certificates });
	const server = createServer(
		{
			headersTimeout: headersTimeoutMs,
			requestTimeout: requestTimeoutMs,
			keepAliveTimeout: keepAliveTimeoutMs,
			connectionsCheckingInterval: 5_000,
			shouldUpgradeCallback: (request) => upgrades.some((one) => one.isFor(request)),
			// Refused by our own listener, so that the refusal carries the headers.
			requireHostHeader: false
		},
		requests
	);
	server.maxConnections = connectionsMax;
	server.timeout = idleTimeoutMs;
	server.on('checkContinue', requests);
	server.on('checkExpectation', requests);
	server.on('clientError', refuseMalformed);
	if (upgrades.length > 0)
		server.on('upgrade', (request, socket, head) => {
			upgrades.find((one) => one.isFor(request))?.take(request, socket, head);
		});
	const onRefreshed = input.tls?.onRefreshed ?? (() => undefined);
	const sharing = { server, certificates, perAddressMax, helloTimeoutMs: headersTimeoutMs, onRefreshed };
	return { server, port: sharePort(sharing), upgrades };
}

function listen(server: Server, host: string, port: number): Promise<Result<number, ServeFailure>> {
	return new Promise((resolve) => {
		function onError(error: NodeJS.ErrnoException): void {
			const code = error.code ?? error.message;
			resolve(
				err(code === 'EADDRINUSE' ? { type: 'PortTaken', host, port } : { type: 'AddressRefused', host, port, code })
			);
		}
		server.once('error', onError);
		server.listen(port, host, () => {
			server.off('error', onError);
			const address = server.address();
			resolve(ok(typeof address === 'object' && address !== null ? address.port : port));
		});
	});
}

function close({ server, port, upgrades }: Served): Promise<void> {
	return new Promise((resolve) => {
		for (const one of upgrades) one.close();
		port.close();
		const deadline = setTimeout(() => server.closeAllConnections(), graceMs);
		server.close(() => {
			clearTimeout(deadline);
			resolve();
		});
		server.closeIdleConnections();
	});
}

/** Listens and serves the app until `close`. The peer's library is not in reach of any request. */
export async function serveApp(input: ServeInput): Promise<Result<AppServer, ServeFailure>> {
	if (!existsSync(join(input.webFolder, 'index.html'))) return err({ type: 'AppMissing', folder: input.webFolder });
	const portLast = input.nextFree && input.port > 0 ? Math.min(65_535, input.port + portTriesMax) : input.port;
	for (let port = input.port; ; port++) {
		const served = createAppServer(input);
		const listening = await listen(served.server, input.host, port);
		if (listening.ok) return ok({ port: listening.value, close: () => close(served) });
		served.port.close();
		if (listening.failure.type !== 'PortTaken' || port >= portLast) return listening;
	}
}
