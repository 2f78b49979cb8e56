import * as v from 'valibot';
import { defineAction, type Action, type Draft, type Facts } from '#core/actions';
import type { Database } from '#core/schema';
import { inChunks, readChosen, readEntries, type Chosen } from './chosen-entries.ts';
import type { EntryOperation } from './entry-operations.ts';
import { readMarks } from './marks.ts';
import type { MetadataDomain } from './operations.ts';
import { filesSchema, markSchemas, tagIdSchema, type Files, type MarkName, type MarkValue } from './schema.ts';
import { filterTagged } from './store.ts';
import { noteTag } from './tag-operations.ts';

type MetadataDraft = Draft<MetadataDomain>;

/** A plan about `due` entries, in operations of a good size; those that are gone are told. */
function draftEntries(
	operations: readonly EntryOperation[],
	{ gone }: Chosen,
	toOperation: (entries: number[]) => EntryOperation
): MetadataDraft {
	const blocked = inChunks(gone).map((entries) => ({
		operation: toOperation([...entries]),
		why: { type: 'EntriesGone', entries: entries.length } as const
	}));
	const items = operations.reduce((sum, { entries }) => sum + entries.length, 0);
	return { operations, blocked, warnings: [], cost: { items, sizeBytes: 0, estimateMs: null }, asks: false };
}

function defineTagging(
	database: Database,
	name: 'metadata.tag-files' | 'metadata.untag-files'
): Action<MetadataDomain> {
	const kind = name === 'metadata.tag-files' ? 'metadata.tag-entries' : 'metadata.untag-entries';
	return defineAction({
		name,
		input: v.object({ tag: tagIdSchema, files: filesSchema }),
		plan: ({ tag, files }, facts): MetadataDraft => {
			const known = noteTag(database, tag, facts);
			const chosen = readChosen(database, files, facts);
			const toOperation = (entries: number[]): EntryOperation => ({ kind, tag, entries });
			if (known === null) {
				const blocked = inChunks(readEntries(database, chosen)).map((entries) => ({
					operation: toOperation([...entries]),
					why: { type: 'TagMissing', tag } as const
				}));
				return { ...draftEntries([], chosen, toOperation), blocked };
			}
			const due = filterTagged(database, tag, chosen, kind === 'metadata.untag-entries');
			const operations = inChunks(due).map((entries) => toOperation([...entries]));
			return draftEntries(operations, chosen, toOperation);
		}
	});
}

function planMarks(
	database: Database,
	{ mark, files, to }: { readonly mark: MarkName; readonly files: Files; readonly to: MarkValue },
	facts: Facts
): MetadataDraft {
	const chosen = readChosen(database, files, facts);
	const byValue = new Map<MarkValue, number[]>();
	for (const { entry, value } of readMarks(database, mark, chosen)) {
		if (value === to) continue;
		const same = byValue.get(value);
		if (same === undefined) byValue.set(value, [entry]);
		else same.push(entry);
	}
	const toOperation = (from: MarkValue, entries: number[]): EntryOperation => ({
		kind: 'metadata.mark-entries',
		mark,
		from,
		to,
		entries
	});
	const operations = [...byValue].flatMap(([from, all]) =>
		inChunks(all).map((entries) => toOperation(from, [...entries]))
	);
	return draftEntries(operations, chosen, (entries) => toOperation(to, entries));
}

/** An action that says one thing of files. */
function defineMark(
	database: Database,
	mark: MarkName,
	value: v.GenericSchema<MarkValue, MarkValue>
): Action<MetadataDomain> {
	return defineAction({
		name: `metadata.set-${mark}`,
		input: v.object({ files: filesSchema, value }),
		plan: ({ files, value: to }, facts): MetadataDraft => planMarks(database, { mark, files, to }, facts)
	});
}

/** What a person says of files. */
export function createFileActions(database: Database) {
	return {
		'metadata.tag-files': defineTagging(database, 'metadata.tag-files'),
		'metadata.untag-files': defineTagging(database, 'metadata.untag-files'),
		'metadata.set-favourite': defineMark(database, 'favourite', markSchemas.favourite),
		'metadata.set-rating': defineMark(database, 'rating', markSchemas.rating),
		'metadata.set-colour': defineMark(database, 'colour', markSchemas.colour),
		'metadata.set-note': defineMark(database, 'note', markSchemas.note)
	};
}
