import type { LocationId, Result } from '#core/kernel';
import type { ChangedFolders, ClockPort, FilesPort, RootRef } from '#core/ports';
import type { Location } from '#core/volumes';
import type { IndexFailure } from './index-runs.ts';

/** After folders were read again the next are read so much later at least: a program that writes all the time costs little. */
const gapMs = 200;
/** And so many times what the reading took. */
const gapShare = 3;

type Deps = {
	readonly files: FilesPort;
	readonly clock: ClockPort;
	readonly refresh: (
		location: Location,
		paths: ChangedFolders,
		signal: AbortSignal
	) => Promise<Result<null, IndexFailure>>;
	/** Sees to what has happened while nobody watched: called before a watch is set, and once more when it is. */
	readonly catchUp: (location: Location, isWatched: boolean, signal: AbortSignal) => Promise<void>;
	/** A location is watched now, or no longer. */
	readonly onChange: () => void;
};

/** Keeps the index in step with the disk while the library is open. */
export type Watch = {
	/** Watches these locations and no others; one whose watch has ended is watched again. */
	follow(locations: readonly Location[]): void;
	/** Locations of which every change is seen from now on. */
	watched(): LocationId[];
	close(): Promise<void>;
};

type Going = {
	readonly root: RootRef;
	readonly stop: AbortController;
	readonly ended: Promise<void>;
	isReady: boolean;
};

export function createWatch({ files, clock, refresh, catchUp, onChange }: Deps): Watch {
	const going = new Map<LocationId, Going>();
	let isClosed = false;

	async function watchOne(location: Location, signal: AbortSignal, onReady: () => void): Promise<void> {
		await catchUp(location, false, signal);
		let isFirst = true;
		for await (const told of files.watch(location.root, signal)) {
			if (!told.ok) return;
			onReady();
			if (isFirst) await catchUp(location, true, signal);
			isFirst = false;
			if (told.value?.length === 0) continue;
			const startedMs = clock.elapsedMs();
			const read = await refresh(location, told.value, signal);
			// Its folder is away, or the library cannot be written: whoever runs the index next will say so.
			if (!read.ok && read.failure.type !== 'IndexPaused') return;
			await clock.wait(Math.max(gapMs, (clock.elapsedMs() - startedMs) * gapShare), signal);
		}
	}

	function begin(location: Location): void {
		const stop = new AbortController();
		const onReady = () => {
			const watch = going.get(location.id);
			if (watch === undefined || watch.isReady) return;
			watch.isReady = true;
			onChange();
		};
		const ended = watchOne(location, stop.signal, onReady)
			.catch((thrown: unknown) => {
				if (!stop.signal.aborted) throw thrown;
			})
			.finally(() => {
				going.delete(location.id);
				if (!isClosed) onChange();
			});
		going.set(location.id, { root: location.root, stop, ended, isReady: false });
	}

	return {
		follow: (locations) => {
			if (isClosed) return;
			const roots = new Map(locations.map(({ id, root }) => [id, root]));
			// Gone, or on a disk that is mounted elsewhere by now: watched there at the next call.
			for (const [id, { root, stop }] of going) if (roots.get(id) !== root) stop.abort();
			for (const location of locations) if (!going.has(location.id)) begin(location);
		},
		watched: () => [...going].filter(([, { isReady }]) => isReady).map(([id]) => id),
		close: async () => {
			isClosed = true;
			const ending = [...going.values()];
			for (const { stop } of ending) stop.abort();
			await Promise.all(ending.map(({ ended }) => ended));
		}
	};
}
