import type { Link } from '#core/net';
import { createClock } from '../../peer/host/clock.ts';
import { createCompute } from '../../peer/host/compute.ts';
import { createRandom } from '../../peer/host/random.ts';
import { createWsServer, dialWs } from '../../peer/host/ws-link.ts';
import { never, valueOf, type Disposable } from './expectation.ts';
import type { LinksWorld } from './links.ts';
import { secureBoth } from './secured.ts';
import { linkConformance } from './suites.ts';
import { serveUpgrades } from './upgrade-server.ts';

/** Two links whose packets pass through the test, which can break off between them. */
async function overWebSockets(): Promise<Disposable<LinksWorld>> {
	const sockets = createWsServer();
	let arrive: (link: Link) => void = () => undefined;
	const arrived = new Promise<Link>((resolve) => (arrive = resolve));
	const { port, cut, close } = await serveUpgrades((...given) => sockets.accept(...given, arrive));
	const dialled = valueOf(await dialWs(`ws://127.0.0.1:${port}/link`, never));
	return {
		world: { ends: [dialled, await arrived], cut },
		dispose: async () => {
			dialled.close(0);
			sockets.close();
			await close();
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
