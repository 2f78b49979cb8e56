import { basename, resolve } from 'node:path';
import { err, ok } from '#core/kernel';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { withCore } from '../open-library.ts';
import { chooseNewPassword } from '../passwords.ts';
import { printJson, printName } from '../print.ts';
import { sayRecoveryCode } from '../recovery-code.ts';
import { settingsOf } from '../read-settings.ts';

export const init = defineCommand({
	name: 'init',
	operands: '<library>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Make an encrypted library in a new folder',
	details: `The recovery code is shown once, here. It opens the library when the password is lost.
Without a terminal, say --password-file or --no-password. A library without a password is
encrypted all the same: this device's own secret opens it.`,
	json: '{"library": "/path", "id": "…", "recoveryCode": "…"}',
	options: {
		'password-file': libraryOptions['password-file'],
		'no-password': { type: 'boolean', help: 'let this device open it by itself' },
		name: { type: 'string', short: 'n', hint: 'NAME', help: 'what the library is called' },
		...jsonOption
	},
	run: async ({ values, operands, shell }) => {
		const folder = resolve(shell.folder, operands[0] ?? '');
		const settings = settingsOf('init', { ...values, library: folder }, shell);
		if (!settings.ok) return settings;
		if (values['no-password'] === true && values['password-file'] !== undefined)
			return err({ type: 'UsageWrong', command: 'init', problem: 'Say --password-file or --no-password, not both.' });
		const name = values.name ?? basename(folder).replace(/\.sdlibrary$/, '');
		return withCore(shell, settings.value, async ({ commands, context }) => {
			// Before the person is asked for a password in vain.
			const present = await commands['library.status']({}, context());
			if (!present.ok) return present;
			if (present.value.state !== 'none') return err({ type: 'LibraryExists', retry: 'never' });
			const password =
				values['no-password'] === true ? ok(null) : await chooseNewPassword(shell, settings.value.passwordFile);
			if (!password.ok) return password;
			const created = await commands['library.create']({ name, password: password.value }, context());
			if (!created.ok) return created;
			if (values.json === true) shell.terminal.out(printJson({ library: folder, ...created.value }));
			else {
				shell.terminal.out(`Made the library ${printName(folder)}\n`);
				sayRecoveryCode(shell, created.value.recoveryCode);
			}
			return ok(null);
		});
	}
});
