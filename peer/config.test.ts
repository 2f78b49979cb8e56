import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configFile, libraryDefault, parseConfig, parsePort, secretsFolder } from './config.ts';
import { testSeed } from '../tests/sim/host/random.ts';

const seed = testSeed('configuration');

describe('parseConfig', () => {
	test('takes what it knows', () => {
		const config = { library: '~/lib', passwordFile: 'pw', port: 0, host: '::1', hostNames: ['nas.local', '[::1]'] };
		expect(parseConfig(JSON.stringify(config), 'f')).toEqual({ ok: true, value: config });
		expect(parseConfig('{}', 'f')).toEqual({ ok: true, value: {} });
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

test('a relative XDG folder counts as none', () => {
	const home = { HOME: '/home/someone' };
	expect(configFile(home)).toBe('/home/someone/.config/atoll/config.json');
	expect(configFile({ ...home, XDG_CONFIG_HOME: 'relative' })).toBe(configFile(home));
	expect(secretsFolder({ ...home, XDG_CONFIG_HOME: '/etc/x' })).toBe('/etc/x/atoll/secrets');
	expect(libraryDefault({ ...home, XDG_DATA_HOME: '' })).toBe('/home/someone/.local/share/atoll/library.sdlibrary');
});
