import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configFile, libraryDefault, parseConfig, parsePort, readSettings, secretsFolder } from './config.ts';
import { testSeed } from '../tests/sim/host/random.ts';

const seed = testSeed('configuration');

describe('parseConfig', () => {
	test('takes what it knows', () => {
		const config = { library: '~/lib', passwordFile: 'pw', port: 0, host: '::1', hostNames: ['nas.local', '[::1]'] };
		expect(parseConfig(JSON.stringify(config), 'f')).toEqual({ ok: true, value: config });
		expect(parseConfig('{}', 'f')).toEqual({ ok: true, value: {} });
		const relays = { relay: true, relayAt: 'wss://nas.example/relay' };
		expect(parseConfig(JSON.stringify(relays), 'f')).toEqual({ ok: true, value: relays });
		expect(parseConfig('{"relayAt": "https://nas.example"}', 'f')).toMatchObject({
			failure: { type: 'ConfigValueWrong', key: 'relayAt' }
		});
	});

	test('says which key it does not know', () => {
		expect(parseConfig('{"port": 1, "prot": 2}', 'f')).toMatchObject({
			failure: { type: 'ConfigKeyUnknown', file: 'f', key: 'prot' }
		});
	});

	test('answers any text with a config or a failure, never with an error', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.json(), fc.json({ stringUnit: 'binary' })), (text) => {
				const parsed = parseConfig(text, 'f');
				expect(parsed.ok || parsed.failure.type.startsWith('Config')).toBe(true);
			}),
			{ seed, numRuns: 500 }
		);
		expect(parseConfig('x'.repeat(70_000), 'f')).toMatchObject({ ok: false });
	});
});

test.each([
	['0', 0],
	['4310', 4310],
	['65535', 65535],
	['65536', null],
	['-1', null],
	['+1', null],
	['1.5', null],
	['1e3', null],
	['0x10', null],
	[' 1', null],
	['', null],
	['١', null]
])('the port %j is %j', (text, port) => {
	expect(parsePort(text)).toBe(port);
});

test('servers that help to find direct ways are named in the configuration or the environment; nobody else is asked', () => {
	const servers = ['stun:nas.example', 'turn:me:a%2Fb@nas.example:3478'];
	expect(parseConfig(JSON.stringify({ iceServers: servers }), 'f')).toMatchObject({ value: { iceServers: servers } });
	expect(parseConfig('{"iceServers": ["turn:nas.example"]}', 'f')).toMatchObject({
		failure: { type: 'ConfigValueWrong', key: 'iceServers.0' }
	});
	const env = { HOME: '/home/nobody-is-here' };
	expect(readSettings({}, env, '/')).toMatchObject({ value: { iceServers: [] } });
	const named = readSettings({}, { ...env, ATOLL_ICE_SERVERS: servers.join(' ') }, '/');
	expect(named).toMatchObject({
		value: {
			iceServers: [{ urls: 'stun:nas.example' }, { urls: 'turn:nas.example:3478', username: 'me', credential: 'a/b' }]
		}
	});
	for (const wrong of ['nas.example', 'stun:a '.repeat(9)])
		expect(readSettings({}, { ...env, ATOLL_ICE_SERVERS: wrong }, '/')).toMatchObject({
			failure: { type: 'VariableWrong', name: 'ATOLL_ICE_SERVERS' }
		});
});

test('a relay is what the command line says, else the environment', () => {
	const env = { HOME: '/home/nobody-is-here', ATOLL_RELAY: 'yes', ATOLL_RELAY_AT: 'wss://nas.example/relay' };
	const named = { url: 'wss://other.example/relay', token: null };
	expect(readSettings({}, env, '/')).toMatchObject({
		value: { relay: true, relayAt: { url: 'wss://nas.example/relay', token: null } }
	});
	expect(readSettings({ relayAt: named }, env, '/')).toMatchObject({ value: { relayAt: named } });
	expect(readSettings({}, { HOME: env.HOME }, '/')).toMatchObject({ value: { relay: false, relayAt: null } });
	for (const wrong of [{ ATOLL_RELAY: 'true' }, { ATOLL_RELAY_AT: 'nas.example' }])
		expect(readSettings({}, { ...env, ...wrong }, '/')).toMatchObject({
			failure: { type: 'VariableWrong', name: Object.keys(wrong)[0] }
		});
});

test('a relative XDG folder counts as none', () => {
	const home = { HOME: '/home/someone' };
	expect(configFile(home)).toBe('/home/someone/.config/atoll/config.json');
	expect(configFile({ ...home, XDG_CONFIG_HOME: 'relative' })).toBe(configFile(home));
	expect(secretsFolder({ ...home, XDG_CONFIG_HOME: '/etc/x' })).toBe('/etc/x/atoll/secrets');
	expect(libraryDefault({ ...home, XDG_DATA_HOME: '' })).toBe('/home/someone/.local/share/atoll/library.sdlibrary');
});
