import type { Client, FailureOf } from '#client/mod.ts';
import type { EntryOrder } from '#core/index';
import type { EntryId } from '#core/kernel';
import { RowCache } from './row-cache.svelte.ts';
import type { RowSource } from './row-source.ts';

/** Time between two readings of a folder that keeps changing; also at least four times what a reading takes. */
const refreshEveryMs = 400;
/** Time after which the sizes of folders are read again while something changes below them. */
const sumsEveryMs = 1_000;
const none = new Uint32Array();

/** Called in the moment between the old ids and the new ones, so that who shows them can keep its place. */
export type OnMove = (before: Uint32Array, after: Uint32Array) => void;

/**
 * The entries of one folder in one order, kept in step with the library.
 *
 * The ids of the whole folder are read at once (four bytes each), rows only around what is seen.
 */
export class FolderListing implements RowSource {
	readonly folder: EntryId;
	readonly order: EntryOrder;
	readonly #client: Client;
	readonly #stop = new AbortController();
	readonly #rows: RowCache;
	readonly #leave: (() => void)[];
	#ids: Uint32Array = $state.raw(none);
	/** The first reading has ended. */
	loaded: boolean = $state(false);
	failure: FailureOf<'entries.ids'> | null = $state.raw(null);
	onMove: OnMove | null = null;
	#reading = false;
	#again = false;
	#tookMs = 0;
	#timer: ReturnType<typeof setTimeout> | null = null;
	#summing: ReturnType<typeof setTimeout> | null = null;
	#window = { from: 0, to: 0 };

	constructor(client: Client, folder: EntryId, order: EntryOrder) {
		this.#client = client;
		this.folder = folder;
		this.order = order;
		this.#rows = new RowCache(async (ids, signal) => {
			const answer = await client.call('entries.rows', { ids }, signal);
			return answer.ok ? answer.value : null;
		});
		this.#leave = [
			client.onEvent((event) => {
				if (event.type !== 'entries-changed') return;
				if (event.folders.includes(folder)) this.#changed();
				else this.#summed();
			}),
			client.onMoved(() => this.#changed())
		];
		void this.#read();
	}

	get length(): number {
		return this.#ids.length;
	}

	get ids(): Uint32Array {
		return this.#ids;
	}

	idAt(index: number): number | null {
		return this.#ids[index] ?? null;
	}

	indexOf(id: number): number {
		return this.#ids.indexOf(id);
	}

	rowAt(index: number) {
		const id = this.#ids[index];
		return id === undefined ? null : this.#rows.get(id);
	}

	want(from: number, to: number): void {
		this.#window = { from, to };
		this.#rows.want(this.#ids, from, to);
	}

	#changed(): void {
		if (this.#reading) this.#again = true;
		if (this.#reading || this.#timer !== null) return;
		this.#timer = setTimeout(
			() => {
				this.#timer = null;
				void this.#read();
			},
			Math.max(refreshEveryMs, this.#tookMs * 4)
		);
	}

	/** Something below has changed, and with it the size of a folder shown here. */
	#summed(): void {
		if (this.order.by === 'size') return this.#changed();
		this.#summing ??= setTimeout(() => {
			this.#summing = null;
			this.#rows.invalidate();
			this.#rows.want(this.#ids, this.#window.from, this.#window.to);
		}, sumsEveryMs);
	}

	async #read(): Promise<void> {
		this.#reading = true;
		this.#again = false;
		const startedMs = performance.now();
		const input = { folder: this.folder, order: this.order };
		const answer = await this.#client.call('entries.ids', input, this.#stop.signal);
		this.#reading = false;
		if (this.#stop.signal.aborted) return;
		this.#tookMs = performance.now() - startedMs;
		if (answer.ok) this.#take(answer.value);
		else if (answer.failure.type !== 'Cancelled') this.failure = answer.failure;
		this.loaded = true;
		if (this.#again) this.#changed();
	}

	#take(ids: Uint32Array): void {
		const before = this.#ids;
		const wasLoaded = this.loaded;
		this.failure = null;
		this.#rows.invalidate();
		this.#ids = ids;
		if (wasLoaded) this.onMove?.(before, ids);
		this.#rows.want(ids, this.#window.from, this.#window.to);
	}

	close(): void {
		this.#stop.abort();
		for (const timer of [this.#timer, this.#summing]) if (timer !== null) clearTimeout(timer);
		for (const leave of this.#leave) leave();
		this.#rows.close();
		this.#ids = none;
	}
}
