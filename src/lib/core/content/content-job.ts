import * as v from 'valibot';
import { locationId, type Failure, type LocationId, type Result } from '#core/kernel';
import { defineRunner, endToResult, type JobContext, type JobEnd, type JobRequest, type Runner } from '#core/jobs';
import type { StorageFailure } from '#core/schema';
import type { Location, LocationFailure, LocationProblem } from '#core/volumes';
import type { Contents } from './content.ts';
import type { ContentFailure, ContentProgress, IdentifyOutcome, Unread } from './schema.ts';

const inputSchema = v.object({ location: v.pipe(v.number(), v.integer(), v.minValue(1)) });
const outcomeSchema = v.object({
	files: v.number(),
	bytesRead: v.number(),
	problems: v.number(),
	durationMs: v.number()
});

/** Before whatever nobody waits for. */
const askedPriority = 10;
/** After everything else: names are what people look for first. */
const idlePriority = -10;

export type ContentJobFailure = StorageFailure | LocationFailure | LocationProblem | ContentFailure;

type Deps = {
	readonly contents: Contents;
	/** The location with its folder where its volume is mounted now, or why what lies there must not be read. */
	readonly locate: (
		id: LocationId,
		signal: AbortSignal
	) => Promise<Result<Location, StorageFailure | LocationFailure | LocationProblem>>;
	/** Called after each try: what is known of the location's files has changed. */
	readonly onEnd: () => void;
};

/** Phase four as a job. What is done is the rows themselves, so that a job that was killed needs no cursor. */
export type ContentJob = {
	readonly runner: Runner<ContentJobFailure>;
	/** The job of a location that a person asks for. */
	request(location: LocationId): JobRequest<'content'>;
	/** The job that follows from what was found in a location; one that runs already looks once more when it is done. */
	followUp(location: LocationId): JobRequest<'content'>;
	/** What whoever waits for it is answered. */
	toOutcome<F extends Failure>(end: JobEnd<F>): Result<IdentifyOutcome, F | ContentFailure>;
};

function toOutcome<F extends Failure>(end: JobEnd<F>): Result<IdentifyOutcome, F | ContentFailure> {
	return endToResult(end, (outcome) => v.parse(outcomeSchema, outcome), {
		cancelled: { type: 'ContentCancelled' },
		paused: { type: 'ContentPaused' }
	});
}

export function createContentJob({ contents, locate, onEnd }: Deps): ContentJob {
	async function run(
		{ location: id }: v.InferOutput<typeof inputSchema>,
		context: JobContext
	): Promise<Result<IdentifyOutcome, ContentJobFailure>> {
		const found = await locate(locationId(id), context.signal);
		if (!found.ok) return found;
		const location = found.value;
		const tell = ({ files, filesLeft, bytesRead, bytesLeft }: ContentProgress) => {
			const [done, bytes] = [context.done + files, context.doneBytes + bytesRead];
			context.progress(done, done + filesLeft, { done: bytes, total: bytes + bytesLeft });
		};
		const hooks = {
			onProgress: tell,
			// Nothing to remember but how far it is.
			onBatch: () => context.writeCheckpoint(null),
			onUnread: (path: readonly string[], why: Unread) =>
				context.warn({ item: [location.name, ...path].join('/'), ...why })
		};
		try {
			return await contents.identify(location, hooks, context.signal);
		} finally {
			onEnd();
		}
	}

	const request = (location: LocationId) =>
		({ kind: 'content', target: String(location), input: { location } }) as const;
	return {
		runner: defineRunner(inputSchema, run),
		request: (location) => ({ ...request(location), priority: askedPriority, resumes: true }),
		followUp: (location) => ({ ...request(location), priority: idlePriority, isUnasked: true, again: true }),
		toOutcome
	};
}
