import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createBareServer, type Socket } from 'node:net';
import type { Link } from '#core/net';
import { createClock } from '../../peer/host/clock.ts';
import { createCompute } from '../../peer/host/compute.ts';
import { createRandom } from '../../peer/host/random.ts';
import { createWsServer, dialWs } from '../../peer/host/ws-link.ts';
import { never, valueOf, type Disposable } from './expectation.ts';
import type { LinksWorld } from './links.ts';
import { secureBoth } from './secured.ts';
import { linkConformance } from './suites.ts';

function listen(server: Server | ReturnType<typeof createBareServer>): Promise<number> {
	return new Promise((resolve) => {
		server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
	});
}

/** Two links whose packets pass through the test, which can break off between them. */
async function overWebSockets(): Promise<Disposable<LinksWorld>> {
	const sockets = createWsServer();
	const server = createServer();
	const arrived = new Promise<Link>((resolve) =>
		server.on('upgrade', (request, socket, head) => sockets.accept(request, socket, head, resolve))
	);
	const serverPort = await listen(server);
	const between: Socket[] = [];
	const proxy = createBareServer((near) => {
		const far = connect(serverPort, '127.0.0.1');
		for (const socket of [near, far]) socket.on('error', () => undefined);
		near.pipe(far).pipe(near);
		between.push(near, far);
	});
	const dialled = valueOf(await dialWs(`ws://127.0.0.1:${await listen(proxy)}/link`, never));
	return {
		world: {
			ends: [dialled, await arrived],
			cut: () => between.forEach((socket) => socket.destroy())
		},
		dispose: async () => {
			dialled.close(0);
			for (const socket of between) socket.destroy();
			sockets.close();
			await Promise.all([server, proxy].map((open) => new Promise((resolve) => open.close(resolve))));
		}
	};
}

linkConformance('a WebSocket', overWebSockets);

linkConformance('a WebSocket, the server first', async () => {
	const { world, dispose } = await overWebSockets();
	const [dialled, arrived] = world.ends;
	return { world: { ...world, ends: [arrived, dialled] }, dispose };
});

linkConformance('a secured link over a WebSocket', async () => {
	const { world, dispose } = await overWebSockets();
	const [one, two] = await secureBoth(world.ends, {
		clock: createClock(),
		random: createRandom(),
		aead: createCompute().aead
	});
	return { world: { ...world, ends: [one.link, two.link] }, dispose };
});
