import nodeDatachannel from 'node-datachannel';
import {
	RTCDataChannelEvent,
	RTCIceCandidate,
	RTCPeerConnection,
	RTCSessionDescription
} from 'node-datachannel/polyfill';
import SimplePeerOfPackage from 'simple-peer';
import {
	makeConnection,
	type DirectServer,
	type DrainingChannel,
	type FromMaker,
	type PeerMaker,
	type ToMaker
} from '#core/direct';
import { parseFingerprint } from '#core/net';
import type { ProcessPipe } from './held-channel.ts';
import { printFromMaker } from './pipe.ts';

type Native = InstanceType<typeof nodeDatachannel.PeerConnection>;
type Made = { native?: Native; channel?: DrainingChannel };

/** `turn:<user>:<password>@<host>`: the library reads both as they stand in an address. */
function printServer({ urls, username, credential }: DirectServer): string {
	if (username === undefined || credential === undefined) return urls;
	const [, scheme = '', rest = ''] = /^(\w+:)(.*)$/.exec(urls) ?? [];
	return `${scheme}${encodeURIComponent(username)}:${encodeURIComponent(credential)}@${rest}`;
}

/** The library's face of the W3C, as simple-peer wants it: it writes to descriptions, which of that face cannot be written to. */
function faceOf(native: Native, made: Made) {
	return class extends RTCPeerConnection {
		constructor() {
			super({ peerConnection: native });
			this.addEventListener('datachannel', (event) => {
				if (event instanceof RTCDataChannelEvent) made.channel = event.channel;
			});
		}

		override createDataChannel(...given: Parameters<RTCPeerConnection['createDataChannel']>) {
			return (made.channel = super.createDataChannel(...given));
		}

		override async createOffer() {
			const { type, sdp } = await super.createOffer();
			return { type, sdp };
		}

		override async createAnswer() {
			const { type, sdp } = await super.createAnswer();
			return { type, sdp };
		}
	};
}

function processMaker(): PeerMaker {
	const made: Made = {};
	return {
		make: (side, servers) => {
			const native = new nodeDatachannel.PeerConnection('', { iceServers: servers.map(printServer) });
			made.native = native;
			return new SimplePeerOfPackage({
				initiator: side === 'offers',
				objectMode: true,
				wrtc: { RTCPeerConnection: faceOf(native, made), RTCSessionDescription, RTCIceCandidate }
			});
		},
		shown: () => {
			const { value, algorithm } = made.native?.remoteFingerprint() ?? { value: '', algorithm: 'none' };
			return Promise.resolve(algorithm === 'sha-256' ? parseFingerprint(value) : null);
		},
		channel: () => made.channel ?? null,
		after: (delayMs, run) => void setTimeout(run, delayMs).unref()
	};
}

/** A connection that is signalled over the pipe of this process. Whoever holds it keeps what is native of it alive. */
export class SignalledChannel {
	readonly #id: number;
	readonly #pipe: ProcessPipe;
	readonly #maker = processMaker();
	#onMessage: (message: ToMaker) => void = () => undefined;

	constructor(id: number, pipe: ProcessPipe, onOver: () => void) {
		this.#id = id;
		this.#pipe = pipe;
		makeConnection(
			{
				hear: (onMessage) => (this.#onMessage = onMessage),
				post: (message) => this.#tell(message),
				close: onOver
			},
			this.#maker
		);
	}

	take(message: ToMaker): void {
		this.#onMessage(message);
	}

	#tell(message: FromMaker): void {
		if (message.type === 'data') this.#pipe.sendBytes(this.#id, message.bytes);
		else this.#pipe.say({ type: 'made', id: this.#id, said: printFromMaker(message) });
	}
}
