import { err, ok } from '#core/kernel';
import { readAddress } from '../../host/peer-devices.ts';
import { defineCommand, libraryOptions } from '../command.ts';
import { withCore } from '../open-library.ts';
import { goThroughPairing } from '../pairing.ts';
import { printName } from '../print.ts';
import { settingsOf } from '../read-settings.ts';
import { syncNow } from '../sync-now.ts';

export const join = defineCommand({
	name: 'join',
	operands: '<link, code or words>…',
	operandsMin: 1,
	operandsMax: 12,
	summary: 'Come to the library of another device',
	details: `Wants what atoll pair has printed there, and a folder without a library here. Shows three words that
must be the same on both screens. Makes a copy of the library that this device's own secret opens, and
fetches the index. A link says where the other device is; with a code or words say --at.`,
	options: {
		library: libraryOptions.library,
		at: { type: 'string', hint: 'HOST:PORT', help: 'where the other device is' },
		name: { type: 'string', hint: 'NAME', help: 'what this device is called from now on' }
	},
	run: async ({ values, operands, shell }) => {
		const settings = settingsOf('join', values, shell);
		if (!settings.ok) return settings;
		const at = values.at === undefined ? null : readAddress(values.at);
		if (values.at !== undefined && at === null)
			return err({
				type: 'UsageWrong',
				command: 'join',
				problem: '--at is <host>:<port>, or what a device says that is at a relay.'
			});
		if (!shell.terminal.canAsk) return err({ type: 'ConfirmationNeeded' });
		return withCore<null>(shell, settings.value, async (session) => {
			const { commands, context } = session;
			const addresses = at === null ? [] : [at];
			const name = values.name === undefined ? {} : { name: values.name };
			const begun = await commands['devices.join']({ text: operands.join(' '), addresses, ...name }, context());
			if (!begun.ok) return begun;
			const paired = await goThroughPairing(session, shell);
			if (!paired.ok) return paired;
			shell.terminal.out(`This device is in. It fetches what ${printName(paired.value.name)} has.\n`);
			const synced = await syncNow(session, shell);
			return synced.ok ? ok(null) : synced;
		});
	}
});
