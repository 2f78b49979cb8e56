import { existsSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { scan, type Wanted } from '../durability/scan.ts';
import { inHome, libraryIn } from './home.ts';

vi.setConfig({ testTimeout: 60_000 });

const [password, file, folder, tag, device, library] = [
	'marker password gannet',
	'marker-quartz-lagoon.txt',
	'marker-folder-petrel',
	'marker-tag-osprey',
	'marker-device-heron',
	'marker-library-kestrel'
] as const;
const names: Wanted = { password, file, folder, tag, device, library };

test('T42: of a home whose library is locked, no name, key or password is in any byte', async () => {
	await inHome(async (home) => {
		await inHome(async (outside) => {
			// What a person keeps elsewhere: the files themselves, the password, and the exported key.
			outside.write(`${folder}/${file}`, 'bytes');
			const away = outside.write('password', password);
			const run = async (...args: readonly string[]) => {
				const { code, out, err } = await home.run([...args, '--password-file', away]);
				expect(code, `${args.join(' ')}: ${err}`).toBe(0);
				return out;
			};
			await run('init', libraryIn(home), '--name', library);
			await run('add', outside.path(folder));
			await run('index');
			await run('tags', 'create', tag);
			await run('tag', tag, `/${folder}/${file}`);
			const [own] = JSON.parse(await run('devices', '--json')) as { readonly id: string }[];
			await run('devices', 'rename', own?.id ?? '', device);
			const exported = await run('key', 'export');
			const [, key = ''] = /^key +([0-9a-f]{64})$/m.exec(exported) ?? [];
			expect(key).toHaveLength(64);
			const wanted = { ...names, key: `0x${key}` };
			expect(existsSync(libraryIn(home))).toBe(true);
			expect(scan(home.folder, wanted)).toEqual([]);

			// Control: where it is open to anybody, all of it is found.
			home.write('shown', await run('ls', `/${folder}`));
			home.write('told', (await run('devices')) + (await run('tags')));
			home.write('exported', exported);
			expect(new Set(scan(home.folder, wanted).map(({ what }) => what))).toEqual(
				new Set(['file', 'tag', 'device', 'key'])
			);
		});
	});
});
