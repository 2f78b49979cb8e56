/** The other side of a link, in a process of its own: takes as much as it is told to and says when it has it. */
import { createServer as createWebServer } from 'node:http';
import type { Server } from 'node:net';
import { createServer } from 'node:tls';
import { WebSocketServer } from 'ws';
import { createMux, muxSettings, secureLink, type Link } from '#core/net';
import { createClock } from '../../../peer/host/clock.ts';
import { createDeviceCertificate } from '../../../peer/host/device-certificate.ts';
import { createCompute } from '../../../peer/host/compute.ts';
import { createRandom } from '../../../peer/host/random.ts';
import { listenTls } from '../../../peer/host/tls-link.ts';
import { createWsServer, dialWs } from '../../../peer/host/ws-link.ts';
import { createRelay } from '../../../peer/relay/relay.ts';
import { awaitCalls, token } from '../../conformance/relayed.ts';
import { answeringOptions } from '../../conformance/secured.ts';
import { readStream } from './read-stream.ts';

export type ReceiverSays = { readonly port: number } | { readonly receivedBytes: number };

const device = createDeviceCertificate(new Uint8Array(32).fill(2));
const wantedBytes = Number(process.argv[2]);
const host = '127.0.0.1';
const say = (message: ReceiverSays) => process.send?.(message);

/** Counts what came of one sender, and says when it is all there. */
function createCount(): (bytes: number) => void {
	let receivedBytes = 0;
	return (bytes) => {
		receivedBytes += bytes;
		if (receivedBytes >= wantedBytes) say({ receivedBytes });
	};
}

/** Counts what comes of the streams of `link`. */
function takeStreams(link: Link): void {
	const count = createCount();
	createMux(link, {
		role: 'server',
		settings: muxSettings,
		clock: createClock(),
		onStream: (stream) => void readStream(stream, count)
	});
}

async function listenToStreams(): Promise<number> {
	const listening = await listenTls({
		device,
		host,
		port: 0,
		connectionsMax: 8,
		isKnown: () => true,
		onLink: takeStreams
	});
	return listening.port;
}

/** The server's port, once it listens. */
function portOf(server: Server): Promise<number> {
	return new Promise((resolve) => {
		server.listen(0, host, () => {
			const address = server.address();
			resolve(typeof address === 'object' && address !== null ? address.port : 0);
		});
	});
}

function listenToWebSocketStreams(): Promise<number> {
	const sockets = createWsServer();
	const ports = { clock: createClock(), random: createRandom(), aead: createCompute().aead };
	const server = createWebServer();
	const { signal } = new AbortController();
	server.on('upgrade', (request, socket, head) => {
		sockets.accept(request, socket, head, (link) => {
			void secureLink(link, answeringOptions(ports), signal).then(
				(secured) => secured.ok && takeStreams(secured.value.link)
			);
		});
	});
	return portOf(server);
}

/** A relay, in a process of its own. */
function relay(): Promise<number> {
	const handing = createRelay(() => ({ tokens: [token], members: [], removed: [] }));
	return portOf(createWebServer().on('upgrade', (...given) => handing.accept(...given)));
}

/** Is called through the relay at the port that the command line names, which it says. */
async function listenAtRelay(): Promise<number> {
	const port = Number(process.argv[4]);
	const means = { dial: dialWs, clock: createClock(), random: createRandom(), aead: createCompute().aead };
	const { signal } = new AbortController();
	await awaitCalls(`ws://${host}:${port}/relay`, means, takeStreams, signal);
	return port;
}

/** The yardstick: messages of a WebSocket, of whom nothing is asked but their length. */
function listenToWebSocket(): Promise<number> {
	const server = createWebServer();
	new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
		const count = createCount();
		socket.on('message', (message: Buffer) => count(message.length));
	});
	return portOf(server);
}

function listenToBytes(): Promise<number> {
	const { certificate: cert, privateKey: key } = device;
	const server = createServer({ cert, key, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' });
	server.on('secureConnection', (socket) => {
		const count = createCount();
		socket.on('data', (chunk: Buffer) => count(chunk.length)).on('error', () => undefined);
	});
	return portOf(server);
}

const listeners = {
	streams: listenToStreams,
	bytes: listenToBytes,
	'web-socket-streams': listenToWebSocketStreams,
	'web-socket': listenToWebSocket,
	relay,
	'relayed-streams': listenAtRelay
} as const;
export type ReceiverMode = keyof typeof listeners;
const isMode = (name = ''): name is ReceiverMode => name in listeners;

process.on('disconnect', () => process.exit(0));
const mode = process.argv[3];
if (isMode(mode)) say({ port: await listeners[mode]() });
