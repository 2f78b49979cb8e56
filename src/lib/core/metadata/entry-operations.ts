import * as v from 'valibot';
import { defineRows, type Facts } from '#core/actions';
import type { TagId } from '#core/kernel';
import type { Database } from '#core/schema';
import { listed, presentEntries } from './chosen-entries.ts';
import { readMarks, writeMarks } from './marks.ts';
import { entriesSchema, markNames, markValueSchema, tagIdSchema, type MetadataBlock } from './schema.ts';
import { countTagged, filterTagged, tagEntries, untagEntries } from './store.ts';
import { noteTag } from './tag-operations.ts';

export const tagSome = v.object({
	kind: v.literal('metadata.tag-entries'),
	tag: tagIdSchema,
	entries: entriesSchema
});
export const untagSome = v.object({
	kind: v.literal('metadata.untag-entries'),
	tag: tagIdSchema,
	entries: entriesSchema
});
/** Entries of which `from` is said come to have `to` said of them. */
export const markSome = v.object({
	kind: v.literal('metadata.mark-entries'),
	mark: v.picklist(markNames),
	from: markValueSchema,
	to: markValueSchema,
	entries: entriesSchema
});

type MarkSome = v.InferOutput<typeof markSome>;
export type EntryOperation = v.InferOutput<typeof tagSome> | v.InferOutput<typeof untagSome> | MarkSome;

type OnEntries = { readonly entries: number[] };
type Left<T> = { readonly operation: T; readonly why: MetadataBlock };

/** The part of an operation whose entries are there. */
export function partPresent<T extends OnEntries>(
	database: Database,
	operation: T
): { due: T | null; blocked: Left<T>[] } {
	const entries = presentEntries(database, operation.entries);
	if (entries.length === operation.entries.length) return { due: operation, blocked: [] };
	const there = new Set(entries);
	const gone = operation.entries.filter((id) => !there.has(id));
	const why = { type: 'EntriesGone', entries: gone.length } as const;
	return {
		due: entries.length === 0 ? null : { ...operation, entries },
		blocked: [{ operation: { ...operation, entries: gone }, why }]
	};
}

/** Entries of which somebody has said something else since are left as they are. */
function partMarked(database: Database, operation: MarkSome): { due: MarkSome | null; blocked: Left<MarkSome>[] } {
	const { due, blocked } = partPresent(database, operation);
	if (due === null) return { due, blocked };
	const { mark, from } = operation;
	const marks = readMarks(database, mark, listed(due.entries));
	const entries = marks.filter(({ value }) => value === from).map(({ entry }) => entry);
	const others = marks.filter(({ value }) => value !== from).map(({ entry }) => entry);
	if (others.length === 0) return { due, blocked };
	const why = { type: 'MarkChanged', mark, entries: others.length } as const;
	return {
		due: entries.length === 0 ? null : { ...due, entries },
		blocked: [...blocked, { operation: { ...due, entries: others }, why }]
	};
}

const measure = ({ entries }: OnEntries) => ({ items: entries.length, sizeBytes: 0 });

/** How what hangs on files is changed. Entries name the files: what is said of one, every copy of it shows. */
export function createEntryOperations(database: Database) {
	const tagThere = ({ tag }: { readonly tag: TagId }, facts: Facts): MetadataBlock | null =>
		noteTag(database, tag, facts) === null ? { type: 'TagMissing', tag } : null;
	return {
		'metadata.tag-entries': defineRows(tagSome, {
			check: tagThere,
			part: (operation) => partPresent(database, operation),
			measure,
			apply: ({ tag, entries }): EntryOperation | null => {
				const changed = filterTagged(database, tag, listed(entries), false);
				tagEntries(database, tag, changed);
				return changed.length === 0 ? null : { kind: 'metadata.untag-entries', tag, entries: changed };
			}
		}),
		'metadata.untag-entries': defineRows(untagSome, {
			check: tagThere,
			part: (operation) => partPresent(database, operation),
			foresee: ({ tag, entries }, facts) => {
				const before = Number(facts.foreseen(`untagged/${tag}`) ?? 0);
				facts.foresee(`untagged/${tag}`, before + countTagged(database, tag, entries));
			},
			measure,
			apply: ({ tag, entries }): EntryOperation | null => {
				const changed = filterTagged(database, tag, listed(entries), true);
				untagEntries(database, tag, changed);
				return changed.length === 0 ? null : { kind: 'metadata.tag-entries', tag, entries: changed };
			}
		}),
		'metadata.mark-entries': defineRows(markSome, {
			check: () => null,
			part: (operation) => partMarked(database, operation),
			measure,
			apply: ({ kind, mark, from, to, entries }): EntryOperation => {
				writeMarks(database, mark, to, entries);
				return { kind, mark, from: to, to: from, entries };
			}
		})
	};
}
