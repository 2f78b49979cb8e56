import { afterAll, beforeAll } from 'vitest';
import { createClock } from '../../peer/host/clock.ts';
import { readDirectCertificate } from '../../peer/host/direct-certificate.ts';
import { createRandom } from '../../peer/host/random.ts';
import { createWebRtc, type Caller, type DirectPlace } from '../../peer/rtc/web-rtc.ts';
import { never, valueOf, type Disposable } from './expectation.ts';
import { freeUdpPort } from './free-udp-port.ts';
import { heldSecrets } from './held-secrets.ts';
import type { LinksWorld } from './links.ts';
import { secureBoth } from './secured.ts';
import { linkConformance } from './suites.ts';

const [here, there] = [createWebRtc(), createWebRtc()];
let arrive: (caller: Caller) => void = () => undefined;
let place: DirectPlace;

beforeAll(async () => {
	const certificate = valueOf(await readDirectCertificate(heldSecrets(), never));
	const at = { host: '127.0.0.1', port: await freeUdpPort() };
	valueOf(await there.listen({ ...at, ...certificate }, (caller) => arrive(caller)));
	place = { ...at, fingerprint: certificate.fingerprint };
});
afterAll(() => {
	here.close();
	there.close();
});

async function overDirectDial(): Promise<Disposable<LinksWorld>> {
	const arrived = new Promise<Caller>((resolve) => (arrive = resolve));
	const dialled = valueOf(await here.dial(place, never));
	const caller = await arrived;
	caller.proved();
	const ports = { clock: createClock(), random: createRandom(), aead: null };
	const [one, two] = await secureBoth([dialled.link, caller.link], ports, undefined, [dialled.binding, caller.binding]);
	return {
		world: { ends: [one.link, two.link], cut: () => dialled.drop() },
		dispose: () => {
			dialled.link.close(0);
			return Promise.resolve();
		}
	};
}

linkConformance('direct dial between two peers', overDirectDial);
