/**
 * Where the browser's WebSockets and data channels meet: a server of the peer that hands on from one link to another, in
 * pairs, and a relay.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { printFingerprint, secureLink, type Link } from '#core/net';
import { createClock } from '../../peer/host/clock.ts';
import { readDirectCertificate } from '../../peer/host/direct-certificate.ts';
import { createRandom } from '../../peer/host/random.ts';
import { createWsServer } from '../../peer/host/ws-link.ts';
import { createRelay } from '../../peer/relay/relay.ts';
import { createWebRtc, type Caller } from '../../peer/rtc/web-rtc.ts';
import { never, valueOf } from './expectation.ts';
import { freeUdpPort } from './free-udp-port.ts';
import { heldSecrets } from './held-secrets.ts';
import { token } from './relayed.ts';
import { answeringOptions } from './secured.ts';

/** UDP ports that are dialled directly, on one certificate. */
export type DirectServer = {
	/** Hands on from one link to another. */
	readonly pairs: number;
	/** Secures a link by what it knows of its carrier, and sends back what comes. */
	readonly echo: number;
	readonly fingerprint: string;
};

declare module 'vitest' {
	interface ProvidedContext {
		readonly linkServer: number;
		readonly directServer: DirectServer;
	}
}

/** Hands on all that comes of `from`, and its end. */
function carry(from: Link, to: Link): void {
	let isReady = true;
	const waiting: Uint8Array[] = [];
	const send = () => {
		for (let next = waiting[0]; next !== undefined && isReady; next = waiting[0]) {
			waiting.shift();
			isReady = to.send(next);
		}
	};
	onReady.set(to, () => {
		isReady = true;
		send();
	});
	from.start({
		onMessage: (message) => {
			waiting.push(message);
			send();
		},
		onReady: () => onReady.get(from)?.(),
		onEnd: (end) => to.close(end.type === 'LinkClosed' ? end.code : 0)
	});
}
const onReady = new WeakMap<Link, () => void>();

async function echo({ link, binding, proved }: Caller): Promise<void> {
	const ports = { clock: createClock(), random: createRandom(), aead: null };
	const secured = await secureLink(link, { ...answeringOptions(ports), binding }, never);
	if (!secured.ok) return;
	proved();
	const back = secured.value.link;
	back.start({ onMessage: (message) => void back.send(message), onReady: () => undefined, onEnd: () => undefined });
}

/** Listens to direct dials; `onPaired` gets each two that come. */
async function listenDirectly(onPaired: (one: Caller, other: Caller) => void) {
	const webRtc = createWebRtc();
	const certificate = valueOf(await readDirectCertificate(heldSecrets(), never));
	const [pairs, echoed] = [await freeUdpPort(), await freeUdpPort()];
	const at = { host: '127.0.0.1', ...certificate };
	let alone: Caller | null = null;
	const pair = (caller: Caller) => {
		caller.proved();
		if (alone !== null) onPaired(alone, caller);
		alone = alone === null ? caller : null;
	};
	valueOf(await webRtc.listen({ ...at, port: pairs }, pair));
	valueOf(await webRtc.listen({ ...at, port: echoed }, (caller) => void echo(caller)));
	const server: DirectServer = { pairs, echo: echoed, fingerprint: printFingerprint(certificate.fingerprint) };
	return { server, close: () => webRtc.close() };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const sockets = createWsServer();
	const server = createServer();
	/** Who waits for another one, by the name of the pair. */
	const alone = new Map<string, Link>();
	/** What breaks off a pair, by its name. */
	const plugs = new Map<string, readonly (() => void)[]>();
	const relay = createRelay(() => ({ tokens: [token], members: [], removed: [] }));
	server.on('upgrade', (request, socket, head) => {
		if (request.url === '/relay') {
			plugs.set(request.url, [...(plugs.get(request.url) ?? []), () => socket.destroy()]);
			return relay.accept(request, socket, head);
		}
		sockets.accept(request, socket, head, (link) => {
			const pair = request.url ?? '';
			plugs.set(pair, [...(plugs.get(pair) ?? []), () => socket.destroy()]);
			const before = alone.get(pair);
			if (before === undefined) return void alone.set(pair, link);
			alone.delete(pair);
			carry(before, link);
			carry(link, before);
		});
	});
	server.on('request', (request, response) => {
		for (const pull of plugs.get(request.url?.slice('/cut'.length) ?? '') ?? []) pull();
		response.setHeader('Access-Control-Allow-Origin', '*');
		response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
		response.end();
	});
	const direct = await listenDirectly((one, other) => {
		plugs.set('/direct', [one.drop, other.drop]);
		carry(one.link, other.link);
		carry(other.link, one.link);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	project.provide('linkServer', (server.address() as AddressInfo).port);
	project.provide('directServer', direct.server);
	return async () => {
		sockets.close();
		relay.close();
		direct.close();
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
}
