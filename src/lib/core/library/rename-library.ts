import * as v from 'valibot';
import {
	checkUnchanged,
	defineAction,
	defineRows,
	draftOne,
	measureOne,
	type Action,
	type ChangedSince,
	type Operation
} from '#core/actions';
import type { Database } from '#core/schema';
import type { LibraryFailure } from './schema.ts';
import { readName, writeName } from './store.ts';

const operationSchema = v.object({ kind: v.literal('rename-library'), from: v.string(), to: v.string() });
type RenameLibrary = v.InferOutput<typeof operationSchema>;

export type RenameLibraryDomain = {
	readonly operation: RenameLibrary;
	readonly block: ChangedSince | Extract<LibraryFailure, { type: 'NameEmpty' }>;
	readonly warning: never;
	readonly failure: never;
};

const subject = 'library/name';

/** Calls the library something else. */
export function renameLibraryOperation(database: Database): Operation<RenameLibraryDomain> {
	return defineRows(operationSchema, {
		check: ({ from }, facts) => checkUnchanged(facts, subject, readName(database), from),
		measure: measureOne,
		apply: ({ kind, from, to }): RenameLibrary => {
			writeName(database, to);
			return { kind, from: to, to: from };
		}
	});
}

export function renameLibraryAction(database: Database): Action<RenameLibraryDomain> {
	return defineAction({
		name: 'library.rename',
		input: v.object({ name: v.string() }),
		plan: ({ name }, facts) => {
			const from = readName(database);
			const operation: RenameLibrary = { kind: 'rename-library', from, to: name.trim() };
			const changed = checkUnchanged(facts, subject, from, from);
			return draftOne<RenameLibraryDomain>(operation, {
				why: operation.to === '' ? { type: 'NameEmpty' } : changed,
				isSame: from === operation.to
			});
		}
	});
}
