/** Where the browser's WebSockets meet: a server of the peer that hands on from one link to another, in pairs, and a relay. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { Link } from '#core/net';
import { createWsServer } from '../../peer/host/ws-link.ts';
import { createRelay } from '../../peer/relay/relay.ts';
import { token } from './relayed.ts';

declare module 'vitest' {
	interface ProvidedContext {
		readonly linkServer: number;
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
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	project.provide('linkServer', (server.address() as AddressInfo).port);
	return async () => {
		sockets.close();
		relay.close();
		relay.close();
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
}
