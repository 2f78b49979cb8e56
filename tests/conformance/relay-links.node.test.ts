import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createBareServer, type Socket } from 'node:net';
import { createClock } from '../../peer/host/clock.ts';
import { createCompute } from '../../peer/host/compute.ts';
import { createRandom } from '../../peer/host/random.ts';
import { dialWs } from '../../peer/host/ws-link.ts';
import { createRelay } from '../../peer/relay/relay.ts';
import type { Disposable } from './expectation.ts';
import type { LinksWorld } from './links.ts';
import { throughRelay, token } from './relayed.ts';
import { linkConformance } from './suites.ts';

function listen(server: Server | ReturnType<typeof createBareServer>): Promise<number> {
	return new Promise((resolve) => {
		server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
	});
}

/** A link through a relay, whose packets pass through the test, which can break off between them. */
async function overRelay(): Promise<Disposable<LinksWorld>> {
	const relay = createRelay(() => [token]);
	const server = createServer().on('upgrade', (request, socket, head) => relay.accept(request, socket, head));
	const serverPort = await listen(server);
	const between: Socket[] = [];
	const proxy = createBareServer((near) => {
		const far = connect(serverPort, '127.0.0.1');
		for (const socket of [near, far]) socket.on('error', () => undefined);
		near.pipe(far).pipe(near);
		between.push(near, far);
	});
	const means = { dial: dialWs, clock: createClock(), random: createRandom(), aead: createCompute().aead };
	const { ends, leave } = await throughRelay(`ws://127.0.0.1:${await listen(proxy)}/relay`, means);
	return {
		world: { ends, cut: () => between.forEach((socket) => socket.destroy()) },
		dispose: async () => {
			await leave();
			for (const link of ends) link.close(0);
			for (const socket of between) socket.destroy();
			relay.close();
			await Promise.all([server, proxy].map((open) => new Promise((resolve) => open.close(resolve))));
		}
	};
}

linkConformance('a link through a relay', overRelay);

linkConformance('a link through a relay, who is called first', async () => {
	const { world, dispose } = await overRelay();
	const [dialled, arrived] = world.ends;
	return { world: { ...world, ends: [arrived, dialled] }, dispose };
});
