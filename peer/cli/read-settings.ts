import { err, ok, type Result } from '#core/kernel';
import { parsePort, readSettings, relayForm, tlsForm, type Settings } from '../config.ts';
import { parseRelayName } from '#core/relay';
import type { AnyFailure } from './failure.ts';
import type { Shell } from './shell.ts';

/** The settings options of any command, as they were typed. */
export type SettingValues = {
	readonly library?: string;
	readonly 'password-file'?: string;
	readonly port?: string;
	readonly host?: string;
	readonly relay?: boolean;
	readonly 'relay-at'?: string;
	readonly 'no-nearby'?: boolean;
	readonly tls?: string;
	readonly 'tls-cert'?: string;
	readonly 'tls-key'?: string;
};

/** The settings of one command line; a port is checked here, as text is all that a command line has. */
export function settingsOf(command: string, values: SettingValues, shell: Shell): Result<Settings, AnyFailure> {
	const { library, port: portText, host } = values;
	const port = portText === undefined ? undefined : parsePort(portText);
	const files = { 'tls-cert': values['tls-cert'], 'tls-key': values['tls-key'] };
	for (const [name, value] of Object.entries({ library, 'password-file': values['password-file'], host, ...files }))
		if (value === '') return err({ type: 'UsageWrong', command, problem: `--${name} is empty.` });
	if (port === null) return err({ type: 'UsageWrong', command, problem: '--port is a number from 0 to 65535.' });
	const named = values['relay-at'];
	const relayAt = named === undefined ? undefined : parseRelayName(named);
	if (relayAt === null) return err({ type: 'UsageWrong', command, problem: `--relay-at: ${relayForm}.` });
	const { tls, 'tls-cert': tlsCert, 'tls-key': tlsKey } = values;
	const isWhole = tls === undefined ? (tlsCert === undefined) === (tlsKey === undefined) : !(tlsCert ?? tlsKey);
	if (!isWhole || (tls !== undefined && tls !== 'local-ca'))
		return err({ type: 'UsageWrong', command, problem: `--tls: ${tlsForm}.` });
	const nearby = values['no-nearby'] === true ? false : undefined;
	const relay = values.relay === true ? true : undefined;
	const settings = readSettings(
		{ library, passwordFile: values['password-file'], port, host, relay, relayAt, nearby, tls, tlsCert, tlsKey },
		shell.env,
		shell.folder
	);
	return settings.ok ? ok(settings.value) : settings;
}
