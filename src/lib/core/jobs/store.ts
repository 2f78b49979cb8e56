import type { Selectable } from 'kysely';
import { jobId, scheduleId, type Failure, type JobId, type ScheduleId } from '#core/kernel';
import type { SqlValue } from '#core/ports';
import { build, type Database, type JsonValue, type Tables } from '#core/schema';
import type { Amount } from './meter.ts';
import type { JobRequest, JobState, JobWarning } from './schema.ts';

/** A job as it stands in its table. */
export type JobRow<F extends Failure> = {
	readonly id: JobId;
	readonly kind: string;
	readonly target: string;
	readonly input: JsonValue;
	readonly state: JobState;
	readonly priority: number;
	readonly queuedMs: number;
	readonly startedMs: number | null;
	readonly endedMs: number | null;
	/** Tries in a row that failed without any progress. */
	readonly failures: number;
	readonly done: number;
	readonly total: number | null;
	readonly doneBytes: number;
	readonly totalBytes: number | null;
	readonly warnings: number;
	readonly checkpoint: JsonValue;
	readonly outcome: JsonValue;
	readonly failure: F | null;
};

const states: ReadonlySet<string> = new Set<JobState>([
	'queued',
	'running',
	'paused',
	'completed',
	'failed',
	'cancelled'
]);

/** All were written by this room, so their text is what it wrote. */
function isState(text: string): text is JobState {
	return states.has(text);
}

function isFailure<F extends Failure>(value: unknown): value is F {
	return typeof value === 'object' && value !== null && 'type' in value;
}

function isReason(text: string): text is JobWarning['reason'] {
	return ['denied', 'vanished', 'unreadable', 'changing', 'damaged'].includes(text);
}

function toJson(text: string | null): JsonValue {
	return text === null ? null : JSON.parse(text);
}

function rowToJob<F extends Failure>(row: Selectable<Tables['job']>): JobRow<F> {
	const failure: unknown = toJson(row.failure);
	return {
		...row,
		id: jobId(row.id),
		state: isState(row.state) ? row.state : 'failed',
		input: toJson(row.input),
		checkpoint: toJson(row.checkpoint),
		outcome: toJson(row.outcome),
		failure: isFailure<F>(failure) ? failure : null
	};
}

/** Every job: what is to be done in the order in which it will be, then what has ended, the latest first. */
export function readJobs<F extends Failure>(database: Database): JobRow<F>[] {
	return database
		.all(
			build
				.selectFrom('job')
				.selectAll()
				.orderBy((eb) => eb('endedMs', 'is not', null))
				.orderBy('endedMs', 'desc')
				.orderBy('priority', 'desc')
				.orderBy('id')
		)
		.map((row) => rowToJob<F>(row));
}

export function readJob<F extends Failure>(database: Database, id: JobId): JobRow<F> | null {
	const row = database.first(build.selectFrom('job').selectAll().where('id', '=', id));
	return row === undefined ? null : rowToJob<F>(row);
}

export function findJob<F extends Failure>(database: Database, kind: string, target: string): JobRow<F> | null {
	const row = database.first(build.selectFrom('job').selectAll().where('kind', '=', kind).where('target', '=', target));
	return row === undefined ? null : rowToJob<F>(row);
}

/** Jobs that may run: queued, or cut off while they ran, with all that they need completed. The most urgent first. */
export function readDue<F extends Failure>(database: Database): JobRow<F>[] {
	const unmet = build
		.selectFrom('job_need')
		.innerJoin('job as needed', 'needed.id', 'job_need.needs')
		.select('job_need.job')
		.where('needed.state', '<>', 'completed');
	const rows = database.all(
		build
			.selectFrom('job')
			.selectAll()
			.where('state', 'in', ['queued', 'running'])
			.where('id', 'not in', unmet)
			.orderBy('priority', 'desc')
			.orderBy('id')
	);
	return rows.map((row) => rowToJob<F>(row));
}

/** What each job still waits for. */
export function readNeeds(database: Database): Map<JobId, JobId[]> {
	const rows = database.all(
		build
			.selectFrom('job_need')
			.innerJoin('job as needed', 'needed.id', 'job_need.needs')
			.select(['job_need.job', 'job_need.needs'])
			.where('needed.state', '<>', 'completed')
	);
	const needs = new Map<JobId, JobId[]>();
	for (const row of rows) needs.set(jobId(row.job), [...(needs.get(jobId(row.job)) ?? []), jobId(row.needs)]);
	return needs;
}

export function insertJob(database: Database, request: JobRequest<string>, queuedMs: number): JobId {
	const { kind, target, input, priority = 0, after = [] } = request;
	const id = jobId(
		database.run(
			build.insertInto('job').values({
				kind,
				target,
				input: JSON.stringify(input),
				state: 'queued',
				priority,
				queuedMs,
				startedMs: null,
				endedMs: null,
				failures: 0,
				done: 0,
				total: null,
				totalBytes: null,
				warnings: 0,
				checkpoint: null,
				outcome: null,
				failure: null
			})
		).lastId
	);
	addNeeds(database, id, after);
	return id;
}

/** A need that is no job any more is met: only what is completed is cleared away while somebody needs it. */
export function addNeeds(database: Database, id: JobId, after: readonly JobId[]): void {
	const insert = database.prepare(
		'INSERT OR IGNORE INTO job_need (job, needs) SELECT ?, id FROM job WHERE id = ? AND id <> ?'
	);
	for (const needs of after) insert.run([id, needs, id]);
}

/** Puts a job that waits, is paused or has failed back into the queue, as fresh as a new one. */
export function requeueJob(
	database: Database,
	id: JobId,
	change: { readonly input?: JsonValue; readonly priority?: number } = {}
): void {
	const set = {
		state: 'queued',
		failures: 0,
		endedMs: null,
		...(change.input === undefined ? {} : { input: JSON.stringify(change.input) }),
		...(change.priority === undefined ? {} : { priority: change.priority })
	};
	database.run(build.updateTable('job').set(set).where('id', '=', id));
}

export function markRunning(database: Database, id: JobId, startedMs: number): void {
	database
		.prepare(`UPDATE job SET state = 'running', startedMs = coalesce(startedMs, ?) WHERE id = ?`)
		.run([startedMs, id]);
}

/** Gives a job its next state and says whether there was one to give it to. */
export function markState(database: Database, id: JobId, state: JobState, endedMs: number | null): void {
	database.run(build.updateTable('job').set({ state, endedMs }).where('id', '=', id));
}

/** What a try that ended, or was broken off, leaves behind. */
export function writeTold(database: Database, id: JobId, told: Amount & { readonly warned: number }): void {
	database
		.prepare('UPDATE job SET done = ?, total = ?, doneBytes = ?, totalBytes = ?, warnings = warnings + ? WHERE id = ?')
		.run([told.done, told.total, told.doneBytes, told.totalBytes, told.warned, id]);
}

export function writeCompleted(database: Database, id: JobId, outcome: JsonValue, endedMs: number): void {
	const end = { state: 'completed', outcome: JSON.stringify(outcome), endedMs, failure: null, checkpoint: null };
	database.run(build.updateTable('job').set(end).where('id', '=', id));
}

export function writeFailed(
	database: Database,
	id: JobId,
	failure: Failure,
	end: { readonly failures: number; readonly endedMs: number | null }
): void {
	const state = end.endedMs === null ? 'queued' : 'failed';
	const set = { ...end, state, failure: JSON.stringify(failure) };
	database.run(build.updateTable('job').set(set).where('id', '=', id));
}

export function writeCheckpoint(database: Database, id: JobId, checkpoint: JsonValue): void {
	database.prepare('UPDATE job SET checkpoint = ? WHERE id = ?').run([JSON.stringify(checkpoint), id]);
}

/** Keeps at most `most` for each job; an item that was warned of before keeps its first warning. */
export function writeWarnings(database: Database, id: JobId, warnings: readonly JobWarning[], most: number): void {
	const row = database.prepare('SELECT count(*) AS kept FROM job_warning WHERE job = ?').get([id]);
	let kept = Number(row?.['kept'] ?? 0);
	const insert = database.prepare('INSERT OR IGNORE INTO job_warning (job, item, reason, code) VALUES (?, ?, ?, ?)');
	for (const { item, reason, code } of warnings) {
		if (kept >= most) return;
		kept += insert.run([id, item, reason, code]).changes;
	}
}

export function readWarnings(database: Database, id: JobId): JobWarning[] {
	const rows = database.all(
		build.selectFrom('job_warning').select(['item', 'reason', 'code']).where('job', '=', id).orderBy('item')
	);
	return rows.map(({ item, reason, code }) => ({ item, reason: isReason(reason) ? reason : 'unreadable', code }));
}

/** `id` and every job that waits for it, near or far, and has not ended. */
export function readDependents(database: Database, id: JobId): JobId[] {
	return database
		.prepare(
			`WITH RECURSIVE waiting (id) AS (
				SELECT ?
				UNION
				SELECT job_need.job FROM job_need JOIN waiting ON waiting.id = job_need.needs
			)
			SELECT job.id FROM job JOIN waiting ON waiting.id = job.id WHERE job.endedMs IS NULL`
		)
		.column([id])
		.map(jobId);
}

export function deleteJob(database: Database, id: JobId): void {
	database.run(build.deleteFrom('job').where('id', '=', id));
}

/** What is needed by a job that has not ended stays, unless it is completed. */
const notNeeded = `(state = 'completed' OR NOT EXISTS (
	SELECT 1 FROM job_need JOIN job AS waiting ON waiting.id = job_need.job
	WHERE job_need.needs = job.id AND waiting.endedMs IS NULL))`;

/** Removes jobs that have ended but the last `keep`, and says how many. */
export function deleteEnded(database: Database, keep: number): number {
	const params: readonly SqlValue[] = [keep];
	return database
		.prepare(
			`DELETE FROM job WHERE endedMs IS NOT NULL AND ${notNeeded} AND id NOT IN (
				SELECT id FROM job WHERE endedMs IS NOT NULL ORDER BY endedMs DESC, id DESC LIMIT ?)`
		)
		.run(params).changes;
}

/** The job of `kind` that works on `target`, inside the caller's transaction; null where there is none. */
export function readJobOf(
	database: Database,
	kind: string,
	target: string
): { readonly id: JobId; readonly state: JobState } | null {
	const job = findJob<Failure>(database, kind, target);
	return job === null ? null : { id: job.id, state: job.state };
}

/** A schedule as it stands in its table. */
export type ScheduleRow = {
	readonly id: ScheduleId;
	readonly kind: string;
	readonly target: string;
	readonly cron: string;
	readonly nextMs: number;
	readonly lastMs: number | null;
};

export function readSchedules(database: Database): ScheduleRow[] {
	return database
		.all(build.selectFrom('schedule').selectAll().orderBy('id'))
		.map((row) => ({ ...row, id: scheduleId(row.id) }));
}

/** Sets the schedule of a kind and target, which keeps its number where there is one. */
export function writeSchedule(database: Database, row: Omit<ScheduleRow, 'id' | 'lastMs'>): void {
	database
		.prepare(
			`INSERT INTO schedule (kind, target, cron, nextMs) VALUES (?, ?, ?, ?)
			ON CONFLICT (kind, target) DO UPDATE SET cron = excluded.cron, nextMs = excluded.nextMs`
		)
		.run([row.kind, row.target, row.cron, row.nextMs]);
}

/** When a schedule is due next, and when it was last. */
export function writeScheduleTimes(
	database: Database,
	{ id, nextMs, lastMs }: Pick<ScheduleRow, 'id' | 'nextMs' | 'lastMs'>
): void {
	database.run(build.updateTable('schedule').set({ nextMs, lastMs }).where('id', '=', id));
}

/** Whether there was one to delete. */
export function deleteSchedule(database: Database, id: ScheduleId): boolean {
	return database.run(build.deleteFrom('schedule').where('id', '=', id)).changes > 0;
}
