import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { channelBinding, createMux, muxSettings, secureLink } from '#core/net';
import { createClock } from '../../../peer/host/clock.ts';
import { createRandom } from '../../../peer/host/random.ts';
import { createWebRtc, type WebRtc } from '../../../peer/rtc/web-rtc.ts';
import { never, valueOf } from '../../conformance/expectation.ts';
import { diallingOptions } from '../../conformance/secured.ts';
import type { Figure } from '../figure.ts';
import { bestOf, type Times } from '../measure.ts';
import { dialBare, sendBare } from './bare-channel.ts';
import { channelFigures, startChannelReceiver, type ChannelReceiver } from './channel.ts';
import { talkOver } from './signal-talk-over.ts';
import type { SignalledSays } from './signalled-receiver.ts';

const sentBytes = 256 * 1_048_576;
const rounds = 5;
const message = new Uint8Array(65_536).fill(7);
const piece = new Uint8Array(262_144).fill(7);

async function overBare({ places, timed }: ChannelReceiver): Promise<Times> {
	const { connection, channel } = await dialBare(places.bare);
	const times = await timed(() => sendBare(channel, message, sentBytes / message.length));
	connection.close();
	return times;
}

/** Resolves once the other side says something of that sort. */
async function heard(child: ChildProcess, sort: 'ready' | 'receivedBytes'): Promise<void> {
	for (;;) {
		const [said] = (await once(child, 'message')) as [SignalledSays];
		if (sort in said) return;
	}
}

async function overSignalled(child: ChildProcess, ready: Promise<void>, webRtc: WebRtc): Promise<Times> {
	await ready;
	const talk = talkOver((signal) => child.send({ signal } satisfies SignalledSays), child);
	const { link, fingerprints } = valueOf(await webRtc.signalled([]).connect('offers', talk, never));
	const ports = { clock: createClock(), random: createRandom(), aead: null };
	const binding = channelBinding(fingerprints.own, fingerprints.theirs);
	const secured = valueOf(await secureLink(link, { ...diallingOptions(ports), binding }, never));
	const options = { role: 'client', settings: muxSettings, clock: ports.clock, onStream: () => undefined } as const;
	const mux = createMux(secured.link, options);
	const stream = valueOf(await mux.open('bench/1', 'bulk', never));
	const received = heard(child, 'receivedBytes');
	const startMs = performance.now();
	for (let sent = 0; sent < sentBytes; sent += piece.length) valueOf(await stream.write(piece, never));
	await stream.end(never);
	await received;
	const all = performance.now() - startMs;
	child.removeAllListeners('message');
	mux.close(0);
	return { all };
}

/** What streams take of a data channel that is signalled, between two peers, against a bare one. */
export async function measureSignalled(): Promise<Figure[]> {
	const bare = await startChannelReceiver(sentBytes);
	const child = fork(fileURLToPath(new URL('signalled-receiver.ts', import.meta.url)), [String(sentBytes)]);
	let ready = heard(child, 'ready');
	const webRtc = createWebRtc();
	const signalled = async () => {
		const times = await overSignalled(child, ready, webRtc);
		ready = heard(child, 'ready');
		return times;
	};
	const best = await bestOf(rounds, { bare: () => overBare(bare), link: signalled });
	webRtc.close();
	bare.child.disconnect();
	child.disconnect();
	return channelFigures('node.signalled', sentBytes, best.bare['all'], best.link['all']);
}
