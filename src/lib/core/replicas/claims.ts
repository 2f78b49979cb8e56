import { changeTree, copyTree, noteTakenTree, isAnyStowed, stowTree, unstowTree, type NameSink } from '#core/index';
import { entryId, isReplica, locationId, numbersPerSlot, type EntryId, type LocationId } from '#core/kernel';
import { followTaken } from '#core/metadata';
import type { VolumePlace } from '#core/ports';
import { takeOwnNumber, type Database } from '#core/schema';
import { readMembers, thisDevice, unaskedOf } from '#core/sync';
import { deleteFormer, portableKey, readFormerClaim, writePlace, type PlaceDeps } from '#core/volumes';
import { claimMax } from './wire-batch.ts';

/**
 * Disks that change devices. A folder of a removable disk has one owner: whichever device has claimed it most often, and of
 * two that have so equally often the one with the greater id. What others had in it is put away, and what this device had
 * goes once the disk is not here.
 */

/** A device that has, or had, a folder of a removable disk. */
export type Holder = {
	readonly location: LocationId;
	readonly entry: EntryId;
	readonly device: string;
	readonly deviceName: string;
	/** The key of the volume, and the path on it. */
	readonly folder: string;
	readonly claim: number;
	readonly isStowed: boolean;
	/** All that it has in the folder is known here. */
	readonly isReady: boolean;
	/** What it has said of the files when it took the folder over is known here. */
	readonly isHeard: boolean;
	readonly insistedMs: number | null;
	readonly count: number;
};

function folderOf(volume: string, path: string): string {
	return `${volume}/${path}`;
}

/** Run inside `read`. */
export function readHolders(database: Database): Holder[] {
	const me = thisDevice(database) ?? '';
	const members = readMembers(database);
	return database
		.prepare(
			`SELECT location.id, location.entry, location.claim, location.insistedMs, location.indexedMs, volume.key,
				location.pathInVolume, device.id AS device, device.name, trash_bin.entry IS NOT NULL AS isStowed,
				replica.reached IS NULL AND replica.seq = replica.head AS isWhole,
				device.heardStamp >= location.claimSaid AS isHeard, directory.files + directory.folders AS count
			FROM location JOIN volume ON volume.id = location.volume
				LEFT JOIN device ON device.slot = location.id / ${numbersPerSlot}
				LEFT JOIN replica ON replica.slot = device.slot
				LEFT JOIN trash_bin ON trash_bin.entry = location.entry AND trash_bin.name = ''
				LEFT JOIN directory ON directory.entry = location.entry
			WHERE volume.kind = 'removable' AND volume.isOwnIdentity = 1 AND location.pathInVolume IS NOT NULL
			ORDER BY location.id`
		)
		.all([])
		.flatMap((row) => {
			const location = locationId(row['id']);
			const isOwn = !isReplica(location);
			const device = isOwn ? me : String(row['device'] ?? '');
			// Whoever was removed has nothing any more.
			if (!isOwn && ![...members].some((member) => member === device)) return [];
			return [
				{
					location,
					entry: entryId(row['entry']),
					device,
					deviceName: String(row['name'] ?? ''),
					folder: folderOf(String(row['key']), String(row['pathInVolume'])),
					claim: Number(row['claim']),
					isStowed: row['isStowed'] === 1,
					isReady: isOwn || (row['isWhole'] === 1 && row['indexedMs'] !== null),
					isHeard: isOwn || row['isHeard'] === 1,
					insistedMs: typeof row['insistedMs'] === 'number' ? row['insistedMs'] : null,
					count: Number(row['count'] ?? 0)
				}
			];
		});
}

/** Whether there is anything to be seen to when disks come and go. Run inside `read`. */
export function hasMovable(database: Database): boolean {
	return readHolders(database).length > 0 || readStowed(database).length > 0;
}

function isAfter(a: Holder, b: Holder): boolean {
	return a.claim > b.claim || (a.claim === b.claim && a.device > b.device);
}

/** The one whose the folder is, of several. */
function firstOf(holders: readonly Holder[]): Holder {
	return holders.reduce((best, one) => (isAfter(one, best) ? one : best));
}

/** The owner of each folder that several have, or had, and the others. */
function readOwned(database: Database): { readonly owner: Holder; readonly others: readonly Holder[] }[] {
	const byFolder = new Map<string, Holder[]>();
	for (const holder of readHolders(database))
		byFolder.set(holder.folder, [...(byFolder.get(holder.folder) ?? []), holder]);
	return [...byFolder.values()].map((holders) => {
		const owner = firstOf(holders);
		return { owner, others: holders.filter((one) => one !== owner) };
	});
}

/** Whether so much of what another device had is with the owner of the folder that the rest may go unasked. */
function hasEnough(owner: Holder, before: Holder): boolean {
	return before.count - owner.count <= unaskedOf(before.count);
}

/**
 * Puts away what the former owners of a disk had, once the one that has it now has told all, and brings back what was put
 * away for one that has it no more. Answers whether anything is another than before. Run inside `write`.
 */
export function settleHolders(database: Database): boolean {
	let hasChanged = false;
	const isAway = new Set<LocationId>();
	for (const { owner, others } of readOwned(database))
		for (const { location, entry, isStowed, ...other } of others) {
			if (!isReplica(location)) continue;
			if (isStowed) isAway.add(location);
			else if (owner.isReady && hasEnough(owner, { location, entry, isStowed, ...other })) {
				stowTree(database, location, entry);
				isAway.add(location);
				hasChanged = true;
			}
		}
	for (const { location, entry } of readStowed(database)) {
		if (isAway.has(location)) continue;
		unstowTree(database, location, entry);
		hasChanged = true;
	}
	if (hasChanged) followTaken(database);
	return hasChanged;
}

type Stowed = { readonly location: LocationId; readonly entry: EntryId };

function readStowed(database: Database): Stowed[] {
	return database
		.prepare(`SELECT location, entry FROM trash_bin WHERE name = ''`)
		.all([])
		.map((row) => ({ location: locationId(row['location']), entry: entryId(row['entry']) }));
}

/** Brings back what was put away of one device, where something is to be changed in it; to be settled after that. Run inside `write`. */
export function unstowFor(database: Database, slot: number, readTouched: () => readonly number[] | null): void {
	const stowed = readStowed(database).filter(({ location }) => Math.floor(location / numbersPerSlot) === slot);
	if (stowed.length === 0) return;
	const touched = readTouched();
	if (touched !== null && !isAnyStowed(database, touched)) return;
	for (const { location, entry } of stowed) unstowTree(database, location, entry);
}

/** Who has the folder that lies there, on a removable disk: what a device takes over that adds it. Run inside `read`. */
export function readOwnerOf(database: Database, { volume, path }: VolumePlace): Holder | null {
	const key = volume.kind === 'removable' ? portableKey(volume) : null;
	if (key === null) return null;
	const holders = readHolders(database).filter(
		({ folder, location }) => folder === folderOf(key, path.join('/')) && isReplica(location)
	);
	return holders.length === 0 ? null : firstOf(holders);
}

/** The count of a claim that comes after all that are known here. */
function nextClaim(database: Database, volume: string, path: string): number {
	const known = readHolders(database).filter(({ folder }) => folder === folderOf(volume, path));
	const most = Math.max(readFormerClaim(database, { volume, path }), ...known.map(({ claim }) => claim));
	return Math.min(claimMax, most + 1);
}

/** Claims count as a change of the location for those who are told of it. */
function writeClaim(database: Database, location: LocationId, claim: number, insistedMs: number | null): void {
	database
		.prepare('UPDATE location SET claim = ?, insistedMs = ?, pathInVolume = pathInVolume WHERE id = ?')
		.run([claim, insistedMs, location]);
}

/** The row of a volume that another device has told of becomes this one's: others are told of it from here. */
function ownVolume(database: Database, location: LocationId): void {
	const [volume] = database.prepare('SELECT volume FROM location WHERE id = ?').column([location]);
	if (typeof volume !== 'number' || volume < numbersPerSlot) return;
	const users = database.prepare('SELECT id FROM location WHERE volume = ?').column([volume]);
	const own = takeOwnNumber(database, 'volume');
	const place = database.prepare('UPDATE location SET volume = ? WHERE id = ?');
	for (const user of users) place.run([null, user]);
	database.prepare('UPDATE volume SET id = ? WHERE id = ?').run([own, volume]);
	for (const user of users) place.run([own, user]);
}

/**
 * Goes on here with what the owner of a folder has in it, where that lies on a removable disk that is at this device now.
 * The location is new and empty. Run inside `write`.
 */
export function takeOver(deps: PlaceDeps, names: NameSink, location: LocationId, place: VolumePlace): void {
	const { database } = deps;
	const owner = readOwnerOf(database, place);
	const key = portableKey(place.volume);
	if (key === null || place.volume.kind !== 'removable') return;
	const path = place.path.join('/');
	const claim = nextClaim(database, key, path);
	// Nobody else has ever had it.
	if (owner === null && claim === 1) return;
	writePlace(deps, location, place);
	ownVolume(database, location);
	writeClaim(database, location, claim, null);
	deleteFormer(database, { volume: key, path });
	if (owner === null) return;
	const [root] = database.prepare('SELECT entry FROM location WHERE id = ?').column([location]);
	changeTree(database, names, (tree) => copyTree(tree, owner.entry, entryId(root), location));
	database
		.prepare('UPDATE location SET logicalClass = (SELECT logicalClass FROM location WHERE id = ?) WHERE id = ?')
		.run([owner.location, location]);
	settleHolders(database);
}

/** A folder of this device's that another one has claimed since. */
export type LostFolder = { readonly mine: Holder; readonly owner: Holder };

/** Run inside `read`. */
export function readLostFolders(database: Database): LostFolder[] {
	return readOwned(database).flatMap(({ owner, others }) =>
		others.flatMap((mine) => (isReplica(mine.location) ? [] : [{ mine, owner }]))
	);
}

/** A folder of a removable disk that other devices have, and this one has not. */
export type TheirFolder = {
	readonly name: string;
	/** What the device that has it is called; may be empty. */
	readonly device: string;
	/** Of the volume. */
	readonly identity: string;
	/** Names from the top of the volume down. */
	readonly path: readonly string[];
};

/** Run inside `read`. */
export function readTheirFolders(database: Database): TheirFolder[] {
	const place = database.prepare(
		`SELECT location.name, volume.identity, location.pathInVolume FROM location JOIN volume ON volume.id = location.volume
		WHERE location.id = ?`
	);
	return readOwned(database).flatMap(({ owner, others }) => {
		const row = [owner, ...others].every(({ location }) => isReplica(location))
			? place.get([owner.location])
			: undefined;
		if (row === undefined) return [];
		const path = String(row['pathInVolume'])
			.split('/')
			.filter((name) => name !== '');
		return [{ name: String(row['name']), device: owner.deviceName, identity: String(row['identity']), path }];
	});
}

/** Two devices that have copies of one disk, which nobody can tell apart, take it from each other no more often. */
const insistEveryMs = 60 * 60_000;

/** Holds on to a folder of which the disk is here, where that was not done lately; whether it was. Run inside `write`. */
export function insist(database: Database, { mine, owner }: LostFolder, nowMs: number): boolean {
	if (mine.insistedMs !== null && Math.abs(nowMs - mine.insistedMs) < insistEveryMs) return false;
	writeClaim(database, mine.location, Math.min(claimMax, owner.claim + 1), nowMs);
	noteTakenTree(database, owner.entry, mine.entry);
	settleHolders(database);
	return true;
}

/** Whether a folder that another device has may go here: it has told all, and what it has said is known. */
export function mayLetGo({ mine, owner }: LostFolder): boolean {
	return owner.isReady && owner.isHeard && hasEnough(owner, mine);
}

/**
 * Has what was said of files of a location here be said of what they are at another device that has the folder, or had it
 * last. Run inside `write`, before the location goes.
 */
export function handOn(database: Database, location: LocationId): void {
	const holders = readHolders(database);
	const mine = holders.find((holder) => holder.location === location);
	const others = holders.filter(({ folder }) => folder === mine?.folder).filter((other) => other !== mine);
	if (mine !== undefined && others.length > 0) noteTakenTree(database, mine.entry, firstOf(others).entry);
}
