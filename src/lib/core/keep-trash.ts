import { commandId, type CommandId } from '#core/kernel';
import { hex } from '@scure/base';
import type { Host } from '#core/ports';
import type { Database } from '#core/schema';
import { believe, readSeenTimes, readSettingsNow, writeSeenTimes } from '#core/library';
import type { Volumes } from '#core/volumes';
import type { AllJobs } from './job-kinds.ts';
import type { AllActions } from './operations.ts';

/** The wall clock may jump and a machine may sleep: it is looked at so often. */
const lookEveryMs = 60 * 60_000;
/** So far the wall clock may be ahead of the time that has gone by: a machine that slept over the weekend is no jump. */
const aheadMsMax = 48 * 60 * 60_000;
const dayMs = 24 * 60 * 60_000;
const commandBytes = 16;

type Deps = Pick<Host, 'clock' | 'random'> & {
	readonly database: Database;
	readonly actions: AllActions;
	readonly jobs: AllJobs;
	readonly volumes: Volumes;
};

/**
 * Deletes what has lain in the trash for longer than the library keeps it, while the library is open: as an action like
 * a person's, so that it is planned, recorded and gone on with after a kill. What lies on a disk that is away waits.
 */
export type TrashKeeper = {
	start(): void;
	/** Looks now: the time that things are kept for is another. */
	look(): void;
	close(): Promise<void>;
};

/** Before which time what was put into the trash is due now; null where nothing is. */
function readDueMs({ database, clock }: Deps, nowMs: number, hasJumped: boolean): number | null {
	const read = database.read(() => ({
		seen: readSeenTimes(database),
		trashDays: readSettingsNow(database).trashDays
	}));
	if (!read.ok) return null;
	const { seen, trashDays } = read.value;
	const times = believe(seen, nowMs, hasJumped);
	// Mostly nothing is new: a disk that sleeps is left asleep.
	const written = times === seen ? read : database.write(() => writeSeenTimes(database, times));
	if (!written.ok || trashDays === null) return null;
	return Math.min(times.believedMs, clock.nowMs()) - trashDays * dayMs;
}

/** Ends a deletion that waits for a disk: by the time that is there something else may be wanted. Whether none goes on. */
async function endWaiting({ actions, jobs }: Deps): Promise<boolean> {
	const history = actions.history(null, 200);
	if (!history.ok) return false;
	for (const { id, action, job, state } of history.value) {
		if (action !== 'files.purge' || state !== 'running' || job === null) continue;
		// A person has paused it, or it is at work.
		if (job.state === 'paused' || jobs.isLive('action', String(id))) return false;
		const ended = await jobs.cancel(job.id);
		if (!ended.ok) return false;
	}
	return true;
}

function newCommand({ random }: Deps): CommandId {
	return commandId(hex.encode(random.bytes(commandBytes)));
}

async function purge(deps: Deps, beforeMs: number, signal: AbortSignal): Promise<void> {
	const { actions, clock, volumes } = deps;
	if (!(await endWaiting(deps))) return;
	const request = { action: 'files.purge', input: { beforeMs } };
	const known = actions.preview(request);
	if (!known.ok || known.value.counts.operations + known.value.counts.blocked === 0) return;
	// A disk that was unplugged since anybody looked is away for this plan.
	const looked = await volumes.look(signal);
	if (!looked.ok || signal.aborted) return;
	const plan = actions.preview(request);
	if (!plan.ok || plan.value.counts.operations === 0) return;
	actions.commit({ ...request, plan: plan.value.id }, { command: newCommand(deps), atMs: clock.nowMs() });
}

export function createTrashKeeper(deps: Deps): TrashKeeper {
	const { clock } = deps;
	const life = new AbortController();
	let timer = new AbortController();
	let working = Promise.resolve();
	let last: { readonly nowMs: number; readonly elapsedMs: number } | null = null;
	let isStarted = false;

	/** Whether the wall clock has been set since the last look, as far as the time that has gone by tells. */
	function hasJumped(nowMs: number): boolean {
		const elapsedMs = clock.elapsedMs();
		const before = last;
		last = { nowMs, elapsedMs };
		if (before === null) return false;
		const wallMs = nowMs - before.nowMs;
		return wallMs < 0 || wallMs - (elapsedMs - before.elapsedMs) > aheadMsMax;
	}

	async function lookOnce(): Promise<void> {
		if (life.signal.aborted) return;
		const nowMs = clock.nowMs();
		const dueMs = readDueMs(deps, nowMs, hasJumped(nowMs));
		try {
			if (dueMs !== null) await purge(deps, dueMs, life.signal);
		} catch (thrown) {
			if (!life.signal.aborted) throw thrown;
		}
	}

	function look(): void {
		if (!isStarted || life.signal.aborted) return;
		timer.abort();
		timer = new AbortController();
		const signal = AbortSignal.any([timer.signal, life.signal]);
		working = working.then(lookOnce);
		void working
			.then(() => clock.wait(lookEveryMs, signal))
			.then(() => {
				if (!signal.aborted) look();
			});
	}

	return {
		look,
		start: () => {
			isStarted = true;
			look();
		},
		close: async () => {
			life.abort();
			await working;
		}
	};
}
