import { defineStep, type Action, type Facts, type OperationTable } from '#core/actions';
import {
	checkCopy,
	checkDelete,
	checkIngest,
	checkMake,
	checkMove,
	checkRemoveFolder,
	checkRestore,
	checkTrash,
	checkTrashCopy
} from './checks.ts';
import { deduplicateAction } from './deduplicate.ts';
import { giveUpDeleting, runDeletions } from './delete-steps.ts';
import { ingestAction } from './ingest.ts';
import { giveUpIngesting, runIngests, runMakeFiles } from './ingest-steps.ts';
import { makeFolderAction, makeTextAction } from './make.ts';
import {
	giveUpCopying,
	giveUpMaking,
	giveUpRemoving,
	runCopies,
	runMakeFolders,
	runRemoveFolders
} from './make-steps.ts';
import { giveUpMoving, giveUpRestoring, giveUpTrashing, runMoves, runRestores, runTrashings } from './move-steps.ts';
import type { StepsDeps } from './places.ts';
import { renameAction } from './rename.ts';
import { restoreAction } from './restore.ts';
import {
	copySchema,
	deleteSchema,
	ingestSchema,
	makeFileSchema,
	makeFolderSchema,
	moveSchema,
	removeFolderSchema,
	restoreSchema,
	trashCopySchema,
	trashSchema,
	type FilesDomain,
	type FilesOperation
} from './schema.ts';
import { deleteAction, purgeAction, trashAction } from './trash.ts';
import { runTrashCopies } from './trash-copies.ts';
import { copyAction, moveAction, type PlanDeps } from './transfer.ts';
import { createView, foreseeNames, type View } from './view.ts';

export type FilesActionsDeps = StepsDeps & Omit<PlanDeps, 'renamesFolders'>;

type Sized = { readonly items: number; readonly sizeBytes: number };

const measureSubject = ({ items, sizeBytes }: Sized) => ({ items, sizeBytes });
const measureOne = () => ({ items: 1, sizeBytes: 0 });

/** How operations look at the world: all of one plan at the same one. */
function createLook(deps: FilesActionsDeps) {
	const views = new WeakMap<Facts, View>();
	const viewOf = (facts: Facts): View => {
		const view = views.get(facts) ?? createView(deps, facts);
		views.set(facts, view);
		return view;
	};
	return {
		look: (facts: Facts) => ({ database: deps.database, view: viewOf(facts) }),
		foresee: (operation: FilesOperation, facts: Facts) => foreseeNames(viewOf(facts), operation)
	};
}

type Looking = ReturnType<typeof createLook>;

/** What happens to what is in the library. */
function operationsOnEntries(deps: FilesActionsDeps, { look, foresee }: Looking) {
	return {
		'move-entry': defineStep(moveSchema, {
			check: (operation, facts) => checkMove(look(facts), operation),
			measure: measureSubject,
			foresee,
			run: (due, context) => runMoves(deps, due, context),
			giveUp: (due, signal) => giveUpMoving(deps, due, signal)
		}),
		'copy-entry': defineStep(copySchema, {
			check: (operation, facts) => checkCopy(look(facts), operation),
			measure: measureSubject,
			foresee,
			run: (due, context) => runCopies(deps, due, context),
			giveUp: (due, signal) => giveUpCopying(deps, due, signal)
		}),
		'trash-entry': defineStep(trashSchema, {
			check: (operation, facts) => checkTrash(look(facts), operation),
			measure: measureSubject,
			foresee,
			run: (due, context) => runTrashings(deps, due, context),
			giveUp: (due, signal) => giveUpTrashing(deps, due, signal)
		}),
		'trash-copy': defineStep(trashCopySchema, {
			check: (operation, facts) => checkTrashCopy(look(facts), operation),
			measure: measureSubject,
			foresee,
			run: (due, context) => runTrashCopies(deps, due, context)
		}),
		'restore-entry': defineStep(restoreSchema, {
			check: (operation, facts) => checkRestore(look(facts), operation),
			measure: measureSubject,
			foresee,
			run: (due, context) => runRestores(deps, due, context),
			giveUp: (due, signal) => giveUpRestoring(deps, due, signal)
		}),
		'delete-entry': defineStep(deleteSchema, {
			check: (operation, facts) => checkDelete(look(facts), operation),
			measure: measureSubject,
			foresee,
			run: (due, context) => runDeletions(deps, due, context),
			giveUp: (due, signal) => giveUpDeleting(deps, due, signal)
		})
	};
}

/** What comes into the library, and folders that go as they came. */
function operationsThatMake(deps: FilesActionsDeps, { look, foresee }: Looking) {
	return {
		'make-folder': defineStep(makeFolderSchema, {
			check: (operation, facts) => checkMake(look(facts), operation),
			measure: measureOne,
			foresee,
			run: (due, context) => runMakeFolders(deps, due, context),
			giveUp: (due, signal) => giveUpMaking(deps, due, signal)
		}),
		'remove-folder': defineStep(removeFolderSchema, {
			check: (operation, facts) => checkRemoveFolder(look(facts), operation),
			measure: measureOne,
			foresee,
			run: (due, context) => runRemoveFolders(deps, due, context),
			giveUp: (due, signal) => giveUpRemoving(deps, due, signal)
		}),
		'ingest-entry': defineStep(ingestSchema, {
			check: (operation, facts) => checkIngest(look(facts), operation),
			measure: measureSubject,
			foresee,
			run: (due, context) => runIngests(deps, due, context),
			giveUp: (due, signal) => giveUpIngesting(deps, due, signal)
		}),
		'make-file': defineStep(makeFileSchema, {
			check: (operation, facts) => checkMake(look(facts), operation),
			measure: measureOne,
			foresee,
			run: (due, context) => runMakeFiles(deps, due, context)
		})
	};
}

/** How each thing that happens to files is checked and done. */
export function filesOperations(deps: FilesActionsDeps): OperationTable<FilesDomain> {
	const looking = createLook(deps);
	return { ...operationsOnEntries(deps, looking), ...operationsThatMake(deps, looking) };
}

/** What people ask for. */
export type FilesActionName =
	| 'files.move'
	| 'files.copy'
	| 'files.rename'
	| 'files.make-folder'
	| 'files.trash'
	| 'files.deduplicate'
	| 'files.restore'
	| 'files.delete'
	| 'files.ingest'
	| 'files.make-text'
	| 'files.purge';

export function filesActions(deps: FilesActionsDeps): Readonly<Record<FilesActionName, Action<FilesDomain>>> {
	const planning = { ...deps, renamesFolders: deps.changes.renamesFolders };
	return {
		'files.move': moveAction(planning),
		'files.copy': copyAction(planning),
		'files.rename': renameAction(deps),
		'files.make-folder': makeFolderAction(deps),
		'files.trash': trashAction(deps),
		'files.deduplicate': deduplicateAction(deps),
		'files.restore': restoreAction(deps),
		'files.delete': deleteAction(deps),
		'files.ingest': ingestAction(planning),
		'files.make-text': makeTextAction(deps),
		'files.purge': purgeAction(deps)
	};
}
