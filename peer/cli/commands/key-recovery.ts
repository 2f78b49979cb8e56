import { ok } from '#core/kernel';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { withLibrary } from '../open-library.ts';
import { printJson } from '../print.ts';
import { sayRecoveryCode } from '../recovery-code.ts';

export const keyRecovery = defineCommand({
	name: 'key recovery',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'Make a new recovery code; the old one no longer opens the library',
	json: '{"recoveryCode"}',
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('key recovery', values, shell, async ({ commands, context }) => {
			const made = await commands['library.new-recovery-code']({}, context());
			if (!made.ok) return made;
			const { recoveryCode } = made.value;
			if (values.json === true) shell.terminal.out(printJson({ recoveryCode }));
			else sayRecoveryCode(shell, recoveryCode);
			return ok(null);
		})
});
