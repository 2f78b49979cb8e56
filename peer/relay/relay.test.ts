import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { deviceKeys } from '#core/crypto';
import { libraryId } from '#core/kernel';
import {
	callDevice,
	keepPlace,
	ownPlace,
	printClientMessage,
	readRelayMessage,
	relayCodes,
	relayToken,
	signHold,
	type PlaceDeps,
	type RelayFailure,
	type RelayMeans
} from '#core/relay';
import type { Link } from '#core/net';
import { createClock } from '../host/clock.ts';
import { createCompute } from '../host/compute.ts';
import { createRandom } from '../host/random.ts';
import { dialWs, linkProtocol } from '../host/ws-link.ts';
import type { RelayLimits } from './limits.ts';
import { createRelay, type Admitted, type Relay } from './relay.ts';

const keysOf = (byte: number) => deviceKeys(new Uint8Array(32).fill(byte));
const [here, there, stranger] = [keysOf(1), keysOf(2), keysOf(3)] as const;
const token = relayToken(keysOf(4));
const by = { type: 'token', token } as const;
const library = libraryId('0'.repeat(32));
const never = new AbortController().signal;
const means = { dial: dialWs, clock: createClock(), random: createRandom(), aead: createCompute().aead };
const of = (own: RelayMeans['own']): RelayMeans => ({ ...means, own });

let ends: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
	for (const end of ends.toReversed()) await end();
	ends = [];
});

/** A relay at a port of its own. */
async function open(
	limits: Partial<RelayLimits> = {},
	admitted: Partial<Admitted> = {}
): Promise<{ readonly relay: Relay; readonly url: string }> {
	const relay = createRelay(() => ({ tokens: [token], members: [], removed: [], ...admitted }), limits);
	const server: Server = createServer().on('upgrade', (...given) => relay.accept(...given));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	ends.push(() => {
		relay.close();
		return new Promise((resolve) => server.close(resolve));
	});
	return { relay, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/relay` };
}

type Kept = {
	readonly links: Link[];
	readonly came: Promise<Link>;
	readonly place: ReturnType<typeof ownPlace>;
	leave(): Promise<void>;
};

/** Keeps the place of `there`; why it has none, where it gets none. */
async function keep(url: string, more: Partial<PlaceDeps> = {}): Promise<Kept | RelayFailure> {
	const life = new AbortController();
	const place = ownPlace(more.own ?? there, library, url);
	const links: Link[] = [];
	let cameOne: (link: Link) => void = () => undefined;
	const came = new Promise<Link>((resolve) => (cameOne = resolve));
	let kept: Promise<void> = Promise.resolve();
	const first = await new Promise<RelayFailure | null>((resolve) => {
		const deps: PlaceDeps = {
			...of(there),
			place,
			by,
			knownKeys: () => [here.signing.public],
			awaitsAnybody: () => true,
			isKnown: (key) => Buffer.compare(key, here.signing.public) === 0,
			onLink: (link) => {
				links.push(link);
				cameOne(link);
			},
			onState: (state) => resolve(state.ok ? null : state.failure),
			...more
		};
		kept = keepPlace(deps, life.signal);
	});
	const leave = () => {
		life.abort();
		return kept;
	};
	ends.push(leave);
	return first ?? { links, came, place, leave };
}

async function kept(url: string, more?: Partial<PlaceDeps>): Promise<Kept> {
	const found = await keep(url, more);
	if ('type' in found) throw new Error(found.what);
	return found;
}

/** A client of its own making, after its greeting. */
async function knock(url: string): Promise<readonly [WebSocket, Uint8Array]> {
	const socket = new WebSocket(url, linkProtocol);
	socket.on('error', () => undefined);
	const [greeting] = await once(socket, 'message');
	return [socket, greeting];
}

const ended = async (socket: WebSocket): Promise<unknown> => {
	const [code, reason] = await once(socket, 'close');
	return code === 4_000 ? Number(String(reason)) : code;
};

const unreachable = (what: string) => ({ ok: false, failure: { type: 'DeviceUnreachable', what } });

describe('who finds whom', () => {
	test('a device finds one at its place, and no other in its stead', async () => {
		const { relay, url } = await open();
		const { place, came, links } = await kept(url);
		const dialled = await callDevice(of(here), place, there.signing.public, never);
		expect(dialled).toMatchObject({ ok: true });
		await came;
		expect(relay.counts).toMatchObject({ places: 1, calls: 0, rooms: 1 });
		expect(await callDevice(of(here), place, stranger.signing.public, never)).toEqual({
			ok: false,
			failure: { type: 'DeviceOther' }
		});
		expect(links).toHaveLength(1);
	});

	test('who is not known there gets no link, and who was not told its address not even an answer', async () => {
		const { url } = await open();
		const { place, links } = await kept(url);
		const unknown = await callDevice(of(stranger), place, null, never);
		if (unknown.ok) {
			// It has proved itself to a device that then hangs up.
			const end = await new Promise((onEnd) =>
				unknown.value.start({ onMessage: () => undefined, onReady: () => undefined, onEnd })
			);
			expect(end).toMatchObject({ type: 'LinkLost' });
		}
		// As the relay itself would call.
		const guessed = { ...place, secret: new Uint8Array(16) };
		expect(await callDevice(of(here), guessed, null, never)).toEqual(unreachable('it hung up'));
		expect(links).toEqual([]);
	});

	test('nobody is found where nobody is, and where who was there has left', async () => {
		const { relay, url } = await open();
		const { place, leave } = await kept(url);
		expect(await callDevice(of(here), { ...place, place: new Uint8Array(16) }, null, never)).toEqual(
			unreachable('it is not at its relay')
		);
		await leave();
		const called = await callDevice(of(here), place, null, never);
		expect(called).toEqual(unreachable('it is not at its relay'));
		await expect.poll(() => relay.counts).toEqual({ places: 0, calls: 0, rooms: 0 });
	});

	test('a device of the library of the relay wants no token, and has its place as long as it is one', async () => {
		const members = [stranger.signing.public, there.signing.public];
		const { relay, url } = await open({}, { tokens: [], members });
		const device = { type: 'device', own: there } as const;
		const { came, place } = await kept(url, { by: device, awaitsAnybody: () => false });
		const stays = await kept(url, {
			own: stranger,
			by: { type: 'device', own: stranger },
			place: ownPlace(stranger, library, url)
		});
		expect((await callDevice(of(here), place, there.signing.public, never)).ok).toBe(true);
		await came;
		// Whoever has nothing but the key of the library, or a token that is none.
		const nobody = { what: 'the relay knows neither this device nor its token' };
		expect(await keep(url, { own: here, by: { type: 'device', own: here } })).toMatchObject(nobody);
		expect(await keep(url, { own: here })).toMatchObject(nobody);

		members.pop();
		await expect.poll(() => relay.counts.places, { timeout: 3_000 }).toBe(1);
		expect(await keep(url, { by: device })).toMatchObject(nobody);
		// Control: who was not removed is at its place all the time.
		expect((await callDevice(of(here), stays.place, stranger.signing.public, never)).ok).toBe(true);
		await stays.came;
	});

	test('who was removed calls nobody at the relay of its library; nor does it, unasked, without saying who it is', async () => {
		const removed: Uint8Array[] = [];
		const { url } = await open({}, { removed });
		// Who is called has not heard of it.
		const { place, links } = await kept(url, { awaitsAnybody: () => false });
		// Control: as long as nobody had removed it.
		expect((await callDevice(of(here), place, there.signing.public, never)).ok).toBe(true);
		await expect.poll(() => links.length).toBe(1);
		removed.push(here.signing.public);
		expect(await callDevice(of(here), place, there.signing.public, never)).toEqual(
			unreachable('the relay knows neither this device nor its token')
		);
		expect(await callDevice(of(here), place, null, never)).toEqual(unreachable('it is not at its relay'));
		expect(links).toHaveLength(1);
	});

	test('who comes back takes the place of its own dead connection', async () => {
		const { relay, url } = await open();
		await kept(url);
		const again = await kept(url);
		expect((await callDevice(of(here), again.place, there.signing.public, never)).ok).toBe(true);
		await again.came;
		expect(relay.counts.places).toBe(1);
	});
});

describe('T35: what a relay does not do', () => {
	test.each<[string, (socket: WebSocket) => void, unknown]>([
		['takes text', (socket) => socket.send('hello'), relayCodes.wrong],
		['takes what is no message', (socket) => socket.send(new Uint8Array(5)), relayCodes.wrong],
		['takes what is too long', (socket) => socket.send(new Uint8Array(262_145)), 1_009],
		[
			'takes a ticket that it has not given',
			(socket) => socket.send(printClientMessage({ kind: 'answer', ticket: new Uint8Array(16) })),
			relayCodes.nobody
		],
		[
			'takes a place without a token',
			(socket) =>
				socket.send(
					printClientMessage(
						signHold(ownPlace(stranger, library, ''), { ...by, token: new Uint8Array(16) }, new Uint8Array(32))
					)
				),
			relayCodes.refused
		]
	])('%s', async (_, talk, code) => {
		const { relay, url } = await open();
		const [socket] = await knock(url);
		talk(socket);
		expect(await ended(socket)).toBe(code);
		expect(relay.counts).toEqual({ places: 0, calls: 0, rooms: 0 });
	});

	test('waits for who says nothing', async () => {
		const { url } = await open({ sayWithinMs: 20 });
		expect(await ended((await knock(url))[0])).toBe(relayCodes.idle);
	});

	test('has more places, calls or rooms than it is to have', async () => {
		const few = await open({ placesMax: 1 });
		await kept(few.url);
		expect(await keep(few.url, { own: stranger, place: ownPlace(stranger, library, few.url) })).toMatchObject({
			what: 'the relay has no room'
		});
		const none = await open({ roomsMax: 0 });
		const { place } = await kept(none.url);
		expect(await callDevice(of(here), place, null, never)).toEqual(unreachable('the relay has no room'));
	});

	test('keeps a call that nobody answers, or a caller who does not wait', async () => {
		const { relay, url } = await open({ callsPerPlaceMax: 1, sayWithinMs: 1_000 });
		// It has the place and answers nobody.
		const { place } = await kept(url, { dial: deafAfterFirst() });
		const call = printClientMessage({ kind: 'call', place: place.place, pass: new Uint8Array(0) });
		const [hasty] = await knock(url);
		hasty.send(call);
		hasty.send(new Uint8Array(3));
		expect(await ended(hasty)).toBe(relayCodes.wrong);
		const [first] = await knock(url);
		first.send(call);
		const [second] = await knock(url);
		second.send(call);
		expect(await ended(second)).toBe(relayCodes.full);
		expect(await ended(first)).toBe(relayCodes.nobody);
		await expect.poll(() => relay.counts).toMatchObject({ calls: 0, rooms: 0 });
	});

	test('keeps a room in which nothing moves, or a place of which nothing is heard', async () => {
		const { relay, url } = await open({ idleMs: 100, silentMs: 100 });
		const { place, came } = await kept(url);
		const dialled = await callDevice(of(here), place, null, never);
		if (!dialled.ok) throw new Error(dialled.failure.type);
		const end = await new Promise((onEnd) =>
			dialled.value.start({ onMessage: () => undefined, onReady: () => undefined, onEnd })
		);
		expect(end).toMatchObject({ type: 'LinkLost', what: expect.stringContaining(String(relayCodes.idle)) });
		await came;
		await expect.poll(() => relay.counts.rooms).toBe(0);
	});
});

/** Dials once, and then nobody any more: who keeps a place so hears calls and answers none. */
function deafAfterFirst(): RelayMeans['dial'] {
	let dialled = 0;
	return (url, signal) =>
		dialled++ === 0
			? dialWs(url, signal)
			: Promise.resolve({ ok: false, failure: { type: 'DeviceUnreachable', what: 'deaf' } });
}

describe('what passes', () => {
	const ticketOf = (called: Uint8Array) => {
		const word = readRelayMessage(called);
		return word?.kind === 'called' ? word.ticket : new Uint8Array(16);
	};
	/** Two sockets that a relay has joined, of which nobody asks who they are. */
	async function joined(url: string, byte = 5): Promise<readonly [WebSocket, WebSocket]> {
		const place = ownPlace(keysOf(byte), library, url);
		const [holder, greeting] = await knock(url);
		holder.send(printClientMessage(signHold(place, by, greeting.slice(-32))));
		await once(holder, 'message');
		const [caller] = await knock(url);
		caller.send(printClientMessage({ kind: 'call', place: place.place, pass: new Uint8Array(0) }));
		const [called] = await once(holder, 'message');
		const [answering] = await knock(url);
		const bothJoined = Promise.all([once(caller, 'message'), once(answering, 'message')]);
		answering.send(printClientMessage({ kind: 'answer', ticket: ticketOf(called) }));
		await bothJoined;
		return [caller, answering];
	}

	test('is handed on as it is, both ways, to the end and with its code', async () => {
		const { relay, url } = await open();
		const [one, other] = await joined(url);
		for (const [from, to] of [
			[one, other],
			[other, one]
		] as const) {
			const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, at) => at & 0xff));
			const came = once(to, 'message');
			from.send(bytes);
			expect(bytes.equals((await came)[0])).toBe(true);
		}
		const told: string[] = [];
		other.on('message', (bytes: Buffer) => told.push(bytes.toString()));
		for (const text of ['a', 'b', 'c']) one.send(Buffer.from(text));
		one.close(4_000, '322');
		expect(await ended(other)).toBe(322);
		expect(told).toEqual(['a', 'b', 'c']);
		await expect.poll(() => relay.counts.rooms).toBe(0);
	});

	const piece = Buffer.alloc(65_536);
	const pieces = 512;
	const stalled = async (url: string) => {
		const [from, to] = await joined(url);
		to.pause();
		for (let n = 0; n < pieces; n++) from.send(piece);
		return [from, to] as const;
	};

	test('of what one side does not read the relay holds little, and others pass it by', async () => {
		const { url } = await open();
		const [from, to] = await stalled(url);
		const [one, other] = await joined(url, 6);
		for (let n = 0; n < 200; n++) {
			const came = once(other, 'message');
			one.send(piece);
			await came;
		}
		// What the system holds for three sockets is some megabytes.
		expect(from.bufferedAmount).toBeGreaterThan((pieces / 2) * piece.length);
		let bytes = 0;
		const all = new Promise<void>((resolve) =>
			to.on('message', (message: Buffer) => {
				bytes += message.length;
				if (bytes === pieces * piece.length) resolve();
			})
		);
		to.resume();
		await all;
	});

	test('control: without that limit it takes all', async () => {
		const { url } = await open({ bufferBytesMax: Infinity });
		const [from] = await stalled(url);
		// Resolves when the last of it has been taken.
		await new Promise((resolve) => from.send(piece, resolve));
		expect(from.bufferedAmount).toBe(0);
	});

	test('what is more than may pass in a second waits for the next', async () => {
		const { url } = await open({ messagesPerSecondMax: 10 });
		const [from, to] = await joined(url);
		const fromMs = performance.now();
		const told: number[] = [];
		const all = new Promise<void>((resolve) =>
			to.on('message', (message: Buffer) => {
				told.push(message[0] ?? 0);
				if (told.length === 25) resolve();
			})
		);
		// Larger than what is read at once, or all of them are there before the reading stops.
		for (let n = 0; n < 25; n++) from.send(Buffer.alloc(65_536, n));
		await all;
		expect(told).toEqual(Array.from({ length: 25 }, (_, n) => n));
		expect(performance.now() - fromMs).toBeGreaterThan(1_000);
	});
});
