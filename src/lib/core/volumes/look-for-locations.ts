import { err, isReplica, ok, type LocationId, type Result } from '#core/kernel';
import type { ClockPort, DiskVolume, VolumesPort } from '#core/ports';
import type { StorageFailure } from '#core/schema';
import { followVolume, type Known, type Whereabouts } from './follow-volume.ts';
import type { Location, LocationFailure, LocationProblem, Volume } from './schema.ts';
import {
	isOffline,
	readLocation,
	readLocations,
	readVolumes,
	updateOnline,
	updateProblem,
	updateRoot,
	whyMissing
} from './store.ts';
import { writePlace, type PlaceDeps } from './write-place.ts';

export type LookDeps = PlaceDeps & { readonly port: VolumesPort };

/** A server that does not answer must not keep the other locations waiting. */
const lookMsMax = 3_000;
/** What is seen again and again is written again only after so long, or when more than a hundredth has changed. */
const factsKeptMs = 600_000;
const shareOfNews = 0.01;

/** What people call a volume: their own name for it, else its label. */
export function nameOfVolume({ name, label }: Pick<Volume, 'name' | 'label'>): string | null {
	return name ?? label;
}

function volumeOf({ place }: Location, volumes: readonly Volume[]): Volume | null {
	return volumes.find(({ id }) => id === place?.volume) ?? null;
}

function knownOf(location: Location, volumes: readonly Volume[]): Known | null {
	const volume = volumeOf(location, volumes);
	if (location.place === null || volume === null) return null;
	return { identity: volume.identity, isOwnIdentity: volume.isOwnIdentity, path: location.place.path };
}

function isFar(a: number | null, b: number | null): boolean {
	return a === null || b === null ? a !== b : Math.abs(a - b) > shareOfNews * Math.max(a, b);
}

const facts = ['identity', 'isOwnIdentity', 'kind', 'fileSystem', 'label', 'medium', 'capacityBytes'] as const;

function isNews(known: Volume, seen: DiskVolume, nowMs: number): boolean {
	if (!known.isOnline || nowMs - known.seenMs > factsKeptMs) return true;
	return isFar(known.freeBytes, seen.freeBytes) || facts.some((fact) => known[fact] !== seen[fact]);
}

function problemOf(where: Extract<Whereabouts, { type: 'replaced' | 'away' }>, volume: Volume | null): LocationProblem {
	if (where.type === 'away') return where.failure;
	return { type: 'VolumeReplaced', disk: volume && nameOfVolume(volume) };
}

/** Writes what was found of a location; answers whether anything was another. Run inside `write`. */
function writeWhereabouts(deps: PlaceDeps, id: LocationId, where: Whereabouts): boolean {
	const { database, clock } = deps;
	// Read anew: what was found for one location may have changed the volume of the next.
	const locations = readLocations(database);
	const location = locations.find((known) => known.id === id);
	if (location === undefined) return false;
	const volume = volumeOf(location, readVolumes(database));
	if (where.type === 'replaced' || where.type === 'away') {
		const problem = problemOf(where, volume);
		// What is there and closed to us is not away: the run says so that tries to read it.
		if (!isOffline(problem)) return false;
		if (JSON.stringify(problem) === JSON.stringify(location.problem)) return false;
		updateProblem(database, id, problem);
		return true;
	}
	// A root that another location has got is not taken from it.
	if (where.type === 'moved' && locations.some((other) => other.root === where.root && other.id !== id)) return false;
	const { place } = where;
	const isBack = isOffline(location.problem);
	const isSamePath = location.place?.path.join('/') === place.path.join('/');
	const isKnown = volume !== null && isSamePath && !isNews(volume, place.volume, clock.nowMs());
	if (where.type === 'here' && isKnown && !isBack) return false;
	if (where.type === 'moved') updateRoot(database, id, where.root);
	if (isBack) updateProblem(database, id, null);
	writePlace(deps, id, place);
	return true;
}

/** What `work` answers, or null where it does not in time. */
export async function inTime<T>(clock: ClockPort, work: Promise<T>, signal: AbortSignal): Promise<T | null> {
	const done = new AbortController();
	const late = async () => {
		await clock.wait(lookMsMax, AbortSignal.any([done.signal, signal]));
		return null;
	};
	try {
		return await Promise.race([work, late()]);
	} finally {
		done.abort();
	}
}

/** Where a location is; `ETIMEDOUT` where nobody answers. */
async function whereabouts(
	{ port, clock }: LookDeps,
	location: Location,
	volumes: readonly Volume[],
	signal: AbortSignal
): Promise<Whereabouts> {
	const followed = followVolume(port, location.root, knownOf(location, volumes), signal);
	const late: Whereabouts = { type: 'away', failure: { type: 'FolderUnreadable', code: 'ETIMEDOUT', retry: 'soon' } };
	return (await inTime(clock, followed, signal)) ?? late;
}

/** A volume none of whose locations is there may still be mounted: then only their folders are gone. */
async function lookForVolumes(
	{ database, port, clock }: LookDeps,
	signal: AbortSignal
): Promise<Result<boolean, StorageFailure>> {
	const state = readState(database);
	if (!state.ok) return state;
	let hasChanged = false;
	for (const { id, identity, isOwnIdentity, isOnline: wasOnline } of state.value.volumes) {
		// Whether another device has it, that one says.
		if (isReplica(id)) continue;
		const isUsed = state.value.locations.some((known) => known.place?.volume === id && !known.isOffline);
		const top = isUsed || !isOwnIdentity ? null : await inTime(clock, port.findRoot(identity, [], signal), signal);
		const isOnline = isUsed || top !== null;
		if (isOnline === wasOnline) continue;
		const written = database.write(() => updateOnline(database, id, isOnline));
		if (!written.ok) return written;
		hasChanged = true;
	}
	return ok(hasChanged);
}

/**
 * Looks where the folder of each location is now, and writes what has changed: a volume mounted elsewhere is followed,
 * one that is away leaves its locations offline. Answers whether anything was another.
 */
export async function lookForLocations(deps: LookDeps, signal: AbortSignal): Promise<Result<boolean, StorageFailure>> {
	const { database } = deps;
	const state = readState(database);
	if (!state.ok) return state;
	const { locations, volumes } = state.value;
	const found = await Promise.all(
		locations.map(async (location) => ({ location, where: await whereabouts(deps, location, volumes, signal) }))
	);
	signal.throwIfAborted();
	let hasChanged = false;
	for (const { location, where } of found) {
		const written = database.write(() => writeWhereabouts(deps, location.id, where));
		if (!written.ok) return written;
		hasChanged ||= written.value;
	}
	const looked = await lookForVolumes(deps, signal);
	return looked.ok ? ok(hasChanged || looked.value) : looked;
}

/**
 * The location, with its root where its volume is mounted now. Refused where another volume is in its place: what lies
 * there is not what the location holds.
 */
export async function locate(
	deps: LookDeps,
	id: LocationId,
	signal: AbortSignal
): Promise<Result<Location, StorageFailure | LocationFailure | LocationProblem>> {
	const { database } = deps;
	const state = readState(database);
	if (!state.ok) return state;
	const location = state.value.locations.find((known) => known.id === id);
	if (location === undefined) return err(whyMissing(database, id));
	const where = await followVolume(deps.port, location.root, knownOf(location, state.value.volumes), signal);
	// Why a folder cannot be read, the run says that tries.
	if (where.type === 'away') return ok(location);
	const settled = database.write(() => {
		writeWhereabouts(deps, id, where);
		return readLocation(database, id);
	});
	if (!settled.ok) return settled;
	if (settled.value === null) return err({ type: 'LocationMissing' });
	const { problem } = settled.value;
	return where.type === 'replaced' && problem !== null ? err(problem) : ok(settled.value);
}

export function readState(database: LookDeps['database']) {
	return database.read(() => ({ locations: readLocations(database), volumes: readVolumes(database) }));
}
