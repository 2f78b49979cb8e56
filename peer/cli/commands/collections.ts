import { randomBytes } from 'node:crypto';
import { ok } from '#core/kernel';
import { defineCommand, jsonOption, libraryOptions, type Command } from '../command.ts';
import { findCollection } from '../find-collection.ts';
import { findEntries } from '../find-tag.ts';
import { withLibrary } from '../open-library.ts';
import { foundJson, printFound } from '../print-found.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';
import { printJson, printName, printNumber, printTable } from '../print.ts';

export const collections = defineCommand({
	name: 'collections',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'List the collections, and how many files and folders are in each',
	json: '{"collections": [{"id", "name", "entries"}]}',
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('collections', values, shell, async (library) => {
			const listed = await library.commands['metadata.collections']({}, library.context());
			if (!listed.ok) return listed;
			if (values.json === true) shell.terminal.out(printJson({ collections: listed.value }));
			else if (listed.value.length === 0) shell.terminal.out('There are no collections.\n');
			else {
				const rows = listed.value.map(({ name, entries }) => [printNumber(entries, 'item', 'items'), printName(name)]);
				shell.terminal.out(printTable(rows, { right: [0] }));
			}
			return ok(null);
		})
});

export const collectionsFiles = defineCommand({
	name: 'collections files',
	operands: '<collection>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'List what is in a collection, in its order',
	json: foundJson,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, operands, shell }) =>
		withLibrary('collections files', values, shell, async (library) => {
			const found = await findCollection(library, operands[0] ?? '');
			if (!found.ok) return found;
			const { commands, context } = library;
			const ids = await commands['metadata.collected']({ collection: found.value.id }, context());
			return ids.ok ? printFound(library, [...ids.value], values, shell) : ids;
		})
});

export const collectionsMake = defineCommand({
	name: 'collections make',
	operands: '<name> [path]…',
	operandsMin: 1,
	operandsMax: Infinity,
	summary: 'Make a collection, with these files and folders in it',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('collections make', values, shell, async (library) => {
			const [name = '', ...paths] = operands;
			const entries = await findEntries(library, paths, { command: 'collections make', folder: shell.folder });
			if (!entries.ok) return entries;
			const files = entries.value.length === 0 ? {} : { files: { entries: entries.value } };
			const input = { id: randomBytes(16).toString('hex'), name, ...files };
			return runAction(library, { action: 'metadata.create-collection', input }, values, shell);
		})
});

function defineCollecting(which: 'add' | 'remove'): Command {
	const name = `collections ${which}`;
	return defineCommand({
		name,
		operands: '<collection> <path>…',
		operandsMin: 2,
		operandsMax: Infinity,
		summary:
			which === 'add'
				? 'Put files and folders into a collection, at its end'
				: 'Take files and folders out of a collection; they stay where they are',
		json: actionJson,
		options: { ...libraryOptions, ...actionOptions },
		run: ({ values, operands, shell }) =>
			withLibrary(name, values, shell, async (library) => {
				const [text = '', ...paths] = operands;
				const found = await findCollection(library, text);
				if (!found.ok) return found;
				const entries = await findEntries(library, paths, { command: name, folder: shell.folder });
				if (!entries.ok) return entries;
				const action = which === 'add' ? 'metadata.add-to-collection' : 'metadata.remove-from-collection';
				const input = { collection: found.value.id, files: { entries: entries.value } };
				return runAction(library, { action, input }, values, shell);
			})
	});
}

export const collectionsAdd = defineCollecting('add');
export const collectionsRemove = defineCollecting('remove');

export const collectionsRename = defineCommand({
	name: 'collections rename',
	operands: '<collection> <name>',
	operandsMin: 2,
	operandsMax: 2,
	summary: 'Give a collection another name',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('collections rename', values, shell, async (library) => {
			const [text = '', name = ''] = operands;
			const found = await findCollection(library, text);
			if (!found.ok) return found;
			const input = { collection: found.value.id, name };
			return runAction(library, { action: 'metadata.rename-collection', input }, values, shell);
		})
});

export const collectionsDelete = defineCommand({
	name: 'collections delete',
	operands: '<collection>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Delete a collection; what is in it stays where it is',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('collections delete', values, shell, async (library) => {
			const found = await findCollection(library, operands[0] ?? '');
			if (!found.ok) return found;
			const input = { collection: found.value.id };
			return runAction(library, { action: 'metadata.delete-collection', input }, values, shell);
		})
});
