import type { Client, FailureOf } from '#client/mod.ts';
import type { EntryOrder, EntryRow } from '#core/index';
import type { EntryId } from '#core/kernel';
import { LoadedRows, plainRows, type OnMove } from './loaded-rows.svelte.ts';

/** Time between two readings of a folder that keeps changing; also at least four times what a reading takes. */
const refreshEveryMs = 400;
/** Time after which the sizes of folders are read again while something changes below them. */
const sumsEveryMs = 1_000;

/**
 * The entries of one folder in one order, kept in step with the library.
 *
 * The ids of the whole folder are read at once (eight bytes each), rows only around what is seen.
 */
export class FolderListing extends LoadedRows<EntryRow> {
	readonly folder: EntryId;
	readonly order: EntryOrder;
	readonly #client: Client;
	readonly #stop = new AbortController();
	readonly #leave: (() => void)[];
	/** The first reading has ended. */
	loaded: boolean = $state(false);
	failure: FailureOf<'entries.ids'> | null = $state.raw(null);
	onMove: OnMove | null = null;
	#reading = false;
	#again = false;
	#tookMs = 0;
	#timer: ReturnType<typeof setTimeout> | null = null;
	#summing: ReturnType<typeof setTimeout> | null = null;

	constructor(client: Client, folder: EntryId, order: EntryOrder) {
		super(plainRows(client));
		this.#client = client;
		this.folder = folder;
		this.order = order;
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
			this.readAgain();
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
		if (answer.ok) {
			this.failure = null;
			this.take(answer.value, this.loaded ? this.onMove : null);
		} else if (answer.failure.type !== 'Cancelled') this.failure = answer.failure;
		this.loaded = true;
		if (this.#again) this.#changed();
	}

	override close(): void {
		this.#stop.abort();
		for (const timer of [this.#timer, this.#summing]) if (timer !== null) clearTimeout(timer);
		for (const leave of this.#leave) leave();
		super.close();
	}
}
