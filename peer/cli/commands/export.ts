import { resolve } from 'node:path';
import { ok } from '#core/kernel';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { withLibrary } from '../open-library.ts';
import { printJson, printName, printSize } from '../print.ts';
import { writeFile } from '../write-file.ts';

export const exportLibrary = defineCommand({
	name: 'export',
	operands: '<file>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Back the library up to one file, encrypted as it is',
	details: `A plain tar of library.json and database.db. The password or the recovery code opens the copy.`,
	json: '{"file", "sizeBytes"}',
	options: {
		...libraryOptions,
		force: { type: 'boolean', short: 'f', help: 'replace the file if it exists' },
		...jsonOption
	},
	run: ({ values, operands, shell }) => {
		const file = resolve(shell.folder, operands[0] ?? '');
		return withLibrary('export', values, shell, async ({ commands, context }) => {
			const written = await writeFile(file, values.force === true, (write) =>
				commands['library.export']({ write }, context())
			);
			if (!written.ok) return written;
			const { sizeBytes } = written.value;
			const text = `Wrote ${printName(file)} (${printSize(sizeBytes)})\n`;
			shell.terminal.out(values.json === true ? printJson({ file, sizeBytes }) : text);
			return ok(null);
		});
	}
});
