import type { Plan, RecordedAction, RecordedStep, WithUndo } from '#core/actions';
import type { FilesActionName, FilesDomain } from '#core/files';
import type { MetadataActionName, MetadataDomain } from '#core/metadata';
import type { SetPolicyDomain } from '#core/analysis';
import type { SetRulesDomain } from '#core/index';
import type { RenameLibraryDomain, SettingsDomain } from '#core/library';
import type { LocationsDomain, RenameDomain, RenameVolumeDomain, SetClassDomain, SetModeDomain } from '#core/volumes';
import type { SetScheduleDomain } from './set-schedule.ts';

/** All that actions are made of: a room that has some adds its domain here, and everything else asks for the rest. */
type Parts = FilesDomain | MetadataDomain | SettingParts;

/** What people set. */
type SettingParts =
	| RenameLibraryDomain
	| SettingsDomain
	| LocationsDomain
	| RenameDomain
	| RenameVolumeDomain
	| SetModeDomain
	| SetClassDomain
	| SetRulesDomain
	| SetPolicyDomain
	| SetScheduleDomain;

/** What can be said of a plan whatever action it is of (`guard.ts`). */
type TrashDue = {
	/** So much in the trash is older than it is to be kept from now on. */
	readonly type: 'TrashDue';
	readonly days: number;
	readonly items: number;
	readonly sizeBytes: number;
};

/** The operations of all rooms, and what can be said against one. */
export type AtollDomain = {
	readonly operation: Parts['operation'];
	readonly block: Parts['block'];
	readonly warning: Parts['warning'] | TrashDue;
	readonly failure: Parts['failure'];
};

/** What people set, by the names of the actions. */
type SettingActionName =
	| 'library.rename'
	| 'library.change-setting'
	| 'locations.add'
	| 'locations.remove'
	| 'locations.rename'
	| 'locations.set-mode'
	| 'locations.set-class'
	| 'locations.set-rules'
	| 'volumes.rename'
	| 'analysis.set-policy'
	| 'jobs.set-schedule';

/** Everything that can be asked for. */
export type ActionName = SettingActionName | FilesActionName | MetadataActionName | 'actions.undo';

type AnyDomain = WithUndo<AtollDomain>;
export type AnyOperation = AnyDomain['operation'];
export type AnyBlock = AnyDomain['block'];
export type AnyWarning = AnyDomain['warning'];
export type AnyPlan = Plan<AnyDomain>;
export type AnyAction = RecordedAction<AnyDomain>;
export type AnyStep = RecordedStep<AnyDomain>;
/** Why a thing that people set cannot be so, where they can do otherwise. */
export type SettingRefusal = Exclude<
	SettingParts['block'],
	{ readonly type: 'ChangedSince' | 'RenamedSince' | 'VolumeRenamedSince' | 'VolumeMissing' | 'FolderUnseen' }
>;
