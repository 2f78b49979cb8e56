import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createHome, inHome, password, type Home } from './home.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

/** Four libraries, told apart by the one location in each; those with a password have one each. */
const libraries = ['by-flag', 'by-environment', 'by-config', 'by-default'] as const;
type Name = (typeof libraries)[number];

let home: Home;
const folderOf = (name: Name) =>
	name === 'by-default' ? home.path('.local/share/atoll/library.sdlibrary') : home.path(name);

beforeAll(async () => {
	home = await createHome();
	for (const name of libraries) {
		home.write(`password of ${name}`, `${password} ${name}\n`);
		home.write(`folders/${name}/file`, '');
		const secret = ['--password-file', home.path(`password of ${name}`)];
		const made = await home.run(['init', folderOf(name), ...secret]);
		expect(made).toMatchObject({ code: 0, err: '' });
		const added = await home.run(['add', `folders/${name}`, '--library', folderOf(name), ...secret]);
		expect(added).toMatchObject({ code: 0, err: '' });
	}
});
afterAll(() => home.remove());

/** Each source as it is given in one row of the table. */
type Sources = { flag?: Name; environment?: Name; config?: Name; passwordsOf: readonly (Name | null)[] };

async function openedLibrary({ flag, environment, config, passwordsOf }: Sources) {
	const file = (name: Name | null | undefined) => (name == null ? undefined : home.path(`password of ${name}`));
	const [flagged, inEnvironment, configured] = passwordsOf.map(file);
	home.write(
		'.config/atoll/config.json',
		JSON.stringify({ library: config && folderOf(config), passwordFile: configured })
	);
	const flags = [
		...(flag === undefined ? [] : ['--library', folderOf(flag)]),
		...(flagged === undefined ? [] : ['--password-file', flagged])
	];
	const variables = {
		...(environment === undefined ? {} : { ATOLL_LIBRARY: folderOf(environment) }),
		...(inEnvironment === undefined ? {} : { ATOLL_PASSWORD_FILE: inEnvironment })
	};
	const ended = await home.run(['locations', '--json', ...flags], variables);
	return ended.code === 0 ? JSON.parse(ended.out).locations[0].name : ended.code;
}

describe('flags come before the environment, that before the config file, that before what is usual', () => {
	const [flag, environment, config, usual] = libraries;
	test.each<[Sources, Name | number]>([
		[{ flag, environment, config, passwordsOf: [flag, environment, config] }, flag],
		[{ environment, config, passwordsOf: [null, environment, config] }, environment],
		[{ config, passwordsOf: [null, null, config] }, config],
		[{ passwordsOf: [null, null, usual] }, usual],
		[{ flag, passwordsOf: [null, flag, config] }, flag],
		[{ flag, passwordsOf: [null, null, flag] }, flag],
		// The control: a source of higher rank that names the wrong password is not passed over.
		[{ flag, passwordsOf: [environment, flag, flag] }, 3],
		[{ environment, passwordsOf: [null, config, environment] }, 3],
		[{ flag: 'by-flag', environment, config, passwordsOf: [null, environment, config] }, 3]
	])('%j opens %j', async (sources, expected) => {
		expect(await openedLibrary(sources)).toBe(expected);
	});

	test('an empty variable is none, and relative paths are meant from where npm was called', async () => {
		home.write(
			'.config/atoll/config.json',
			JSON.stringify({ library: '../../by-config', passwordFile: '~/password of by-config' })
		);
		expect(await home.run(['locations'], { ATOLL_LIBRARY: '', ATOLL_PASSWORD_FILE: '' })).toMatchObject({
			code: 0,
			out: expect.stringContaining('/by-config')
		});
		const from = { INIT_CWD: home.path('folders') };
		const flags = ['--library', '../by-flag', '--password-file', '../password of by-flag'];
		expect(await home.run(['locations', ...flags], from)).toMatchObject({ code: 0 });
		expect(await home.run(['locations', ...flags])).toMatchObject({ code: 5 });
	});

	test('the XDG folders are respected', async () => {
		const { folder } = home;
		const variables = { XDG_DATA_HOME: join(folder, 'data'), XDG_CONFIG_HOME: join(folder, 'settings') };
		expect(await home.run(['locations'], variables)).toMatchObject({
			code: 5,
			err: expect.stringContaining(join(folder, 'data', 'atoll', 'library.sdlibrary'))
		});
		await home.run(['init', 'own', '--no-password'], variables);
		expect(existsSync(join(folder, 'settings', 'atoll', 'secrets'))).toBe(true);
		expect(await home.run(['locations', '-L', 'own'], variables)).toMatchObject({ code: 0 });
		expect(await home.run(['locations', '-L', 'own']), 'the secret is kept elsewhere').toMatchObject({ code: 3 });
	});
});

describe('a configuration that is wrong says where', () => {
	test.each([
		['{"libary": "x"}', ['libary', 'library, passwordFile, port, host, hostNames']],
		['{"library": "x", "__proto__x": 1}', ['__proto__x']],
		['{"port": "4310"}', ['port']],
		['{"port": 70000}', ['port']],
		['{"hostNames": ["nas.local", "a/b"]}', ['hostNames.1']],
		['{"library": ""}', ['library']],
		['[]', ['config.json']],
		['"text"', ['config.json']],
		['{"library": ', ['not JSON']],
		['', ['not JSON']]
	])('%s', async (text, said) => {
		await inHome(async ({ write, run }) => {
			write('.config/atoll/config.json', text);
			const ended = await run(['locations']);
			expect(ended.code).toBe(2);
			for (const word of said) expect(ended.err).toContain(word);
			expect(await run(['--help']), 'help needs no configuration').toMatchObject({ code: 0 });
		});
	});

	test('a variable that is wrong says which', async () => {
		expect(await home.run(['app'], { ATOLL_PORT: 'http' })).toMatchObject({
			code: 2,
			err: expect.stringContaining('ATOLL_PORT')
		});
	});

	test('a password file that is not there, empty or a folder says so', async () => {
		home.write('empty', '\nsecond line\n');
		for (const file of ['nowhere', 'empty', 'folders'])
			expect(await home.run(['locations', '-L', 'by-flag', '-p', file]), file).toMatchObject({
				code: 2,
				err: expect.stringContaining(file)
			});
	});

	test('a config file that may not be read says so', async () => {
		await inHome(async ({ write, run, path }) => {
			write('.config/atoll/config.json/inside', '');
			expect(await run(['locations'])).toMatchObject({ code: 2, err: expect.stringContaining('EISDIR') });
			chmodSync(path('.config'), 0o700);
		});
	});
});
