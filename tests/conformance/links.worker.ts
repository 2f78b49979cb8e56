/** Runs one case of the suite of links in a worker, where the core of a browser has them, over what a browser has. */
import { parseFingerprint, secureLink, type Link } from '#core/net';
import type { DialUrl } from '#core/relay';
import type { ConnectionNews } from '../../src/workers/session/protocol.ts';
import { createClock } from '../../src/workers/host/clock.ts';
import { ownPage, PeerConnections, type DirectPlace } from '../../src/workers/host/peer-connections.ts';
import { createRandom } from '../../src/workers/host/random.ts';
import { dialWs } from '../../src/workers/host/ws-link.ts';
import { equal, holds, never, valueOf } from './expectation.ts';
import type { DirectServer } from './link-server.ts';
import { linkCases } from './links.ts';
import { throughRelay } from './relayed.ts';
import { diallingOptions, secureBoth } from './secured.ts';

const clock = createClock();
const random = createRandom();
const connections = new PeerConnections(ownPage(), clock);

/** Both ends of a link, at a path of the server where it can be cut. */
type Made = { readonly ends: readonly [Link, Link]; readonly path: string; leave(): Promise<void> };

async function overWebSockets({ linkServer }: Servers): Promise<Made> {
	const server = `ws://127.0.0.1:${linkServer}`;
	const path = `/link/${crypto.randomUUID()}`;
	const carriers = await Promise.all([dialWs(server + path, clock, never), dialWs(server + path, clock, never)]);
	const [one, two] = await secureBoth([valueOf(carriers[0]), valueOf(carriers[1])], { clock, random, aead: null });
	return { ends: [one.link, two.link], path, leave: () => Promise.resolve() };
}

async function overRelay({ linkServer }: Servers): Promise<Made> {
	const path = '/relay';
	const server = `ws://127.0.0.1:${linkServer}`;
	const dial: DialUrl = (url, signal) => dialWs(url, clock, signal);
	return { ...(await throughRelay(server + path, { dial, clock, random, aead: null })), path };
}

function placeOf({ directServer: { fingerprint } }: Servers, port: number): DirectPlace {
	return { host: '127.0.0.1', port, fingerprint: parseFingerprint(fingerprint) ?? new Uint8Array(32) };
}

async function overDirectDial(servers: Servers): Promise<Made> {
	const place = placeOf(servers, servers.directServer.pairs);
	const one = valueOf(await connections.dial(place, never));
	const two = valueOf(await connections.dial(place, never));
	// Of two connections that are joined the ends know nothing in common; any word of both takes the same way.
	const binding = Uint8Array.of(1);
	const ports = { clock, random, aead: null };
	const secured = await secureBoth([one.link, two.link], ports, undefined, [binding, binding]);
	return {
		ends: [secured[0].link, secured[1].link],
		path: '/direct',
		leave: () => Promise.resolve()
	};
}

const ways = { 'web-socket': overWebSockets, relay: overRelay, 'direct-dial': overDirectDial };
export type Way = keyof typeof ways;

/** What both ends know of a connection is the same, and nobody else's. */
async function bind(servers: Servers): Promise<void> {
	const place = placeOf(servers, servers.directServer.echo);
	const secure = async (change: (binding: Uint8Array) => Uint8Array) => {
		const { link, binding } = valueOf(await connections.dial(place, never));
		return secureLink(link, { ...diallingOptions({ clock, random, aead: null }), binding: change(binding) }, never);
	};
	const secured = valueOf(await secure((binding) => binding));
	const echoed = new Promise<Uint8Array>((resolve) =>
		secured.link.start({ onMessage: resolve, onReady: () => undefined, onEnd: () => undefined })
	);
	secured.link.send(Uint8Array.of(1, 2, 3));
	equal(await echoed, Uint8Array.of(1, 2, 3));
	secured.link.close(0);
	const swapped = await secure((binding) => binding.with(20, (binding[20] ?? 0) ^ 1));
	holds(!swapped.ok, 'with another fingerprint nobody is there');
	equal(swapped.failure.type === 'LinkEnded' ? swapped.failure.end.type : swapped.failure.type, 'LinkClosed');
}

async function dialOther(servers: Servers): Promise<void> {
	const place = placeOf(servers, servers.directServer.echo);
	const other = { ...place, fingerprint: place.fingerprint.with(0, (place.fingerprint[0] ?? 0) ^ 1) };
	const dialled = await connections.dial(other, never);
	equal(dialled, { ok: false, failure: { type: 'DeviceOther' } });
}

/** What is asked beside the cases of the suite. */
const checks = { bind, 'dial-other': dialOther };
export type Check = keyof typeof checks;

async function runCase({ name, way, ...servers }: Request): Promise<void> {
	if (way === null) return checks[name](servers);
	const { linkServer } = servers;
	const run = linkCases[name];
	holds(run, `there is a case ${name}`);
	const { ends, path, leave } = await ways[way](servers);
	try {
		await run({ ends, cut: () => void fetch(`http://127.0.0.1:${linkServer}/cut${path}`) });
	} finally {
		await leave();
		for (const link of ends) link.close(0);
	}
}

type Servers = { readonly linkServer: number; readonly directServer: DirectServer };
type Request = Servers & ({ readonly name: string; readonly way: Way } | { readonly name: Check; readonly way: null });

self.onmessage = async ({ data }: MessageEvent<Request | ConnectionNews>) => {
	if ('type' in data) return; // of a connection
	try {
		await runCase(data);
		self.postMessage({ done: null });
	} catch (error) {
		const what = error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ''}` : String(error);
		self.postMessage({ done: what });
	}
};
