import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { createMux, muxSettings, type Link, type LinkReceiver, type Stream } from '#core/net';
import { createClock } from '../../../peer/host/clock.ts';
import { createDeviceCertificate } from '../../../peer/host/device-certificate.ts';
import { dialTls } from '../../../peer/host/tls-link.ts';
import type { Figure } from '../figure.ts';
import { bestOf, type Times } from '../measure.ts';
import type { ReceiverSays } from './link-receiver.ts';
import { readStream } from './read-stream.ts';

const sentBytes = 512 * 1_048_576;
const rounds = 5;
/** Streams take at least 70 % of what a bare connection carries. */
const asked = { share: 1 / 0.7 };
const piece = new Uint8Array(262_144).fill(7);
const host = '127.0.0.1';
const { signal } = new AbortController();
const [here, there] = [1, 2].map((byte) => createDeviceCertificate(new Uint8Array(32).fill(byte)));

type Receiver = { readonly port: number; readonly child: ChildProcess };

async function startReceiver(mode: 'streams' | 'bytes'): Promise<Receiver> {
	const child = fork(fileURLToPath(new URL('link-receiver.ts', import.meta.url)), [String(sentBytes), mode]);
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
	const clock = createClock();
	const mux = createMux(dialled.value, { role: 'client', settings: muxSettings, clock, onStream: () => undefined });
	const stream = await mux.open('bench/1', 'bulk', signal);
	if (!stream.ok) throw new Error(stream.failure.type);
	const times = await timeUntilReceived(receiver, () => writeAll(stream.value));
	mux.close(0);
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
	const best = await bestOf(rounds, {
		memory: overMemory,
		tls: () => overTls(streams),
		bare: () => overBareTls(bytes)
	});
	for (const { child } of [streams, bytes]) child.disconnect();
	const ms = (name: keyof typeof best) => best[name]['all'] ?? Infinity;
	const rate = (name: keyof typeof best) => sentBytes / 1_000 / ms(name);
	return [
		{ name: 'node.link.tls', measured: ms('tls') / ms('bare'), unit: 'share', asked: asked.share, tolerance: 0.25 },
		{ name: 'node.link.tls-megabytes', measured: rate('tls'), unit: 'per second' },
		{ name: 'node.link.bare-tls-megabytes', measured: rate('bare'), unit: 'per second' },
		{ name: 'node.link.memory-megabytes', measured: rate('memory'), unit: 'per second' }
	];
}
