import { findOrInsertTold, fileKindOf } from '#core/content';
import {
	changeTree,
	insertDirectory,
	insertNumbered,
	moveEntry,
	renameEntry,
	updateReplica,
	type KnownBytes,
	type NameSink,
	type NumberedEntry,
	type Tree
} from '#core/index';
import { entryId, locationId, nameSortKey, numbersPerSlot, type EntryId, type LocationId } from '#core/kernel';
import type { DiskEntry } from '#core/ports';
import { entryKindCode, type Database } from '#core/schema';
import { joinNumber } from '#core/sync';
import {
	clearAllDoubts,
	clearDoubts,
	folderReader,
	hasDoubts,
	nameReader,
	readDepth,
	readLargest,
	readReplicaLocations,
	readReplicaRows,
	readSpan,
	writeDoubts,
	writeReplicaLocation,
	writeReplicaVolumes,
	type ReplicaRow
} from './replica-store.ts';
import { settleHolders, unstowFor } from './claims.ts';
import { compareEpochs } from './epoch.ts';
import type { Batch, BatchEntry, BatchLocation, Places } from './schema.ts';
import { Refused } from './refused.ts';
import { removeDoubted } from './remove-doubted.ts';
import { countEntries, isLong, isWhole, readReplica, writeReplica, type Replica } from './store.ts';
import { isSameEpoch, sizesMax } from './wire-batch.ts';

export type Merging = {
	readonly database: Database;
	readonly names: NameSink;
	/** Of the owner. */
	readonly slot: number;
	/** Of the batch as it came. */
	readonly bytes: number;
};

/** Folders in one another: each takes a row for every one above it. Few disks open paths as deep. */
const depthMax = 512;

/** What looks otherwise once a batch was merged. */
export type Merged = {
	readonly folders: readonly EntryId[];
	readonly hasPlaces: boolean;
	/** Entries that are new here, others that are otherwise now, and those that are gone. */
	readonly counts: { readonly added: number; readonly changed: number; readonly removed: number };
};

/** Whether a pass may begin again from this batch: a whole replica gives way to a later state alone. */
function mayBeginAnew(replica: Replica, to: Batch['to']): boolean {
	if (!isWhole(replica)) return true;
	return isLong(replica) ? to.seq >= replica.mark.seq : to.seq > replica.mark.seq;
}

/**
 * Whether a batch follows on what is there, or on something before it: what was told twice is told as of the later state.
 * One that does not was merged before, tells of a state that is past, or comes by another way than what was before it.
 */
function isNext(replica: Replica | null, { from, to, head }: Batch): boolean {
	if (replica === null) return from === null;
	const { mark } = replica;
	const life = compareEpochs(to.epoch, mark.epoch);
	if (life !== 0) return life > 0 && from === null;
	// The owner begins anew where it does not know any more what has changed since.
	if (from === null) return mayBeginAnew(replica, to);
	if (!isSameEpoch(from, to) || head < replica.head) return false;
	if (mark.reached === null) return from.reached === null && from.seq <= mark.seq && to.seq > mark.seq;
	const isBehind = from.reached !== null && from.reached <= mark.reached && from.seq === mark.seq;
	return isBehind && (to.reached ?? numbersPerSlot) > mark.reached;
}

/** What is here of an owner once a batch was merged. */
function replicaAfter(before: Replica | null, batch: Batch, bytes: number): Replica {
	const { from, to, head, span, entries, total } = batch;
	const { passBytes = 0, changeBytes = 0, told = 0 } = from === null ? {} : (before ?? {});
	const isPass = span !== null;
	return {
		mark: to,
		head,
		passBytes: passBytes + (isPass ? bytes : 0),
		changeBytes: changeBytes + (isPass ? 0 : bytes),
		told: isPass ? Math.min(total, told + entries.length) : told,
		total
	};
}

/** The replicas of one owner, while a batch is merged into them. */
class Replicas {
	readonly touched = new Set<EntryId>();
	added = 0;
	changed = 0;
	readonly #merging: Merging;
	readonly #tree: Tree;
	readonly #batch: Batch;
	readonly #there: Map<EntryId, ReplicaRow>;
	readonly #locationOf: (folder: EntryId) => LocationId | null;
	readonly #locations = new Map<EntryId, LocationId>();
	readonly #namedBy: ReturnType<typeof nameReader>;
	/** Folders that this batch has brought, with the names in them. */
	readonly #fresh = new Map<EntryId, Set<string>>();
	readonly #contents = new Map<number, { readonly id: number | null; readonly sizeBytes: number }>();
	readonly #depths = new Map<EntryId, number>();
	/** Rows of one folder that are to be added together. */
	#waiting: NumberedEntry[] = [];
	#folder: EntryId | null = null;

	constructor(merging: Merging, tree: Tree, batch: Batch) {
		const { database } = merging;
		this.#merging = merging;
		this.#tree = tree;
		this.#batch = batch;
		this.#there = readReplicaRows(
			database,
			batch.entries.map(({ number }) => this.#here(number))
		);
		this.#locationOf = folderReader(database);
		this.#namedBy = nameReader(database);
	}

	#here(number: number): EntryId {
		return entryId(joinNumber({ slot: this.#merging.slot, number }));
	}

	places({ volumes, locations }: Places): void {
		const { database, slot } = this.#merging;
		const known = readReplicaLocations(database, slot);
		const numbers = writeReplicaVolumes(database, slot, volumes);
		for (const location of locations) {
			const id = locationId(joinNumber({ slot, number: location.number }));
			this.#placeRoot(id, location, known.get(id) ?? null);
			writeReplicaLocation(database, slot, location, numbers.get(location.volume ?? '') ?? null);
			known.delete(id);
		}
		this.#doubt([...known.values()], false);
	}

	#placeRoot(id: LocationId, { entry, name, modifiedMs }: BatchLocation, known: EntryId | null): void {
		const root = this.#here(entry);
		const disk: DiskEntry = { name, kind: 'directory', sizeBytes: 0, modifiedMs, inode: null };
		if (known === null) {
			const there = readReplicaRows(this.#tree.database, [root]).has(root);
			if (there) throw new Refused({ type: 'BatchWrong', what: 'the folder of a location is another entry' });
			const row = { id: root, entry: disk, sortKey: nameSortKey(name), content: null, proven: 0 };
			insertNumbered(this.#tree, null, null, [row]);
			insertDirectory(this.#tree.database, root, id);
			return;
		}
		if (known !== root) throw new Refused({ type: 'BatchWrong', what: 'a location has another folder' });
		renameEntry(this.#tree, root, name);
		updateReplica(this.#tree, root, disk, { content: null, proven: 0 });
		clearDoubts(this.#tree.database, [root]);
	}

	#doubt(ids: readonly EntryId[], isMeant: boolean): void {
		writeDoubts(this.#tree.database, ids, isMeant);
	}

	/** Locations that were taken out, entries that are gone, and of a span those that were not told of. */
	doubts(): void {
		const { gone, span, removedLocations, entries } = this.#batch;
		const { database, slot } = this.#merging;
		const roots = readReplicaLocations(database, slot);
		const removed = removedLocations.flatMap((number) => roots.get(locationId(joinNumber({ slot, number }))) ?? []);
		this.#doubt(removed, true);
		const told = new Set(entries.map(({ number }) => this.#here(number)));
		if (span !== null)
			this.#doubt(
				readSpan(database, slot, span.after, span.last).filter((id) => !told.has(id)),
				false
			);
		for (const isMeant of [false, true])
			this.#doubt(
				gone.filter((one) => one.isMeant === isMeant).map(({ number }) => this.#here(number)),
				isMeant
			);
		clearDoubts(database, [...told]);
	}

	entries(): void {
		for (const entry of this.#batch.entries) this.#entry(entry);
		this.#add();
	}

	#entry(told: BatchEntry): void {
		const [id, parent] = [this.#here(told.number), this.#here(told.parent)];
		const location = this.#locationIn(parent);
		const { name, kind, sizeBytes, modifiedMs } = told;
		const disk: DiskEntry = { name, kind, sizeBytes, modifiedMs, inode: null };
		const known: KnownBytes = { content: this.#contentOf(told), proven: told.isDamaged ? 2 : 0 };
		const there = this.#there.get(id);
		this.touched.add(parent);
		if (there === undefined) {
			this.added++;
			if (this.#folder !== parent) this.#add();
			this.#clearName(parent, disk, id);
			this.#folder = parent;
			this.#waiting.push({ id, entry: disk, sortKey: nameSortKey(name), ...known });
			this.#there.set(id, { parent, kind: entryKindCode(kind), name });
			if (kind === 'directory') {
				this.#checkDepth(id, parent);
				this.#fresh.set(id, new Set());
				this.#locations.set(id, location);
			}
			return;
		}
		this.changed++;
		this.#add();
		if (there.kind !== entryKindCode(kind)) throw new Refused({ type: 'BatchWrong', what: 'an entry of another kind' });
		if (there.parent === null) throw new Refused({ type: 'BatchWrong', what: 'the folder of a location in another' });
		this.#change(id, { parent, location, disk, known }, there);
	}

	#change(
		id: EntryId,
		to: {
			readonly parent: EntryId;
			readonly location: LocationId;
			readonly disk: DiskEntry;
			readonly known: KnownBytes;
		},
		there: ReplicaRow
	): void {
		const { parent, location, disk, known } = to;
		if (there.parent !== parent || there.name !== disk.name) this.#clearName(parent, disk, id);
		if (there.parent !== parent) {
			if (there.parent !== null) this.touched.add(there.parent);
			const isMoved = moveEntry(this.#tree, id, { folder: parent, location, run: 0 }, disk);
			if (!isMoved) throw new Refused({ type: 'BatchWrong', what: 'a folder within itself' });
			// What lies below it may be of another location by now.
			this.#locations.clear();
		} else if (there.name !== disk.name) renameEntry(this.#tree, id, disk.name);
		updateReplica(this.#tree, id, disk, known);
		this.#there.set(id, { parent, kind: there.kind, name: disk.name });
	}

	/** What has a name that the owner has given to another by now is told of later; so long it has one that no disk has. */
	#clearName(parent: EntryId, { name, kind }: DiskEntry, id: EntryId): void {
		const isFile = kind !== 'directory';
		const fresh = this.#fresh.get(parent);
		const key = `${isFile ? 1 : 0}${name}`;
		const isFree = fresh !== undefined && !fresh.has(key);
		fresh?.add(key);
		if (isFree) return;
		if (fresh !== undefined) this.#add();
		const holder = this.#namedBy(parent, isFile, name);
		if (holder === null || holder === id) return;
		renameEntry(this.#tree, holder, `\0${holder}`);
		const row = this.#there.get(holder);
		if (row !== undefined) this.#there.set(holder, { ...row, name: `\0${holder}` });
	}

	/** Where the rows of the folder go that are waiting. */
	#add(): void {
		const [rows, folder] = [this.#waiting, this.#folder];
		if (rows.length === 0 || folder === null) return;
		this.#waiting = [];
		insertNumbered(this.#tree, folder, this.#locationIn(folder), rows);
	}

	#checkDepth(id: EntryId, parent: EntryId): void {
		const depth = (this.#depths.get(parent) ?? readDepth(this.#tree.database, parent)) + 1;
		if (depth > depthMax) throw new Refused({ type: 'BatchWrong', what: 'folders too deep in one another' });
		this.#depths.set(id, depth);
	}

	#locationIn(folder: EntryId): LocationId {
		const location = this.#locations.get(folder) ?? this.#locationOf(folder);
		if (location === null) throw new Refused({ type: 'BatchWrong', what: 'an entry in no folder' });
		this.#locations.set(folder, location);
		return location;
	}

	/** The content here of what the owner says of a file's bytes; null where that cannot be. */
	#contentOf({ content: place, sizeBytes }: BatchEntry): number | null {
		const told = place === null ? undefined : this.#batch.contents[place];
		if (place === null || told === undefined) return null;
		const before = this.#contents.get(place);
		if (before !== undefined) return before.sizeBytes === sizeBytes ? before.id : null;
		const kind = fileKindOf(told.kind);
		const id = findOrInsertTold(this.#tree.database, { ...told, kind, sizeBytes });
		this.#contents.set(place, { id, sizeBytes });
		return id;
	}
}

/**
 * Merges a batch into the replicas of its owner, or throws `Refused`. One that does not follow on what is there changes
 * nothing, and gives null. Run inside `write`.
 */
export function mergeBatch(merging: Merging, batch: Batch): Merged | null {
	const { database, names, slot } = merging;
	const replica = readReplica(database, slot);
	if (!isNext(replica, batch)) return null;
	const { to, head, places } = batch;
	if (to.seq > head || !isForward(batch)) throw new Refused({ type: 'BatchWrong', what: 'it leads nowhere' });
	unstowFor(database, slot, () => touchedBy(batch, slot, hasDoubts(database, slot)));
	return changeTree(database, names, (tree) => {
		if (batch.from === null) clearAllDoubts(database, slot);
		const replicas = new Replicas(merging, tree, batch);
		// What is there of a span is looked at before more comes into it.
		if (places !== null) replicas.places(places);
		replicas.doubts();
		replicas.entries();
		tree.tally.write();
		if (readLargest(database, slot) > sizesMax)
			throw new Refused({ type: 'BatchWrong', what: 'more than any disk holds' });
		writeReplica(database, slot, replicaAfter(replica, batch, merging.bytes));
		const before = countEntries(database, slot);
		if (to.reached === null && to.seq === head) removeDoubted(merging, tree);
		const { added, changed, touched } = replicas;
		const counts = { added, changed, removed: Math.max(0, before - countEntries(database, slot)) };
		tree.tally.write();
		const isSettled = settleHolders(database);
		return { folders: [...touched], hasPlaces: places !== null || isSettled, counts };
	});
}

/** Entries here that a batch may change; null where these may be any. */
function touchedBy({ places, span, entries, gone }: Batch, slot: number, isInDoubt: boolean): number[] | null {
	if (places !== null || span !== null || isInDoubt) return null;
	const numbers = [...entries.flatMap(({ number, parent }) => [number, parent]), ...gone.map(({ number }) => number)];
	return numbers.map((number) => joinNumber({ slot, number }));
}

/** Whether there is more once it was merged. */
function isForward({ from, to, span }: Batch): boolean {
	const reached = to.reached ?? numbersPerSlot;
	if (span !== null) return span.last === reached && span.after === (from?.reached ?? 0) && reached > span.after;
	return from !== null && from.reached === null && to.reached === null && to.seq > from.seq;
}
