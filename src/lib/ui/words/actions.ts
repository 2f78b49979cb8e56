/**
 * What is done, was done and cannot be done, for people. Keyed by the kind of an operation, the type of what is in the
 * way and the name of an action: a new one without words here does not compile.
 */
import type { ActionName, AnyAction, AnyBlock, AnyOperation, AnyPlan, AnyWarning } from '#core';
import { visibleName } from '#ui/files/name-parts.ts';
import { plural, sizeWords, spanWords } from './values.ts';

type Kind = AnyOperation['kind'];
type OperationWords<O> = {
	/** What it does: `Rename “Photos” to “Pictures”`. */
	readonly does: (operation: O) => string;
	/** What it did. */
	readonly did: (operation: O) => string;
};
type Verbs = { readonly does: string; readonly did: string; readonly noun: string };

const quoted = (name: string): string => `“${visibleName(name)}”`;

const operations: { readonly [K in Kind]: OperationWords<Extract<AnyOperation, { readonly kind: K }>> } = {
	'rename-location': {
		does: ({ from, to }) => `Rename ${quoted(from)} to ${quoted(to)}`,
		did: ({ from, to }) => `Renamed ${quoted(from)} to ${quoted(to)}`
	},
	'rename-volume': {
		does: ({ from, to }) =>
			to === null ? `Take the name ${quoted(from ?? '')} off the disk` : `Call the disk ${quoted(to)}`,
		did: ({ from, to }) =>
			to === null ? `Took the name ${quoted(from ?? '')} off the disk` : `Called the disk ${quoted(to)}`
	}
};

/** What many operations are together. */
const actions: Readonly<Record<ActionName, Verbs>> = {
	'locations.rename': { does: 'Rename', did: 'Renamed', noun: 'folder' },
	'volumes.rename': { does: 'Rename', did: 'Renamed', noun: 'disk' },
	'actions.undo': { does: 'Undo', did: 'Undid', noun: 'change' }
};

const blocks: {
	readonly [T in AnyBlock['type']]: (block: Extract<AnyBlock, { readonly type: T }>) => string;
} = {
	LocationMissing: () => 'The folder is not in the library any more.',
	LocationExists: () => 'The folder is in the library already.',
	NameEmpty: () => 'A name is missing.',
	LocationNameInvalid: () => 'A folder’s name has no slash, and is not “.” or “..”.',
	LocationNameTaken: ({ name }) => `Another folder is called ${quoted(name)}.`,
	VolumeMissing: () => 'The disk is not known any more.',
	VolumeRenamedSince: ({ name }) => (name === null ? 'It has no name by now.' : `It is called ${quoted(name)} by now.`),
	RenamedSince: ({ name }) => `It is called ${quoted(name)} by now.`
};

const warnings: {
	readonly [T in AnyWarning['type']]: (warning: Extract<AnyWarning, { readonly type: T }>) => string;
} = {
	UndoWhileRunning: () => 'It still goes on. Let it end, or cancel it in Jobs.',
	AlreadyUndone: () => 'It was undone already.',
	UndoImpossible: () =>
		'Nothing of it is left that could be undone: it could not be from the start, or is too old by now.'
};

// Each table has an entry for exactly the kind or type; TypeScript cannot follow the pair through the lookup.
function operationWords(operation: AnyOperation): OperationWords<AnyOperation> {
	return operations[operation.kind] as OperationWords<AnyOperation>;
}

export const operationDoes = (operation: AnyOperation): string => operationWords(operation).does(operation);

export function blockWords(block: AnyBlock): string {
	return (blocks[block.type] as (block: AnyBlock) => string)(block);
}

export function warningWords(warning: AnyWarning): string {
	return (warnings[warning.type] as (warning: AnyWarning) => string)(warning);
}

function isActionName(name: string): name is ActionName {
	return Object.hasOwn(actions, name);
}

function verbsOf(name: string): Verbs {
	return isActionName(name) ? actions[name] : { does: 'Change', did: 'Changed', noun: 'item' };
}

/** What the button says that does it: `Rename`, `Rename 3 folders`. */
export function planVerb({ action, counts }: AnyPlan): string {
	const { does, noun } = verbsOf(action);
	return counts.operations === 1 ? does : `${does} ${plural(counts.operations, noun)}`;
}

/** What a plan comes to: `3 folders · 1.2 GB · about 2 minutes`. */
export function costWords({ action, counts, cost: { items, sizeBytes, estimateMs } }: AnyPlan): string {
	const parts = [plural(Math.max(items, counts.operations), verbsOf(action).noun)];
	if (sizeBytes > 0) parts.push(sizeWords(sizeBytes));
	if (estimateMs !== null) parts.push(`about ${spanWords(estimateMs)}`);
	return parts.join(' · ');
}

/** What an action did: the one thing, or how many. */
export function actionDid({ action, first, items, operations: count, failed }: AnyAction): string {
	if (first !== null && count === 1) return failed === 0 ? operationWords(first).did(first) : operationDoes(first);
	const { did, noun } = verbsOf(action);
	return `${did} ${plural(Math.max(0, items - failed), noun)}`;
}
