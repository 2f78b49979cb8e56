import { resolve } from 'node:path';
import { ok } from '#core/kernel';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { openFileSource } from '../file-source.ts';
import { withCore } from '../open-library.ts';
import { printJson, printName } from '../print.ts';
import { settingsOf } from '../read-settings.ts';

export const importLibrary = defineCommand({
	name: 'import',
	operands: '<file>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Restore a backup to a library that does not exist yet',
	details: 'Name the new library with --library. The password or recovery code of the backup opens it.',
	json: '{"library": "/path", "id"}',
	options: { library: libraryOptions.library, ...jsonOption },
	run: async ({ values, operands, shell }) => {
		const settings = settingsOf('import', values, shell);
		if (!settings.ok) return settings;
		const file = await openFileSource(resolve(shell.folder, operands[0] ?? ''));
		if (!file.ok) return file;
		try {
			return await withCore(shell, settings.value, async ({ commands, context }) => {
				const imported = await commands['library.import']({ source: file.value }, context());
				if (!imported.ok) return imported;
				const { library } = settings.value;
				const id = imported.value.state === 'none' ? null : imported.value.id;
				const text = `Made the library ${printName(library)}. Its password or recovery code opens it.\n`;
				shell.terminal.out(values.json === true ? printJson({ library, id }) : text);
				return ok(null);
			});
		} finally {
			await file.value.close();
		}
	}
});
