import * as v from 'valibot';
import type { EntryId, LocationId } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import type { Database } from '#core/schema';
import {
	analysisPolicies,
	isAnalysisKind,
	readSaid,
	setPolicyAction,
	setPolicyOperation,
	writePolicy
} from '#core/analysis';
import { countTrash, createSetRules, readUsage, type Index } from '#core/index';
import {
	changeSettingAction,
	changeSettingOperation,
	renameLibraryAction,
	renameLibraryOperation
} from '#core/library';
import { readRules, ruleSetSchema } from '#core/rules';
import {
	addLocationAction,
	locationOperations,
	removeLocationAction,
	renameLocationAction,
	renameLocationOperation,
	renameVolumeAction,
	renameVolumeOperation,
	setClassAction,
	setClassOperation,
	setModeAction,
	setModeOperation,
	type FolderLook,
	type Location,
	type LocationsDeps,
	type Taking
} from '#core/volumes';
import type { AtollDomain } from './domain.ts';
import { isScheduled, scheduledKinds, type AllSchedules, type ScheduledKind } from './job-kinds.ts';
import { setScheduleAction, setScheduleOperation } from './set-schedule.ts';

type Deps = {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly index: Index;
	readonly look: FolderLook;
	readonly schedules: () => AllSchedules;
	/** Inside `read`. */
	readonly readLocations: () => readonly Location[];
	readonly taking: Taking;
};

/** What rooms that come after the locations keep of one, as JSON in the record of its removal. */
const othersSchema = v.object({
	rules: ruleSetSchema,
	policies: v.array(v.object({ kind: v.string(), policy: v.picklist(analysisPolicies) })),
	schedules: v.array(v.object({ kind: v.string(), cron: v.string() }))
});

function scheduledOf(schedules: AllSchedules, location: LocationId): { kind: ScheduledKind; cron: string }[] {
	return Object.keys(scheduledKinds)
		.filter(isScheduled)
		.flatMap((kind) => {
			const cron = scheduledKinds[kind] === 'location' ? schedules.readCron(kind, String(location)) : null;
			return cron === null ? [] : [{ kind, cron }];
		});
}

export function onLocations({ database, clock, index, look, schedules, taking }: Deps): LocationsDeps {
	return {
		...taking,
		database,
		clock,
		look,
		writeRootEntry: (name) => index.writeRootEntry(name),
		writeRootDirectory: (entry, location) => index.writeRootDirectory(entry, location),
		readOthers: (location) => ({
			rules: readRules(database, location).rules,
			policies: readSaid(database).filter((said) => said.location === location),
			schedules: scheduledOf(schedules(), location)
		}),
		writeOthers: (location, others) => {
			const kept = v.parse(othersSchema, others);
			index.writeRules(location, kept.rules);
			for (const { kind, policy } of kept.policies)
				if (isAnalysisKind(kind)) writePolicy(database, location, kind, policy);
			for (const { kind, cron } of kept.schedules)
				if (isScheduled(kind)) schedules().writeCron(kind, String(location), cron);
		},
		dropOthers: (location) => {
			for (const { kind } of scheduledOf(schedules(), location)) schedules().writeCron(kind, String(location), null);
		},
		countEntries: ({ entry }) => {
			const { files, folders, sizeBytes } = readUsage(database, entry);
			return { items: files + folders, sizeBytes };
		},
		countTrash: (location) => countTrash(database, location, null)
	};
}

/** How each thing that people set is checked and done. */
export function settingOperations(deps: Deps) {
	const { database, index } = deps;
	const naming = { database, writeRootName: (entry: EntryId, name: string) => index.writeRootName(entry, name) };
	return {
		'rename-library': renameLibraryOperation(database),
		'change-setting': changeSettingOperation(database),
		...locationOperations(onLocations(deps)),
		'rename-location': renameLocationOperation(naming),
		'rename-volume': renameVolumeOperation(naming),
		'set-mode': setModeOperation(database),
		'set-class': setClassOperation(database),
		'set-rules': createSetRules(deps).operation,
		'set-policy': setPolicyOperation(deps),
		'set-schedule': setScheduleOperation(deps)
	};
}

export function settingActions(deps: Deps) {
	const { database, index } = deps;
	const naming = { database, writeRootName: (entry: EntryId, name: string) => index.writeRootName(entry, name) };
	return {
		'library.rename': renameLibraryAction(database),
		'library.change-setting': changeSettingAction(database),
		'locations.add': addLocationAction(onLocations(deps)),
		'locations.remove': removeLocationAction(onLocations(deps)),
		'locations.rename': renameLocationAction(naming),
		'locations.set-mode': setModeAction(database),
		'locations.set-class': setClassAction(database),
		'locations.set-rules': createSetRules(deps).action,
		'volumes.rename': renameVolumeAction(naming),
		'analysis.set-policy': setPolicyAction(deps),
		'jobs.set-schedule': setScheduleAction(deps)
	};
}

type Operations = AtollDomain['operation'];
type SettingOperation = Extract<Operations, { kind: keyof ReturnType<typeof settingOperations> }>;

const kinds: Readonly<Record<SettingOperation['kind'], true>> = {
	'rename-library': true,
	'change-setting': true,
	'add-location': true,
	'remove-location': true,
	'rename-location': true,
	'rename-volume': true,
	'set-mode': true,
	'set-class': true,
	'set-rules': true,
	'set-policy': true,
	'set-schedule': true
};

/** Whether an operation is one of these: they change what is set, and no entry. */
export function isSetting(operation: Operations): operation is SettingOperation {
	return Object.hasOwn(kinds, operation.kind);
}
