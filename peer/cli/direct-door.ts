import { lookup } from 'node:dns/promises';
import { err, ok, type Result } from '#core/kernel';
import { parsePort } from '../config.ts';
import { ownHosts } from '../host/peer-devices.ts';
import { isAnyAddress } from '../http/host-names.ts';
import type { AnyFailure } from './failure.ts';
import type { CoreSession } from './open-library.ts';
import type { Shell } from './shell.ts';

export type DirectValues = { readonly 'direct-port'?: string };

/** More ways to one machine than most have; the other addresses of an invitation need their room. */
const addressesMax = 3;

/** The UDP port that was typed, `portDefault` where none was; null where it is to be none. */
function directPort(command: string, values: DirectValues, portDefault: number): Result<number | null, AnyFailure> {
	const { 'direct-port': text } = values;
	if (text === undefined) return ok(portDefault);
	if (text === 'none') return ok(null);
	const port = parsePort(text);
	return port === null || port === 0
		? err({ type: 'UsageWrong', command, problem: '--direct-port is a number from 1 to 65535, or none.' })
		: ok(port);
}

/** The address to listen on: of a name the one that it stands for. */
async function listenOn(host: string): Promise<string> {
	if (isAnyAddress(host)) return host;
	const found = await lookup(host).catch(() => null);
	return found?.address ?? host;
}

/**
 * Lets devices of the open library dial this one directly while `use` runs, at the UDP port that was named or else that of
 * the app; `use` is told how. Where nobody has named a port and it is taken, that is said, and the rest goes on.
 */
export async function takingDirectDials<T>(
	command: string,
	values: DirectValues,
	{ core, devices, settings }: CoreSession,
	appPort: number,
	shell: Shell,
	use: (addresses: readonly string[]) => Promise<Result<T, AnyFailure>>
): Promise<Result<T, AnyFailure>> {
	const { terminal, signal } = shell;
	const port = directPort(command, values, appPort);
	if (!port.ok) return port;
	if (port.value === null) return use([]);
	const host = await listenOn(settings.host);
	const at = { host, port: port.value };
	const listening = await devices.links.listenDirectly(core, at, signal);
	if (!listening.ok) {
		const { failure } = listening;
		if (failure.type !== 'RtcNotListening') return err(failure);
		if (values['direct-port'] !== undefined) return err({ type: 'PortTaken', ...at });
		terminal.say(`UDP port ${at.port} is taken, so browsers cannot dial this device directly. Another: --direct-port.`);
		return use([]);
	}
	try {
		const { addressAt } = listening.value;
		const addresses = ownHosts(host).map((one) => addressAt(one));
		return await use(addresses.filter((one) => one !== null).slice(0, addressesMax));
	} finally {
		listening.value.close();
	}
}
