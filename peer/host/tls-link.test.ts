import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect as connectBare, createServer } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { createMessages, createMux, type Link, type LinkEnd, muxSettings, type Stream } from '#core/net';
import { createClock } from './clock.ts';
import { createDeviceCertificate, deviceKeyOf } from './device-certificate.ts';
import { dialTls, listenTls, type TlsListening } from './tls-link.ts';

const { signal } = new AbortController();
const deviceOf = (byte: number) => createDeviceCertificate(new Uint8Array(32).fill(byte));
const [here, there, stranger] = [deviceOf(7), deviceOf(8), deviceOf(9)] as const;
const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of closing.splice(0)) await close();
});

type Come = { readonly listening: TlsListening; readonly links: Link[]; readonly next: Promise<Link> };

async function listen(connectionsMax = 4): Promise<Come> {
	const links: Link[] = [];
	let tell: (link: Link) => void = () => undefined;
	const next = new Promise<Link>((resolve) => (tell = resolve));
	const listening = await listenTls({
		device: there,
		host: '127.0.0.1',
		port: 0,
		connectionsMax,
		isKnown: (key) => isSame(key, here.deviceKey),
		onLink: (link) => {
			links.push(link);
			tell(link);
		}
	});
	closing.push(() => listening.close());
	return { listening, links, next };
}

const address = ({ port }: TlsListening, deviceKey = there.deviceKey) => ({ host: '127.0.0.1', port, deviceKey });

/** The end of a link, and what comes before it. */
function watch(link: Link): { readonly messages: Uint8Array[]; readonly end: Promise<LinkEnd> } {
	const messages: Uint8Array[] = [];
	const end = new Promise<LinkEnd>((onEnd) => {
		link.start({ onMessage: (message) => void messages.push(message), onReady: () => undefined, onEnd });
	});
	return { messages, end };
}

test('a certificate says the key of its device, signed by that key, and is the same each time', () => {
	const certificate = new X509Certificate(here.certificate);
	expect(deviceKeyOf(certificate)).toEqual(here.deviceKey);
	expect(certificate.verify(certificate.publicKey)).toBe(true);
	expect(createDeviceCertificate(new Uint8Array(32).fill(7))).toEqual(here);
	expect(isSame(here.deviceKey, there.deviceKey)).toBe(false);
	// RFC 8032, section 7.1, test 1
	const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
	const known = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
	expect(Buffer.from(createDeviceCertificate(seed).deviceKey).toString('hex')).toBe(known);
});

test('two devices that know each other speak over streams', async () => {
	const { listening, next } = await listen();
	const dialled = await dialTls(here, address(listening), signal);
	if (!dialled.ok) throw new Error(dialled.failure.type);
	const clock = createClock();
	let take: (stream: Stream) => void = () => undefined;
	const taken = new Promise<Stream>((resolve) => (take = resolve));
	const client = createMux(dialled.value, { role: 'client', settings: muxSettings, clock, onStream: () => undefined });
	const server = createMux(await next, { role: 'server', settings: muxSettings, clock, onStream: take });
	const stream = await client.open('sync/1', 'normal', signal);
	if (!stream.ok) throw new Error(stream.failure.type);
	const value = ['hello', new Uint8Array(900_000)];
	const sending = createMessages(stream.value).send(value, signal);
	expect(await createMessages(await taken).receive(signal)).toEqual({ ok: true, value });
	expect((await sending).ok).toBe(true);
	expect((await client.ping(signal)).ok).toBe(true);
	client.close(0x100);
	expect(await server.ended).toEqual({ type: 'LinkClosed', by: 'them', code: 0x100 });
});

test('another device than the one that was dialled gets no link', async () => {
	const { listening } = await listen();
	expect(await dialTls(here, address(listening, stranger.deviceKey), signal)).toEqual({
		ok: false,
		failure: { type: 'DeviceOther', deviceKey: there.deviceKey }
	});
});

test('a stranger gets no link, and nothing that it sends is read', async () => {
	const { listening, links } = await listen();
	const dialled = await dialTls(stranger, address(listening), signal);
	// TLS 1.3: who dials is done before the other side has seen its certificate.
	if (dialled.ok) {
		const { end } = watch(dialled.value);
		dialled.value.send(new Uint8Array(100));
		expect(await end).toMatchObject({ type: 'LinkLost' });
	}
	expect(links).toEqual([]);
});

const { certificate: cert, privateKey: key } = here;
const raw = { host: '127.0.0.1', cert, key, rejectUnauthorized: false, ALPNProtocols: ['atoll/1'] };

/** Dials as `options` say and writes `bytes`; resolves when the other side is gone. */
function dialRaw(options: ConnectionOptions, bytes: Uint8Array = new Uint8Array()): Promise<void> {
	return new Promise((resolve) => {
		const socket: TLSSocket = connect(options, () => bytes.length > 0 && socket.write(bytes));
		socket.on('error', () => undefined);
		socket.on('close', () => resolve());
		socket.resume();
	});
}

test.each([
	['without a certificate', { ...raw, cert: undefined, key: undefined }],
	['without the protocol', { ...raw, ALPNProtocols: undefined }],
	['with an older TLS', { ...raw, maxVersion: 'TLSv1.2' as const }]
])('who comes %s gets no link', async (_, options) => {
	const { listening, links } = await listen();
	await dialRaw({ ...options, port: listening.port });
	expect(links).toEqual([]);
});

test('a length of 2 GiB ends the link, and takes no memory', async () => {
	const { listening, next } = await listen();
	const gone = dialRaw({ ...raw, port: listening.port }, Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 1, 2, 3));
	const link = await next;
	const before = process.memoryUsage().arrayBuffers;
	const { messages, end } = watch(link);
	expect(await end).toEqual({ type: 'LinkLost', what: 'the other side sent a message that is too long' });
	expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_048_576);
	expect(messages).toEqual([]);
	await gone;
});

test('those who connect and say nothing are no more than are allowed', async () => {
	const { listening } = await listen(2);
	const silent = [1, 2].map(() => connectBare(listening.port, '127.0.0.1'));
	for (const socket of silent) await once(socket, 'connect');
	expect(await dialTls(here, address(listening), signal)).toMatchObject({ failure: { type: 'DeviceUnreachable' } });
	for (const socket of silent) socket.destroy();
});

test('nobody there, somebody who says nothing, and a call that is given up', async () => {
	const { listening } = await listen();
	await listening.close();
	expect(await dialTls(here, address(listening), signal)).toMatchObject({ failure: { type: 'DeviceUnreachable' } });

	const silent = createServer((socket) => socket.resume());
	await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
	closing.push(() => new Promise((resolve) => silent.close(() => resolve())));
	const { port } = silent.address() as AddressInfo;
	const controller = new AbortController();
	const dialling = dialTls(here, { host: '127.0.0.1', port, deviceKey: there.deviceKey }, controller.signal);
	controller.abort('enough');
	await expect(dialling).rejects.toBe('enough');
});
