import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { atollProgram, follow, inLibrary, type Ended, type Home } from './home.ts';

vi.setConfig({ testTimeout: 60_000 });

async function added(home: Home, name: string): Promise<void> {
	expect(await home.runHere(['add', name])).toMatchObject({ code: 0 });
	expect(await home.runHere(['index', name])).toMatchObject({ code: 0 });
}

test('a folder that vanished keeps its entries and says so; back again it is as it was', async () => {
	await inLibrary(async (home) => {
		home.write('disk/photos/beach.jpg', 'x');
		home.write('other/file', 'x');
		await added(home, 'disk');
		await added(home, 'other');
		renameSync(home.path('disk'), home.path('unplugged'));
		home.write('other/second', 'x');
		const indexed = await home.runHere(['index']);
		expect(indexed.code).toBe(1);
		expect(indexed.err).toContain(home.path('disk'));
		expect(indexed.err).toContain('stays');
		expect(indexed.out, 'the other folder is indexed all the same').toMatch(/^\/other: 2 entries \(1 new/m);
		expect(await home.runHere(['index', 'disk'])).toMatchObject({ code: 5 });

		expect(await home.runHere(['find', 'beach'])).toMatchObject({ out: '/disk/photos/beach.jpg  (offline)\n' });
		const { locations } = JSON.parse((await home.runHere(['locations', '--json'])).out);
		expect(locations[0].problem).toEqual({ type: 'FolderMissing', retry: 'when-online' });
		expect((await home.runHere(['locations'])).out).toContain('not there');

		renameSync(home.path('unplugged'), home.path('disk'));
		expect(await home.runHere(['index', 'disk'])).toMatchObject({
			code: 0,
			out: expect.stringContaining('2 entries (0 new, 0 changed, 0 moved, 0 gone)')
		});
		expect(JSON.parse((await home.runHere(['locations', '--json'])).out).locations[0].problem).toBeNull();
	});
});

test('a folder that is suddenly empty keeps its entries until a person says that it was emptied', async () => {
	await inLibrary(async (home) => {
		home.write('disk/a/b', 'x');
		await added(home, 'disk');
		rmSync(home.path('disk/a'), { recursive: true });
		const indexed = await home.runHere(['index', '--json']);
		expect(indexed).toMatchObject({ code: 1, err: expect.stringContaining('--accept-empty') });
		expect(JSON.parse(indexed.out).locations[0]).toMatchObject({
			outcome: null,
			failure: { type: 'FolderSuddenlyEmpty', entries: 2 }
		});
		expect(await home.runHere(['find', 'b'])).toMatchObject({ out: '/disk/a/b\n' });
		expect(await home.runHere(['index', '--accept-empty'])).toMatchObject({
			code: 0,
			out: expect.stringContaining('0 entries (0 new, 0 changed, 0 moved, 2 gone)')
		});
	});
});

/** Runs `atoll` as a user whom permissions bind: as root, without the two capabilities that pass over them. */
async function runBound(home: Home, args: readonly string[]): Promise<Ended> {
	const command = [process.execPath, await atollProgram(), ...args];
	const isRoot = process.getuid?.() === 0;
	const bounds = ['--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all'];
	const [program = '', ...rest] = isRoot ? ['setpriv', ...bounds, ...command] : command;
	const env = { PATH: process.env['PATH'] ?? '', HOME: home.folder };
	return follow(spawn(program, rest, { cwd: home.folder, env, stdio: ['ignore', 'pipe', 'pipe'] })).ended;
}

test('T08: what may not be read is listed with its reason, the rest goes on, and it comes in once it may', async () => {
	await inLibrary(async (home) => {
		const folders = 100;
		for (let at = 0; at < folders; at++) home.write(`tree/folder ${at}/file`, 'x');
		const denied = [7, 42, 99].map((at) => `tree/folder ${at}`);
		for (const path of denied) chmodSync(home.path(path), 0);
		try {
			expect(await home.runHere(['add', 'tree'])).toMatchObject({ code: 0 });
			const indexed = await runBound(home, ['index']);
			expect(indexed).toMatchObject({ code: 0, out: expect.stringContaining('197 entries (197 new') });
			expect(indexed.out).toContain('3 problems');
			for (const path of denied) expect(indexed.err).toContain(`/${path}: the system does not let Atoll read it`);
			expect(indexed.err.trimEnd().split('\n')).toHaveLength(denied.length);
			const again = JSON.parse((await runBound(home, ['index', '--json'])).out);
			const told = again.locations[0].problems.map(({ path, reason }: Record<string, string>) => `${path} ${reason}`);
			expect(told.toSorted()).toEqual(denied.map((path) => `/${path} denied`).toSorted());
		} finally {
			for (const path of denied) chmodSync(home.path(path), 0o755);
		}
		expect(await runBound(home, ['index'])).toMatchObject({
			code: 0,
			err: '',
			out: expect.stringContaining('200 entries (3 new')
		});
	});
});

test('a top folder and a library that may not be read or written say so', async () => {
	await inLibrary(async (home) => {
		mkdirSync(home.path('closed'), { mode: 0 });
		const add = await runBound(home, ['add', 'closed']);
		const index = add.code === 0 ? await runBound(home, ['index', 'closed']) : add;
		expect(index).toMatchObject({ code: 1, err: expect.stringContaining('does not let Atoll read') });
		mkdirSync(home.path('read-only'), { mode: 0o555 });
		const made = await runBound(home, ['init', 'read-only/lib', '--no-password']);
		expect(made).toMatchObject({ code: 1, err: expect.stringContaining('does not let Atoll write') });
		chmodSync(home.path('closed'), 0o755);
	});
});
