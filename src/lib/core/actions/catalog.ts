import { invariant } from '#core/kernel';
import type { Action, Operation } from './define.ts';
import type { Domain } from './schema.ts';

/** Every kind of operation, joined in `core.ts`. */
export type OperationTable<D extends Domain> = { readonly [Kind in D['operation']['kind']]: Operation<D> };

/** Looks up how operations of a kind are checked and done. */
export function operationFinder<D extends Domain>(table: OperationTable<D>): (operation: unknown) => Operation<D> {
	const byKind = new Map<string, Operation<D>>(Object.entries(table));
	return (operation) => {
		const isOne = typeof operation === 'object' && operation !== null && 'kind' in operation;
		const found = isOne ? byKind.get(String(operation.kind)) : undefined;
		invariant(found !== undefined, 'an operation is of a kind that is known');
		return found;
	};
}

export function actionsByName<D extends Domain>(actions: readonly Action<D>[]): ReadonlyMap<string, Action<D>> {
	return new Map(actions.map((action) => [action.name, action]));
}
