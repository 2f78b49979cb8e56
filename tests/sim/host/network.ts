import type { Link, LinkEnd, LinkReceiver } from '#core/net';
import type { ClockPort } from '#core/ports';
import { invariant } from '#core/kernel';
import type { SimRandom } from './random.ts';

export type SimLinkOptions = {
	/** The least and the most that a message takes on its way, drawn for each; they never overtake one another. */
	readonly delayMs?: readonly [least: number, most: number];
	readonly messageBytesMax?: number;
	/** How much may be under way in one direction before `send` says no. */
	readonly bufferBytesMax?: number;
	/** Sees every message that is sent, as somebody on the way would. */
	readonly onSend?: (message: Uint8Array, by: 0 | 1) => void;
};

/** Two ends of one link, and what can happen to it. */
export type SimLinkPair = {
	readonly ends: readonly [Link, Link];
	/** Loses what is under way; each end is told after a delay of its own. */
	cut(): void;
	/** From now on nothing comes through, and nobody is told. */
	silence(): void;
	/** Bytes under way, from the first end and from the second. */
	readonly underWayBytes: readonly [number, number];
};

type Parcel = { readonly dueMs: number; readonly bytes: number; readonly deliver: (end: SimEnd) => void };

/** One end: holds what is on its way to it. */
class SimEnd implements Link {
	readonly messageBytesMax: number;
	readonly #clock: ClockPort;
	readonly #random: SimRandom;
	readonly #options: Required<SimLinkOptions>;
	readonly #side: 0 | 1;
	readonly #inbox: Parcel[] = [];
	readonly #life = new AbortController();
	#other: SimEnd | null = null;
	#receiver: LinkReceiver | null = null;
	#isPumping = false;
	#isFull = false;
	#isSilent = false;
	#end: LinkEnd | null = null;
	#isTold = false;
	inboxBytes = 0;

	constructor(side: 0 | 1, clock: ClockPort, random: SimRandom, options: Required<SimLinkOptions>) {
		this.#side = side;
		this.#clock = clock;
		this.#random = random;
		this.#options = options;
		this.messageBytesMax = options.messageBytesMax;
	}

	join(other: SimEnd): void {
		this.#other = other;
	}

	start(receiver: LinkReceiver): void {
		invariant(this.#receiver === null, 'a link is started once');
		this.#receiver = receiver;
		if (this.#end !== null) this.#tell(this.#end);
		else void this.#pump();
	}

	send(message: Uint8Array): boolean {
		invariant(message.length <= this.messageBytesMax, 'a message is no longer than the link takes');
		if (this.#end !== null) return false;
		invariant(!this.#isFull, 'nothing is sent while the link is full');
		const other = this.#other;
		if (other === null) return false;
		this.#options.onSend(message, this.#side);
		const sent = message.slice(); // two processes share no memory
		other.put(sent.length, (end) => end.receive(sent));
		this.#isFull = other.inboxBytes >= this.#options.bufferBytesMax;
		return !this.#isFull;
	}

	close(code: number): void {
		if (this.#end !== null) return;
		this.#other?.put(0, (end) => end.stop({ type: 'LinkClosed', by: 'them', code }));
		this.stop({ type: 'LinkClosed', by: 'us', code });
	}

	/** Ends it here and now, whatever is under way. */
	stop(end: LinkEnd): void {
		if (this.#end !== null) return;
		this.#end = end;
		this.#life.abort();
		this.#inbox.length = 0;
		this.inboxBytes = 0;
		if (this.#receiver !== null) this.#tell(end);
	}

	cut(): void {
		if (this.#end !== null) return;
		this.#inbox.length = 0;
		this.inboxBytes = 0;
		this.put(0, (end) => end.stop({ type: 'LinkLost', what: 'the link was cut' }));
	}

	silence(): void {
		this.#isSilent = true;
		this.#inbox.length = 0;
	}

	receive(message: Uint8Array): void {
		this.#receiver?.onMessage(message);
	}

	#tell(end: LinkEnd): void {
		if (this.#isTold) return;
		this.#isTold = true;
		this.#receiver?.onEnd(end);
	}

	/** Sends something on its way to this end. */
	put(bytes: number, deliver: (end: SimEnd) => void): void {
		if (this.#end !== null) return;
		this.inboxBytes += bytes; // in silence too: the sender's buffer fills up
		if (this.#isSilent) return;
		const [least, most] = this.#options.delayMs;
		const delayMs = least + this.#random.integer(most - least + 1);
		const before = this.#inbox.at(-1)?.dueMs ?? 0;
		this.#inbox.push({ dueMs: Math.max(before, this.#clock.elapsedMs() + delayMs), bytes, deliver });
		void this.#pump();
	}

	/** Delivers what is due, one after another. */
	async #pump(): Promise<void> {
		if (this.#isPumping || this.#receiver === null) return;
		this.#isPumping = true;
		let isFirst = true; // which is not delivered within its own sending
		for (let next = this.#inbox[0]; next !== undefined; next = this.#inbox[0]) {
			const leftMs = next.dueMs - this.#clock.elapsedMs();
			if (isFirst || leftMs > 0) await this.#clock.wait(Math.max(0, leftMs), this.#life.signal);
			isFirst = false;
			if (this.#inbox[0] !== next) continue;
			this.#inbox.shift();
			this.inboxBytes -= next.bytes;
			next.deliver(this);
			this.#other?.roomAgain();
		}
		this.#isPumping = false;
	}

	roomAgain(): void {
		if (!this.#isFull || this.#end !== null || (this.#other?.inboxBytes ?? 0) > this.#options.bufferBytesMax / 2)
			return;
		this.#isFull = false;
		this.#receiver?.onReady();
	}
}

/** Two ends in one process whose messages take their time on the virtual clock, drawn by `random`. */
export function createSimLink(clock: ClockPort, random: SimRandom, options: SimLinkOptions = {}): SimLinkPair {
	const whole = {
		delayMs: [0, 0] as const,
		messageBytesMax: 65_536,
		bufferBytesMax: 262_144,
		onSend: () => undefined,
		...options
	};
	const ends = [new SimEnd(0, clock, random, whole), new SimEnd(1, clock, random, whole)] as const;
	const [one, two] = ends;
	one.join(two);
	two.join(one);
	return {
		ends,
		cut: () => ends.forEach((end) => end.cut()),
		silence: () => ends.forEach((end) => end.silence()),
		get underWayBytes() {
			return [two.inboxBytes, one.inboxBytes] as const;
		}
	};
}
