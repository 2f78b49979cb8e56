import { entryId, type LocationId } from '#core/kernel';
import type { Host } from '#core/ports';
import type { Database } from '#core/schema';
import {
	createActions,
	createGivingUp,
	createStepRunner,
	operationFinder,
	type Action,
	type ActionQueue,
	type Actions,
	type Operation,
	type OperationTable,
	type WithUndo
} from '#core/actions';
import type { Runner } from '#core/jobs';
import { filesActions, filesOperations } from '#core/files';
import { readLocationOf, readPath, type Index } from '#core/index';
import { createMetadataActions, createMetadataOperations, isSaying } from '#core/metadata';
import type { FolderLook, Locations, Taking, Volumes } from '#core/volumes';
import { readSeenTimes } from '#core/library';
import type { ActionName, AtollDomain } from './domain.ts';
import { createGuard } from './guard.ts';
import type { AllSchedules, JobFailure, JobFailures } from './job-kinds.ts';
import type { CoreEvent } from './joined.ts';
import { isSetting, onLocations, settingActions, settingOperations } from './setting-actions.ts';

export type AllActions = Actions<WithUndo<AtollDomain>, JobFailure>;

type Deps = Pick<Host, 'clock' | 'files' | 'changes' | 'compute'> & {
	readonly database: Database;
	/** Names the library among all others, in what its steps leave on disks until they are done. */
	readonly library: string;
	readonly index: Index;
	readonly locations: Locations;
	readonly volumes: Volumes;
	readonly look: FolderLook;
	readonly taking: Taking;
	readonly schedules: () => AllSchedules;
	readonly emit: (event: CoreEvent) => void;
	/** Aborts when the library is closed. */
	readonly life: AbortSignal;
	/** What follows when operations were done. */
	readonly followUp: (done: readonly AtollDomain['operation'][]) => void;
};

type Operations = AtollDomain['operation'];

/** Folders of the index that look otherwise once an operation was done. */
function foldersOf(operation: Operations): readonly number[] {
	if (isSaying(operation) || isSetting(operation)) return [];
	switch (operation.kind) {
		case 'delete-entry':
			return [];
		case 'move-entry':
			return [operation.from.folder, operation.to.folder];
		case 'copy-entry':
		case 'restore-entry':
		case 'ingest-entry':
			return [operation.to.folder];
		case 'trash-entry':
			return [operation.from.folder];
		case 'trash-copy':
			// Where the copy that was to stay is not what it was, the library learns of it.
			return [operation.from.folder, operation.copyOf.at.folder];
		case 'make-folder':
		case 'make-file':
		case 'remove-folder':
			return [operation.at.folder];
	}
}

/** Tells whoever looks that operations were done. */
function tell(emit: Deps['emit'], done: readonly Operations[]): void {
	const folders = [...new Set(done.flatMap(foldersOf))].map(entryId);
	if (folders.length > 0) emit({ type: 'entries-changed', folders });
	if (done.some(isSaying)) emit({ type: 'metadata-changed' });
}

/** Has the index read the folders again that steps have touched: what came there meanwhile is seen as well. */
async function readAgain({ database, index, locations }: Deps, done: readonly Operations[], signal: AbortSignal) {
	const paths = new Map<LocationId, (readonly string[])[]>();
	const read = database.read(() => {
		for (const folder of new Set(done.flatMap(foldersOf).map(entryId))) {
			const location = readLocationOf(database, folder);
			if (location !== null) paths.set(location, [...(paths.get(location) ?? []), readPath(database, folder)]);
		}
	});
	if (!read.ok) return;
	for (const [id, folders] of paths) {
		const location = locations.find(id);
		if (location.ok) await index.refresh(location.value, folders, signal);
	}
}

/** Joins what the rooms bring: the runner for the queue of jobs, and the actions once there is one. */
export function joinActions(deps: Deps) {
	const { database, clock, compute, library, locations, volumes, emit } = deps;
	const onFiles = {
		...deps,
		passedMs: () => {
			const seen = database.read(() => readSeenTimes(database));
			return seen.ok ? seen.value.believedMs : 0;
		},
		locate: (id: LocationId, signal: AbortSignal) => volumes.locate(id, signal),
		// What is another device's is refused by its name.
		readLocations: () => locations.readEverywhere(),
		readVolumes: () => volumes.readAll()
	};
	const setting = { ...deps, readLocations: () => locations.readAll() };
	const operations: OperationTable<AtollDomain> = {
		...settingOperations(setting),
		...filesOperations(onFiles),
		...createMetadataOperations(database)
	};
	const byName: Readonly<Record<Exclude<ActionName, 'actions.undo'>, Action<AtollDomain>>> = {
		...settingActions(setting),
		...filesActions(onFiles),
		...createMetadataActions(database)
	};
	const actions = Object.values(byName);
	const onDone = (done: readonly Operations[]) => {
		tell(emit, done);
		deps.followUp(done);
	};
	const guard = createGuard({ ...deps, readLocations: setting.readLocations });
	const onChange = () => emit({ type: 'actions-changed' });
	const operationOf: (operation: unknown) => Operation<AtollDomain> = operationFinder<AtollDomain>(operations);
	const stepping = {
		database,
		clock,
		library,
		operationOf,
		onDone,
		afterAll: (done: readonly Operations[], signal: AbortSignal) => readAgain(deps, done, signal)
	};
	const givingUp = createGivingUp<AtollDomain>(stepping, deps.life, onChange);
	const runner: Runner<JobFailures['action']> = createStepRunner<AtollDomain>(stepping, givingUp.one, onChange);
	return {
		runner,
		onLocations: onLocations(setting),
		endBrokenOff: givingUp.all,
		over: (jobs: ActionQueue<JobFailure>): AllActions =>
			createActions({
				database,
				compute,
				clock,
				actions,
				operations,
				jobs,
				guard,
				isGivingUp: givingUp.isGoing,
				onDone,
				onChange
			})
	};
}
