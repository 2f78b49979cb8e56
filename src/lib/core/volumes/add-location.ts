import * as v from 'valibot';
import { locationId, type EntryId, type LocationId } from '#core/kernel';
import { defineAction, defineRows, draftOne, measureOne, type Action, type Facts, type Operation } from '#core/actions';
import type { ClockPort, FilesFailure, RootRef, VolumePlace } from '#core/ports';
import type { Database } from '#core/schema';
import { readFormerPlace, writeFormer, type Former } from './former.ts';
import type { FolderLook } from './look-at-folder.ts';
import { chosenName, ownName } from './name-location.ts';
import { indexModes, type LocationFailure, type Location } from './schema.ts';
import { storageClasses } from './storage-class.ts';
import {
	deleteLocation,
	insertLocation,
	readLocation,
	readLocations,
	updateLogicalClass,
	updateMode,
	whyMissing
} from './store.ts';

const idSchema = v.pipe(v.number(), v.integer(), v.minValue(1));
const countSchema = v.pipe(v.number(), v.integer(), v.minValue(0));
const rootSchema = v.custom<RootRef>((value) => typeof value === 'string' && value !== '');
/** What a person has set for a location, to be set again when its removal is taken back. `others` is what later rooms keep. */
const keptSchema = v.object({
	mode: v.picklist(indexModes),
	logicalClass: v.nullable(v.picklist(storageClasses)),
	others: v.record(v.string(), v.unknown())
});
const addSchema = v.object({
	kind: v.literal('add-location'),
	root: rootSchema,
	name: v.string(),
	/** Null for a folder that was no location before. */
	kept: v.nullable(keptSchema)
});
const removeSchema = v.object({
	kind: v.literal('remove-location'),
	location: idSchema,
	root: v.string(),
	name: v.string(),
	/** What the library knows in it, which is forgotten. */
	told: v.object({ items: countSchema, sizeBytes: countSchema })
});

export type AddLocation = v.InferOutput<typeof addSchema>;
export type RemoveLocation = v.InferOutput<typeof removeSchema>;

export type AddBlock =
	| LocationFailure
	| FilesFailure
	/** Nobody has looked at the folder since locations have changed. */
	| { readonly type: 'FolderUnseen' };

/** The disk was at another device: from now on this one says what is on it. */
export type AddWarning = { readonly type: 'DiskTakenOver'; readonly device: string };

export type RemoveWarning =
	/** What undoing brings back and what not: the name, settings and rules; the folder is read again. */
	| { readonly type: 'LocationForgotten'; readonly items: number; readonly sizeBytes: number }
	/** What lies in its trash stays on the disk, and cannot be put back from here any more. */
	| { readonly type: 'TrashLeft'; readonly items: number; readonly sizeBytes: number };

export type LocationsDomain = {
	readonly operation: AddLocation | RemoveLocation;
	readonly block: AddBlock;
	readonly warning: AddWarning | RemoveWarning;
	readonly failure: never;
};

type Amount = { readonly items: number; readonly sizeBytes: number };
type Kept = v.InferOutput<typeof keptSchema>;

/** How a folder of a disk goes on here that was at another device. Run inside a transaction. */
export type Taking = {
	/** Goes on with what another device had in the folder, where its disk was there until now. */
	readonly takeOver: (location: LocationId, place: VolumePlace) => void;
	/** Has what was said of the files of a location that goes be said of what they are at another device, where one has them. */
	readonly handOn: (location: LocationId) => void;
	/** Has what other devices had of a disk be seen again, where no location is there any more that has taken it over. */
	readonly giveBack: () => void;
	/** The device, as people call it, that has the folder until then; null where there is none. */
	readonly readTaken: (place: VolumePlace) => string | null;
};

export type LocationsDeps = Taking & {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly look: FolderLook;
	/** Makes the entry of a location's folder. This and what follows runs inside a transaction. */
	readonly writeRootEntry: (name: string) => EntryId;
	/** Ties that entry to the location once its id is known. */
	readonly writeRootDirectory: (entry: EntryId, location: LocationId) => void;
	/** What later rooms keep of a location, and what gives it back to the one that takes its place. */
	readonly readOthers: (location: LocationId) => Kept['others'];
	readonly writeOthers: (location: LocationId, others: Kept['others']) => void;
	/** Forgets what does not go with the location by itself. */
	readonly dropOthers: (location: LocationId) => void;
	/** What the library knows in a location, and in its trash. */
	readonly countEntries: (location: Location) => Amount;
	readonly countTrash: (location: LocationId) => Amount;
};

function blockOfAdd(
	{ database, look }: LocationsDeps,
	{ root, name, kept }: AddLocation,
	facts: Facts
): AddBlock | null {
	const known = readLocations(database);
	facts.note('location-names', JSON.stringify(known.map(({ id, name }) => [id, name])));
	const seen = look.seen(root);
	facts.note(`folder-seen/${root}`, seen === null ? null : JSON.stringify([seen.name, seen.same]));
	const same = known.find((location) => location.root === root || location.id === seen?.same);
	if (same !== undefined) return { type: 'LocationExists', location: same.id };
	if (seen === null || known.some(({ id }) => !seen.compared.has(id))) return { type: 'FolderUnseen' };
	// What was a location before may come back while its disk is away.
	if (!seen.name.ok && kept === null) return seen.name.failure;
	const chosen = chosenName(name, known, null);
	return chosen.ok ? null : chosen.failure;
}

/** Run inside `write`. */
function writeAdded(deps: LocationsDeps, { root, name, kept }: AddLocation, place: VolumePlace | null): RemoveLocation {
	const { database } = deps;
	const entry = deps.writeRootEntry(name);
	const id = insertLocation(database, { name, root, entry, addedMs: deps.clock.nowMs() });
	deps.writeRootDirectory(entry, id);
	if (place !== null) deps.takeOver(id, place);
	if (kept !== null) {
		updateMode(database, id, kept.mode);
		updateLogicalClass(database, id, kept.logicalClass);
		deps.writeOthers(id, kept.others);
	}
	return { kind: 'remove-location', location: id, root, name, told: { items: 0, sizeBytes: 0 } };
}

/** Puts a folder under management, or back under it, with all that had been set for it. */
function addLocationOperation(deps: LocationsDeps): Operation<LocationsDomain> {
	return defineRows(addSchema, {
		prepare: ({ root }, signal) => deps.look.look(root, signal),
		check: (operation, facts) => blockOfAdd(deps, operation, facts),
		measure: measureOne,
		apply: (operation): RemoveLocation => writeAdded(deps, operation, deps.look.seen(operation.root)?.place ?? null)
	});
}

/** Puts a folder under management; `name` null takes the folder's own. The folder must be readable now. */
export function addLocationAction(deps: LocationsDeps): Action<LocationsDomain> {
	return defineAction({
		name: 'locations.add',
		input: v.object({ root: rootSchema, name: v.nullable(v.string()) }),
		prepare: ({ root }, signal) => deps.look.look(root, signal),
		plan: ({ root, name }, facts) => {
			const seen = deps.look.seen(root)?.name;
			const folderName = seen?.ok === true ? seen.value : '';
			const own = name === null ? ownName(folderName, readLocations(deps.database)) : name.trim();
			const operation: AddLocation = { kind: 'add-location', root, name: own, kept: null };
			const place = deps.look.seen(root)?.place ?? null;
			const device = place === null ? null : deps.readTaken(place);
			facts.note(`taken-from/${root}`, device);
			const warnings: AddWarning[] = device === null ? [] : [{ type: 'DiskTakenOver', device }];
			return draftOne<LocationsDomain>(operation, { why: blockOfAdd(deps, operation, facts), warnings });
		}
	});
}

function readKept({ readOthers }: LocationsDeps, { id, mode, tier }: Location): Kept {
	return { mode, logicalClass: tier.logical, others: readOthers(id) };
}

function checkRemove({ database }: LocationsDeps, { location, root }: RemoveLocation, facts: Facts): AddBlock | null {
	const known = readLocation(database, locationId(location));
	facts.note(`location/${location}/root`, known?.root ?? null);
	if (known === null) return whyMissing(database, locationId(location));
	return known.root === root ? null : { type: 'LocationMissing' };
}

/** Answers what brings it back. Run inside `write`. */
function writeRemoved(deps: LocationsDeps, known: Location): AddLocation {
	const kept = readKept(deps, known);
	deps.handOn(known.id);
	deps.dropOthers(known.id);
	deleteLocation(deps.database, known.id);
	deps.giveBack();
	return { kind: 'add-location', root: known.root, name: known.name, kept };
}

/** Forgets the folder of a disk that is at another device now, and keeps what brings it back with the disk. Run inside `write`. */
export function sendAway(deps: LocationsDeps, id: LocationId, claim: number): RemoveLocation | null {
	const [known, place] = [readLocation(deps.database, id), readFormerPlace(deps.database, id)];
	if (known === null || place === null) return null;
	const told = deps.countEntries(known);
	writeFormer(deps.database, place, claim, JSON.stringify(writeRemoved(deps, known)));
	return { kind: 'remove-location', location: id, root: known.root, name: known.name, told };
}

/** Has the folder of a disk that was at another device be managed here again, as before. Run inside `write`. */
export function bringBack(
	deps: LocationsDeps,
	{ kept }: Former,
	root: RootRef,
	place: VolumePlace
): AddLocation | null {
	const locations = readLocations(deps.database);
	const before = v.safeParse(addSchema, JSON.parse(kept));
	if (!before.success || locations.some((location) => location.root === root)) return null;
	const added = { ...before.output, name: ownName(before.output.name, locations), root };
	writeAdded(deps, added, place);
	return added;
}

/** Forgets a location; its tree is left to whoever sweeps the index. No file is touched. */
function removeLocationOperation(deps: LocationsDeps): Operation<LocationsDomain> {
	const { database } = deps;
	return defineRows(removeSchema, {
		check: (operation, facts) => checkRemove(deps, operation, facts),
		part: (operation) => {
			const known = readLocation(database, locationId(operation.location));
			return { due: known === null ? operation : { ...operation, told: deps.countEntries(known) }, blocked: [] };
		},
		measure: ({ told: { items } }) => ({ items, sizeBytes: 0 }),
		apply: ({ location }): AddLocation | null => {
			const known = readLocation(database, locationId(location));
			return known === null ? null : writeRemoved(deps, known);
		}
	});
}

export function removeLocationAction(deps: LocationsDeps): Action<LocationsDomain> {
	const { database } = deps;
	return defineAction({
		name: 'locations.remove',
		input: v.object({ location: idSchema }),
		plan: ({ location }, facts) => {
			const known = readLocation(database, locationId(location));
			const amount = known === null ? { items: 0, sizeBytes: 0 } : deps.countEntries(known);
			const left = known === null ? amount : deps.countTrash(known.id);
			const { root = '', name = '' } = known ?? {};
			const operation: RemoveLocation = { kind: 'remove-location', location, root, name, told: amount };
			const warnings: RemoveWarning[] = [{ type: 'LocationForgotten', ...amount }];
			if (left.items > 0) warnings.push({ type: 'TrashLeft', ...left });
			// What comes into the folder meanwhile is forgotten with it.
			return draftOne<LocationsDomain>(operation, {
				why: checkRemove(deps, operation, facts),
				warnings,
				items: Math.max(1, amount.items),
				asks: true
			});
		}
	});
}

export function locationOperations(deps: LocationsDeps) {
	return { 'add-location': addLocationOperation(deps), 'remove-location': removeLocationOperation(deps) };
}
