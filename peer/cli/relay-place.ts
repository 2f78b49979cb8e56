import { ok, type Result } from '#core/kernel';
import type { RelayFailure, RelayName } from '#core/relay';
import type { AnyFailure } from './failure.ts';
import type { CoreSession } from './open-library.ts';
import { printName } from './print.ts';
import type { Shell } from './shell.ts';

/**
 * Keeps this device's place at `relay` while `use` runs, which is told where other devices of the open library call it; no
 * place where there is no relay. `isNeeded`: it is an error where there is none to be had at first.
 */
export async function atRelay<T>(
	relay: RelayName | null,
	{ core, commands, context, devices }: CoreSession,
	shell: Shell,
	isNeeded: boolean,
	use: (addresses: readonly string[]) => Promise<Result<T, AnyFailure>>
): Promise<Result<T, AnyFailure>> {
	const { terminal, signal } = shell;
	const status = await commands['library.status']({}, context());
	if (!status.ok) return status;
	if (relay === null || status.value.state === 'none') return use([]);
	let said = '';
	const say = (state: Result<null, RelayFailure>, address: string) => {
		const line = state.ok
			? `Devices of this library find this one at ${address}`
			: `No place at the relay ${relay.url} for now: ${printName(state.failure.what)}`;
		if (line !== said) terminal.say(line);
		said = line;
	};
	const at = { relay, library: status.value.id };
	const place = await devices.takePlace(core, at, isNeeded ? () => undefined : say, signal);
	if (!place.ok) return place;
	try {
		const first = isNeeded ? await place.value.first : ok(null);
		return first.ok ? await use([place.value.address]) : first;
	} finally {
		await place.value.close();
	}
}
