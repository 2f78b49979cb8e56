import type { MetadataBlock, MetadataWarning } from './schema.ts';
import type { CollectionOperation } from './collection-operations.ts';
import type { EntryOperation } from './entry-operations.ts';
import type { TagOperation } from './tag-operations.ts';

/** What the actions of this room are made of. */
export type MetadataDomain = {
	readonly operation: TagOperation | EntryOperation | CollectionOperation;
	readonly block: MetadataBlock;
	readonly warning: MetadataWarning;
	readonly failure: never;
};

/** Tells the operations of this room from those of others. */
export function isSaying(operation: { readonly kind: string }): operation is MetadataDomain['operation'] {
	return operation.kind.startsWith('metadata.');
}
