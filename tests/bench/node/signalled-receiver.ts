/** The other side of data channels that are signalled, in a process of its own: says each time that it has as much as it is told to. */
import type { DirectCarrier, Signal } from '#core/direct';
import { channelBinding, createMux, muxSettings, secureLink } from '#core/net';
import { createClock } from '../../../peer/host/clock.ts';
import { createRandom } from '../../../peer/host/random.ts';
import { createWebRtc } from '../../../peer/rtc/web-rtc.ts';
import { never, valueOf } from '../../conformance/expectation.ts';
import { answeringOptions } from '../../conformance/secured.ts';
import { talkOver } from './signal-talk-over.ts';
import { readStream } from './read-stream.ts';

const wantedBytes = Number(process.argv[2]);
export type SignalledSays = { readonly signal: Signal } | { readonly receivedBytes: number } | { readonly ready: true };

const say = (message: SignalledSays) => process.send?.(message);

async function take({ link, fingerprints }: DirectCarrier): Promise<void> {
	const ports = { clock: createClock(), random: createRandom(), aead: null };
	const binding = channelBinding(fingerprints.theirs, fingerprints.own);
	const secured = valueOf(await secureLink(link, { ...answeringOptions(ports), binding }, never));
	let receivedBytes = 0;
	const mux = createMux(secured.link, {
		role: 'server',
		settings: muxSettings,
		clock: ports.clock,
		onStream: (stream) =>
			void readStream(stream, (bytes) => {
				receivedBytes += bytes;
				if (receivedBytes >= wantedBytes) say({ receivedBytes });
			})
	});
	await mux.ended;
}

process.on('disconnect', () => process.exit(0));
const webRtc = createWebRtc();
for (;;) {
	const talk = talkOver((signal) => say({ signal }), process);
	say({ ready: true });
	await take(valueOf(await webRtc.signalled([]).connect('answers', talk, never)));
}
