import type { CoreEvent } from '#core';
import type { EventChannel, EventMessage } from '../../workers/session/protocol.ts';

/** Calls `listener` with every event of the core, whichever tab it runs in, until `signal` aborts. */
export function listenToCore(listener: (event: CoreEvent) => void, signal: AbortSignal): void {
	const name: EventChannel = 'atoll:events';
	const channel = new BroadcastChannel(name);
	channel.onmessage = (event: MessageEvent<EventMessage>) => {
		for (const told of event.data.events) listener(told);
	};
	signal.addEventListener('abort', () => channel.close(), { once: true });
}

/** Listeners that can be taken away again. */
export class Listeners<T> {
	readonly #all = new Set<(value: T) => void>();

	add(listener: (value: T) => void): () => void {
		// A wrapper: the same function added twice is two listeners.
		const own = (value: T) => listener(value);
		this.#all.add(own);
		return () => void this.#all.delete(own);
	}

	tell(value: T): void {
		for (const listener of this.#all) listener(value);
	}
}
