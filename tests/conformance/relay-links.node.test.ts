import { createClock } from '../../peer/host/clock.ts';
import { createCompute } from '../../peer/host/compute.ts';
import { createRandom } from '../../peer/host/random.ts';
import { dialWs } from '../../peer/host/ws-link.ts';
import { createRelay } from '../../peer/relay/relay.ts';
import type { Disposable } from './expectation.ts';
import type { LinksWorld } from './links.ts';
import { throughRelay, token } from './relayed.ts';
import { linkConformance } from './suites.ts';
import { serveUpgrades } from './upgrade-server.ts';

/** A link through a relay, whose packets pass through the test, which can break off between them. */
async function overRelay(): Promise<Disposable<LinksWorld>> {
	const relay = createRelay(() => ({ tokens: [token], members: [], removed: [] }));
	const { port, cut, close } = await serveUpgrades(relay.accept);
	const means = { dial: dialWs, clock: createClock(), random: createRandom(), aead: createCompute().aead };
	const { ends, leave } = await throughRelay(`ws://127.0.0.1:${port}/relay`, means);
	return {
		world: { ends, cut },
		dispose: async () => {
			await leave();
			for (const link of ends) link.close(0);
			relay.close();
			await close();
		}
	};
}

linkConformance('a link through a relay', overRelay);

linkConformance('a link through a relay, who is called first', async () => {
	const { world, dispose } = await overRelay();
	const [dialled, arrived] = world.ends;
	return { world: { ...world, ends: [arrived, dialled] }, dispose };
});
