import { cborLimits } from '#core/kernel';
import { closeCodes, createMessages, type Stream } from '#core/net';
import type { ClockPort } from '#core/ports';

/** What a stream that carries a pairing is called on a link. */
export const pairingStreamKind = 'pairing/1';
/** The longest message of a pairing, in CBOR. */
const messageBytesMax = 4_096;

/** Either side of a pairing, as far as carrying its messages goes. */
type Side = {
	state(): { readonly step: string };
	receive(message: Uint8Array, nowMs: number): Uint8Array | null;
};

export type PairingTalk = {
	/** Sends what a side has to say, behind what was sent before. */
	say(message: Uint8Array | null): Promise<void>;
	/** Resolves when the pairing is over, or the stream, or `end` was called. */
	run(): Promise<void>;
	/** Hears nothing more. */
	end(): void;
};

/** Carries the messages of `side` over `stream`; `onChange` is called after each that came. */
export function createPairingTalk(
	{ side, stream, clock, onChange }: { side: Side; stream: Stream; clock: ClockPort; onChange: () => Promise<void> },
	signal: AbortSignal
): PairingTalk {
	const messages = createMessages(stream, { ...cborLimits, bytesMax: messageBytesMax });
	let sent: Promise<unknown> = Promise.resolve();
	const say = async (message: Uint8Array | null) => {
		if (message === null) return;
		// Where the other side is gone by now, reading tells.
		sent = sent.then(() => (signal.aborted ? null : messages.send(message, signal)));
		await sent;
	};
	const isOver = () => ['ended', 'paired'].includes(side.state().step);
	const life = new AbortController();
	const hearing = AbortSignal.any([signal, life.signal]);
	const hear = async () => {
		while (!isOver()) {
			const received = await messages.receive(hearing);
			if (!received.ok || !(received.value instanceof Uint8Array)) return stream.close(closeCodes.none);
			await say(side.receive(received.value, clock.elapsedMs()));
			await onChange();
		}
	};
	return {
		say,
		end: () => life.abort(),
		run: async () => {
			try {
				await hear();
			} catch (thrown) {
				if (!hearing.aborted) throw thrown;
			}
		}
	};
}
