import { afterAll } from 'vitest';
import { channelBinding } from '#core/net';
import { createClock } from '../../peer/host/clock.ts';
import { createRandom } from '../../peer/host/random.ts';
import { createWebRtc } from '../../peer/rtc/web-rtc.ts';
import { equal, never, valueOf, type Disposable } from './expectation.ts';
import type { LinksWorld } from './links.ts';
import { secureBoth } from './secured.ts';
import { talkBetween } from './signalled-talk.ts';
import { linkConformance } from './suites.ts';

const [here, there] = [createWebRtc(), createWebRtc()];
afterAll(() => {
	here.close();
	there.close();
});

async function overSignalled(): Promise<Disposable<LinksWorld>> {
	const [offering, answering] = talkBetween();
	const [one, other] = await Promise.all([
		here.signalled([]).connect('offers', offering, never),
		there.signalled([]).connect('answers', answering, never)
	]);
	const [offered, answered] = [valueOf(one), valueOf(other)];
	// Each has seen the certificate that the other one has.
	equal(offered.fingerprints.own, answered.fingerprints.theirs);
	equal(offered.fingerprints.theirs, answered.fingerprints.own);
	const binding = channelBinding(offered.fingerprints.own, offered.fingerprints.theirs);
	const ports = { clock: createClock(), random: createRandom(), aead: null };
	const [near, far] = await secureBoth([offered.link, answered.link], ports, undefined, [binding, binding]);
	return {
		world: { ends: [near.link, far.link], cut: () => offered.drop() },
		dispose: () => {
			offered.link.close(0);
			return Promise.resolve();
		}
	};
}

linkConformance('WebRTC that is signalled, between two peers', overSignalled);
