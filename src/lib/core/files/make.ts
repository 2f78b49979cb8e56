import * as v from 'valibot';
import { defineAction, type Action } from '#core/actions';
import { checkMake } from './checks.ts';
import { createDraft } from './draft.ts';
import type { FilesDomain, MakeFolder } from './schema.ts';
import { createView, foreseeNames, type ViewDeps } from './view.ts';

const inputSchema = v.object({ folder: v.pipe(v.number(), v.integer(), v.minValue(1)), name: v.string() });

/** Makes a folder in a folder. */
export function makeFolderAction(deps: ViewDeps): Action<FilesDomain> {
	return defineAction({
		name: 'files.make-folder',
		input: inputSchema,
		plan: ({ folder, name }, facts) => {
			const operation: MakeFolder = { kind: 'make-folder', at: { folder, name: name.trim() } };
			const view = createView(deps, facts);
			const draft = createDraft((operation) => foreseeNames(view, operation));
			const why = checkMake({ database: deps.database, view }, operation);
			if (why === null) draft.add(operation, { items: 1, sizeBytes: 0 });
			else draft.block(operation, why);
			return draft.finish(null);
		}
	});
}
