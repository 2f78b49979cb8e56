import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { keyPair } from '#core/crypto';
import { secureLink, type Link, type LinkEnd, type SecuredLink, type SecureFailure } from '#core/net';
import type { Result } from '#core/kernel';
import { createClock } from '../../peer/host/clock.ts';
import { readDirectCertificate, type DirectCertificate } from '../../peer/host/direct-certificate.ts';
import { createRandom } from '../../peer/host/random.ts';
import { createWebRtc, type BoundLink, type Caller, type DirectPlace, type WebRtc } from '../../peer/rtc/web-rtc.ts';
import { never, valueOf } from '../conformance/expectation.ts';
import { freeUdpPort } from '../conformance/free-udp-port.ts';
import { heldSecrets } from '../conformance/held-secrets.ts';
import { answeringOptions, diallingOptions } from '../conformance/secured.ts';
import { isNightly } from '../tier.ts';
import { isAnswer, bindingRequest } from './stun-packet.ts';

const host = '127.0.0.1';
const answerPassword = 'atolldirectdialversion1pwd';
const ports = { clock: createClock(), random: createRandom(), aead: null };
const opened: WebRtc[] = [];
afterAll(() => {
	for (const one of opened.splice(0)) one.close();
});

function start(): WebRtc {
	const made = createWebRtc();
	opened.push(made);
	return made;
}

/** Who listens, and everybody who has come. */
class Called {
	readonly webRtc = start();
	readonly callers: Caller[] = [];
	place: DirectPlace = { host, port: 0, fingerprint: new Uint8Array(32) };
	#onCaller: () => void = () => undefined;

	async listen(withinMs?: number): Promise<this> {
		const certificate: DirectCertificate = valueOf(await readDirectCertificate(heldSecrets(), never));
		const port = await freeUdpPort();
		const at = { host, port, ...certificate, ...(withinMs !== undefined && { withinMs }) };
		const onCaller = (caller: Caller) => {
			this.callers.push(caller);
			this.#onCaller();
		};
		valueOf(await this.webRtc.listen(at, onCaller));
		this.place = { host, port, fingerprint: certificate.fingerprint };
		return this;
	}

	async next(): Promise<Caller> {
		const caller = this.callers.shift();
		if (caller !== undefined) return caller;
		await new Promise<void>((resolve) => (this.#onCaller = resolve));
		return this.next();
	}
}

/** How a link ends. */
const endOf = (link: Link) =>
	new Promise<LinkEnd>((resolve) =>
		link.start({ onMessage: () => undefined, onReady: () => undefined, onEnd: resolve })
	);

type Secured = Result<SecuredLink, SecureFailure>;
const dialled = ({ link, binding }: BoundLink, isBound = true): Promise<Secured> =>
	secureLink(link, { ...diallingOptions(ports), ...(isBound && { binding }) }, never);
const answered = ({ link, binding }: BoundLink, isBound = true): Promise<Secured> =>
	secureLink(link, { ...answeringOptions(ports), ...(isBound && { binding }) }, never);

const here = start();
let called: Called;
beforeAll(async () => {
	called = await new Called().listen();
});

test('where another certificate answers than the one that was named, it is told as another device', async () => {
	const other = { ...called.place, fingerprint: called.place.fingerprint.with(31, 0) };
	expect(await here.dial(other, never)).toEqual({ ok: false, failure: { type: 'DeviceOther' } });
	expect((await here.dial(called.place, never)).ok, 'the right one is talked to').toBe(true);
	(await called.next()).drop();
});

test('another device behind the right certificate is not talked to', async () => {
	const own = await here.dial(called.place, never);
	const caller = await called.next();
	const stranger = { ...answeringOptions(ports), own: keyPair(new Uint8Array(32).fill(9)), binding: caller.binding };
	const [one, other] = await Promise.all([dialled(valueOf(own)), secureLink(caller.link, stranger, never)]);
	expect([one.ok, other.ok]).toEqual([false, false]);
});

/** Hands on what comes of one link to the other, both ways. */
function carry(one: Link, other: Link): void {
	for (const [from, to] of [
		[one, other],
		[other, one]
	] as const)
		from.start({
			onMessage: (message) => void to.send(message),
			onReady: () => undefined,
			onEnd: () => to.close(0)
		});
}

/** Somebody who has got the caller to dial another certificate, and dials the right one. */
async function throughMiddle(middle: Called, isBound: boolean): Promise<readonly [Secured, Secured]> {
	const own = valueOf(await here.dial(middle.place, never));
	const [between, onward] = [await middle.next(), valueOf(await here.dial(called.place, never))];
	const caller = await called.next();
	carry(between.link, onward.link);
	return Promise.all([dialled(own, isBound), answered(caller, isBound)]);
}

test('T41: whoever swaps the certificates and hands on all that is said, is found out by the handshake', async () => {
	const middle = await new Called().listen();
	expect((await throughMiddle(middle, true)).map(({ ok }) => ok)).toEqual([false, false]);
	// Were the certificates not in it, nobody would see.
	expect((await throughMiddle(middle, false)).map(({ ok }) => ok)).toEqual([true, true]);
});

test('with its process killed, links are lost, the peer goes on, and is dialled again', async () => {
	const mortal = await new Called().listen();
	const own = valueOf(await here.dial(mortal.place, never));
	const come = await mortal.next();
	come.proved();
	const { pid } = mortal.webRtc;
	if (pid === undefined) throw new Error('it runs');
	const ended = endOf(come.link);
	process.kill(pid, 'SIGABRT');
	expect(await ended).toMatchObject({ type: 'LinkLost' });
	// It listens again by itself; who dials meanwhile is answered once it does.
	await vi.waitFor(() => expect(mortal.webRtc.pid).not.toBe(pid));
	const [again, back] = await Promise.all([here.dial(mortal.place, never), mortal.next()]);
	const secured = await Promise.all([dialled(valueOf(again)), answered(back)]);
	expect(secured.map(({ ok }) => ok)).toEqual([true, true]);
	own.drop();
});

test('a dial that is called off, or whose process is killed, ends', async () => {
	const caller = start();
	const [stop, gone] = [new AbortController(), { ...called.place, port: await freeUdpPort() }];
	const off = caller.dial(gone, stop.signal);
	const broken = caller.dial(gone, never);
	stop.abort(new Error('enough'));
	await expect(off).rejects.toThrow('enough');
	if (caller.pid !== undefined) process.kill(caller.pid, 'SIGKILL');
	expect(await broken).toMatchObject({ ok: false, failure: { type: 'DeviceUnreachable' } });
});

test('who does not say who it is, is let go of', async () => {
	const hasty = await new Called().listen(500);
	const own = valueOf(await here.dial(hasty.place, never));
	const come = await hasty.next();
	expect(await Promise.all([endOf(own.link), endOf(come.link)])).toMatchObject([
		{ type: 'LinkLost' },
		{ type: 'LinkLost', what: 'nobody said who it is' }
	]);
});

async function bound(address: string): Promise<Socket> {
	const socket = createSocket('udp4');
	socket.bind(0, address);
	await once(socket, 'listening');
	return socket;
}

test('T35: of one address few come at a time, however many packets it sends; others are not kept waiting', async () => {
	const yes = new Set<number>();
	// Each from a port of its own, as the library tells them apart by it.
	const callers = await Promise.all(
		Array.from({ length: 40 }, async (_, n) => {
			const socket = await bound('127.0.0.2');
			socket.on('message', (packet) => isAnswer(packet) && yes.add(n));
			return { socket, name: Buffer.from(`atoll1${String(n).padStart(24, 'x')}:abcd`) };
		})
	);
	const sendAll = () => {
		for (const { socket, name } of callers) socket.send(bindingRequest(name, answerPassword), called.place.port, host);
	};
	await vi.waitFor(
		() => {
			sendAll();
			expect(yes.size).toBeGreaterThanOrEqual(8);
		},
		{ timeout: 20_000, interval: 100 }
	);
	const own = await here.dial(called.place, never);
	expect(own.ok, 'another address comes through').toBe(true);
	(await called.next()).proved();
	sendAll();
	expect(yes.size).toBe(8);
	for (const { socket } of callers) socket.close();
});

const packets = isNightly ? 20_000 : 1_000;

test(`T34: ${packets} packets of any sort, STUN with wrong names among them, end nothing`, async () => {
	const { pid } = called.webRtc;
	const socket = await bound('127.0.0.3');
	const bytes = fc.uint8Array({ maxLength: 400 });
	const wrong = fc.oneof(
		bytes.map((text) => Buffer.from(text)),
		fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(`atoll1${text}:${text}`)),
		fc.string({ maxLength: 300 }).map((text) => Buffer.from(`${text}:atoll1${text}`)),
		fc
			.constantFrom('atoll1:', ':', 'atoll1short:abcd', `atoll1${'x'.repeat(24)}\r\na=x:abcd`)
			.map((s) => Buffer.from(s))
	);
	const stun = fc.tuple(wrong, fc.nat(), fc.nat(255)).map(([name, at, byte]) => {
		const packet = bindingRequest(name.subarray(0, 500), answerPassword);
		return byte % 2 === 0 ? packet : packet.with(at % packet.length, byte);
	});
	const sent = fc.sample(fc.oneof(bytes, stun), packets);
	for (const packet of sent) await new Promise((resolve) => socket.send(packet, called.place.port, host, resolve));
	const own = valueOf(await here.dial(called.place, never));
	const secured = await Promise.all([dialled(own), answered(await called.next())]);
	expect(secured.map(({ ok }) => ok)).toEqual([true, true]);
	expect(called.webRtc.pid, 'the process is the same').toBe(pid);
	socket.close();
});
