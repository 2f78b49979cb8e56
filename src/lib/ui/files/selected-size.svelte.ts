import type { Client } from '#client/mod.ts';
import type { EntryRow } from '#core/index';
import type { Ranges, SelectedEntries } from './selection.ts';

/** Rows read to add them up; of more, only all together are told. */
const summedMax = 100_000;
const chunkRows = 2_000;
/** A selection that stands still this long is added up: one that is being drawn changes with every frame. */
const restMs = 120;

/** What the chosen entries are; `modified` from the first to the last, null where no disk tells. */
export type SelectedParts = {
	readonly files: number;
	readonly folders: number;
	readonly others: number;
	readonly bytes: number;
	readonly modified: { readonly first: number; readonly last: number } | null;
};

const noParts: SelectedParts = { files: 0, folders: 0, others: 0, bytes: 0, modified: null };

/** Adds rows to what was counted before; folders are as large as all below them. */
export function addRows(before: SelectedParts, rows: readonly EntryRow[]): SelectedParts {
	const parts = { ...before };
	for (const { kind, sizeBytes, modifiedMs } of rows) {
		if (kind === 'file') parts.files++;
		else if (kind === 'directory') parts.folders++;
		else parts.others++;
		if (kind === 'file' || kind === 'directory') parts.bytes += sizeBytes;
		const { first, last } = parts.modified ?? { first: Infinity, last: -Infinity };
		if (modifiedMs !== null) parts.modified = { first: Math.min(first, modifiedMs), last: Math.max(last, modifiedMs) };
	}
	return parts;
}

/** What to add up. */
export type Summed = {
	readonly selection: SelectedEntries;
	/** How many the whole list has, and what they take together where that is known. */
	readonly length: number;
	readonly allBytes: number | null;
	/** Whether more than the size is asked for. */
	readonly wantsParts: boolean;
};

/** What the chosen entries take together, and what they are. */
export class SelectedSize {
	readonly #client: Client;
	/** Null while it is not known, or where it is too much to add up. */
	bytes: number | null = $state(null);
	parts: SelectedParts | null = $state.raw(null);
	#of: Ranges | null = null;
	#stop: AbortController | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(client: Client) {
		this.#client = client;
	}

	/** Adds up another selection, from anew. */
	of({ selection, length, allBytes, wantsParts }: Summed): void {
		this.close();
		// What is chosen is the same, and what is known of it may have changed: it is shown until that is here.
		const isSame = selection.ranges === this.#of;
		this.#of = selection.ranges;
		const isAll = selection.count > 0 && selection.count === length;
		if (isAll || !isSame) this.bytes = isAll ? allBytes : null;
		if (!isSame) this.parts = null;
		const isWanted = selection.count > 0 && (wantsParts || !isAll || allBytes === null);
		if (isWanted && selection.count <= summedMax) this.#timer = setTimeout(() => void this.#sum(selection), restMs);
	}

	async #sum(selection: SelectedEntries): Promise<void> {
		const stop = new AbortController();
		this.#stop = stop;
		const ids = selection.ids();
		let parts = noParts;
		for (let from = 0; from < ids.length; from += chunkRows) {
			const chunk = [...ids.subarray(from, from + chunkRows)];
			const rows = await this.#client.call('entries.rows', { ids: chunk }, stop.signal);
			if (!rows.ok || stop.signal.aborted) return;
			parts = addRows(parts, rows.value);
		}
		this.parts = parts;
		this.bytes = parts.bytes;
	}

	/** Gives up what is being added up. */
	close(): void {
		clearTimeout(this.#timer);
		this.#stop?.abort();
		this.#stop = null;
	}
}
