import { ChannelLink, channelLowBytes, type Link } from '#core/net';
import type { ClockPort } from '#core/ports';

/** How long a channel that was closed waits for the other side to take what was sent. */
const lingerMs = 5_000;

export type BrowserChannel = {
	readonly link: Link;
	/** It is no more, whatever of it is still told. */
	lose(what: string): void;
};

/** A data channel that is open, as a link. `onOver`, once: its connection is of no more use. */
export function channelLink(channel: RTCDataChannel, clock: ClockPort, onOver: () => void): BrowserChannel {
	const life = new AbortController();
	const over = () => {
		if (life.signal.aborted) return;
		life.abort();
		onOver();
	};
	const link = new ChannelLink({
		send: (data) => {
			if (channel.readyState !== 'open') return;
			if (typeof data === 'string') channel.send(data);
			// A browser sends no bytes of memory that is shared between threads, which messages never lie in.
			else if (data.buffer instanceof ArrayBuffer)
				channel.send(new Uint8Array(data.buffer, data.byteOffset, data.length));
			else channel.send(data.slice());
		},
		bufferedBytes: () => channel.bufferedAmount,
		close: () => {
			channel.close();
			void clock.wait(lingerMs, life.signal).then(over);
		}
	});
	channel.binaryType = 'arraybuffer';
	channel.bufferedAmountLowThreshold = channelLowBytes;
	channel.onbufferedamountlow = () => link.low();
	channel.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
		link.take(typeof data === 'string' ? data : new Uint8Array(data));
	const lose = (what: string) => {
		over();
		link.closed(what);
	};
	channel.onclose = () => lose('the connection broke');
	return { link, lose };
}
