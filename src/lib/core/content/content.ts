import { err, type ContentId, type LocationId, type Result } from '#core/kernel';
import type { FilesFailure } from '#core/ports';
import type { StorageFailure } from '#core/schema';
import type { Location } from '#core/volumes';
import { hasUntried, identify, type IdentifyDeps } from './identify.ts';
import { prove } from './prove.ts';
import type { ContentFailure, ContentProgress, IdentifyOutcome, LookHooks, ProveOutcome } from './schema.ts';

/** What is known of the bytes of an open library's files. */
export type Contents = {
	/**
	 * Looks at the files of a location whose content is not known, to the end; at most one look at a location goes on
	 * at a time. Rejects with the reason of `signal` when that aborts, once its last batch is down.
	 */
	identify(
		location: Location,
		hooks: LookHooks,
		signal: AbortSignal
	): Promise<Result<IdentifyOutcome, StorageFailure | FilesFailure>>;
	/** Whether a location has files that nobody has tried to read since they were listed. */
	hasUntried(location: LocationId, signal: AbortSignal): Promise<Result<boolean, StorageFailure>>;
	/** Ends every proof that goes on. */
	stopAll(): Promise<void>;
	running(): ContentProgress[];
	prove(
		content: ContentId,
		locations: readonly Location[],
		signal: AbortSignal
	): Promise<Result<ProveOutcome, StorageFailure | ContentFailure>>;
};

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
	const going = new Map<LocationId, ContentProgress>();
	const proving = new Map<Promise<unknown>, AbortController>();

	return {
		identify: async (location, hooks, signal) => {
			const onProgress = (progress: ContentProgress) => {
				going.set(location.id, progress);
				hooks.onProgress(progress);
				deps.onProgress(progress);
			};
			try {
				return await identify(deps, location, { ...hooks, onProgress }, signal);
			} finally {
				going.delete(location.id);
			}
		},
		hasUntried: (location, signal) => hasUntried(deps, location, signal),
		stopAll: async () => {
			for (const controller of proving.values()) controller.abort();
			await Promise.allSettled(proving.keys());
		},
		running: () => [...going.values()],
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
