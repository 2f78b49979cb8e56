import { err, invariant, ok, type Result } from '#core/kernel';
import { closeCodes, type Link, type LinkEnd, type LinkReceiver } from '#core/net';
import type { ClockPort } from '#core/ports';
import { readRelayMessage, relayCodes, type RelayMessage } from './messages.ts';

/** Words of the relay that nobody has heard yet, and what may come after its last: the first message of a handshake. */
const heldBytesMax = 65_536;
/** What one takes besides its bytes. */
const headBytes = 64;

/** A link to a relay: its words one by one, and from `start` on what comes of the device behind it. */
export class RelayCarrier implements Link {
	readonly messageBytesMax: number;
	readonly #link: Link;
	readonly #held: Uint8Array[] = [];
	#heldBytes = 0;
	#receiver: LinkReceiver | null = null;
	#onChange: () => void = () => undefined;
	#isReady = true;
	#end: LinkEnd | null = null;

	constructor(link: Link) {
		this.#link = link;
		this.messageBytesMax = link.messageBytesMax;
		link.start({
			onMessage: (message) => this.#take(message),
			onReady: () => {
				this.#isReady = true;
				this.#receiver?.onReady();
			},
			onEnd: (end) => {
				this.#end = end;
				this.#onChange();
				this.#receiver?.onEnd(end);
			}
		});
	}

	get end(): LinkEnd | null {
		return this.#end;
	}

	/** The relay's next word; null when it has ended by then, or `signal`. */
	async next(signal: AbortSignal): Promise<RelayMessage | null> {
		invariant(this.#receiver === null, 'a relay is heard before it hands on');
		while (this.#held.length === 0 && this.#end === null && !signal.aborted)
			await new Promise<void>((resolve) => {
				this.#onChange = resolve;
				signal.addEventListener('abort', () => resolve(), { once: true });
			});
		const message = signal.aborted ? undefined : this.#held.shift();
		if (message === undefined) return null;
		this.#heldBytes -= message.length + headBytes;
		const word = readRelayMessage(message);
		if (word === null) this.close(closeCodes.protocol);
		return word;
	}

	/** Says something to the relay; more than it takes it is not told. */
	say(message: Uint8Array): void {
		if (this.#isReady && this.#end === null) this.#isReady = this.#link.send(message);
	}

	start(receiver: LinkReceiver): void {
		invariant(this.#receiver === null, 'a link is started once');
		this.#receiver = receiver;
		for (const message of this.#held.splice(0)) receiver.onMessage(message);
		if (this.#end !== null) receiver.onEnd(this.#end);
	}

	send(message: Uint8Array): boolean {
		if (this.#end !== null) return false;
		this.#isReady = this.#link.send(message);
		return this.#isReady;
	}

	close(code: number): void {
		this.#link.close(code);
	}

	#take(message: Uint8Array): void {
		if (this.#receiver !== null) return this.#receiver.onMessage(message);
		this.#heldBytes += message.length + headBytes;
		if (this.#heldBytes > heldBytesMax) return this.close(closeCodes.protocol);
		this.#held.push(message);
		this.#onChange();
	}
}

export type RelayFailure = { readonly type: 'DeviceUnreachable'; readonly what: string };

/** How a host opens a link to `url`. Rejects with the reason of `signal`. */
export type DialUrl = (url: string, signal: AbortSignal) => Promise<Result<Link, RelayFailure>>;

const reasons = new Map<number, string>([
	[relayCodes.nobody, 'it is not at its relay'],
	[relayCodes.refused, 'the relay knows neither this device nor its token'],
	[relayCodes.full, 'the relay has no room'],
	[relayCodes.replaced, 'this device is at the relay twice']
]);

/** What a person is told of a relay that has ended the talk. */
export function whyEnded({ end }: RelayCarrier): RelayFailure {
	const what =
		end?.type === 'LinkClosed'
			? (reasons.get(end.code) ?? `the relay ended it with ${end.code}`)
			: (end?.what ?? 'the relay does not answer');
	return { type: 'DeviceUnreachable', what };
}

/** Waits for the relay's word of that kind, and for none but that, `withinMs` at most; else hangs up. */
export async function hear<K extends RelayMessage['kind']>(
	carrier: RelayCarrier,
	kind: K,
	clock: ClockPort,
	withinMs: number,
	signal: AbortSignal
): Promise<Result<Extract<RelayMessage, { readonly kind: K }>, RelayFailure>> {
	const waiting = new AbortController();
	const either = AbortSignal.any([signal, waiting.signal]);
	const isKind = (word: RelayMessage | null): word is Extract<RelayMessage, { readonly kind: K }> =>
		word?.kind === kind;
	void clock.wait(withinMs, either).then(() => waiting.abort());
	const word = await carrier.next(either);
	waiting.abort();
	if (isKind(word)) return ok(word);
	const why = whyEnded(carrier);
	carrier.close(signal.aborted ? closeCodes.cancelled : closeCodes.protocol);
	signal.throwIfAborted();
	return err(why);
}
