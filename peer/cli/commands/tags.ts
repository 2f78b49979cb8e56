import { randomBytes } from 'node:crypto';
import { err, ok, type Result } from '#core/kernel';
import type { TagNode } from '#core/metadata';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { findTag, tagPath } from '../find-tag.ts';
import { withLibrary } from '../open-library.ts';
import { foundJson, printFound } from '../print-found.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';
import { printJson, printName, printNumber, printTable } from '../print.ts';

export const tags = defineCommand({
	name: 'tags',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'List the tags, and how many files and folders have each',
	json: `{"tags": [{"id", "name", "path", "colour", "icon", "privacy", "parents": [id], "children": [id], "synonyms": [id],
 "entries"}]}`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('tags', values, shell, async (library) => {
			const listed = await library.commands['metadata.tags']({}, library.context());
			if (!listed.ok) return listed;
			const all = listed.value;
			const shown = all
				.map((tag): TagNode & { path: string } => ({ ...tag, path: tagPath(tag, all) }))
				.toSorted((a, b) => (a.path < b.path ? -1 : 1));
			if (values.json === true) shell.terminal.out(printJson({ tags: shown }));
			else if (shown.length === 0) shell.terminal.out('There are no tags.\n');
			else {
				const rows = shown.map(({ path, entries }) => [printNumber(entries, 'item', 'items'), printName(path)]);
				shell.terminal.out(printTable(rows, { right: [0] }));
			}
			return ok(null);
		})
});

export const tagsFiles = defineCommand({
	name: 'tags files',
	operands: '<tag>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'List what a tag finds, with what its children and synonyms find',
	json: foundJson,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, operands, shell }) =>
		withLibrary('tags files', values, shell, async (library): Promise<Result<null, AnyFailure>> => {
			const { commands, context } = library;
			const found = await findTag(library, operands[0] ?? '');
			if (!found.ok) return found;
			const ids = await commands['metadata.tagged']({ tag: found.value.tag.id }, context());
			return ids.ok ? printFound(library, [...ids.value], values, shell) : ids;
		})
});

export const tagsCreate = defineCommand({
	name: 'tags create',
	operands: '<name>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Make a tag',
	details: 'A name may stand twice: the two are told apart by what they lie under.',
	json: actionJson,
	options: {
		...libraryOptions,
		under: { type: 'string', hint: 'TAG', help: 'the tag that it lies under, which then finds its files' },
		colour: { type: 'string', hint: 'COLOUR', help: 'grey, red, orange, yellow, green, teal, blue, purple or pink' },
		...actionOptions
	},
	run: ({ values, operands, shell }) =>
		withLibrary('tags create', values, shell, async (library) => {
			const [name = ''] = operands;
			const parent = values.under === undefined ? null : await findTag(library, values.under);
			if (parent !== null && !parent.ok) return parent;
			const input = {
				id: randomBytes(16).toString('hex'),
				name,
				...(values.colour === undefined ? {} : { colour: values.colour }),
				parents: parent === null ? [] : [parent.value.tag.id]
			};
			return runAction(library, { action: 'metadata.create-tag', input }, values, shell);
		})
});

export const tagsDelete = defineCommand({
	name: 'tags delete',
	operands: '<tag>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Delete a tag; the files that have it stay as they are',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('tags delete', values, shell, async (library) => {
			const found = await findTag(library, operands[0] ?? '');
			if (!found.ok) return found;
			const input = { tag: found.value.tag.id };
			return runAction(library, { action: 'metadata.delete-tag', input }, values, shell);
		})
});

export const tagsMerge = defineCommand({
	name: 'tags merge',
	operands: '<tag> <into>',
	operandsMin: 2,
	operandsMax: 2,
	summary: 'Make one tag of two: what has the first has the second',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('tags merge', values, shell, async (library) => {
			const [from, into] = [await findTag(library, operands[0] ?? ''), await findTag(library, operands[1] ?? '')];
			if (!from.ok) return from;
			if (!into.ok) return into;
			const input = { tag: from.value.tag.id, into: into.value.tag.id };
			if (input.tag === input.into)
				return err({ type: 'UsageWrong', command: 'tags merge', problem: 'The two are the same tag.' });
			return runAction(library, { action: 'metadata.merge-tags', input }, values, shell);
		})
});
