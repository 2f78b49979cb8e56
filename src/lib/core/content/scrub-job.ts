import * as v from 'valibot';
import { locationId, type Failure, type LocationId, type Result } from '#core/kernel';
import { defineRunner, endToResult, type JobContext, type JobEnd, type JobRequest, type Runner } from '#core/jobs';
import type { StorageFailure } from '#core/schema';
import type { Location, LocationFailure, LocationProblem } from '#core/volumes';
import type { IdentifyDeps } from './identify.ts';
import type { Unread } from './schema.ts';
import { scrubLocation, type ScrubOutcome, type ScrubPoint } from './scrub.ts';

const inputSchema = v.object({ location: v.pipe(v.number(), v.integer(), v.minValue(1)) });
const outcomeSchema = v.object({ whole: v.number(), damaged: v.number(), unread: v.number(), bytesRead: v.number() });
const pointSchema = v.object({
	...outcomeSchema.entries,
	after: v.number(),
	files: v.number(),
	sizeBytes: v.number()
});
const start: ScrubPoint = { after: 0, files: 0, sizeBytes: 0, whole: 0, damaged: 0, unread: 0, bytesRead: 0 };

/** After whatever anybody waits for. */
const patientPriority = -10;

export type ScrubFailure = StorageFailure | LocationFailure | LocationProblem;
/** What else whoever waits for a scrub is answered. */
export type ScrubEnd = { readonly type: 'ScrubPaused' } | { readonly type: 'ScrubCancelled' };

type Deps = IdentifyDeps & {
	/** The location with its folder where its volume is mounted now, or why what lies there must not be read. */
	readonly locate: (location: LocationId, signal: AbortSignal) => Promise<Result<Location, ScrubFailure>>;
};

/** A look at every byte of a location's files as a job. */
export type ScrubJob = {
	readonly runner: Runner<ScrubFailure>;
	request(location: LocationId): JobRequest<'scrub'>;
	/** What whoever waits for one is answered. */
	toOutcome<F extends Failure>(end: JobEnd<F>): Result<ScrubOutcome, F | ScrubEnd>;
};

export function createScrubJob(deps: Deps): ScrubJob {
	async function run(
		{ location: id }: v.InferOutput<typeof inputSchema>,
		context: JobContext
	): Promise<Result<ScrubOutcome, ScrubFailure>> {
		const location = await deps.locate(locationId(id), context.signal);
		if (!location.ok) return location;
		const counted = deps.database.read(() => deps.entries.countKnown(location.value.id));
		if (!counted.ok) return counted;
		const { files, sizeBytes } = counted.value;
		const tell = (point: ScrubPoint) =>
			context.progress(point.files, Math.max(files, point.files), {
				done: point.sizeBytes,
				total: Math.max(sizeBytes, point.sizeBytes)
			});
		const known = v.safeParse(pointSchema, context.checkpoint);
		const from = known.success ? known.output : start;
		tell(from);
		const hooks = {
			writePoint: (point: ScrubPoint) => context.writeCheckpoint(point),
			onProgress: tell,
			onFound: (path: readonly string[], why: Unread | 'damaged') => {
				const item = path.join('/');
				context.warn(why === 'damaged' ? { item, reason: 'damaged', code: '' } : { item, ...why });
			}
		};
		return scrubLocation(deps, location.value, from, hooks, context.signal);
	}
	return {
		runner: defineRunner(inputSchema, run),
		request: (location) => ({
			kind: 'scrub',
			target: String(location),
			input: { location },
			priority: patientPriority,
			resumes: true
		}),
		toOutcome: (end) =>
			endToResult(end, (outcome) => v.parse(outcomeSchema, outcome), {
				cancelled: { type: 'ScrubCancelled' },
				paused: { type: 'ScrubPaused' }
			})
	};
}
