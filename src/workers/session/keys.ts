import type { ClockPort } from '#core/ports';
import { heldAfter, whenFree } from './locks.ts';
import type { WorkerLock } from './protocol.ts';

/** Only workers listen here: a page must never hear the key. */
const channelName = 'atoll:key';
/** How long a lock waits for a worker that does not say that it forgot, for one in a frozen tab. */
const forgetWaitMs = 1_000;

/** `generation` names one opening of the library; what was forgotten once under it is never taken again. */
type Held = { readonly generation: string; readonly key: Uint8Array };

type KeyMessage =
	| { readonly type: 'wanted' }
	| ({ readonly type: 'key' } & Held)
	| { readonly type: 'forget'; readonly generation: string }
	| { readonly type: 'forgotten'; readonly generation: string; readonly worker: string };

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/**
 * The key of the open library, in the memory of this tab's worker, so that it can take over without the password.
 * Whoever holds the key gives it to workers that start later; `forgetEverywhere` takes it from all of them.
 */
export class KeyRing {
	/** Set by the worker that serves the core: called when another one has locked the library. */
	onForgotten: () => void = () => {};
	/** A leader learns keys from its core only. */
	leads = false;
	readonly #worker: string;
	readonly #channel = new BroadcastChannel(channelName);
	readonly #forgotten = new Set<string>();
	readonly #answers = new EventTarget();
	#held: Held | null = null;

	constructor(worker: string) {
		this.#worker = worker;
		this.#channel.onmessage = (event: MessageEvent<KeyMessage>) => this.#hear(event.data);
	}

	/** Asks the other workers for the key; it comes in a moment or not at all. */
	ask(): void {
		this.#tell({ type: 'wanted' });
	}

	/** A copy of the key, or null. */
	key(): Uint8Array | null {
		return this.#held?.key.slice() ?? null;
	}

	/** Keeps a copy of `key` here and in every other worker, in place of what they had. */
	hold(key: Uint8Array): void {
		if (this.#held !== null && sameBytes(this.#held.key, key)) return;
		this.#held?.key.fill(0);
		this.#held = { generation: crypto.randomUUID(), key: key.slice() };
		this.#tell({ type: 'key', ...this.#held });
	}

	/**
	 * Overwrites the key here and resolves when every living worker has done so, or after a second.
	 * A worker that is frozen for longer forgets when it wakes, before it can lead for long: see `onForgotten`.
	 */
	async forgetEverywhere(clock: ClockPort): Promise<void> {
		const generation = this.#held?.generation;
		if (generation === undefined) return;
		this.#forget(generation);
		const late = new AbortController();
		const tooLate = clock.wait(forgetWaitMs, late.signal).then(() => late.abort());
		const done = new Set<string>([this.#worker]);
		while (!late.signal.aborted) {
			// Asked anew each time: a worker that was born meanwhile may have been given the key by one still to forget.
			const living = (await heldAfter('atoll:worker:' satisfies WorkerLock)).filter((worker) => !done.has(worker));
			if (living.length === 0) break;
			const answered = living.map((worker) => this.#whenForgotten(worker, generation, late.signal));
			this.#tell({ type: 'forget', generation });
			await Promise.all(answered);
			for (const worker of living) done.add(worker);
		}
		late.abort();
		await tooLate;
	}

	/** Resolves when `worker` has forgotten, or has died, or `signal` aborts. */
	async #whenForgotten(worker: string, generation: string, signal: AbortSignal): Promise<void> {
		const settled = new AbortController();
		const name = `${generation}:${worker}`;
		const lock: WorkerLock = `atoll:worker:${worker}`;
		const heard = new Promise<void>((resolve) => {
			this.#answers.addEventListener(name, () => resolve(), { once: true, signal: settled.signal });
		});
		const stop = AbortSignal.any([signal, settled.signal]);
		await Promise.race([heard, whenFree(lock, stop)]);
		settled.abort();
	}

	#tell(message: KeyMessage): void {
		this.#channel.postMessage(message);
	}

	#forget(generation: string): void {
		this.#forgotten.add(generation);
		if (this.#held?.generation !== generation) return;
		this.#held.key.fill(0);
		this.#held = null;
	}

	#hear(message: KeyMessage): void {
		switch (message.type) {
			case 'wanted':
				if (this.#held !== null) this.#tell({ type: 'key', ...this.#held });
				return;
			case 'key':
				if (this.leads || this.#forgotten.has(message.generation)) message.key.fill(0);
				else {
					this.#held?.key.fill(0);
					this.#held = { generation: message.generation, key: message.key };
				}
				return;
			case 'forget': {
				const hadIt = this.#held?.generation === message.generation;
				this.#forget(message.generation);
				this.#tell({ type: 'forgotten', generation: message.generation, worker: this.#worker });
				if (hadIt) this.onForgotten();
				return;
			}
			case 'forgotten':
				this.#answers.dispatchEvent(new Event(`${message.generation}:${message.worker}`));
				return;
		}
	}
}
