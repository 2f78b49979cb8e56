import type { FailedReason } from './connection.svelte.ts';
import type { Session } from './session.ts';

export type Connected = { readonly session: Session };
export type Unconnected = { readonly reason: FailedReason };

/** The session of the moment. Calls wait here while there is none and end here when there will be none. */
export class Line {
	#now: Connected | Unconnected | null = null;
	readonly #changed = new EventTarget();

	/** Null while connecting. */
	set(now: Connected | Unconnected | null): void {
		this.#now = now;
		this.#changed.dispatchEvent(new Event('change'));
	}

	get session(): Session | null {
		return this.#now !== null && 'session' in this.#now ? this.#now.session : null;
	}

	/** A session that has not ended, or why there is none; null when `signal` aborts first. */
	async next(signal: AbortSignal): Promise<Connected | Unconnected | null> {
		while (!signal.aborted) {
			const now = this.#now;
			if (now !== null && !('session' in now && now.session.ended.aborted)) return now;
			await this.#change(signal);
		}
		return null;
	}

	/** Resolves at the next change, or when `signal` aborts. */
	#change(signal: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			const done = new AbortController();
			const settle = () => {
				done.abort();
				resolve();
			};
			this.#changed.addEventListener('change', settle, { signal: done.signal });
			signal.addEventListener('abort', settle, { signal: done.signal });
		});
	}
}
