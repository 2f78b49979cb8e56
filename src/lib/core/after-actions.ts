import { locationId, type LocationId, type Result } from '#core/kernel';
import type { AtollDomain } from './domain.ts';
import { dropJobsOf, type AllJobs, type JobFailure } from './job-kinds.ts';
import type { CoreEvent, Opened } from './joined.ts';

type Done = AtollDomain['operation'];

type Deps = Pick<
	Opened,
	'locations' | 'index' | 'schedules' | 'wishes' | 'indexJob' | 'queueJob' | 'followUp' | 'life'
> & {
	readonly jobs: AllJobs;
	readonly emit: (event: CoreEvent) => void;
	/** Watches the locations that there are now. */
	readonly followAll: () => void;
	/** The trash keeps what lies in it for another time. */
	readonly trashChanged: () => void;
};

/** What follows when settings were changed: beside the change, as what was set holds from its transaction on. */
export type AfterActions = {
	onDone(done: readonly Done[]): void;
	/** Resolves when what has followed so far has come to its end. */
	settled(): Promise<void>;
};

async function requeue({ jobs, queueJob, life }: Deps): Promise<void> {
	await jobs.run(queueJob.request(), life.signal);
}

async function afterMode(deps: Deps, { location, from, to }: Extract<Done, { kind: 'set-mode' }>): Promise<void> {
	const id = locationId(location);
	if (to === 'shallow') await deps.jobs.drop('content', String(id));
	else await deps.followUp(id, deps.life.signal);
	// What is queued hangs on the deep ones alone.
	if ([from, to].includes('deep')) await requeue(deps);
}

function readAgain({ locations, jobs, indexJob }: Deps, isMeant: (id: LocationId, root: string) => boolean): void {
	const known = locations.list();
	const location = known.ok ? known.value.find(({ id, root }) => isMeant(id, root)) : undefined;
	if (location !== undefined) jobs.queue(indexJob.request({ location: location.id, acceptEmpty: false }));
}

async function afterRemove(deps: Deps, location: LocationId): Promise<Result<null, JobFailure>> {
	// What still runs in it finds it gone; what it has written meanwhile is swept with all else.
	const dropped = await dropJobsOf(deps, location);
	await deps.index.stop(location);
	return dropped.ok ? deps.index.sweep(deps.life.signal) : dropped;
}

/** What is to be seen to before anybody asks again. */
function tell(deps: Deps, done: Done): void {
	switch (done.kind) {
		case 'rename-library':
			return deps.emit({ type: 'library-changed' });
		case 'change-setting':
			deps.emit({ type: 'settings-changed' });
			return done.setting === 'trashDays' ? deps.trashChanged() : undefined;
		case 'set-rules':
			deps.index.rulesChanged();
			return deps.emit({ type: 'locations-changed' });
		case 'set-mode':
			deps.wishes.forget();
			return deps.emit({ type: 'locations-changed' });
		case 'set-policy':
			return deps.wishes.forget();
		case 'set-schedule':
			return deps.schedules.changed();
		case 'add-location':
		case 'remove-location':
			deps.wishes.forget();
			deps.emit({ type: 'locations-changed' });
			deps.schedules.changed();
			return deps.followAll();
		case 'rename-location':
		case 'rename-volume':
		case 'set-class':
			return deps.emit({ type: 'locations-changed' });
		default:
			return;
	}
}

/** The work that follows; null where there is none. */
function workOf(deps: Deps, done: Done): (() => Promise<unknown>) | null {
	switch (done.kind) {
		case 'set-mode':
			return () => afterMode(deps, done);
		case 'set-policy':
			return () => requeue(deps);
		case 'set-rules':
			return async () => {
				const location = deps.locations.find(locationId(done.location));
				const isRead = location.ok && (location.value.indexedMs !== null || location.value.unfinished);
				if (isRead) readAgain(deps, (id) => id === done.location);
			};
		case 'add-location':
			// Whoever adds one has it read; one that comes back is read by itself.
			if (done.kept === null) return null;
			return async () => readAgain(deps, (_, root) => root === done.root);
		case 'remove-location':
			return () => afterRemove(deps, locationId(done.location));
		default:
			return null;
	}
}

export function createAfterActions(deps: Deps): AfterActions {
	let working = Promise.resolve();
	const follow = async (before: Promise<void>, work: () => Promise<unknown>) => {
		await before;
		try {
			if (!deps.life.signal.aborted) await work();
		} catch (thrown) {
			if (!deps.life.signal.aborted) throw thrown;
		}
	};
	return {
		onDone: (all) => {
			for (const done of all) {
				tell(deps, done);
				const work = workOf(deps, done);
				if (work !== null) working = follow(working, work);
			}
		},
		settled: () => working
	};
}
