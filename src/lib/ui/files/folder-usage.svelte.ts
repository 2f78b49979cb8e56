import type { Client } from '#client/mod.ts';
import type { Usage } from '#core/index';
import type { EntryId } from '#core/kernel';

/** Time that a folder stays on the screen before its total is asked for: opening and browsing come first. */
const restMs = 350;
/** From one total to the next while the library changes; also at least so many times what the last one took. */
const refreshEveryMs = 3000;
const restShare = 15;

/**
 * How much lies below a folder. A total visits every entry below, so it is asked for last and seldom: it may be a few
 * seconds behind.
 */
export class FolderUsage {
	value: Usage | null = $state.raw(null);
	readonly #client: Client;
	readonly #leave: (() => void)[];
	#entry: EntryId | null = null;
	#running: AbortController | null = null;
	#timer: ReturnType<typeof setTimeout> | null = null;
	#nextMs = 0;

	constructor(client: Client) {
		this.#client = client;
		this.#leave = [
			client.onEvent(({ type }) => {
				if (type === 'entries-changed' || type === 'locations-changed') this.#schedule(restMs);
			}),
			client.onMoved(() => this.#schedule(restMs))
		];
	}

	/** Asks for the total of `entry`; the one before is forgotten. */
	ask(entry: EntryId): void {
		if (entry === this.#entry) return;
		this.#entry = entry;
		this.value = null;
		this.#running?.abort();
		this.#running = null;
		this.#nextMs = 0;
		this.#schedule(restMs);
	}

	#schedule(delayMs: number): void {
		if (this.#entry === null || this.#timer !== null || this.#running !== null) return;
		const waitMs = Math.max(delayMs, this.#nextMs - performance.now());
		this.#timer = setTimeout(() => {
			this.#timer = null;
			void this.#run();
		}, waitMs);
	}

	async #run(): Promise<void> {
		if (this.#entry === null) return;
		const running = new AbortController();
		this.#running = running;
		const startedMs = performance.now();
		const answer = await this.#client.call('entries.usage', { entry: this.#entry }, running.signal);
		if (this.#running !== running) return;
		this.#running = null;
		const nowMs = performance.now();
		this.#nextMs = nowMs + Math.max(refreshEveryMs, (nowMs - startedMs) * restShare);
		this.value = answer.ok ? answer.value : null;
	}

	close(): void {
		this.#entry = null;
		this.#running?.abort();
		if (this.#timer !== null) clearTimeout(this.#timer);
		for (const leave of this.#leave) leave();
	}
}
