import * as v from 'valibot';
import { locationId } from '#core/kernel';
import {
	checkUnchanged,
	defineAction,
	defineRows,
	draftOne,
	measureOne,
	type Action,
	type ChangedSince,
	type Facts,
	type Operation
} from '#core/actions';
import { parseCronText, type CronFailure } from '#core/jobs';
import type { Database } from '#core/schema';
import { whyMissing, type Location, type LocationNotHere } from '#core/volumes';
import { scheduledKinds, isScheduled, type AllSchedules, type ScheduledKind } from './job-kinds.ts';

/** What the one job is about that works on no location. */
const wholeLibrary = 'library';

const jobSchema = v.custom<ScheduledKind>((value) => typeof value === 'string' && isScheduled(value));
const cronSchema = v.nullable(v.string());
const operationSchema = v.object({
	kind: v.literal('set-schedule'),
	job: jobSchema,
	target: v.string(),
	/** What the location is called; null for the whole library. */
	name: v.nullable(v.string()),
	/** Null where the job is not done by itself. */
	from: cronSchema,
	to: cronSchema
});

type SetSchedule = v.InferOutput<typeof operationSchema>;

export type SetScheduleDomain = {
	readonly operation: SetSchedule;
	readonly block: ChangedSince | CronFailure | LocationNotHere;
	readonly warning: never;
	readonly failure: never;
};

type Deps = {
	readonly database: Database;
	/** There are none before the queue of jobs, which needs the actions. */
	readonly schedules: () => AllSchedules;
	/** Inside `read`. */
	readonly readLocations: () => readonly Location[];
};

function check(
	{ database, schedules, readLocations }: Deps,
	{ job, target, from, to }: SetSchedule,
	facts: Facts
): SetScheduleDomain['block'] | null {
	const isKnown = target === wholeLibrary || readLocations().some(({ id }) => String(id) === target);
	facts.note(`location/${target}/is-known`, isKnown ? 1 : 0);
	if (!isKnown) return whyMissing(database, locationId(Number(target)));
	const parsed = to === null ? null : parseCronText(to);
	if (parsed?.ok === false) return parsed.failure;
	return checkUnchanged(facts, `schedule/${job}/${target}`, schedules().readCron(job, target), from);
}

/**
 * Has a job queued by itself whenever its cron is due by the device's local time while the library is open, and once at
 * its opening for what was due since it was closed; null for no more.
 */
export function setScheduleOperation(deps: Deps): Operation<SetScheduleDomain> {
	return defineRows(operationSchema, {
		check: (operation, facts) => check(deps, operation, facts),
		measure: measureOne,
		apply: (operation): SetSchedule => {
			const { job, target, from, to } = operation;
			deps.schedules().writeCron(job, target, to);
			return { ...operation, from: to, to: from };
		}
	});
}

export function setScheduleAction(deps: Deps): Action<SetScheduleDomain> {
	return defineAction({
		name: 'jobs.set-schedule',
		input: v.object({
			kind: jobSchema,
			/** Null for the kind that works on the whole library. */
			location: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
			cron: cronSchema
		}),
		plan: ({ kind: job, location, cron }, facts) => {
			const target = scheduledKinds[job] === 'other' ? wholeLibrary : String(location ?? 0);
			const known = location === null ? undefined : deps.readLocations().find(({ id }) => id === locationId(location));
			const from = deps.schedules().readCron(job, target);
			const parsed = cron === null ? null : parseCronText(cron);
			const to = parsed?.ok === true ? parsed.value : cron;
			const name = target === wholeLibrary ? null : (known?.name ?? '');
			const operation: SetSchedule = { kind: 'set-schedule', job, target, name, from, to };
			return draftOne<SetScheduleDomain>(operation, { why: check(deps, operation, facts), isSame: from === to });
		}
	});
}
