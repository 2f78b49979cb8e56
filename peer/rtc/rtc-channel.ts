import { ChannelLink, channelLowBytes, type Link } from '#core/net';
import type { PeerSays, Pipe, ProcessSays } from './pipe.ts';

/** So much that was read is told at a time. */
const toldBytes = 262_144;

export type PeerPipe = Pipe<PeerSays, ProcessSays>;

/** A data channel of the process of WebRTC, as a link of the peer. */
export class RtcChannel {
	readonly #id: number;
	readonly #pipe: PeerPipe;
	readonly #link: ChannelLink;
	#waitingBytes = 0;
	#readBytes = 0;

	constructor(id: number, pipe: PeerPipe) {
		this.#id = id;
		this.#pipe = pipe;
		this.#link = new ChannelLink({
			send: (data) => {
				if (typeof data === 'string') return pipe.say({ type: 'text', id, text: data });
				this.#waitingBytes += data.length;
				pipe.sendBytes(id, data);
			},
			bufferedBytes: () => this.#waitingBytes,
			close: () => pipe.say({ type: 'close', id })
		});
	}

	get link(): Link {
		return this.#link;
	}

	take(data: Uint8Array | string): void {
		this.#link.take(data);
		if (typeof data === 'string') return;
		this.#readBytes += data.length;
		if (this.#readBytes < toldBytes) return;
		this.#pipe.say({ type: 'took', id: this.#id, bytes: this.#readBytes });
		this.#readBytes = 0;
	}

	/** So much of what was sent has left. */
	left(bytes: number): void {
		this.#waitingBytes -= bytes;
		if (this.#waitingBytes <= channelLowBytes) this.#link.low();
	}

	closed(what: string): void {
		this.#link.closed(what);
	}
}
