import { ok } from '#core/kernel';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { withLibrary } from '../open-library.ts';
import { askPassword } from '../passwords.ts';
import { printJson } from '../print.ts';

export const keyExport = defineCommand({
	name: 'key export',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'Print the raw key and salt of the database, after the password',
	details: `With them any SQLCipher 4 opens database.db: PRAGMA key = "x'<key><salt>'"
Whoever has the key can read the index, whatever becomes of the password.`,
	json: '{"key": 64 hex digits, "salt": 32 hex digits}',
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('key export', values, shell, async (library) => {
			const { commands, context, hasPassword, settings } = library;
			const known = library.password === null && hasPassword ? await askPassword(shell, settings.passwordFile) : null;
			if (known?.ok === false) return known;
			const raw = await commands['library.raw-key']({ password: known?.value ?? library.password }, context());
			if (!raw.ok) return raw;
			const { key, salt } = raw.value;
			shell.terminal.out(values.json === true ? printJson({ key, salt }) : `key  ${key}\nsalt ${salt}\n`);
			return ok(null);
		})
});
