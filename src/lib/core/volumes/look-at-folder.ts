import type { LocationId, Result } from '#core/kernel';
import type { ClockPort, FilesFailure, FilesPort, RootRef, VolumePlace, VolumesPort } from '#core/ports';
import type { Database } from '#core/schema';
import { inTime } from './look-for-locations.ts';
import type { Location } from './schema.ts';
import { readLocations } from './store.ts';

/** Folders remembered, so that a plan of adding one can be made: a person adds one at a time. */
const rememberedMax = 32;

/** What was seen of a folder that may come under management. */
export type SeenFolder = {
	/** What it is called on its disk, or why it cannot be read. */
	readonly name: Result<string, FilesFailure>;
	/** Where it lies; null where that cannot be told. */
	readonly place: VolumePlace | null;
	/** The location that is this folder already, if there is one. */
	readonly same: LocationId | null;
	/** The locations that it was compared with: another one may be this folder. */
	readonly compared: ReadonlySet<LocationId>;
};

/** Folders as they were when somebody looked at them last, for plans, which cannot ask a disk. */
export type FolderLook = {
	look(root: RootRef, signal: AbortSignal): Promise<void>;
	/** Null where nobody has looked. */
	seen(root: RootRef): SeenFolder | null;
};

async function findSame(
	files: FilesPort,
	root: RootRef,
	known: readonly Location[],
	signal: AbortSignal
): Promise<LocationId | null> {
	for (const location of known) {
		if (location.root === root) return location.id;
		const relation = await files.relation(root, location.root, signal);
		if (relation.ok && relation.value === 'same') return location.id;
	}
	return null;
}

type Deps = {
	readonly database: Database;
	readonly files: FilesPort;
	readonly clock: ClockPort;
	readonly port: VolumesPort;
};

export function createFolderLook({ database, files, clock, port }: Deps): FolderLook {
	const seen = new Map<RootRef, SeenFolder>();

	async function lookNow(root: RootRef, signal: AbortSignal): Promise<SeenFolder | null> {
		const name = await files.rootName(root, signal);
		const placed = name.ok ? await inTime(clock, port.placeOf(root, signal), signal) : null;
		const place = placed?.ok === true ? placed.value : null;
		const compared = new Set<LocationId>();
		let same: LocationId | null = null;
		// Others may come while it is compared: it ends once there is none that it was not compared with.
		for (;;) {
			const known = database.read(() => readLocations(database));
			if (!known.ok) return null;
			const others = known.value.filter(({ id }) => !compared.has(id));
			if (others.length === 0) return { name, place, same, compared };
			same ??= await findSame(files, root, others, signal);
			for (const { id } of others) compared.add(id);
		}
	}

	return {
		look: async (root, signal) => {
			const now = await lookNow(root, signal);
			seen.delete(root);
			if (now !== null) seen.set(root, now);
			const [oldest] = seen.keys();
			if (seen.size > rememberedMax && oldest !== undefined) seen.delete(oldest);
		},
		seen: (root) => seen.get(root) ?? null
	};
}
