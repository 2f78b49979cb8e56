import { invariant, ok, type Result, type ScheduleId } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import { nextTime, parseCron, type CronFailure } from './cron.ts';
import type { JobRequest } from './schema.ts';
import { deleteSchedule, readSchedules, writeSchedule, writeScheduleTimes, type ScheduleRow } from './store.ts';

/** The wall clock may jump and a machine may sleep: it is looked at so often, which is as fine as a cron is. */
const lookEveryMs = 60_000;
/** A clock that is set back by less does not have done again what was done; by more, it was wrong before. */
const setBackMsMax = 3 * 60 * 60_000;

/** A job that is queued by itself. */
export type Schedule<K extends string> = {
	readonly id: ScheduleId;
	readonly kind: K;
	readonly target: string;
	/** Five fields of cron, by the device's local time. */
	readonly cron: string;
	readonly nextMs: number;
	/** When its job was queued last; null before the first time. */
	readonly lastMs: number | null;
};

/** The schedules of an open library; at most one for each kind and target. */
export type Schedules<K extends string> = {
	list(): Result<Schedule<K>[], StorageFailure>;
	/** Inside a transaction: when the job of a kind and target is due; null where it is not by itself. */
	readCron(kind: K, target: string): string | null;
	/** Inside a transaction: takes the place of what the kind and target has; null takes it away. `changed` is due then. */
	writeCron(kind: K, target: string, cron: string | null): void;
	/** To be called once that is down. */
	changed(): void;
	/** Sees to what is due from now on, and to what was due since the library was closed. */
	start(): void;
	close(): void;
};

type Deps<K extends string> = {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly isKind: (kind: string) => kind is K;
	/** See `Jobs.queueTaken`. */
	readonly queueTaken: (take: () => readonly JobRequest<K>[]) => Result<null, StorageFailure>;
	/** Inside a transaction: the job of a schedule; null where there is nothing any more that it could work on. */
	readonly toRequest: (kind: K, target: string) => JobRequest<K> | null;
	readonly onChange: () => void;
};

/** A cron expression as it is kept, or why it is none. */
export function parseCronText(text: string): Result<string, CronFailure> {
	const cron = text.trim().split(/\s+/).join(' ');
	const parsed = parseCron(cron);
	return parsed.ok ? ok(cron) : parsed;
}

/** When `row` is due next, if it is not now. */
function nextOf(row: Pick<ScheduleRow, 'cron' | 'lastMs'>, nowMs: number, clock: ClockPort): number {
	const cron = parseCron(row.cron);
	invariant(cron.ok, 'a schedule that was set has a cron expression');
	const { lastMs } = row;
	const isSetBack = lastMs !== null && lastMs > nowMs && lastMs - nowMs <= setBackMsMax;
	return nextTime(cron.value, isSetBack ? lastMs : nowMs, (atMs) => clock.utcOffsetMs(atMs));
}

export function createSchedules<K extends string>(deps: Deps<K>): Schedules<K> {
	const { database, clock, isKind, queueTaken, toRequest, onChange } = deps;
	const life = new AbortController();
	let timer = new AbortController();
	let isStarted = false;

	const list = () =>
		database.read(() =>
			readSchedules(database).flatMap((row) => (isKind(row.kind) ? [{ ...row, kind: row.kind }] : []))
		);

	const findRow = (kind: K, target: string) =>
		readSchedules(database).find((row) => row.kind === kind && row.target === target);

	/** Has the jobs of what is due queued, and notes when all are due next; answers the first of these times. */
	function take(rows: readonly Schedule<K>[], nowMs: number): Result<number, StorageFailure> {
		const timed = rows.map((row) => ({ ...row, isDue: row.nextMs <= nowMs, dueMs: nextOf(row, nowMs, clock) }));
		// A clock that was set, or a device that was taken to another zone, makes another time the next.
		const changed = timed.filter(({ isDue, nextMs, dueMs }) => isDue || nextMs !== dueMs);
		const firstMs = Math.min(Infinity, ...timed.map(({ dueMs }) => dueMs));
		if (changed.length === 0) return ok(firstMs);
		const taken = queueTaken(() =>
			changed.flatMap(({ id, kind, target, lastMs, isDue, dueMs }) => {
				writeScheduleTimes(database, { id, nextMs: dueMs, lastMs: isDue ? nowMs : lastMs });
				const request = toRequest(kind, target);
				if (request === null) deleteSchedule(database, id);
				return request === null || !isDue ? [] : [request];
			})
		);
		return taken.ok ? ok(firstMs) : taken;
	}

	function look(): void {
		if (!isStarted || life.signal.aborted) return;
		timer.abort();
		const rows = list();
		if (rows.ok && rows.value.length === 0) return;
		const nowMs = clock.nowMs();
		const first = rows.ok ? take(rows.value, nowMs) : rows;
		const waitMs = first.ok ? Math.min(lookEveryMs, first.value - nowMs) : lookEveryMs;
		timer = new AbortController();
		const signal = AbortSignal.any([timer.signal, life.signal]);
		void clock.wait(waitMs, signal).then(() => {
			if (!signal.aborted) look();
		});
	}

	return {
		list,
		readCron: (kind, target) => findRow(kind, target)?.cron ?? null,
		writeCron: (kind, target, cron) => {
			if (cron !== null)
				return writeSchedule(database, {
					kind,
					target,
					cron,
					nextMs: nextOf({ cron, lastMs: null }, clock.nowMs(), clock)
				});
			const row = findRow(kind, target);
			if (row !== undefined) deleteSchedule(database, row.id);
		},
		changed: () => {
			onChange();
			look();
		},
		start: () => {
			isStarted = true;
			look();
		},
		close: () => life.abort()
	};
}
