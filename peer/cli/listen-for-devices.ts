import { err, ok, type Result } from '#core/kernel';
import { parsePort } from '../config.ts';
import type { PeerListening } from '../host/peer-devices.ts';
import type { AnyFailure } from './failure.ts';
import type { CoreSession } from './open-library.ts';
import type { Shell } from './shell.ts';

export type PeerValues = { readonly 'peer-port'?: string; readonly 'peer-host'?: string };

/** Where devices may come, as it was typed; null where no port is named and there is no `portDefault`. */
export function peerPlace(
	command: string,
	values: PeerValues,
	portDefault: number | null
): Result<{ readonly host: string | undefined; readonly port: number } | null, AnyFailure> {
	const { 'peer-port': text, 'peer-host': host } = values;
	const port = text === undefined ? portDefault : parsePort(text);
	if (text !== undefined && port === null)
		return err({ type: 'UsageWrong', command, problem: '--peer-port is a number from 0 to 65535.' });
	if (host === '') return err({ type: 'UsageWrong', command, problem: '--peer-host is empty.' });
	return ok(port === null ? null : { host, port });
}

/** Lets devices of the open library in while `use` runs, where the command line names a port for them; `use` is told where. */
export async function listeningForDevices<T>(
	command: string,
	values: PeerValues,
	{ core, devices }: CoreSession,
	shell: Shell,
	use: (addresses: readonly string[]) => Promise<Result<T, AnyFailure>>
): Promise<Result<T, AnyFailure>> {
	const place = peerPlace(command, values, null);
	if (!place.ok) return place;
	if (place.value === null) return use([]);
	const listening: Result<PeerListening, AnyFailure> = await devices.listen(core, place.value, shell.signal);
	if (!listening.ok) return listening;
	shell.terminal.out(`Devices of this library are awaited on port ${listening.value.port}\n`);
	try {
		return await use(listening.value.addresses);
	} finally {
		await listening.value.close();
	}
}
