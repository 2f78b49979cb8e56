import { entryId, locationId, type EntryId, type LocationId } from '#core/kernel';
import type { Facts } from '#core/actions';
import {
	isInTrash,
	isOwnName,
	readPlanEntries,
	readPlanEntry,
	readPlanName,
	readPlanNames,
	readTrashedAbove,
	type PlanEntry
} from '#core/index';
import type { Database } from '#core/schema';
import type { Location } from '#core/volumes';
import type { EntryPlace, FilesBlock, FilesOperation, Seen } from './schema.ts';

/** What plans of file actions look at. Whatever is read is noted as a fact. Used inside `read`. */
export type View = {
	entry(id: EntryId): PlanEntry | null;
	/** Where an entry is, once the operations of the plan so far are done. */
	placeOf(entry: PlanEntry): EntryPlace;
	/** The operations after this one find the entry there. */
	foreseePlace(id: number, place: EntryPlace): void;
	/** The location that a folder lies in, once what holds it was restored as the plan so far says. */
	homeOf(folder: PlanEntry): LocationId | null;
	foreseeHome(id: number, folder: number): void;
	/** What the operations of the plan so far have put into the trash out of a folder. */
	leftOf(folder: EntryId): { readonly items: number; readonly sizeBytes: number };
	foreseeLeaving(id: number, items: number, sizeBytes: number): void;
	/** Reads many at once, as they are asked for next; what is only read so is no fact. */
	load(ids: readonly number[]): ReadonlyMap<number, PlanEntry | null>;
	/** A folder for what it is and where: what lies in it may change, and a plan still holds. */
	folder(id: EntryId): PlanEntry | null;
	/** How many entries lie below a folder; no fact, as it changes with everything. */
	count(id: EntryId): number;
	/** What has the name in the folder, once the operations of the plan so far are done. */
	named(place: EntryPlace): EntryId | null;
	/** The operations after this one find the name free, or taken by `by`. */
	foresee(place: EntryPlace, by: number | null): void;
	location(id: LocationId): Location | null;
};

function nameSubject({ folder, name }: EntryPlace): string {
	return `name/${folder}/${name}`;
}

export type ViewDeps = {
	readonly database: Database;
	/** Inside `read`. */
	readonly readLocations: () => readonly Location[];
};

/** Names that were looked up in one folder, after which all of it is read, if it is not out of proportion. */
const lookupsAtOnce = 32;
/** So many times the names that were looked up are read for those that will be. */
const namesAhead = 16;

type KnownNames = { lookups: number; all: ReadonlyMap<string, EntryId> | null };

/** What has a name in a folder; of folders that are asked for again and again all names are read. */
function createNames(database: Database) {
	const folders = new Map<number, KnownNames>();
	return ({ folder, name }: EntryPlace): EntryId | null => {
		const known = folders.get(folder) ?? { lookups: 0, all: null };
		folders.set(folder, known);
		known.lookups++;
		const isDue = known.all === null && known.lookups >= lookupsAtOnce && Number.isInteger(Math.log2(known.lookups));
		if (isDue) known.all = readPlanNames(database, entryId(folder), known.lookups * namesAhead);
		if (known.all !== null) return known.all.get(name) ?? null;
		return readPlanName(database, entryId(folder), name)?.id ?? null;
	};
}

/** Entries as they are, each read once. */
function createEntries(database: Database) {
	const known = new Map<number, PlanEntry | null>();
	return {
		read: (id: EntryId): PlanEntry | null => {
			const before = known.get(id);
			if (before !== undefined) return before;
			const found = readPlanEntry(database, id);
			known.set(id, found);
			return found;
		},
		load: (ids: readonly number[]): ReadonlyMap<number, PlanEntry | null> => {
			for (const id of ids) known.set(id, null);
			for (const entry of readPlanEntries(database, ids)) known.set(entry.id, entry);
			return known;
		}
	};
}

/** Notes each fact once, by a key that is quicker to look up than its subject. */
function onceTo(facts: Facts) {
	const noted = new Set<number | string>();
	return (key: number | string, subject: string, state: () => string | null): void => {
		if (noted.has(key)) return;
		noted.add(key);
		facts.note(subject, state());
	};
}

/** Of a transaction that only reads: whatever was looked at once is as it was. */
export function createView({ database, readLocations }: ViewDeps, facts: Facts): View {
	let locations: ReadonlyMap<LocationId, Location> | null = null;
	const readName = createNames(database);
	const { read, load } = createEntries(database);
	const noteOnce = onceTo(facts);
	const homeOf = ({ id, location }: PlanEntry): LocationId | null => {
		if (location !== null) return location;
		const above = readTrashedAbove(database, id);
		const coming = above === null ? null : facts.foreseen(`home/${above}`);
		return typeof coming === 'number' ? locationId(coming) : null;
	};
	return {
		entry: (id) => {
			const found = read(id);
			noteOnce(id, `entry/${id}`, () => found?.state ?? null);
			return found;
		},
		placeOf: ({ id, parent, name }) => {
			const coming = facts.foreseen(`place/${id}`);
			if (typeof coming !== 'string') return { folder: parent ?? 0, name };
			const slash = coming.indexOf('/');
			return { folder: Number(coming.slice(0, slash)), name: coming.slice(slash + 1) };
		},
		foreseePlace: (id, { folder, name }) => facts.foresee(`place/${id}`, `${folder}/${name}`),
		homeOf,
		foreseeHome: (id, folder) => {
			const target = read(entryId(folder));
			facts.foresee(`home/${id}`, target === null ? null : homeOf(target));
		},
		leftOf: (folder) => sumLeaving(database, facts, folder),
		foreseeLeaving: (id, items, sizeBytes) => facts.foresee(`leaving/${id}`, `${items}/${sizeBytes}`),
		load,
		folder: (id) => {
			const found = read(id);
			const subject = `folder/${id}`;
			noteOnce(subject, subject, () =>
				found === null ? null : `${found.kind}|${found.parent}|${found.name}|${found.location}`
			);
			return found;
		},
		count: (id) => {
			const found = read(id);
			return found === null ? 0 : found.usage.files + found.usage.folders;
		},
		named: (place) => {
			const subject = nameSubject(place);
			const found = readName(place);
			facts.note(subject, found);
			const coming = facts.foreseen(subject);
			return typeof coming === 'number' ? entryId(coming) : coming === null ? null : found;
		},
		foresee: (place, by) => facts.foresee(nameSubject(place), by),
		location: (id) => {
			locations ??= new Map(readLocations().map((location) => [location.id, location]));
			const found = locations.get(id) ?? null;
			const subject = `location/${id}`;
			noteOnce(subject, subject, () => (found === null ? null : (found.problem?.type ?? 'here')));
			return found;
		}
	};
}

export function seenOf({ kind, sizeBytes, modifiedMs, inode }: PlanEntry): Seen {
	return { kind, sizeBytes: kind === 'directory' ? 0 : sizeBytes, modifiedMs, inode };
}

/** Entries that are touched, the one itself and all below it. */
export function sizeOf({ kind, sizeBytes, usage }: PlanEntry): { readonly items: number; readonly sizeBytes: number } {
	return { items: kind === 'directory' ? usage.files + usage.folders + 1 : 1, sizeBytes };
}

/** Whether it is still the very thing that was seen; of a folder only that it is the same one. */
export function isSame(entry: PlanEntry, seen: Seen): boolean {
	if (entry.kind !== seen.kind) return false;
	if (entry.kind === 'directory') return entry.inode === null || seen.inode === null || entry.inode === seen.inode;
	if (entry.sizeBytes !== seen.sizeBytes) return false;
	// Where there are no inodes a folder is moved by copying, and every file in it has another time afterwards.
	if (entry.inode === null || seen.inode === null) return true;
	return entry.inode === seen.inode && entry.modifiedMs === seen.modifiedMs;
}

/** Why the folder of a location cannot be worked in now. */
export function blockOf(view: View, id: LocationId | null): FilesBlock | null {
	const location = id === null ? null : view.location(id);
	if (location === null) return { type: 'TargetMissing' };
	if (location.problem?.type === 'NotOnThisDevice') return location.problem;
	// A folder that lists nothing all of a sudden is a disk that is away.
	if (location.problem !== null) return { type: 'LocationAway', location: location.id, problem: location.problem.type };
	return null;
}

/** Why nothing can come into `place`, under a name that is free there; `self` may have it already. */
export function blockOfTarget(view: View, { folder, name }: EntryPlace, self: PlanEntry | null): FilesBlock | null {
	const target = view.folder(entryId(folder));
	if (target === null) return { type: 'TargetMissing' };
	if (target.kind !== 'directory') return { type: 'TargetNotAFolder' };
	const away = blockOf(view, view.homeOf(target));
	if (away !== null) return away;
	if (!isPossibleName(name, target.parent === null)) return { type: 'NameImpossible', name };
	const taken = view.named({ folder, name });
	return taken === null || taken === self?.id ? null : { type: 'NameInUse', name, entry: taken };
}

/** What no disk takes, and what Atoll keeps for itself. Whatever else a disk refuses it refuses when it is asked. */
export function isPossibleName(name: string, isTop: boolean): boolean {
	// Half of a letter is kept by no disk and by no database.
	if (/\p{Surrogate}/u.test(name)) return false;
	const isSegment = name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
	return isSegment && !isOwnName(name, isTop);
}

/** Everything below a folder. */
function readBelow(database: Database, folder: EntryId): EntryId[] {
	return database
		.prepare('SELECT entry.id FROM closure JOIN entry ON entry.parent = closure.descendant WHERE closure.ancestor = ?')
		.column([folder])
		.map(entryId);
}

/** What was foreseen to leave a folder for the trash. */
function sumLeaving(database: Database, facts: Facts, folder: EntryId) {
	const left = { items: 0, sizeBytes: 0 };
	for (const id of readBelow(database, folder)) {
		const leaving = facts.foreseen(`leaving/${id}`);
		if (typeof leaving !== 'string') continue;
		const [items, sizeBytes] = leaving.split('/').map(Number);
		left.items += items ?? 0;
		left.sizeBytes += sizeBytes ?? 0;
	}
	return left;
}

/** Whether `folder` is `entry` or lies below it. */
export function isInside(database: Database, folder: EntryId, entry: EntryId): boolean {
	const sql = 'SELECT 1 FROM closure WHERE ancestor = ? AND descendant = ?';
	return database.prepare(sql).get([entry, folder]) !== undefined;
}

/** Why an entry cannot be touched where it is. */
export function blockOfSource(database: Database, view: View, entry: PlanEntry): FilesBlock | null {
	if (entry.parent === null) return { type: 'EntryIsLocation' };
	if (entry.kind === 'other') return { type: 'NotMovable' };
	if (entry.location === null) return isInTrash(database, entry.id) ? { type: 'EntryChanged' } : { type: 'EntryGone' };
	return blockOf(view, entry.location);
}

/** What an operation makes of the names that later ones of its plan look at. A new entry has no number yet. */
export function foreseeNames(view: View, operation: FilesOperation): void {
	switch (operation.kind) {
		case 'move-entry':
			view.foresee(operation.from, null);
			view.foreseePlace(operation.entry, operation.to);
			return view.foresee(operation.to, operation.entry);
		case 'copy-entry':
			return view.foresee(operation.to, operation.entry);
		case 'restore-entry':
			view.foreseeHome(operation.entry, operation.to.folder);
			return view.foresee(operation.to, operation.entry);
		case 'trash-entry':
		case 'trash-copy':
			view.foreseeLeaving(operation.entry, operation.items, operation.sizeBytes);
			return view.foresee(operation.from, null);
		case 'ingest-entry':
			return view.foresee(operation.to, operation.to.folder);
		case 'make-folder':
		case 'make-file':
			return view.foresee(operation.at, operation.at.folder);
		case 'remove-folder':
			return view.foresee(operation.at, null);
		case 'delete-entry':
			return;
	}
}
