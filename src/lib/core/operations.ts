import type { EntryId } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import type { Database } from '#core/schema';
import {
	createActions,
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
import { createMetadataActions, createMetadataOperations, type MetadataDomain } from '#core/metadata';
import { renameLocationAction, renameLocationOperation } from '#core/volumes';
import type { AtollDomain } from './domain.ts';
import type { JobFailure, JobFailures } from './job-kinds.ts';
import type { CoreEvent } from './joined.ts';

export type AllActions = Actions<WithUndo<AtollDomain>, JobFailure>;

type Deps = {
	readonly database: Database;
	readonly clock: ClockPort;
	/** Names the library among all others, in what its steps leave on disks until they are done. */
	readonly library: string;
	readonly writeRootName: (entry: EntryId, name: string) => void;
	readonly emit: (event: CoreEvent) => void;
};

const metadataChanged = { type: 'metadata-changed' } as const;
const metadataEvents = {
	'metadata.restore-tag': metadataChanged,
	'metadata.delete-tag': metadataChanged,
	'metadata.edit-tag': metadataChanged,
	'metadata.merge-tags': metadataChanged,
	'metadata.unmerge-tags': metadataChanged,
	'metadata.relate-tags': metadataChanged,
	'metadata.unrelate-tags': metadataChanged,
	'metadata.tag-entries': metadataChanged,
	'metadata.untag-entries': metadataChanged,
	'metadata.mark-entries': metadataChanged,
	'metadata.restore-collection': metadataChanged,
	'metadata.delete-collection': metadataChanged,
	'metadata.rename-collection': metadataChanged,
	'metadata.collect-entries': metadataChanged,
	'metadata.uncollect-entries': metadataChanged
} as const satisfies Readonly<Record<MetadataDomain['operation']['kind'], CoreEvent>>;

/** What is told once operations of a kind were done. */
const eventOf = {
	...metadataEvents,
	'rename-location': { type: 'locations-changed' }
} as const satisfies Readonly<Record<AtollDomain['operation']['kind'], CoreEvent>>;

/** Joins what the rooms bring: the runner for the queue of jobs, and the actions once there is one. */
export function joinActions(deps: Deps) {
	const { database, clock, library, emit } = deps;
	const operations: OperationTable<AtollDomain> = {
		...createMetadataOperations(database),
		'rename-location': renameLocationOperation(deps)
	};
	const actions: readonly Action<AtollDomain>[] = [renameLocationAction(deps), ...createMetadataActions(database)];
	const onDone = (done: readonly AtollDomain['operation'][]) => {
		for (const event of new Set(done.map(({ kind }) => eventOf[kind]))) emit(event);
	};
	const onChange = () => emit({ type: 'actions-changed' });
	const operationOf: (operation: unknown) => Operation<AtollDomain> = operationFinder<AtollDomain>(operations);
	const runner: Runner<JobFailures['action']> = createStepRunner(
		{ database, clock, library, operationOf, onDone },
		onChange
	);
	return {
		runner,
		over: (jobs: ActionQueue<JobFailure>): AllActions =>
			createActions({ database, clock, actions, operations, jobs, onDone, onChange })
	};
}
