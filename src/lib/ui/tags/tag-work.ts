import type { AnyAction } from '#core';
import type { Collection, Tag } from '#core/metadata';
import type { App } from '#ui/shell/app.svelte.ts';

/** Deletes a tag once its plan was seen. */
export function deleteTag(app: App, { id, name }: Tag): Promise<AnyAction | null> {
	return app.act({ action: 'metadata.delete-tag', input: { tag: id }, title: `Delete the tag “${name}”` });
}

/** Deletes a collection once its plan was seen; what is in it stays where it is. */
export function deleteCollection(app: App, { id, name }: Collection): Promise<AnyAction | null> {
	const title = `Delete the collection “${name}”`;
	return app.act({ action: 'metadata.delete-collection', input: { collection: id }, title });
}
