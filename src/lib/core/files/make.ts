import { utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { defineAction, type Action, type Facts } from '#core/actions';
import { checkMake } from './checks.ts';
import { createDraft } from './draft.ts';
import type { FilesDomain, MakeFile, MakeFolder } from './schema.ts';
import { createView, foreseeNames, type ViewDeps } from './view.ts';

const inputSchema = v.object({ folder: v.pipe(v.number(), v.integer(), v.minValue(1)), name: v.string() });

/** More is no text that somebody writes into a field. */
const textMax = 1_000_000;
const textSchema = v.object({
	...inputSchema.entries,
	text: v.optional(v.pipe(v.string(), v.maxLength(textMax)), '')
});

/** Makes a text file in a folder, empty where no text is given. */
export function makeTextAction(deps: ViewDeps): Action<FilesDomain> {
	return defineAction({
		name: 'files.make-text',
		input: textSchema,
		plan: ({ folder, name, text }, facts) => {
			const operation: MakeFile = { kind: 'make-file', at: { folder, name: name.trim() }, text };
			return planMake(deps, operation, utf8ToBytes(text).length, facts);
		}
	});
}

function planMake(deps: ViewDeps, operation: MakeFolder | MakeFile, sizeBytes: number, facts: Facts) {
	const view = createView(deps, facts);
	const draft = createDraft((made) => foreseeNames(view, made));
	const why = checkMake({ database: deps.database, view }, operation);
	if (why === null) draft.add(operation, { items: 1, sizeBytes });
	else draft.block(operation, why);
	return draft.finish(null);
}

/** Makes a folder in a folder. */
export function makeFolderAction(deps: ViewDeps): Action<FilesDomain> {
	return defineAction({
		name: 'files.make-folder',
		input: inputSchema,
		plan: ({ folder, name }, facts) => {
			const operation: MakeFolder = { kind: 'make-folder', at: { folder, name: name.trim() } };
			return planMake(deps, operation, 0, facts);
		}
	});
}
