import { ok, type Result } from '#core/kernel';
import type { RootRef, VolumePlace, VolumesPort } from '#core/ports';
import { hasMovable, insist, mayLetGo, readLostFolders, readTheirFolders, settleHolders } from '#core/replicas';
import type { StorageFailure } from '#core/schema';
import {
	bringBack,
	inTime,
	readFormers,
	sendAway,
	type Former,
	type Locations,
	type LocationsDeps,
	type Volumes
} from '#core/volumes';
import type { AfterActions } from './after-actions.ts';
import type { AtollDomain } from './domain.ts';

type Deps = {
	readonly port: VolumesPort;
	readonly volumes: Volumes;
	readonly locations: Locations;
	readonly onLocations: LocationsDeps;
	readonly after: AfterActions;
	readonly life: AbortController;
};

/** A folder of another device, and where it lies on its disk, which is here. `device` is its name, and may be empty. */
export type ArrivedFolder = { readonly name: string; readonly device: string; readonly root: RootRef };

/** Disks that are at this device now and at another one then. */
export type DiskMoves = {
	/**
	 * Looks where the folders of this device are, see `Volumes.look`; has those go that another device has with their disk,
	 * and those come back of which the disk is here again. Answers whether anything was another.
	 */
	look(signal: AbortSignal): Promise<Result<boolean, StorageFailure>>;
	/** The folders that other devices have, and whose disks are here now. */
	readArrived(signal: AbortSignal): Promise<Result<ArrivedFolder[], StorageFailure>>;
	/** Another device has told something, or a location is no more: looks beside other work, where it has to be looked. */
	told(): void;
	/** Resolves when what `told` has begun has come to its end. */
	settled(): Promise<void>;
};

/** Where the folder is that was managed here, if its disk is here now. */
async function findFormer(
	{ port, onLocations }: Deps,
	{ identity, path }: Former,
	signal: AbortSignal
): Promise<{ readonly root: RootRef; readonly place: VolumePlace } | null> {
	const root = await inTime(onLocations.clock, port.findRoot(identity, path, signal), signal);
	const place = root === null ? null : await inTime(onLocations.clock, port.placeOf(root, signal), signal);
	if (root === null || place?.ok !== true || place.value.volume.identity !== identity) return null;
	return { root, place: place.value };
}

/** Has the folders come back of which the disk is here. */
async function takeBack(deps: Deps, signal: AbortSignal): Promise<Result<boolean, StorageFailure>> {
	const { database } = deps.onLocations;
	const formers = database.read(() => readFormers(database));
	if (!formers.ok) return formers;
	let hasChanged = false;
	for (const former of formers.value) {
		const found = await findFormer(deps, former, signal);
		if (found === null) continue;
		const added = database.write(() => bringBack(deps.onLocations, former, found.root, found.place));
		if (!added.ok) return added;
		if (added.value === null) continue;
		hasChanged = true;
		deps.after.onDone([added.value]);
	}
	return ok(hasChanged);
}

async function readArrived(
	{ port, onLocations: { database, clock } }: Deps,
	signal: AbortSignal
): Promise<Result<ArrivedFolder[], StorageFailure>> {
	const theirs = database.read(() => readTheirFolders(database));
	if (!theirs.ok) return theirs;
	const arrived: ArrivedFolder[] = [];
	for (const { name, device, identity, path } of theirs.value) {
		const root = await inTime(clock, port.findRoot(identity, path, signal), signal);
		if (root !== null) arrived.push({ name, device, root });
	}
	return ok(arrived);
}

/** Has the folders go that another device has now, and holds on to those of which the disk is here, as was just looked. */
function letGo({ onLocations, locations, after }: Deps): Result<boolean, StorageFailure> {
	const { database } = onLocations;
	const movable = database.read(() => hasMovable(database));
	if (!movable.ok || !movable.value) return movable;
	const done = database.write(() => {
		const gone: AtollDomain['operation'][] = [];
		const here = new Map(locations.readAll().map((location) => [location.id, !location.isOffline]));
		let hasChanged = false;
		for (const lost of readLostFolders(database)) {
			const isHere = here.get(lost.mine.location) === true;
			if (isHere && insist(database, lost, onLocations.clock.nowMs())) hasChanged = true;
			// What lies in its trash can be put back from here alone, once the disk is back.
			const hasTrash = onLocations.countTrash(lost.mine.location).items > 0;
			if (isHere || hasTrash || !mayLetGo(lost)) continue;
			const removed = sendAway(onLocations, lost.mine.location, lost.mine.claim);
			if (removed !== null) gone.push(removed);
			hasChanged = true;
		}
		return { gone, hasChanged: settleHolders(database) || hasChanged };
	});
	if (!done.ok) return done;
	after.onDone(done.value.gone);
	return ok(done.value.hasChanged);
}

async function look(deps: Deps, signal: AbortSignal): Promise<Result<boolean, StorageFailure>> {
	const looked = await deps.volumes.look(signal);
	if (!looked.ok) return looked;
	const gone = letGo(deps);
	if (!gone.ok) return gone;
	const back = await takeBack(deps, signal);
	return back.ok ? ok(looked.value || gone.value || back.value) : back;
}

export function createDiskMoves(deps: Deps): DiskMoves {
	const { database } = deps.onLocations;
	let working: Promise<void> = Promise.resolve();
	let isWaiting = false;
	const again = async (before: Promise<void>) => {
		await before;
		isWaiting = false;
		try {
			if (!deps.life.signal.aborted) await look(deps, deps.life.signal);
		} catch (thrown) {
			if (!deps.life.signal.aborted) throw thrown;
		}
	};
	return {
		look: (signal) => look(deps, signal),
		readArrived: (signal) => readArrived(deps, signal),
		told: () => {
			const lost = database.read(() => readLostFolders(database).length > 0);
			if (isWaiting || !lost.ok || !lost.value) return;
			isWaiting = true;
			working = again(working);
		},
		settled: () => working
	};
}
