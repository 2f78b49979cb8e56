import { numbersPerSlot } from '#core/kernel';
import type { Database } from '#core/schema';
import type { Batch, BatchContent, BatchEntry, BatchGone, Watermark } from './schema.ts';
import { changeState, placesEntry } from './share.ts';
import {
	changeReader,
	contentReader,
	isTrashed,
	placedReader,
	readChanges,
	readNth,
	readPlaced,
	readPlaces,
	type OwnShare,
	type PlacedRow
} from './store.ts';
import { entriesMax, isSameEpoch } from './wire-batch.ts';

/** About what an entry takes beside its name, and a content that is told with it; the least that one takes. */
const entryBytes = 14;
const contentBytes = 36;
const entryBytesMin = 16;
const goneBytes = 4;

/** What a batch has so far. */
class Filling {
	readonly entries: BatchEntry[] = [];
	readonly contents: BatchContent[] = [];
	readonly gone: BatchGone[] = [];
	readonly removedLocations: number[] = [];
	hasPlaces = false;
	bytes = 0;
	readonly #placed = new Set<number>();
	readonly #contentPlaces = new Map<number, number>();
	readonly #readPlaced: (id: number) => PlacedRow | null;
	readonly #readContent: (id: number) => BatchContent | null;
	/** Whether the other side has a folder as it is now. */
	readonly #isKnown: (folder: number) => boolean;
	readonly #known = new Set<number>();

	constructor(database: Database, isKnown: (folder: number) => boolean) {
		this.#readPlaced = placedReader(database);
		this.#readContent = contentReader(database);
		this.#isKnown = isKnown;
	}

	/** Adds an entry after whatever holds it, and the other side does not have as it is. */
	add(row: PlacedRow): void {
		if (this.#placed.has(row.id) || row.parent === null) return;
		const above: PlacedRow[] = [row];
		for (let folder: number | null = row.parent; folder !== null && !this.#known.has(folder);) {
			this.#known.add(folder);
			const holder = this.#readPlaced(folder);
			// The folder of a location comes with that.
			if (holder === null) break;
			if (!this.#isKnown(folder) && !this.#placed.has(folder)) above.unshift(holder);
			folder = holder.parent;
		}
		for (const one of above) this.#put(one);
	}

	#put({ id, parent, kind, isDamaged, name, sizeBytes, modifiedMs, content }: PlacedRow): void {
		if (parent === null) return;
		this.#placed.add(id);
		if (kind === 'directory') this.#known.add(id);
		const place = content === null ? null : this.#placeOf(content);
		this.entries.push({ number: id, parent, kind, isDamaged, name, sizeBytes, modifiedMs, content: place });
		this.bytes += entryBytes + name.length;
	}

	#placeOf(content: number): number | null {
		const before = this.#contentPlaces.get(content);
		if (before !== undefined) return before;
		const told = this.#readContent(content);
		if (told === null) return null;
		const place = this.contents.push(told) - 1;
		this.#contentPlaces.set(content, place);
		this.bytes += contentBytes;
		return place;
	}
}

type Asked = {
	readonly database: Database;
	readonly share: OwnShare;
	/** What the other side has; null where that is nothing of this life of the index. */
	readonly mark: Watermark | null;
	readonly bytesMax: number;
};

function finish(asked: Asked, filling: Filling, to: Watermark, span: Batch['span']): Batch {
	const { entries, contents, gone, removedLocations, hasPlaces } = filling;
	return {
		from: asked.mark,
		to,
		head: asked.share.head,
		total: asked.share.total,
		span,
		places: hasPlaces ? readPlaces(asked.database, 0) : null,
		entries,
		contents,
		removedLocations,
		gone
	};
}

/** The next entries by their numbers. The other side drops what it has of that span beside them. */
function nextPass(asked: Asked, from: Watermark): Batch {
	const { database, bytesMax } = asked;
	const after = from.reached ?? 0;
	const changeOf = changeReader(database);
	const filling = new Filling(database, (folder) => folder <= after && changeOf(folder) <= from.seq);
	// A location that has come since the pass began holds entries that it comes to.
	filling.hasPlaces = after === 0 || changeOf(placesEntry) > from.seq;
	const rowsMax = Math.min(entriesMax / 2, Math.max(1, Math.ceil(bytesMax / entryBytesMin)));
	const nth = readNth(database, after, rowsMax);
	let last = nth ?? numbersPerSlot;
	for (const row of readPlaced(database, after, last)) {
		if (filling.entries.length > 0 && (filling.bytes >= bytesMax || filling.entries.length >= rowsMax)) {
			last = row.id - 1;
			break;
		}
		filling.add(row);
	}
	const reached = last === numbersPerSlot ? null : last;
	return finish(asked, filling, { ...from, reached }, { after, last });
}

function nextChanges(asked: Asked, from: Watermark): Batch {
	const { database, bytesMax } = asked;
	const changeOf = changeReader(database);
	const filling = new Filling(database, (folder) => changeOf(folder) <= from.seq);
	const readOne = placedReader(database);
	let { seq } = from;
	const rowsMax = Math.min(entriesMax / 2, Math.max(1, Math.ceil(bytesMax / entryBytesMin)));
	for (const change of readChanges(database, from.seq, rowsMax)) {
		if (filling.entries.length + filling.gone.length > 0 && filling.bytes >= bytesMax) break;
		if (filling.entries.length >= rowsMax) break;
		({ seq } = change);
		const { entry, state } = change;
		if (entry < placesEntry) filling.removedLocations.push(-entry);
		if (entry === placesEntry) filling.hasPlaces = true;
		if (entry <= placesEntry) continue;
		const row = state < changeState.gone ? readOne(entry) : null;
		if (row !== null) filling.add(row);
		else {
			const isMeant = state === changeState.goneMeant || isTrashed(database, entry);
			filling.gone.push({ number: entry, isMeant });
			filling.bytes += goneBytes;
		}
	}
	// A location that is new holds what else is told.
	filling.hasPlaces ||= filling.removedLocations.length > 0 || changeOf(placesEntry) > from.seq;
	return finish(asked, filling, { ...from, seq }, null);
}

/**
 * The next that a device lacks of this one's index, as it is at this instant; null where it lacks nothing. What was
 * told of once is told again only when it has changed. Run inside `read`.
 */
export function nextBatch(asked: Asked): Batch | null {
	const { mark, share } = asked;
	const isOurs = mark !== null && isSameEpoch(mark, { epoch: share.epoch, reached: null, seq: 0 });
	// Whoever was away for longer than changes are kept begins anew, and so does one that has more than there is.
	const isUsable = isOurs && mark.seq >= share.prunedSeq && mark.seq <= share.head;
	if (!isUsable) {
		const start = { epoch: share.epoch, reached: 0, seq: share.head };
		return { ...nextPass({ ...asked, mark: null }, start), from: null };
	}
	if (mark.reached !== null) return nextPass(asked, mark);
	return mark.seq < share.head ? nextChanges(asked, mark) : null;
}
