import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { createMux, muxSettings, secureLink, type Link, type LinkReceiver, type Stream } from '#core/net';
import { callDevice } from '#core/relay';
import { createClock } from '../../../peer/host/clock.ts';
import { createCompute } from '../../../peer/host/compute.ts';
import { createDeviceCertificate } from '../../../peer/host/device-certificate.ts';
import { createRandom } from '../../../peer/host/random.ts';
import { dialTls } from '../../../peer/host/tls-link.ts';
import { dialWs } from '../../../peer/host/ws-link.ts';
import type { Figure } from '../figure.ts';
import { bestOf, type Times } from '../measure.ts';
import { called, calledAt, calling } from '../../conformance/relayed.ts';
import { diallingOptions } from '../../conformance/secured.ts';
import type { ReceiverMode, ReceiverSays } from './link-receiver.ts';
import { readStream } from './read-stream.ts';

const sentBytes = 512 * 1_048_576;
const rounds = 5;
/** Streams take at least 70 % of what a bare connection carries. */
const asked = { share: 1 / 0.7 };
/** Secured ones take at least 60 % of what a bare WebSocket carries. */
const askedOfSecured = 1 / 0.6;
/** Megabytes a second through a relay, where it takes more than that share. */
const leastOfRelay = 100;
const piece = new Uint8Array(262_144).fill(7);
const host = '127.0.0.1';
const { signal } = new AbortController();
const [here, there] = [1, 2].map((byte) => createDeviceCertificate(new Uint8Array(32).fill(byte)));

type Receiver = { readonly port: number; readonly child: ChildProcess };

async function startReceiver(mode: ReceiverMode, ...more: readonly string[]): Promise<Receiver> {
	const child = fork(fileURLToPath(new URL('link-receiver.ts', import.meta.url)), [String(sentBytes), mode, ...more]);
	const [told] = (await once(child, 'message')) as [ReceiverSays];
	if (!('port' in told)) throw new Error('the receiver tells its port first');
	return { port: told.port, child };
}

/** How long `send` takes, until the other side has all of it. */
async function timeUntilReceived({ child }: Receiver, send: () => Promise<void>): Promise<Times> {
	const received = once(child, 'message');
	const startMs = performance.now();
	await send();
	await received;
	return { all: performance.now() - startMs };
}

async function writeAll(stream: Stream): Promise<void> {
	for (let sent = 0; sent < sentBytes; sent += piece.length) {
		const written = await stream.write(piece, signal);
		if (!written.ok) throw new Error(written.failure.type);
	}
	await stream.end(signal);
}

async function overTls(receiver: Receiver): Promise<Times> {
	if (here === undefined || there === undefined) throw new Error('two devices');
	const dialled = await dialTls(here, { host, port: receiver.port, deviceKey: there.deviceKey }, signal);
	if (!dialled.ok) throw new Error(dialled.failure.type);
	return overStream(receiver, dialled.value);
}

async function overStream(receiver: Receiver, link: Link): Promise<Times> {
	const clock = createClock();
	const mux = createMux(link, { role: 'client', settings: muxSettings, clock, onStream: () => undefined });
	const stream = await mux.open('bench/1', 'bulk', signal);
	if (!stream.ok) throw new Error(stream.failure.type);
	const times = await timeUntilReceived(receiver, () => writeAll(stream.value));
	mux.close(0);
	return times;
}

/** Through a secured link; `isLent`: its bulk is sealed by what the host lends. */
async function overWebSocket(receiver: Receiver, isLent: boolean): Promise<Times> {
	const dialled = await dialWs(`ws://${host}:${receiver.port}/link`, signal);
	if (!dialled.ok) throw new Error(dialled.failure.type);
	const ports = { clock: createClock(), random: createRandom(), aead: isLent ? createCompute().aead : null };
	const secured = await secureLink(dialled.value, diallingOptions(ports), signal);
	if (!secured.ok) throw new Error(secured.failure.type);
	return overStream(receiver, secured.value.link);
}

/** Through a relay in a third process, to a device that has a place there. */
async function overRelay(receiver: Receiver): Promise<Times> {
	const means = { dial: dialWs, clock: createClock(), random: createRandom(), aead: createCompute().aead };
	const place = calledAt(`ws://${host}:${receiver.port}/relay`);
	const dialled = await callDevice({ ...means, own: calling }, place, called.signing.public, signal);
	if (!dialled.ok) throw new Error(dialled.failure.type);
	return overStream(receiver, dialled.value);
}

/** The yardstick: the same bytes in the same pieces, as messages of a WebSocket of which no more is taken than it sends. */
async function overBareWebSocket(receiver: Receiver): Promise<Times> {
	const socket = new WebSocket(`ws://${host}:${receiver.port}/link`, { perMessageDeflate: false });
	await once(socket, 'open');
	const times = await timeUntilReceived(receiver, async () => {
		for (let sent = 0; sent < sentBytes; sent += piece.length) {
			const isSent = new Promise((resolve) => socket.send(piece, resolve));
			if (socket.bufferedAmount >= 2 * piece.length) await isSent;
		}
	});
	socket.terminate();
	return times;
}

/** The yardstick: the same bytes in the same pieces, without links, frames and streams. */
async function overBareTls(receiver: Receiver): Promise<Times> {
	const socket = connect({
		host,
		port: receiver.port,
		cert: here?.certificate,
		key: here?.privateKey,
		rejectUnauthorized: false
	});
	await once(socket, 'secureConnect');
	const times = await timeUntilReceived(receiver, async () => {
		for (let sent = 0; sent < sentBytes; sent += piece.length) if (!socket.write(piece)) await once(socket, 'drain');
	});
	socket.destroy();
	return times;
}

/** A link that is nothing but a queue: what streams cost by themselves. */
class MemoryLink implements Link {
	readonly messageBytesMax = 1_048_576;
	other: MemoryLink | null = null;
	#receiver: LinkReceiver | null = null;
	#queue: Uint8Array[] = [];
	start(receiver: LinkReceiver): void {
		this.#receiver = receiver;
	}
	send(message: Uint8Array): boolean {
		if (this.#queue.length === 0) setImmediate(() => this.#deliver());
		this.#queue.push(message.slice());
		return this.#queue.length < 32;
	}
	close(): void {
		this.#receiver = null;
	}
	#deliver(): void {
		const queue = this.#queue;
		this.#queue = [];
		for (const message of queue) this.other?.receive(message);
		this.#receiver?.onReady();
	}
	receive(message: Uint8Array): void {
		this.#receiver?.onMessage(message);
	}
}

async function overMemory(): Promise<Times> {
	const [one, two] = [new MemoryLink(), new MemoryLink()];
	[one.other, two.other] = [two, one];
	let receivedBytes = 0;
	let tellEnd: () => void = () => undefined;
	const atEnd = new Promise<void>((resolve) => (tellEnd = resolve));
	const onStream = (stream: Stream) => void readStream(stream, (bytes) => (receivedBytes += bytes)).then(tellEnd);
	const clock = createClock();
	const client = createMux(one, { role: 'client', settings: muxSettings, clock, onStream: () => undefined });
	const server = createMux(two, { role: 'server', settings: muxSettings, clock, onStream });
	const stream = await client.open('bench/1', 'bulk', signal);
	if (!stream.ok) throw new Error(stream.failure.type);
	const startMs = performance.now();
	await writeAll(stream.value);
	await atEnd;
	const all = performance.now() - startMs;
	if (receivedBytes !== sentBytes) throw new Error('not all has come');
	client.close(0);
	server.close(0);
	return { all };
}

/** What streams take of what carries them. */
export async function measureLink(): Promise<Figure[]> {
	const [streams, bytes] = [await startReceiver('streams'), await startReceiver('bytes')];
	const [secured, bare] = [await startReceiver('web-socket-streams'), await startReceiver('web-socket')];
	const relay = await startReceiver('relay');
	const relayed = await startReceiver('relayed-streams', String(relay.port));
	const best = await bestOf(rounds, {
		memory: overMemory,
		tls: () => overTls(streams),
		bare: () => overBareTls(bytes),
		ws: () => overWebSocket(secured, true),
		wsUnlent: () => overWebSocket(secured, false),
		relay: () => overRelay(relayed),
		wsBare: () => overBareWebSocket(bare)
	});
	for (const { child } of [streams, bytes, secured, bare, relayed, relay]) child.disconnect();
	const ms = (name: keyof typeof best) => best[name]['all'] ?? Infinity;
	const rate = (name: keyof typeof best) => sentBytes / 1_000 / ms(name);
	return [
		{ name: 'node.link.tls', measured: ms('tls') / ms('bare'), unit: 'share', asked: asked.share, tolerance: 0.25 },
		{ name: 'node.link.tls-megabytes', measured: rate('tls'), unit: 'per second' },
		{ name: 'node.link.bare-tls-megabytes', measured: rate('bare'), unit: 'per second' },
		{ name: 'node.link.memory-megabytes', measured: rate('memory'), unit: 'per second' },
		{ name: 'node.link.ws', measured: ms('ws') / ms('wsBare'), unit: 'share', asked: askedOfSecured, tolerance: 0.25 },
		{ name: 'node.link.ws-megabytes', measured: rate('ws'), unit: 'per second' },
		{ name: 'node.link.ws-unlent-megabytes', measured: rate('wsUnlent'), unit: 'per second' },
		{
			name: 'node.link.relay',
			measured: ms('relay') / ms('wsBare'),
			unit: 'share',
			// Either will do.
			...(rate('relay') < leastOfRelay && { asked: askedOfSecured }),
			tolerance: 0.25
		},
		{ name: 'node.link.relay-megabytes', measured: rate('relay'), unit: 'per second' },
		{ name: 'node.link.bare-ws-megabytes', measured: rate('wsBare'), unit: 'per second' }
	];
}
