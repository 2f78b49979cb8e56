import * as v from 'valibot';
import { entryId, err, locationId, type EntryId, type LocationId, type Result } from '#core/kernel';
import { defineRunner, type JobContext, type JobRequest, type Runner } from '#core/jobs';
import type { Database, StorageFailure } from '#core/schema';
import type { Location, LocationFailure } from '#core/volumes';
import type { Index } from './index.ts';
import type { IndexFailure } from './index-runs.ts';
import { readUsage } from './read-entries.ts';
import type { EntryFailure, IndexOutcome, IndexProgress } from './schema.ts';
import { countChildren, hasDirectory } from './store.ts';

const idSchema = v.pipe(v.number(), v.integer(), v.minValue(1));
const inputSchema = v.object({ location: idSchema, folder: idSchema, isDeep: v.boolean() });

/** Before whatever nobody waits for. */
const askedPriority = 10;
/** Its folders are marked as to be read: another try must not mark again those that are done. */
const marked = 'marked';

export type FolderJobFailure = IndexFailure | Extract<EntryFailure, { type: 'EntryMissing' }>;

/** One folder of a location; `isDeep` with all that lies below it. */
export type FolderScope = { readonly location: LocationId; readonly folder: EntryId; readonly isDeep: boolean };

type Deps = {
	readonly database: Database;
	readonly index: Index;
	readonly findLocation: (id: LocationId) => Result<Location, LocationFailure | StorageFailure>;
	/** Called when the folder was read, before its job has ended. */
	readonly onRead: (location: LocationId, signal: AbortSignal) => Promise<void>;
	/** Called after each try. */
	readonly onEnd: () => void;
};

/** Reading a part of a location again, as a job. */
export type FolderJob = {
	readonly runner: Runner<FolderJobFailure>;
	request(scope: FolderScope): JobRequest<'folder'>;
	/** To be called with the progress of every run. */
	told(progress: IndexProgress): void;
};

/** Entries of a folder that was read to the end. */
function countRead(database: Database, folder: EntryId, isDeep: boolean): number {
	const { files, folders } = readUsage(database, folder);
	return isDeep ? files + folders : countChildren(database, folder);
}

export function createFolderJob({ database, index, findLocation, onRead, onEnd }: Deps): FolderJob {
	const going = new Map<LocationId, (progress: IndexProgress) => void>();

	async function run(
		input: v.InferOutput<typeof inputSchema>,
		context: JobContext
	): Promise<Result<IndexOutcome, FolderJobFailure>> {
		const found = findLocation(locationId(input.location));
		if (!found.ok) return found;
		const location = found.value;
		const folder = entryId(input.folder);
		const known = database.read(() =>
			hasDirectory(database, location.id, folder) ? readUsage(database, folder) : null
		);
		if (!known.ok) return known;
		if (known.value === null) return err({ type: 'EntryMissing' });
		const total = input.isDeep ? known.value.files + known.value.folders : null;
		const tell = (entries: number) => context.progress(entries, total === null ? null : Math.max(total, entries));
		going.set(location.id, ({ entries }) => tell(entries));
		try {
			const mark = context.checkpoint === marked ? null : () => context.writeCheckpoint(marked);
			const outcome = await index.readAgain(location, { folder, isDeep: input.isDeep, mark }, context.signal);
			if (!outcome.ok) return outcome;
			const seen = database.read(() => countRead(database, folder, input.isDeep));
			if (!seen.ok) return seen;
			context.progress(seen.value, seen.value);
			await onRead(location.id, context.signal);
			return outcome;
		} finally {
			await index.stopReading(location.id);
			going.delete(location.id);
			onEnd();
		}
	}

	return {
		runner: defineRunner(inputSchema, run),
		request: ({ location, folder, isDeep }) => ({
			kind: 'folder',
			target: `${location}/${folder}/${isDeep ? 'all' : 'one'}`,
			input: { location, folder, isDeep },
			priority: askedPriority,
			resumes: true,
			again: true
		}),
		told: (progress) => going.get(progress.location)?.(progress)
	};
}
