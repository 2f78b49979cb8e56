import { err, ok, type Result } from '#core/kernel';
import { addressMax, type DeviceRow } from '#core/devices';
import { readAddress } from '../../host/peer-devices.ts';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { withLibrary, type CoreSession } from '../open-library.ts';
import { printJson, printMinute, printName, printTable } from '../print.ts';
import type { Shell } from '../shell.ts';

/** As many digits of an id as are shown; enough to tell devices apart. */
const idLetters = 8;

function stateOf({ isThis, revokedMs, seenMs, hasLostVoucher }: DeviceRow): string {
	if (isThis && revokedMs !== null) return `this device, removed by another one ${printMinute(revokedMs)}`;
	if (isThis) return 'this device';
	if (revokedMs !== null) return `removed ${printMinute(revokedMs)}`;
	if (hasLostVoucher) return 'known only through a device that was removed: atoll pair';
	return seenMs === null ? 'never met' : `met ${printMinute(seenMs)}`;
}

/** The device that `text` means: its name, or how its id begins. */
export async function findNamed(
	{ commands, context }: CoreSession,
	text: string
): Promise<Result<DeviceRow, AnyFailure>> {
	const listed = await commands['devices.list']({}, context());
	if (!listed.ok) return listed;
	const named = listed.value.filter(({ name }) => name === text);
	const meant = named.length > 0 ? named : listed.value.filter(({ id }) => text !== '' && id.startsWith(text));
	const [one, ...more] = meant;
	if (one === undefined) return err({ type: 'DeviceUnknown', name: text });
	return more.length === 0 ? ok(one) : err({ type: 'DeviceAmbiguous', name: text });
}

export const devices = defineCommand({
	name: 'devices',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'List the devices of the library',
	json: `[{"id", "isThis", "name", "kind", "addedMs", "seenMs", "levelMs", "revokedMs", "hasLostVoucher",
"addresses", "link", "locations", "volumes"}]`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('devices', values, shell, async ({ commands, context }) => {
			const listed = await commands['devices.list']({}, context());
			if (!listed.ok) return listed;
			const rows = listed.value.map((row) => [row.id.slice(0, idLetters), printName(row.name), row.kind, stateOf(row)]);
			shell.terminal.out(values.json === true ? printJson(listed.value) : printTable(rows));
			return ok(null);
		})
});

export const devicesRename = defineCommand({
	name: 'devices rename',
	operands: '<device> <name>',
	operandsMin: 2,
	operandsMax: 2,
	summary: 'Call a device something else, on all devices',
	options: libraryOptions,
	run: ({ values, operands, shell }) =>
		withLibrary('devices rename', values, shell, async (library) => {
			const [text = '', name = ''] = operands;
			const found = await findNamed(library, text);
			if (!found.ok) return found;
			return library.commands['devices.rename']({ device: found.value.id, name }, library.context());
		})
});

export const devicesAt = defineCommand({
	name: 'devices at',
	operands: '<device> <address>…',
	operandsMin: 2,
	operandsMax: 1 + addressMax.count,
	summary: 'Say where another device is dialled from now on',
	details: `There it runs atoll start or atoll serve with --peer-port, and the address is <host>:<port>; or with
--relay-at, and says an address of its own. One that has joined knows where it came to.`,
	options: libraryOptions,
	run: async ({ values, operands, shell }) => {
		const [text = '', ...places] = operands;
		const addresses = places.flatMap((place) => readAddress(place) ?? []);
		if (addresses.length < places.length)
			return err({
				type: 'UsageWrong',
				command: 'devices at',
				problem: 'An address is <host>:<port>, or what a device says that is at a relay.'
			});
		return withLibrary('devices at', values, shell, async (library) => {
			const found = await findNamed(library, text);
			if (!found.ok) return found;
			return library.commands['devices.set-addresses']({ device: found.value.id, addresses }, library.context());
		});
	}
});

async function mayRevoke(
	{ name }: DeviceRow,
	yes: boolean,
	{ terminal, signal }: Shell
): Promise<Result<null, AnyFailure>> {
	if (yes) return ok(null);
	if (!terminal.canAsk) return err({ type: 'ConfirmationNeeded' });
	terminal.say(`${printName(name)} gets nothing more from any device that hears of it. What it has it keeps.`);
	const answer = await terminal.ask('Remove it? [y/N] ', 'echo', signal);
	if (answer === null) return err({ type: 'Interrupted' });
	return /^y(es)?$/i.test(answer.trim()) ? ok(null) : err({ type: 'NotConfirmed' });
}

export const devicesRevoke = defineCommand({
	name: 'devices revoke',
	operands: '<device>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Remove a device: it gets nothing more from the others',
	details: `It is cut off at once and let in no more, until it is paired again. What it has it keeps, with the key of
its copy. Each other device is told when it is next met, and goes on with the removed one until then.`,
	options: { ...libraryOptions, yes: { type: 'boolean', short: 'y', help: 'do not ask' } },
	run: ({ values, operands, shell }) =>
		withLibrary('devices revoke', values, shell, async (library) => {
			const found = await findNamed(library, operands[0] ?? '');
			if (!found.ok) return found;
			const may = await mayRevoke(found.value, values.yes === true, shell);
			if (!may.ok) return may;
			const revoked = await library.commands['devices.revoke']({ device: found.value.id }, library.context());
			if (revoked.ok) shell.terminal.out(`${printName(found.value.name)} is removed.\n`);
			return revoked;
		})
});
