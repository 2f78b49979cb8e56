import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { commandGroups } from '../../peer/cli/table.ts';
import { atollProgram, createHome, libraryIn, type Home } from './home.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

/** One home for the whole file: each command is looked at on the same small library. */
let home: Home;

async function done(args: readonly string[]): Promise<string> {
	const ended = await home.run(args);
	expect(ended, args.join(' ')).toMatchObject({ code: 0, err: '' });
	return ended.out;
}

async function json(args: readonly string[]) {
	return JSON.parse(await done([...args, '--json']));
}

beforeAll(async () => {
	home = await createHome();
	home.write('pw', 'a password of some length');
	home.write('docs/notes.txt', 'seven..');
	home.write('docs/Photos/2024/beach.jpg', 'x'.repeat(12_345));
	home.write('docs/Photos/2024/Beach house.png', 'x'.repeat(1_000));
	home.write('music/song 2.mp3', '');
	home.write('music/song 10.mp3', '');
	const made = await json(['init', libraryIn(home), '--name', 'Things', '--no-password']);
	expect(made).toEqual({
		library: libraryIn(home),
		id: expect.stringMatching(/^[0-9a-f]{32}$/),
		recoveryCode: expect.stringMatching(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/)
	});
	await done(['add', 'docs']);
	await done(['add', 'music', '--name', 'Sounds']);
	await done(['index']);
});
afterAll(() => home.remove());

describe('what is asked of the index', () => {
	test('ls lists the locations, a folder, a file', async () => {
		expect(await done(['ls'])).toMatch(/^ 13 kB +- +docs\/\n +0 B +- +Sounds\/\n$/);
		const lines = (await done(['ls', '/docs'])).split('\n');
		expect(lines[0]).toMatch(/^ 13 kB {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}Photos\/$/);
		expect(lines[1]).toMatch(/^ {3}7 B {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}notes.txt$/);
		expect(await done(['ls', '/docs/notes.txt'])).toContain('notes.txt');
		expect(await done(['ls', '-l', '/docs/Photos/2024'])).toMatch(
			/^file +12345 {2}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z +\d+ {2}beach\.jpg$/m
		);
	});

	test('ls sorts as the core does: 2 before 10, by size, the other way round', async () => {
		const names = async (...options: string[]) =>
			(await json(['ls', ...options])).entries.map(({ name }: { name: string }) => name);
		expect(await names('/Sounds')).toEqual(['song 2.mp3', 'song 10.mp3']);
		expect(await names('/Sounds', '--reverse')).toEqual(['song 10.mp3', 'song 2.mp3']);
		expect(await names('/docs/Photos/2024', '--sort', 'size')).toEqual(['Beach house.png', 'beach.jpg']);
	});

	test('ls --json has its shape', async () => {
		const listed = await json(['ls', '/docs/Photos/2024']);
		expect(listed).toEqual({
			path: '/docs/Photos/2024',
			entries: [
				{
					id: expect.any(Number),
					parent: expect.any(Number),
					name: 'Beach house.png',
					kind: 'file',
					sizeBytes: 1_000,
					modifiedMs: expect.any(Number)
				},
				expect.objectContaining({ name: 'beach.jpg', sizeBytes: 12_345 })
			]
		});
		expect(await json(['ls', '/docs/Photos'])).toMatchObject({ entries: [{ name: '2024', kind: 'directory' }] });
		home.write('empty/.keep', '');
		rmSync(home.path('empty', '.keep'));
		await done(['add', 'empty']);
		await done(['index', 'empty']);
		expect(await json(['ls', '/empty'])).toEqual({ path: '/empty', entries: [] });
		expect(await home.run(['remove', 'empty', '--yes'])).toMatchObject({ code: 0 });
	});

	test('a path of the disk means the same as one of the index', async () => {
		const byIndex = await json(['stat', '/docs/Photos/2024/beach.jpg']);
		for (const path of [
			home.path('docs/Photos/2024/beach.jpg'),
			'docs/Photos/2024/beach.jpg',
			'./docs/Photos/../Photos/2024/beach.jpg'
		])
			expect(await json(['stat', path]), path).toEqual(byIndex);
		const inside = await home.run(['stat', 'beach.jpg', '--json'], {}, { cwd: home.path('docs/Photos/2024') });
		expect(JSON.parse(inside.out)).toEqual(byIndex);
		const npm = await home.run(['stat', 'beach.jpg', '--json'], { INIT_CWD: home.path('docs/Photos/2024') });
		expect(JSON.parse(npm.out)).toEqual(byIndex);
	});

	test('stat has its shape', async () => {
		expect(await json(['stat', '/docs/notes.txt'])).toEqual({
			path: '/docs/notes.txt',
			diskPath: home.path('docs/notes.txt'),
			id: expect.any(Number),
			parent: expect.any(Number),
			name: 'notes.txt',
			kind: 'file',
			sizeBytes: 7,
			modifiedMs: expect.any(Number),
			location: { id: expect.any(Number), name: 'docs', offline: false },
			address: expect.stringMatching(/^atoll:\/\/[0-9a-f]{32}\/[0-9a-f]{32}\/.*\/docs\/notes\.txt$/),
			content: {
				id: expect.stringMatching(/^[0-9a-f]{64}$/),
				type: 'text',
				kind: 'text',
				confidence: 85,
				proof: null,
				proven: false,
				damaged: false,
				copies: 0,
				paths: []
			}
		});
		expect(await json(['stat', '/'])).toEqual({ path: '/', kind: 'directory' });
		expect(await done(['stat', '/docs'])).toMatch(/^path {6}\/docs\non disk {3}.*\nkind {6}directory\n/);
	});

	test('find prints full paths, best first', async () => {
		expect(await done(['find', 'BEACH'])).toBe('/docs/Photos/2024/beach.jpg\n/docs/Photos/2024/Beach house.png\n');
		expect(await done(['find', 'house', 'bea'])).toBe('/docs/Photos/2024/Beach house.png\n');
		expect(await done(['find', 'nothing called so'])).toBe('');
		const found = await json(['find', 'beach', '--limit', '1']);
		expect(found).toEqual({
			found: [{ diskPath: home.path('docs/Photos/2024/beach.jpg'), ...(await entryOf('/docs/Photos/2024/beach.jpg')) }],
			more: true
		});
		expect((await home.run(['find', 'beach', '-n', '1'])).err).toContain('More than 1 name');
	});

	async function entryOf(path: string) {
		const { location, address: _, content: _content, ...entry } = await json(['stat', path]);
		return { ...entry, offline: location.offline };
	}

	test('du sums what lies below', async () => {
		expect(await json(['du', '/docs'])).toEqual({
			usages: [{ path: '/docs', files: 3, folders: 2, sizeBytes: 13_352 }],
			total: { files: 3, folders: 2, sizeBytes: 13_352 }
		});
		const all = await json(['du']);
		expect(all.usages.map(({ path }: { path: string }) => path)).toEqual(['/docs', '/Sounds']);
		expect(all.total).toEqual({ files: 5, folders: 2, sizeBytes: 13_352 });
		expect(await done(['du', '/docs/notes.txt'])).toBe('7 B  1 file  0 folders  /docs/notes.txt\n');
	});

	test('verify finds a sound library sound', async () => {
		expect(await json(['verify'])).toEqual({ entries: 9, flaws: [] });
		expect(await done(['verify'])).toBe('Sound: 9 entries\n');
	});

	test('locations and index tell how the folders stand', async () => {
		expect(await json(['locations'])).toEqual({
			locations: ['docs', 'Sounds'].map((name) => ({
				id: expect.any(Number),
				name,
				diskPath: home.path(name === 'docs' ? 'docs' : 'music'),
				addedMs: expect.any(Number),
				indexedMs: expect.any(Number),
				unfinished: false,
				problem: null,
				offline: false,
				moved: false,
				volume: expect.any(Number),
				pathInVolume: expect.stringMatching(name === 'docs' ? /\/docs$/ : /\/music$/),
				class: expect.objectContaining({ logical: null }),
				mode: 'content'
			}))
		});
		expect(await done(['locations'])).toMatch(/^\/docs +\S+ +\S+ +content +indexed \d{4}-\d\d-\d\d/);
		home.write('docs/new.txt', '12');
		const indexed = await json(['index', 'docs']);
		expect(indexed).toEqual({
			locations: [
				{
					id: expect.any(Number),
					name: 'docs',
					diskPath: home.path('docs'),
					outcome: {
						added: 1,
						changed: 0,
						moved: 0,
						removed: 0,
						leftOut: 0,
						entries: 6,
						problems: 0,
						durationMs: expect.any(Number)
					},
					content: { files: 1, bytesRead: 2, problems: 0, durationMs: expect.any(Number) },
					problems: [],
					failure: null
				}
			]
		});
		rmSync(home.path('docs/new.txt'));
		expect(await done(['index', '/docs'])).toMatch(
			/^\/docs: 5 entries \(0 new, 0 changed, 0 moved, 1 gone\) in \d+\.\d s\n$/
		);
	});
});

describe('what changes the library, and nothing else', () => {
	test('remove forgets a folder and leaves its files', async () => {
		home.write('short/file', 'x');
		await done(['add', 'short', '--json']);
		await done(['index', 'short']);
		const asked = await home.run(['remove', 'short']);
		expect(asked).toMatchObject({ code: 2, out: '' });
		expect(asked.err).toContain('--yes');
		const removed = await home.run(['remove', home.path('short'), '-y']);
		expect(removed).toMatchObject({ code: 0, out: expect.stringContaining('forget /short') });
		expect(readFileSync(home.path('short/file'), 'utf8')).toBe('x');
		expect((await home.run(['ls', '/short'])).code).toBe(5);
	});

	test('a folder is added once, and has to be there', async () => {
		expect(await home.run(['add', 'docs'])).toMatchObject({ code: 1, err: expect.stringContaining('already') });
		expect(await home.run(['add', 'nowhere'])).toMatchObject({ code: 5, err: expect.stringContaining('not there') });
		expect(await home.run(['add', 'pw'])).toMatchObject({ code: 2, err: expect.stringContaining('not a folder') });
	});

	test('key recovery replaces the code', async () => {
		const { recoveryCode } = await json(['key', 'recovery']);
		home.write('code', `${recoveryCode.toLowerCase()}\n`);
		const nothing = { XDG_CONFIG_HOME: home.path('other-device') };
		const args = ['ls', '--recovery-code-file', 'code', '--library', libraryIn(home)];
		expect(await home.run(args, nothing)).toMatchObject({ code: 0 });
		await done(['key', 'recovery']);
		expect(await home.run(args, nothing)).toMatchObject({ code: 3, err: expect.stringContaining('recovery code') });
	});
});

const commands = commandGroups.flatMap((group) => group.commands);

describe('the command line itself', () => {
	test('--help names every command, exit code and source of settings', async () => {
		const help = await done(['--help']);
		const rows = commands.flatMap(({ name, summary }) => [`  ${name}`, summary]);
		for (const word of [...rows, 'ATOLL_LIBRARY', 'ATOLL_PASSWORD_FILE', 'config.json', '  130 ', '  6 ', '  4 '])
			expect(help).toContain(word);
		expect(await done(['help'])).toBe(help);
	});

	test.each(commands.map((command) => [command.name, command] as const))(
		'%s --help says its options',
		async (name, command) => {
			const { code, out: help } = await home.runHere([...name.split(' '), '--help']);
			expect(code).toBe(0);
			expect(help).toContain(command.summary);
			for (const option of Object.keys(command.options)) expect(help).toContain(`--${option}`);
			expect('json' in command.options, 'a query has a documented shape').toBe(command.json !== undefined);
			expect(await home.runHere(['help', ...name.split(' ')])).toMatchObject({ code: 0, out: help });
		}
	);

	test('--version is that of the package', async () => {
		const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
		expect(await done(['--version'])).toBe(`atoll ${version}\n`);
	});

	test.each([
		[[]],
		[['nonsense']],
		[['key']],
		[['key', 'nonsense']],
		[['--json', 'ls']],
		[['ls', 'a', 'b']],
		[['ls', '--nonsense']],
		[['ls', '--sort', 'colour']],
		[['ls', '--library']],
		[['ls', '--library=']],
		[['stat']],
		[['find']],
		[['find', 'x', '--limit', '0']],
		[['find', 'x', '--limit', 'many']],
		[['add']],
		[['serve', '--port', '65536']],
		[['serve', '--port', '-1']],
		[['init']],
		[['init', 'x', '--no-password', '--password-file', 'pw']]
	])('%j is a mistake of usage: code 2, and nothing happens', async (args) => {
		const ended = await home.runHere(args);
		expect(ended.code).toBe(2);
		expect(ended.out + ended.err).not.toMatch(/defect|at .*\.m?[jt]s:\d+/);
		expect(existsSync(home.path('x'))).toBe(false);
	});

	test('--json answers a failure with one document too', async () => {
		const ended = await home.run(['stat', '/docs/none', '--json']);
		expect(ended.code).toBe(5);
		expect(JSON.parse(ended.out)).toEqual({ failure: { type: 'PathMissing', path: '/docs/none', nearest: null } });
		expect(ended.err).toContain('knows nothing at /docs/none');
		expect(await home.run(['stat', '/elsewhere/none'])).toMatchObject({ code: 5 });
	});

	test('a reader that leaves early ends it quietly', async () => {
		const line = `"$0" "$@" | head -n 1`;
		const piped = spawnSync('/bin/sh', ['-c', line, process.execPath, await atollProgram(), '--help'], {
			encoding: 'utf8'
		});
		expect(piped.stderr).toBe('');
		expect(piped.stdout).toContain('atoll <command>');
	});
});
