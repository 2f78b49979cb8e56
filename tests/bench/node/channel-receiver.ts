/** The other side of a data channel, in a process of its own: says each time that it has as much as it is told to. */
import { printFingerprint, createMux, muxSettings, secureLink } from '#core/net';
import { createClock } from '../../../peer/host/clock.ts';
import { readDirectCertificate } from '../../../peer/host/direct-certificate.ts';
import { createRandom } from '../../../peer/host/random.ts';
import { createWebRtc, type Caller } from '../../../peer/rtc/web-rtc.ts';
import { never, valueOf } from '../../conformance/expectation.ts';
import { freeUdpPort } from '../../conformance/free-udp-port.ts';
import { heldSecrets } from '../../conformance/held-secrets.ts';
import { answeringOptions } from '../../conformance/secured.ts';
import { listenBare } from './bare-channel.ts';
import { readStream } from './read-stream.ts';

const host = '127.0.0.1';
const wantedBytes = Number(process.argv[2]);

export type ChannelPlaces = { readonly bare: number; readonly links: number; readonly fingerprint: string };
export type ChannelReceiverSays = ChannelPlaces | { readonly receivedBytes: number };
const say = (message: ChannelReceiverSays) => process.send?.(message);

function createCount(): (bytes: number) => void {
	let receivedBytes = 0;
	return (bytes) => {
		receivedBytes += bytes;
		if (receivedBytes >= wantedBytes) say({ receivedBytes });
	};
}

/** Takes streams over a link, as a peer does. */
async function takeLink({ link, binding, proved }: Caller): Promise<void> {
	const ports = { clock: createClock(), random: createRandom(), aead: null };
	const secured = valueOf(await secureLink(link, { ...answeringOptions(ports), binding }, never));
	proved();
	const count = createCount();
	createMux(secured.link, {
		role: 'server',
		settings: muxSettings,
		clock: ports.clock,
		onStream: (stream) => void readStream(stream, count)
	});
}

process.on('disconnect', () => process.exit(0));
const certificate = valueOf(await readDirectCertificate(heldSecrets(), never));
const [bare, links] = [await freeUdpPort(), await freeUdpPort()];
listenBare({ host, port: bare }, certificate, (channel) => {
	const count = createCount();
	channel.onMessage((message) => count(typeof message === 'string' ? 0 : message.byteLength));
});
valueOf(await createWebRtc().listen({ host, port: links, ...certificate }, (caller) => void takeLink(caller)));
say({ bare, links, fingerprint: printFingerprint(certificate.fingerprint) });
