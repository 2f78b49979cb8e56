import { invariant } from '#core/kernel';
import { closeCodes, type Link, type LinkEnd, type LinkReceiver } from './link.ts';

/** What may come before this end is started: no more than a mux says before it has heard the other one. */
const heldBytesMax = 65_536;
/** What a message takes besides its bytes. */
const headBytes = 64;

/**
 * A link over a carrier that seals what it carries itself, to a device that has proved who it is and that it is the one at
 * the end of that seal: messages go as they are.
 */
export class ProvenLink implements Link {
	readonly messageBytesMax: number;
	readonly #carrier: Link;
	readonly #held: Uint8Array[] = [];
	#heldBytes = 0;
	#receiver: LinkReceiver | null = null;
	/** Of the last message of the handshake, where that filled it. */
	#isFull: boolean;
	#waiting: Uint8Array | null = null;
	#end: LinkEnd | null = null;

	constructor(carrier: Link, isCarrierReady: boolean) {
		this.#carrier = carrier;
		this.#isFull = !isCarrierReady;
		this.messageBytesMax = carrier.messageBytesMax;
	}

	start(receiver: LinkReceiver): void {
		invariant(this.#receiver === null, 'a link is started once');
		this.#receiver = receiver;
		for (const message of this.#held.splice(0)) if (!this.#isOver()) receiver.onMessage(message);
		if (this.#end !== null) receiver.onEnd(this.#end);
	}

	send(message: Uint8Array): boolean {
		if (this.#end !== null) return false;
		invariant(this.#waiting === null, 'nothing is sent while the link is full');
		if (this.#isFull) this.#waiting = message.slice();
		else this.#isFull = !this.#carrier.send(message);
		return !this.#isFull;
	}

	close(code: number): void {
		if (this.#end === null) this.#carrier.close(code);
	}

	/** A message of the carrier. */
	take(message: Uint8Array): void {
		if (this.#end !== null) return;
		if (this.#receiver !== null) return this.#receiver.onMessage(message);
		this.#heldBytes += message.length + headBytes;
		if (this.#heldBytes > heldBytesMax) return this.#carrier.close(closeCodes.protocol);
		this.#held.push(message);
	}

	carrierReady(): void {
		const due = this.#waiting;
		this.#waiting = null;
		this.#isFull = due !== null && !this.#carrier.send(due);
		if (!this.#isFull) this.#receiver?.onReady();
	}

	carrierEnded(end: LinkEnd): void {
		this.#end = end;
		this.#receiver?.onEnd(end);
	}

	#isOver(): boolean {
		return this.#end?.type === 'LinkClosed' && this.#end.by === 'us';
	}
}
