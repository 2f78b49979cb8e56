import { cborLimits } from '#core/kernel';
import { closeCodes, createMessages, type Stream } from '#core/net';
import { readDescription } from './description.ts';
import type { DirectSide, SignalTalk } from './direct-port.ts';
import { candidatesMax, readSignal, signalBytesMax, type Signal } from './messages.ts';

/** What a stream that carries such a talk is called on a link. */
export const signalStreamKind = 'signal/1';

/** A talk, and which certificates the two sides have said they show. */
export type HeldTalk = SignalTalk & {
	said(): { readonly own: Uint8Array | null; readonly theirs: Uint8Array | null };
};

/** One side's words in their order: its description, once, then a number of candidates. */
class Words {
	readonly #kind: Signal['kind'];
	#candidates = 0;
	fingerprint: Uint8Array | null = null;

	constructor(kind: 'offer' | 'answer') {
		this.#kind = kind;
	}

	/** Whether that may be its next word. */
	take(signal: Signal): boolean {
		if (signal.kind === 'candidate') return this.fingerprint !== null && ++this.#candidates <= candidatesMax;
		if (signal.kind !== this.#kind || this.fingerprint !== null) return false;
		this.fingerprint = readDescription(signal.sdp)?.fingerprint ?? null;
		return this.fingerprint !== null;
	}
}

/** The words of both sides over `stream`. Who says what must not come now, or too much, is heard no more. */
export function createSignalTalk(stream: Stream, side: DirectSide, signal: AbortSignal): HeldTalk {
	const messages = createMessages(stream, { ...cborLimits, bytesMax: signalBytesMax });
	const [own, theirs] =
		side === 'offers' ? [new Words('offer'), new Words('answer')] : [new Words('answer'), new Words('offer')];
	let sent: Promise<unknown> = Promise.resolve();
	/** Called off it is over, as it is where the stream has ended. */
	const quietly = async <T>(work: () => Promise<T>): Promise<T | null> => {
		try {
			return signal.aborted ? null : await work();
		} catch (thrown) {
			if (signal.aborted) return null;
			throw thrown;
		}
	};
	return {
		say: (word) => {
			// Candidates beyond what the other side takes are ways that are not tried.
			if (own.take(word)) sent = sent.then(() => quietly(() => messages.send(word, signal)));
		},
		hear: async () => {
			const received = await quietly(() => messages.receive(signal));
			if (received === null || !received.ok || received.value === null) return null;
			const word = readSignal(received.value);
			if (word !== null && theirs.take(word)) return word;
			stream.close(closeCodes.protocol);
			return null;
		},
		said: () => ({ own: own.fingerprint, theirs: theirs.fingerprint })
	};
}
