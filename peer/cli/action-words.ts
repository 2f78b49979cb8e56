/**
 * What is done and what is in the way, for people at a terminal. Keyed by the kind of an operation, the type of what is
 * in the way and the name of an action: a new one without words here does not compile.
 */
import type { ActionName, AnyAction, AnyBlock, AnyOperation, AnyPlan, AnyWarning } from '#core';
import { printName, printNumber, printSize } from './print.ts';
import { printSpan } from './print-job.ts';

const path = (name: string): string => `/${printName(name)}`;

const operations: {
	readonly [K in AnyOperation['kind']]: (operation: Extract<AnyOperation, { readonly kind: K }>) => string;
} = {
	'rename-location': ({ from, to }) => `rename ${path(from)} to ${path(to)}`,
	'rename-volume': ({ from, to }) =>
		to === null ? `take the name ${printName(from ?? '')} off the disk` : `call the disk ${printName(to)}`
};

const blocks: {
	readonly [T in AnyBlock['type']]: (block: Extract<AnyBlock, { readonly type: T }>) => string;
} = {
	LocationMissing: () => 'it is not in the library any more',
	LocationExists: () => 'it is in the library already',
	NameEmpty: () => 'a name cannot be empty',
	LocationNameInvalid: () => 'that cannot be the name of a folder: it has a slash, or is . or ..',
	LocationNameTaken: ({ name }) => `another folder is called ${path(name)}`,
	VolumeMissing: () => 'that disk is not known any more',
	VolumeRenamedSince: ({ name }) =>
		name === null ? 'it has no name by now' : `it is called ${printName(name)} by now`,
	RenamedSince: ({ name }) => `it is called ${path(name)} by now`
};

const warnings: {
	readonly [T in AnyWarning['type']]: (warning: Extract<AnyWarning, { readonly type: T }>) => string;
} = {
	UndoWhileRunning: () => 'it still goes on: let it end (atoll jobs resume), or cancel it (atoll jobs cancel)',
	AlreadyUndone: () => 'it was undone already',
	UndoImpossible: () =>
		'nothing of it is left that could be undone: it could not be from the start, or is too old by now'
};

/** What many operations are together. */
const actions: Readonly<Record<ActionName, { readonly verb: string; readonly units: readonly [string, string] }>> = {
	'locations.rename': { verb: 'rename', units: ['folder', 'folders'] },
	'volumes.rename': { verb: 'rename', units: ['disk', 'disks'] },
	'actions.undo': { verb: 'undo', units: ['change', 'changes'] }
};

// Each table has an entry for exactly the kind or type; TypeScript cannot follow the pair through the lookup.
export const printOperation = (operation: AnyOperation): string =>
	(operations[operation.kind] as (operation: AnyOperation) => string)(operation);
export const printBlock = (block: AnyBlock): string => (blocks[block.type] as (block: AnyBlock) => string)(block);
export const printWarning = (warning: AnyWarning): string =>
	(warnings[warning.type] as (warning: AnyWarning) => string)(warning);

function isActionName(name: string): name is ActionName {
	return Object.hasOwn(actions, name);
}

function verbsOf(name: string): (typeof actions)[ActionName] {
	return isActionName(name) ? actions[name] : { verb: 'change', units: ['item', 'items'] };
}

/** What a plan comes to: `rename 3 folders, 1.2 GB, about 2:10`. */
export function printCost({ action, counts, cost: { items, sizeBytes, estimateMs } }: AnyPlan): string {
	const { verb, units } = verbsOf(action);
	const parts = [`${verb} ${printNumber(Math.max(items, counts.operations), ...units)}`];
	if (sizeBytes > 0) parts.push(printSize(sizeBytes));
	if (estimateMs !== null) parts.push(`about ${printSpan(estimateMs)}`);
	return parts.join(', ');
}

/** What an action is: the one thing that it does, or how many. */
export function printAction({ action, first, items, operations: count, undoes, isUndoing }: AnyAction): string {
	const { verb, units } = verbsOf(action);
	const what = first !== null && count === 1 ? printOperation(first) : `${verb} ${printNumber(items, ...units)}`;
	if (undoes === null) return what;
	return `${isUndoing ? 'undo' : 'redo'} ${undoes}: ${what}`;
}
