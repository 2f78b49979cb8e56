import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import * as v from 'valibot';
import { err, ok, type Result } from '#core/kernel';
import { parseDirectServer, type DirectServer } from '#core/direct';
import { parseRelayName, type RelayName } from '#core/relay';
import { errorCode } from './host/system-error.ts';
import type { TlsChoice } from './tls/certificates.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Each is asked for each network that this machine has. */
const iceServersMax = 8;

/** How a relay is named. */
export const relayForm = 'a relay is wss://<host>/relay, with or without # and its token';
/** How a server is named that helps to find a direct way. */
export const iceServerForm = 'a server is stun:<host> or turn:<user>:<password>@<host>, each percent-encoded';
const isIceServer = (text: string) => parseDirectServer(text) !== null;
const isRelayName = (text: string) => parseRelayName(text) !== null;

/** `config.json`: every key may be absent. Paths are taken from the folder of the file; `~/` is the person's home. */
const configSchema = v.strictObject({
	library: v.optional(v.pipe(v.string(), v.nonEmpty())),
	passwordFile: v.optional(v.pipe(v.string(), v.nonEmpty())),
	port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))),
	host: v.optional(v.pipe(v.string(), v.nonEmpty())),
	hostNames: v.optional(v.array(v.pipe(v.string(), v.regex(/^[a-z0-9_.-]+$|^\[[0-9a-f:.]+\]$/i, 'not a host name')))),
	/** Whether devices of other libraries meet here, too, which cannot reach each other. */
	relay: v.optional(v.boolean()),
	/** Whether devices of the library find each other in the network around them. */
	nearby: v.optional(v.boolean()),
	/** Whether this peer makes its certificates itself. */
	tls: v.optional(v.literal('local-ca')),
	/** The PEM files of a certificate and its key. */
	tlsCert: v.optional(v.pipe(v.string(), v.nonEmpty())),
	tlsKey: v.optional(v.pipe(v.string(), v.nonEmpty())),
	/** The relay where other devices find this one. */
	relayAt: v.optional(v.pipe(v.string(), v.check(isRelayName, relayForm))),
	/** Who helps to find ways through routers to other devices; nobody where this is left out. */
	iceServers: v.optional(
		v.pipe(v.array(v.pipe(v.string(), v.check(isIceServer, iceServerForm))), v.maxLength(iceServersMax))
	)
});
export type Config = v.InferOutput<typeof configSchema>;

export const configKeys = Object.keys(configSchema.entries);

export type ConfigFailure =
	| { readonly type: 'ConfigUnreadable'; readonly file: string; readonly code: string }
	| { readonly type: 'ConfigNotJson'; readonly file: string; readonly detail: string }
	| {
			readonly type: 'ConfigKeyUnknown';
			readonly file: string;
			readonly key: string;
			readonly known: readonly string[];
	  }
	| { readonly type: 'ConfigValueWrong'; readonly file: string; readonly key: string; readonly detail: string }
	/** An environment variable, by its name. */
	| { readonly type: 'VariableWrong'; readonly name: string; readonly detail: string };

/** What a command line may set; an absent flag leaves the choice to the environment, then to the config file. */
export type Flags = {
	readonly library?: string | undefined;
	readonly passwordFile?: string | undefined;
	readonly port?: number | undefined;
	readonly host?: string | undefined;
	readonly relay?: true | undefined;
	readonly relayAt?: RelayName | undefined;
	readonly nearby?: false | undefined;
	readonly tls?: 'local-ca' | undefined;
	readonly tlsCert?: string | undefined;
	readonly tlsKey?: string | undefined;
};

export type Settings = {
	/** The library's folder, absolute. */
	readonly library: string;
	readonly passwordFile: string | null;
	readonly port: number;
	readonly host: string;
	/** Names beside localhost and `host` under which the peer answers. */
	readonly hostNames: readonly string[];
	/** Whether devices of other libraries meet here, too, which cannot reach each other. */
	readonly relay: boolean;
	/** The relay where other devices find this one. */
	readonly relayAt: RelayName | null;
	/** Whether devices of the library find each other in the network around them. */
	readonly nearby: boolean;
	/** Where the certificate for https comes from; null: none, plain http alone. */
	readonly tls: TlsChoice | null;
	/** Who helps to find ways through routers to other devices. */
	readonly iceServers: readonly DirectServer[];
};

const portDefault = 4310;
const hostDefault = '127.0.0.1';
/** Far more than the few keys need: a config file of a gigabyte is a mistake. */
const configLettersMax = 65_536;

function homeOf(env: Environment): string {
	return env['HOME'] || homedir();
}

/** A folder that the XDG Base Directory Specification names; a relative value there counts as none. */
function baseFolder(env: Environment, variable: string, fallback: string): string {
	const value = env[variable];
	return value !== undefined && isAbsolute(value) ? value : join(homeOf(env), fallback);
}

export function configFile(env: Environment): string {
	return join(baseFolder(env, 'XDG_CONFIG_HOME', '.config'), 'atoll', 'config.json');
}

/** Where this device keeps what opens a library without a password. */
export function secretsFolder(env: Environment): string {
	return join(baseFolder(env, 'XDG_CONFIG_HOME', '.config'), 'atoll', 'secrets');
}

/** The library that is meant where nobody names one. */
export function libraryDefault(env: Environment): string {
	return join(baseFolder(env, 'XDG_DATA_HOME', '.local/share'), 'atoll', 'library.sdlibrary');
}

/** Parses the text of a config file. */
export function parseConfig(text: string, file: string): Result<Config, ConfigFailure> {
	if (text.length > configLettersMax) return err({ type: 'ConfigNotJson', file, detail: 'too long' });
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch (thrown) {
		return err({ type: 'ConfigNotJson', file, detail: thrown instanceof Error ? thrown.message : String(thrown) });
	}
	// To the schema a list is an object without keys.
	if (Array.isArray(json)) return err({ type: 'ConfigValueWrong', file, key: '', detail: 'a list is no object' });
	const parsed = v.safeParse(configSchema, json);
	if (parsed.success) return ok(parsed.output);
	const [issue] = parsed.issues;
	const key = v.getDotPath(issue) ?? '';
	// Both a wrong top-level value and an unknown key are issues of the object; only the latter names a key.
	return issue.kind === 'schema' && issue.type === 'strict_object' && key !== '' && !configKeys.includes(key)
		? err({ type: 'ConfigKeyUnknown', file, key, known: configKeys })
		: err({ type: 'ConfigValueWrong', file, key, detail: issue.message });
}

function readConfig(file: string): Result<Config, ConfigFailure> {
	try {
		return parseConfig(readFileSync(file, 'utf8'), file);
	} catch (thrown) {
		const code = errorCode(thrown);
		return code === 'ENOENT' ? ok({}) : err({ type: 'ConfigUnreadable', file, code });
	}
}

/** The port that `text` names, or null. */
export function parsePort(text: string): number | null {
	return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : null;
}

function splitNames(text: string): string[] {
	return text.split(/[\s,]+/).filter((name) => name !== '');
}

/** What was named for TLS at one place; null where half of it is missing or there is too much. */
function tlsChoice(own: string | undefined, certificate?: string, key?: string): TlsChoice | null | undefined {
	if (own === undefined && certificate === undefined && key === undefined) return undefined;
	if (own !== undefined) return own === 'local-ca' && (certificate ?? key) === undefined ? { kind: 'local-ca' } : null;
	return certificate !== undefined && key !== undefined ? { kind: 'files', certificate, key } : null;
}

/** How a certificate is named. */
export const tlsForm = 'it is local-ca alone, or a certificate with its key';

/** The servers that are named, or null where one of them cannot be read. */
function readIceServers(variable: string | undefined, config: readonly string[]): readonly DirectServer[] | null {
	const named = variable === undefined ? config : splitNames(variable);
	const servers = named.flatMap((text) => parseDirectServer(text) ?? []);
	return servers.length === named.length && named.length <= iceServersMax ? servers : null;
}

/** Merges the three sources, the command line before the environment before the config file. */
export function readSettings(flags: Flags, env: Environment, folder: string): Result<Settings, ConfigFailure> {
	const file = configFile(env);
	const read = readConfig(file);
	if (!read.ok) return read;
	const config = read.value;
	// An empty variable is one that was not set.
	const variable = (name: string) => env[name] || undefined;
	const fromConfig = (path: string | undefined) =>
		path === undefined ? undefined : resolve(dirname(file), path.replace(/^~(?=\/|$)/, homeOf(env)));
	const fromPerson = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path));

	const portText = variable('ATOLL_PORT');
	const port = portText === undefined ? undefined : parsePort(portText);
	if (port === null) return err({ type: 'VariableWrong', name: 'ATOLL_PORT', detail: 'a port is 0 to 65535' });
	const names = variable('ATOLL_HOST_NAMES');
	for (const name of ['ATOLL_RELAY', 'ATOLL_NEARBY'])
		if (!['yes', 'no', undefined].includes(variable(name)))
			return err({ type: 'VariableWrong', name, detail: 'it is yes or no' });
	const isSaid = (name: string) => (variable(name) === undefined ? undefined : variable(name) === 'yes');
	const relayText = variable('ATOLL_RELAY_AT') ?? config.relayAt;
	const relayAt = flags.relayAt ?? (relayText === undefined ? null : parseRelayName(relayText));
	if (relayText !== undefined && relayAt === null)
		return err({ type: 'VariableWrong', name: 'ATOLL_RELAY_AT', detail: relayForm });
	const tlsChoices = [
		tlsChoice(flags.tls, fromPerson(flags.tlsCert), fromPerson(flags.tlsKey)),
		tlsChoice(variable('ATOLL_TLS'), fromPerson(variable('ATOLL_TLS_CERT')), fromPerson(variable('ATOLL_TLS_KEY'))),
		tlsChoice(config.tls, fromConfig(config.tlsCert), fromConfig(config.tlsKey))
	];
	// The first place that names one has all of it: halves of two places are no pair.
	const tls = tlsChoices.find((choice) => choice !== undefined);
	if (tls === null)
		return tlsChoices[1] === null
			? err({ type: 'VariableWrong', name: 'ATOLL_TLS', detail: tlsForm })
			: err({ type: 'ConfigValueWrong', file, key: 'tls', detail: tlsForm });
	const servers = readIceServers(variable('ATOLL_ICE_SERVERS'), config.iceServers ?? []);
	if (servers === null) return err({ type: 'VariableWrong', name: 'ATOLL_ICE_SERVERS', detail: iceServerForm });
	return ok({
		library:
			fromPerson(flags.library ?? variable('ATOLL_LIBRARY')) ?? fromConfig(config.library) ?? libraryDefault(env),
		passwordFile:
			fromPerson(flags.passwordFile ?? variable('ATOLL_PASSWORD_FILE')) ?? fromConfig(config.passwordFile) ?? null,
		port: flags.port ?? port ?? config.port ?? portDefault,
		host: flags.host ?? variable('ATOLL_HOST') ?? config.host ?? hostDefault,
		hostNames: names === undefined ? (config.hostNames ?? []) : splitNames(names),
		relay: flags.relay ?? isSaid('ATOLL_RELAY') ?? config.relay ?? false,
		nearby: flags.nearby ?? isSaid('ATOLL_NEARBY') ?? config.nearby ?? true,
		relayAt,
		tls: tls ?? null,
		iceServers: servers
	});
}
