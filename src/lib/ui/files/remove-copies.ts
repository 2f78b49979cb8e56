import type { EntryRow } from '#core/index';
import type { AnyAction } from '#core';
import type { ContentId } from '#core/kernel';
import type { App } from '#ui/shell/app.svelte.ts';

/** Which copies are meant: those of some contents or of all, of one file, or among the files of a selection. */
export type CopiesMeant =
	| { readonly contents: readonly ContentId[] | null }
	| { readonly entry: EntryRow }
	| { readonly entries: readonly number[] };

const nothing = 'There are no copies, as far as Atoll has looked at the files.';

async function inputOf(app: App, meant: CopiesMeant): Promise<object | null> {
	if ('contents' in meant) return { contents: meant.contents };
	if ('entries' in meant) return { within: meant.entries };
	const { id, kind } = meant.entry;
	if (kind === 'directory') return { within: [id] };
	const of = await app.do('content.of', { entry: id, limit: 1 });
	if (!of.ok) return null;
	// The file itself stays: it is what the person has in mind.
	return of.value.content === null ? { within: [id] } : { contents: [of.value.content.id], kept: [id] };
}

/** Keeps one of files that are the same, once a person has seen which; null where nothing was done. */
export async function removeCopies(app: App, meant: CopiesMeant): Promise<AnyAction | null> {
	const input = await inputOf(app, meant);
	if (input === null) return null;
	const plan = await app.do('actions.preview', { action: 'files.deduplicate', input });
	if (!plan.ok) return null;
	const { operations, blocked, warnings } = plan.value;
	if (operations.length + blocked.length + warnings.length === 0) {
		app.notices.tell(nothing);
		return null;
	}
	const concerned = operations.flatMap((operation) =>
		operation.kind === 'trash-copy' ? [operation.from.folder, operation.copyOf.at.folder] : []
	);
	return app.files.deduplicate(input, concerned);
}
