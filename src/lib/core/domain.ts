import type { Plan, RecordedAction, RecordedStep, WithUndo } from '#core/actions';
import type { FilesActionName, FilesDomain } from '#core/files';
import type { MetadataActionName, MetadataDomain } from '#core/metadata';
import type { RenameDomain, RenameVolumeDomain } from '#core/volumes';

/** All that actions are made of: a room that has some adds its domain here, and everything else asks for the rest. */
type Parts = RenameDomain | RenameVolumeDomain | FilesDomain | MetadataDomain;

/** The operations of all rooms, and what can be said against one. */
export type AtollDomain = {
	readonly operation: Parts['operation'];
	readonly block: Parts['block'];
	readonly warning: Parts['warning'];
	readonly failure: Parts['failure'];
};

/** Everything that can be asked for. */
export type ActionName = 'locations.rename' | 'volumes.rename' | FilesActionName | MetadataActionName | 'actions.undo';

type AnyDomain = WithUndo<AtollDomain>;
export type AnyOperation = AnyDomain['operation'];
export type AnyBlock = AnyDomain['block'];
export type AnyWarning = AnyDomain['warning'];
export type AnyPlan = Plan<AnyDomain>;
export type AnyAction = RecordedAction<AnyDomain>;
export type AnyStep = RecordedStep<AnyDomain>;
