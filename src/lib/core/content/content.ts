import { err, type ContentId, type LocationId, type Result } from '#core/kernel';
import type { StorageFailure } from '#core/schema';
import type { Location } from '#core/volumes';
import { identify, type IdentifyDeps } from './identify.ts';
import { prove } from './prove.ts';
import type { ContentFailure, ContentProgress, IdentifyOutcome, ProveOutcome } from './schema.ts';

type Ended = Result<IdentifyOutcome, StorageFailure | ContentFailure>;

/** What is known of the bytes of an open library's files. */
export type Contents = {
	/**
	 * Looks at the files of a location whose content is not known, to the end; a second caller joins. A caller whose
	 * `signal` aborts stops waiting, and the last one to leave pauses it.
	 */
	identify(location: Location, signal: AbortSignal): Promise<Ended>;
	/** Pauses the look at a location, if one is going; resolves when its last batch is down. */
	stop(location: LocationId): Promise<void>;
	/** Pauses everything here that reads files. */
	stopAll(): Promise<void>;
	running(): ContentProgress[];
	prove(
		content: ContentId,
		locations: readonly Location[],
		signal: AbortSignal
	): Promise<Result<ProveOutcome, StorageFailure | ContentFailure>>;
};

type Going = {
	readonly ended: Promise<Ended>;
	readonly controller: AbortController;
	waiting: number;
	progress: ContentProgress;
};

/** Rejects with the signal's reason when it aborts, or when `life` ends first; `leave` must be called at last. */
function untilAborted(signal: AbortSignal): { readonly aborted: Promise<never>; readonly leave: () => void } {
	const left = new AbortController();
	const aborted = new Promise<never>((_, reject) => {
		if (signal.aborted) reject(signal.reason);
		signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: left.signal });
	});
	aborted.catch(() => undefined);
	return { aborted, leave: () => left.abort() };
}

/** What `work` answers, or `ContentPaused` where `signal` ended it. */
async function pausable<T>(work: Promise<T>, signal: AbortSignal) {
	try {
		return await work;
	} catch (thrown) {
		if (signal.aborted) return err({ type: 'ContentPaused' });
		throw thrown;
	}
}

export function createContents(
	deps: IdentifyDeps & { readonly onProgress: (progress: ContentProgress) => void }
): Contents {
	const going = new Map<LocationId, Going>();
	const proving = new Map<Promise<unknown>, AbortController>();

	function begin(location: Location): Going {
		const controller = new AbortController();
		const progress = { location: location.id, files: 0, filesLeft: 0, bytesRead: 0, filesPerSecond: 0 };
		const onProgress = (told: ContentProgress) => {
			look.progress = told;
			deps.onProgress(told);
		};
		const ended = pausable(identify(deps, location, controller.signal, onProgress), controller.signal).finally(() =>
			going.delete(location.id)
		);
		// Whoever waits sees a defect; in a look that everybody left it must not count as unhandled.
		ended.catch(() => undefined);
		const look: Going = { ended, controller, waiting: 0, progress };
		going.set(location.id, look);
		return look;
	}

	async function stop(location: LocationId): Promise<void> {
		const look = going.get(location);
		look?.controller.abort();
		await look?.ended.catch(() => undefined);
	}

	return {
		identify: async (location, signal) => {
			// One that is being paused is none to join: its answer would be the pause.
			while (going.get(location.id)?.controller.signal.aborted === true) await stop(location.id);
			signal.throwIfAborted();
			const look = going.get(location.id) ?? begin(location);
			look.waiting++;
			const { aborted, leave } = untilAborted(signal);
			try {
				return await Promise.race([look.ended, aborted]);
			} finally {
				leave();
				look.waiting--;
				if (look.waiting === 0) look.controller.abort();
			}
		},
		stop,
		stopAll: async () => {
			for (const controller of proving.values()) controller.abort();
			await Promise.allSettled([...proving.keys(), ...[...going.keys()].map(stop)]);
		},
		running: () => [...going.values()].map(({ progress }) => progress),
		prove: async (content, locations, signal) => {
			const controller = new AbortController();
			const both = AbortSignal.any([signal, controller.signal]);
			const work = pausable(prove(deps, locations, content, both), controller.signal);
			proving.set(work, controller);
			try {
				return await work;
			} finally {
				proving.delete(work);
			}
		}
	};
}
