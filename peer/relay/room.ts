import type { RawData, WebSocket } from 'ws';
import { relayCodes } from '#core/relay';
import type { RelayLimits } from './limits.ts';
import { endSocket, tellEnd } from './socket-end.ts';

type Limits = Pick<RelayLimits, 'bufferBytesMax' | 'messagesPerSecondMax' | 'bytesPerSecondMax'>;

/** One direction: hands on each message as it came, and reads no faster than the other side takes, or than it may. */
class Passage {
	readonly #from: WebSocket;
	readonly #to: WebSocket;
	readonly #limits: Limits;
	#messages = 0;
	#bytes = 0;
	#isFull = false;
	#isFast = false;
	hasMoved = true;

	constructor(from: WebSocket, to: WebSocket, limits: Limits) {
		this.#from = from;
		this.#to = to;
		this.#limits = limits;
		from.on('message', this.#take);
	}

	/** A second has passed. */
	tick(): void {
		this.#messages = 0;
		this.#bytes = 0;
		this.#isFast = false;
		this.#readOn();
	}

	readonly #take = (message: RawData, isBinary: boolean) => {
		if (!isBinary || !Buffer.isBuffer(message)) return endSocket(this.#from, relayCodes.wrong);
		const { bufferBytesMax, messagesPerSecondMax, bytesPerSecondMax } = this.#limits;
		this.hasMoved = true;
		this.#messages++;
		this.#bytes += message.length;
		this.#to.send(message, this.#onSent);
		this.#isFull = this.#to.bufferedAmount >= bufferBytesMax;
		this.#isFast = this.#messages >= messagesPerSecondMax || this.#bytes >= bytesPerSecondMax;
		if (this.#isFull || this.#isFast) this.#from.pause();
	};

	readonly #onSent = () => {
		if (!this.#isFull || this.#to.bufferedAmount > this.#limits.bufferBytesMax / 2) return;
		this.#isFull = false;
		this.#readOn();
	};

	#readOn(): void {
		if (!this.#isFull && !this.#isFast) this.#from.resume();
	}
}

export type Room = {
	/** To be called once a second. */
	tick(): void;
	/** Whether anything has passed since the last asking. */
	hasMoved(): boolean;
	end(code: number): void;
};

/** Joins two open sockets, of which nobody has read anything but what was said to the relay. `onEnd` is called once. */
export function joinRoom(one: WebSocket, other: WebSocket, limits: Limits, onEnd: () => void): Room {
	const passages = [new Passage(one, other, limits), new Passage(other, one, limits)] as const;
	let isOver = false;
	const over = () => {
		if (!isOver) onEnd();
		isOver = true;
	};
	for (const [from, to] of [[one, other] as const, [other, one] as const])
		from.on('close', (code, reason) => {
			over();
			tellEnd(to, code, reason);
		});
	return {
		tick: () => passages.forEach((passage) => passage.tick()),
		hasMoved: () => {
			const hasMoved = passages.some((passage) => passage.hasMoved);
			for (const passage of passages) passage.hasMoved = false;
			return hasMoved;
		},
		end: (code) => {
			for (const socket of [one, other]) endSocket(socket, code);
		}
	};
}
