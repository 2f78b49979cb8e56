import type { ComputePort, FileHasher, HashFailure, HashWish } from '#core/ports';
import { findType } from './find-type.ts';
import { spansOf } from './identity.ts';
import {
	changing,
	createIdentityReader,
	settleMs,
	toUnread,
	type FilePlace,
	type Identified,
	type ReadDeps
} from './read-identity.ts';
import type { Unread } from './schema.ts';

/** Reads identities of many files. */
export type IdentitiesReader = {
	/** Files that are asked for in one go. */
	readonly filesAtOnce: number;
	/** Calls at the same time. */
	readonly lanes: number;
	/** What each of `places` is, in their order. */
	read(places: readonly FilePlace[], signal: AbortSignal): Promise<readonly (Identified | Unread)[]>;
	close(): Promise<void>;
};

/** Hides the latency of a browser's handles. */
const lanesOfOne = 4;

/** Reads by the files port, one file after the other in each of some lanes. */
export async function createReaderHere(deps: ReadDeps & { readonly compute: ComputePort }): Promise<IdentitiesReader> {
	const hasher = await deps.compute.blake3();
	const idle = Array.from({ length: lanesOfOne }, () => createIdentityReader(deps, hasher));
	return {
		filesAtOnce: 1,
		lanes: lanesOfOne,
		async read(places, signal) {
			const one = idle.pop() ?? createIdentityReader(deps, hasher);
			try {
				const found: (Identified | Unread)[] = [];
				for (const place of places) {
					const result = await one(place, signal);
					found.push(result.ok ? result.value : result.failure.unread);
				}
				return found;
			} finally {
				idle.push(one);
			}
		},
		close: async () => undefined
	};
}

/** Some milliseconds of work: calls between threads do not count then, and an abort is quick. */
const filesOfList = 64;
/** What is asked for ahead, so that other threads have work while this one writes to the database. */
const listsAhead = 32;

function toWish({ file, path }: FilePlace): HashWish {
	const { sizeBytes, modifiedMs, inode } = file;
	return { path, mark: { sizeBytes, modifiedMs, inode }, spans: spansOf(sizeBytes) };
}

function unreadOf(failure: HashFailure): Unread {
	return failure.type === 'FileChanging' ? changing : toUnread(failure);
}

/** Reads beside this thread, many files in flight. */
export function createReaderBeside({ clock }: Pick<ReadDeps, 'clock'>, hasher: FileHasher): IdentitiesReader {
	return {
		filesAtOnce: filesOfList,
		lanes: listsAhead,
		async read(places, signal) {
			const nowMs = clock.nowMs();
			const waitMs = Math.max(...places.map(({ file }) => settleMs(file.modifiedMs, nowMs)));
			if (waitMs > 0) await clock.wait(waitMs, signal);
			const hashed = await hasher.hash(places.map(toWish));
			return hashed.map((result, at) => {
				if (!result.ok) return unreadOf(result.failure);
				const { hash, head } = result.value;
				const { name = '', sizeBytes = 0 } = places[at]?.file ?? {};
				const bytesRead = spansOf(sizeBytes).reduce((sum, { length }) => sum + length, 0);
				return { identity: hash.slice(), found: findType(name, head), bytesRead };
			});
		},
		close: () => hasher.close()
	};
}
