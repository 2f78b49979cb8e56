import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { beforeAll, afterAll, expect, test, vi } from 'vitest';
import { makeTree } from './kills.ts';
import { atollProgram, createHome, libraryIn, type Ended, type Home } from './home.ts';
import { buildProgram } from './program.ts';
import { isNightly } from '../tier.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const shape = { folders: 120, files: 100 };
const entries = shape.folders * (shape.files + 1);
let home: Home;

beforeAll(async () => {
	home = await createHome();
	makeTree(home, shape);
	for (const args of [
		['init', libraryIn(home), '--no-password'],
		['add', 'tree']
	])
		expect(await home.run(args)).toMatchObject({ code: 0 });
	home.write('atoll', `#!/bin/sh\nexec '${process.execPath}' '${await atollProgram()}' "$@"\n`);
	chmodSync(home.path('atoll'), 0o755);
});
afterAll(() => home.remove());

/** How a process may have a disk of its own here: as root, else as root of its own namespace. */
const namespaces = [['--mount'], ['--map-root-user', '--mount']].filter((flags) => {
	const tried = spawnSync('unshare', [...flags, 'sh', '-c', 'mount -t tmpfs -o size=64k tmpfs /mnt']);
	return tried.status === 0;
});

/** Runs `steps` with a disk of 2 MB on `$disk`, where a copy of the library lies. Each step tells its code and words. */
function onSmallDisk(namespace: readonly string[], steps: readonly string[], program = home.path('atoll')) {
	const disk = home.path('disk');
	mkdirSync(disk, { recursive: true });
	const told = steps.map((step) => `{ ${step}; } >out 2>err; printf '%s\\0%s\\0%s\\0' "$?" "$(cat out)" "$(cat err)"`);
	const script = [
		'set -u',
		`mount -t tmpfs -o size=2m tmpfs '${disk}'`,
		`cp -a '${libraryIn(home)}' '${disk}/lib'`,
		...told
	].join('\n');
	const { stdout, stderr, status } = spawnSync('unshare', [...namespace, 'sh', '-c', script], {
		cwd: home.folder,
		env: { PATH: process.env['PATH'], HOME: home.folder, disk, atoll: program, ATOLL_LIBRARY: `${disk}/lib` },
		encoding: 'utf8'
	});
	if (status !== 0) throw new Error(stderr);
	const fields = stdout.split('\0');
	return steps.map((_, at): Ended => ({
		code: Number(fields[at * 3]),
		out: fields[at * 3 + 1] ?? '',
		err: fields[at * 3 + 2] ?? ''
	}));
}

test.each(namespaces.slice(0, 1))(
	'T07: a full disk is said, loses nothing, and work goes on once there is room',
	(...namespace) => {
		const [full, verified, again, listed, exported, beside, more, rest, whole] = onSmallDisk(namespace, [
			'$atoll index',
			'$atoll verify --json',
			'$atoll index',
			'$atoll du --json',
			'$atoll export "$disk/backup.tar"',
			'ls "$disk" "$disk/lib"',
			'mount -o remount,size=64m "$disk"',
			'$atoll index --json',
			'$atoll verify --json'
		]);
		for (const ended of [full, again]) {
			expect(ended).toMatchObject({ code: 1, out: '' });
			expect(ended?.err).toContain('full');
			expect(ended?.err).toContain(home.path('disk'));
			expect(ended?.err).toContain('Make room');
		}
		expect(verified).toMatchObject({ code: 0, err: '' });
		const kept = JSON.parse(listed?.out ?? '').total;
		expect(kept.files, 'what was committed can be read on the full disk').toBeGreaterThan(0);
		expect(kept.files + kept.folders).toBeLessThan(entries);
		expect(exported, 'a backup that does not fit is no backup').toMatchObject({
			code: 1,
			err: expect.stringContaining('full')
		});
		expect(beside?.out).not.toMatch(/part|snapshot|backup/);
		expect(more).toMatchObject({ code: 0 });
		expect(rest).toMatchObject({ code: 0, err: '' });
		expect(JSON.parse(rest?.out ?? '').locations[0].outcome).toMatchObject({
			added: entries - kept.files - kept.folders,
			entries
		});
		expect(JSON.parse(whole?.out ?? '')).toEqual({ entries: entries + 1, flaws: [] });
	}
);

test.each(namespaces.slice(0, 1))(
	'a full disk under the secrets of this device is said to be full, and no library is made',
	(...namespace) => {
		const init = 'XDG_CONFIG_HOME="$disk/own" $atoll init "$HOME/fresh.sdlibrary" --no-password';
		const fill = 'cat /dev/zero > "$disk/fill"';
		const [, refused, made] = onSmallDisk(namespace, [
			`mkdir -p "$disk/own/atoll/secrets"; ${fill}`,
			init,
			`rm "$disk/fill"; ${init}`
		]);
		expect(refused).toMatchObject({ code: 1 });
		expect(refused?.err).toMatch(/^atoll: The disk that holds .*disk is full\./);
		expect(made, 'with room it is').toMatchObject({ code: 0 });
	}
);

test('T07: a file that may grow no further (RLIMIT_FSIZE) does the same', async () => {
	const library = { ATOLL_LIBRARY: home.path('limited') };
	cpSync(libraryIn(home), library.ATOLL_LIBRARY, { recursive: true });
	const limited = spawnSync('sh', ['-c', 'ulimit -f 512; exec "$0" index', home.path('atoll')], {
		cwd: home.folder,
		env: { PATH: process.env['PATH'], HOME: home.folder, ...library },
		encoding: 'utf8'
	});
	expect(limited).toMatchObject({ status: 1, stdout: '' });
	expect(limited.stderr).toMatch(/^atoll: The disk .*\n.*room.*\n$/);
	expect(await home.run(['verify'], library)).toMatchObject({ code: 0 });
	const { total } = JSON.parse((await home.run(['du', '--json'], library)).out);
	expect(total.files + total.folders).toBeLessThan(entries);
	expect(await home.run(['index'], library)).toMatchObject({ code: 0 });
	expect(JSON.parse((await home.run(['verify', '--json'], library)).out)).toEqual({ entries: entries + 1, flaws: [] });
});

test.runIf(isNightly).each(namespaces.slice(0, 1))(
	'T07, control: without transactions the same full disk leaves a library that is not whole',
	async (...namespace) => {
		const program = await buildProgram('peer/main.ts', {
			file: 'schema/database.ts',
			changes: { "exec('BEGIN IMMEDIATE')": "exec('SELECT 1')", "exec('COMMIT')": "exec('SELECT 1')" }
		});
		home.write('broken', `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
		chmodSync(home.path('broken'), 0o755);
		const [full, rest, whole] = onSmallDisk(
			namespace,
			['$atoll index', 'mount -o remount,size=64m "$disk" && $atoll index --json', '$atoll verify --json'],
			home.path('broken')
		);
		expect(full).toMatchObject({ code: 1 });
		expect(rest).toMatchObject({ code: 0 });
		expect(whole).toMatchObject({ code: 6 });
		expect(JSON.parse(whole?.out ?? '').flaws).not.toEqual([]);
	}
);
