/** Sends over a data channel that the page has made, through a link or without one. */
import * as Comlink from 'comlink';
import {
	createMux,
	directAnswer,
	muxSettings,
	parseFingerprint,
	readDescribedEnd,
	secureLink,
	type UdpPlace
} from '#core/net';
import { createClock } from '../../../../src/workers/host/clock.ts';
import { ownPage, PeerConnections, type DirectPlace } from '../../../../src/workers/host/peer-connections.ts';
import { createRandom } from '../../../../src/workers/host/random.ts';
import { never, valueOf } from '../../../conformance/expectation.ts';
import { diallingOptions } from '../../../conformance/secured.ts';

const clock = createClock();
const page = ownPage();
const connections = new PeerConnections(page, clock);
const piece = new Uint8Array(262_144).fill(7);
const message = new Uint8Array(65_536).fill(7);
const bufferBytesMax = 1_048_576;
/** Of connections that `connections` knows nothing of: above all of its own. */
let lastBare = 1_000_000;

type Sending = { readonly send: (bytes: number) => Promise<void>; readonly close: () => void };
let sending: Sending | null = null;

/** A bare data channel, in the worker as well. */
function openBare(place: DirectPlace): Promise<Sending> {
	const id = ++lastBare;
	const close = () => page.tell({ type: 'connection-close', id });
	return new Promise((resolve) => {
		page.onNews((news) => {
			if (news.id !== id) return;
			if (news.type === 'connection-channel') {
				const { channel } = news;
				channel.bufferedAmountLowThreshold = bufferBytesMax / 2;
				channel.onopen = () => resolve({ send: (bytes) => sendBare(channel, bytes), close });
			} else if (news.type === 'connection-offer') {
				const sdp = directAnswer(place, place.fingerprint, readDescribedEnd(news.sdp)?.password ?? '');
				page.tell({ type: 'connection-answer', id, sdp });
			}
		});
		page.tell({ type: 'connection-open', id, host: place.host });
	});
}

async function sendBare(channel: RTCDataChannel, bytes: number): Promise<void> {
	let wake: () => void = () => undefined;
	channel.onbufferedamountlow = () => wake();
	for (let sent = 0; sent < bytes; sent += message.length) {
		channel.send(message);
		if (channel.bufferedAmount >= bufferBytesMax) await new Promise<void>((resolve) => (wake = resolve));
	}
}

async function openLink(place: DirectPlace): Promise<Sending> {
	const { link, binding } = valueOf(await connections.dial(place, never));
	const ports = { clock, random: createRandom(), aead: null };
	const secured = valueOf(await secureLink(link, { ...diallingOptions(ports), binding }, never));
	const mux = createMux(secured.link, { role: 'client', settings: muxSettings, clock, onStream: () => undefined });
	const stream = valueOf(await mux.open('bench/1', 'bulk', never));
	const send = async (bytes: number) => {
		for (let sent = 0; sent < bytes; sent += piece.length) valueOf(await stream.write(piece, never));
		await stream.end(never);
	};
	return { send, close: () => mux.close(0) };
}

const channels = {
	async open(kind: 'bare' | 'links', place: UdpPlace & { readonly fingerprint: string }): Promise<void> {
		const at = { ...place, fingerprint: parseFingerprint(place.fingerprint) ?? new Uint8Array(32) };
		sending = kind === 'bare' ? await openBare(at) : await openLink(at);
	},
	async send(bytes: number): Promise<void> {
		await sending?.send(bytes);
	},
	close(): void {
		sending?.close();
	}
};

export type Channels = typeof channels;

Comlink.expose(channels);
