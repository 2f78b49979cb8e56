import { defineStep, type Action, type Facts, type OperationTable } from '#core/actions';
import { checkCopy, checkDelete, checkMake, checkMove, checkRemoveFolder, checkRestore, checkTrash } from './checks.ts';
import { makeFolderAction } from './make.ts';
import { runCopies, runDeletions, runMakeFolders, runRemoveFolders } from './make-steps.ts';
import { runMoves, runRestores, runTrashings } from './move-steps.ts';
import type { StepsDeps } from './places.ts';
import { renameAction } from './rename.ts';
import {
	copySchema,
	deleteSchema,
	makeFolderSchema,
	moveSchema,
	removeFolderSchema,
	restoreSchema,
	trashSchema,
	type FilesDomain,
	type FilesOperation
} from './schema.ts';
import { deleteAction, purgeAction, restoreAction, trashAction } from './trash.ts';
import { copyAction, moveAction, type PlanDeps } from './transfer.ts';
import { createView, foreseeNames } from './view.ts';

export type FilesActionsDeps = StepsDeps & Omit<PlanDeps, 'renamesFolders'>;

type Sized = { readonly items: number; readonly sizeBytes: number };

const measureSubject = ({ items, sizeBytes }: Sized) => ({ items, sizeBytes });
const measureOne = () => ({ items: 1, sizeBytes: 0 });

/** How each thing that happens to files is checked and done. */
export function filesOperations(deps: FilesActionsDeps): OperationTable<FilesDomain> {
	const look = (facts: Facts) => ({ database: deps.database, view: createView(deps, facts) });
	const foresee = (operation: FilesOperation, facts: Facts) => foreseeNames(createView(deps, facts), operation);
	return {
		'move-entry': defineStep(moveSchema, {
			check: (operation, facts) => checkMove(look(facts), operation),
			measure: measureSubject,
			foresee,
			run: (due, context) => runMoves(deps, due, context)
		}),
		'copy-entry': defineStep(copySchema, {
			check: (operation, facts) => checkCopy(look(facts), operation),
			measure: measureSubject,
			foresee,
			run: (due, context) => runCopies(deps, due, context)
		}),
		'trash-entry': defineStep(trashSchema, {
			check: (operation, facts) => checkTrash(look(facts), operation),
			measure: measureSubject,
			foresee,
			run: (due, context) => runTrashings(deps, due, context)
		}),
		'restore-entry': defineStep(restoreSchema, {
			check: (operation, facts) => checkRestore(look(facts), operation),
			measure: measureSubject,
			foresee,
			run: (due, context) => runRestores(deps, due, context)
		}),
		'delete-entry': defineStep(deleteSchema, {
			check: (operation, facts) => checkDelete(look(facts), operation),
			measure: measureSubject,
			foresee,
			run: (due, context) => runDeletions(deps, due, context)
		}),
		'make-folder': defineStep(makeFolderSchema, {
			check: (operation, facts) => checkMake(look(facts), operation),
			measure: measureOne,
			foresee,
			run: (due, context) => runMakeFolders(deps, due, context)
		}),
		'remove-folder': defineStep(removeFolderSchema, {
			check: (operation, facts) => checkRemoveFolder(look(facts), operation),
			measure: measureOne,
			foresee,
			run: (due, context) => runRemoveFolders(deps, due, context)
		})
	};
}

/** What people ask for. */
export type FilesActionName =
	| 'files.move'
	| 'files.copy'
	| 'files.rename'
	| 'files.make-folder'
	| 'files.trash'
	| 'files.restore'
	| 'files.delete'
	| 'files.purge';

export function filesActions(deps: FilesActionsDeps): Readonly<Record<FilesActionName, Action<FilesDomain>>> {
	const planning = { ...deps, renamesFolders: deps.changes.renamesFolders };
	return {
		'files.move': moveAction(planning),
		'files.copy': copyAction(planning),
		'files.rename': renameAction(deps),
		'files.make-folder': makeFolderAction(deps),
		'files.trash': trashAction(deps),
		'files.restore': restoreAction(deps),
		'files.delete': deleteAction(deps),
		'files.purge': purgeAction(deps)
	};
}
