import { invariant } from '#core/kernel';
import type { Link, LinkEnd, LinkReceiver } from './link.ts';

const messageBytesMax = 65_536;
/** What the channel may hold before the link is full. */
const bufferBytesMax = 1_048_576;
/** Nobody can be told to send no more; who sends so much to a link that nobody has started ends it. */
const heldBytesMax = 4 * 1_048_576;
const codeShape = /^\d{1,10}$/;

/** What a host lends of an open data channel, ordered and reliable (RFC 8831). */
export type DataChannel = {
	/** Takes a copy. Bytes are a message of the link, text its end. */
	send(data: Uint8Array | string): void;
	/** How much of what was sent waits here. */
	bufferedBytes(): number;
	/** Ends it after all that was sent. */
	close(): void;
};

/** At this much of what waits, and below, the host calls `low`. */
export const channelLowBytes = bufferBytesMax / 2;

/**
 * A data channel as a link, whoever is at its other end: the text `<code>` closes it, in digits. The host hands on what
 * comes of the channel by `take`, `low` and `closed`.
 */
export class ChannelLink implements Link {
	readonly messageBytesMax = messageBytesMax;
	readonly #channel: DataChannel;
	readonly #held: Uint8Array[] = [];
	#heldBytes = 0;
	#receiver: LinkReceiver | null = null;
	#isFull = false;
	#end: LinkEnd | null = null;

	constructor(channel: DataChannel) {
		this.#channel = channel;
	}

	start(receiver: LinkReceiver): void {
		invariant(this.#receiver === null, 'a link is started once');
		this.#receiver = receiver;
		for (const message of this.#held.splice(0)) if (!this.#isOver()) receiver.onMessage(message);
		if (this.#end !== null) receiver.onEnd(this.#end);
	}

	send(message: Uint8Array): boolean {
		invariant(message.length <= messageBytesMax, 'a message is no longer than the link takes');
		if (this.#end !== null) return false;
		invariant(!this.#isFull, 'nothing is sent while the link is full');
		this.#channel.send(message);
		this.#isFull = this.#channel.bufferedBytes() >= bufferBytesMax;
		return !this.#isFull;
	}

	close(code: number): void {
		if (this.#end !== null) return;
		this.#channel.send(String(code % 2 ** 31));
		this.#leave({ type: 'LinkClosed', by: 'us', code });
	}

	/** What came of the channel, in its order; the bytes are the link's from now on. */
	take(data: Uint8Array | string): void {
		if (this.#end !== null) return;
		if (typeof data === 'string') return this.#takeEnd(data);
		if (data.length > messageBytesMax) return this.#refuse('the other side sent a message that is too long');
		if (this.#receiver !== null) return this.#receiver.onMessage(data);
		this.#heldBytes += data.length;
		if (this.#heldBytes > heldBytesMax) return this.#refuse('the other side sent too much too early');
		this.#held.push(data);
	}

	/** No more than `channelLowBytes` wait. */
	low(): void {
		if (!this.#isFull || this.#end !== null || this.#channel.bufferedBytes() > channelLowBytes) return;
		this.#isFull = false;
		this.#receiver?.onReady();
	}

	/** The channel is no more. */
	closed(what: string): void {
		if (this.#end === null) this.#tellEnd({ type: 'LinkLost', what });
	}

	#isOver(): boolean {
		return this.#end?.type === 'LinkClosed' && this.#end.by === 'us';
	}

	#takeEnd(text: string): void {
		const code = codeShape.test(text) ? Number(text) : Infinity;
		if (code >= 2 ** 31) return this.#refuse('the other side sent text');
		this.#leave({ type: 'LinkClosed', by: 'them', code });
	}

	#refuse(what: string): void {
		this.#leave({ type: 'LinkLost', what });
	}

	#leave(end: LinkEnd): void {
		this.#channel.close();
		this.#tellEnd(end);
	}

	#tellEnd(end: LinkEnd): void {
		this.#end = end;
		this.#receiver?.onEnd(end);
	}
}
