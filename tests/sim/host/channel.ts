import { bytesToWire, cborLimits, wireToBytes, type WireValue } from '#core/kernel';
import { closeCodes, type Link } from '#core/net';
import { messageBytesMax, type SyncChannel } from '#core/sync';

/** Messages of a session, each a message of `link`, whose longest has to be long enough. */
export function linkToChannel(link: Link): SyncChannel {
	const inbox: WireValue[] = [];
	let isFull = false;
	let hasEnded = false;
	let wakes: (() => void)[] = [];
	const wakeAll = () => {
		const due = wakes;
		wakes = [];
		for (const wake of due) wake();
	};
	/** Resolves when something has happened, or `signal` aborts. */
	const happens = (signal: AbortSignal) =>
		new Promise<void>((resolve) => {
			wakes.push(resolve);
			signal.addEventListener('abort', () => resolve(), { once: true });
		});
	link.start({
		onMessage: (bytes) => {
			const read = bytesToWire(bytes, { ...cborLimits, bytesMax: messageBytesMax });
			if (read.ok) inbox.push(read.value);
			else link.close(closeCodes.frameEncoding);
			wakeAll();
		},
		onReady: () => {
			isFull = false;
			wakeAll();
		},
		onEnd: () => {
			hasEnded = true;
			wakeAll();
		}
	});
	return {
		send: async (message, signal) => {
			while (isFull && !hasEnded && !signal.aborted) await happens(signal);
			if (hasEnded || signal.aborted) return false;
			isFull = !link.send(wireToBytes(message));
			return true;
		},
		receive: async (signal) => {
			while (inbox.length === 0 && !hasEnded && !signal.aborted) await happens(signal);
			return (signal.aborted ? null : inbox.shift()) ?? null;
		},
		close: () => link.close(closeCodes.none)
	};
}
