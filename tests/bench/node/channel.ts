import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createMux, muxSettings, parseFingerprint, secureLink } from '#core/net';
import { createClock } from '../../../peer/host/clock.ts';
import { createRandom } from '../../../peer/host/random.ts';
import { createWebRtc, type DirectPlace, type WebRtc } from '../../../peer/rtc/web-rtc.ts';
import { never, valueOf } from '../../conformance/expectation.ts';
import { diallingOptions } from '../../conformance/secured.ts';
import type { Figure } from '../figure.ts';
import { bestOf, type Times } from '../measure.ts';
import { dialBare, sendBare } from './bare-channel.ts';
import type { ChannelPlaces, ChannelReceiverSays } from './channel-receiver.ts';

const sentBytes = 256 * 1_048_576;
const rounds = 5;
/** Links take at least 85 % of what a bare data channel carries. */
export const askedOfChannels = 1 / 0.85;
const message = new Uint8Array(65_536).fill(7);
const piece = new Uint8Array(262_144).fill(7);

export type ChannelReceiver = {
	readonly places: Readonly<Record<'bare' | 'links', DirectPlace>>;
	/** How long `send` takes, until the other side has all of it. */
	timed(send: () => Promise<void>): Promise<Times>;
	readonly child: ChildProcess;
};

export async function startChannelReceiver(bytes: number): Promise<ChannelReceiver> {
	const child = fork(fileURLToPath(new URL('channel-receiver.ts', import.meta.url)), [String(bytes)]);
	const [told] = (await once(child, 'message')) as [ChannelReceiverSays];
	if (!('bare' in told)) throw new Error('the receiver tells its places first');
	const place = (port: number): DirectPlace => {
		const fingerprint = parseFingerprint(told.fingerprint);
		if (fingerprint === null) throw new Error('a certificate has a fingerprint');
		return { host: '127.0.0.1', port, fingerprint };
	};
	return {
		places: { bare: place((told satisfies ChannelPlaces).bare), links: place(told.links) },
		timed: async (send) => {
			const received = once(child, 'message');
			const startMs = performance.now();
			await send();
			await received;
			return { all: performance.now() - startMs };
		},
		child
	};
}

async function overBare({ places, timed }: ChannelReceiver): Promise<Times> {
	const { connection, channel } = await dialBare(places.bare);
	const times = await timed(() => sendBare(channel, message, sentBytes / message.length));
	connection.close();
	return times;
}

async function overLink({ places, timed }: ChannelReceiver, webRtc: WebRtc): Promise<Times> {
	const { link, binding } = valueOf(await webRtc.dial(places.links, never));
	const ports = { clock: createClock(), random: createRandom(), aead: null };
	const secured = valueOf(await secureLink(link, { ...diallingOptions(ports), binding }, never));
	const options = { role: 'client', settings: muxSettings, clock: ports.clock, onStream: () => undefined } as const;
	const mux = createMux(secured.link, options);
	const stream = valueOf(await mux.open('bench/1', 'bulk', never));
	const times = await timed(async () => {
		for (let sent = 0; sent < sentBytes; sent += piece.length) valueOf(await stream.write(piece, never));
		await stream.end(never);
	});
	mux.close(0);
	return times;
}

/** What streams take of a data channel between two peers, each with its process of WebRTC. */
export async function measureChannel(): Promise<Figure[]> {
	const receiver = await startChannelReceiver(sentBytes);
	const webRtc = createWebRtc();
	const best = await bestOf(rounds, { bare: () => overBare(receiver), link: () => overLink(receiver, webRtc) });
	webRtc.close();
	receiver.child.disconnect();
	return channelFigures('node.rtc', sentBytes, best.bare['all'], best.link['all']);
}

export function channelFigures(name: string, bytes: number, bareMs = Infinity, linkMs = Infinity): Figure[] {
	return [
		{ name: `${name}.link`, measured: linkMs / bareMs, unit: 'share', asked: askedOfChannels, tolerance: 0.25 },
		{ name: `${name}.megabytes`, measured: bytes / 1_000 / linkMs, unit: 'per second' },
		{ name: `${name}.bare-megabytes`, measured: bytes / 1_000 / bareMs, unit: 'per second' }
	];
}
