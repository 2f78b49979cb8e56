import { spawnSync } from 'node:child_process';
import { describe, expect, test, vi } from 'vitest';
import { atollProgram, inHome, inLibrary, type Home } from './home.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const bytes = (sizeBytes: number) => Uint8Array.from({ length: sizeBytes }, (_, at) => (at * 31 + (at >> 8)) & 0xff);

async function json(home: Home, args: readonly string[]) {
	const ended = await home.runHere([...args, '--json']);
	expect(ended, args.join(' ')).toMatchObject({ code: 0 });
	return JSON.parse(ended.out);
}

/**
 * Runs `script` with mounts of its own, which are gone when it ends. `atoll` is the program; what follows each
 * `step NAME` is what that step has written.
 */
async function withMounts(home: Home, script: string): Promise<ReadonlyMap<string, string>> {
	const atoll = `'${process.execPath}' '${await atollProgram()}'`;
	const whole = `set -e
atoll() { ${atoll} "$@" 2>&1 || echo "code $?"; }
step() { echo "=== $1"; }
cd '${home.folder}'
${script}`;
	const isRoot = process.geteuid?.() === 0;
	const ended = spawnSync('unshare', [isRoot ? '-m' : '-rm', 'sh', '-c', whole], {
		encoding: 'utf8',
		env: { PATH: process.env['PATH'] ?? '', HOME: home.folder, TZ: 'UTC' }
	});
	expect(ended, ended.stderr).toMatchObject({ status: 0 });
	const steps = ended.stdout.split('=== ').slice(1);
	return new Map(steps.map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)]));
}

describe('a volume that is really mounted', () => {
	test('goes offline, is not taken for what is in its place, and is known at another mount point', () =>
		inHome(async (home) => {
			const said = await withMounts(
				home,
				`
mkdir one two parked
mount -t tmpfs none one
mkdir -p one/photos/2024
head -c 3000000 /dev/zero | tr '\\0' x > one/photos/2024/beach.jpg
atoll init lib.sdlibrary --no-password > /dev/null
export ATOLL_LIBRARY="$PWD/lib.sdlibrary"
atoll add one/photos > /dev/null
atoll index > /dev/null
step here; atoll volumes --json
step address; atoll stat /photos/2024/beach.jpg --json
mount --move one parked 2>/dev/null || { mount --bind one parked; umount one; }
step elsewhere; atoll locations --json
step unchanged; atoll index
mount --bind parked two
umount parked
step again; atoll locations --json
mkdir keep; mount -t tmpfs none keep; mkdir -p keep/photos; echo other > keep/photos/other.txt
umount two
step away; atoll locations --json
step found; atoll find beach
step listed; atoll ls /photos/2024
mount --bind keep two
step replaced; atoll index
step kept; atoll ls /photos/2024
step accepted; atoll locations accept photos
step indexed; atoll index
step other; atoll ls /photos
`
			);
			const parsed = (step: string) => JSON.parse(said.get(step) ?? '');
			const [volume] = parsed('here').volumes;
			expect(volume).toMatchObject({
				identity: expect.stringMatching(/^fsid:[0-9a-f]+$/),
				ownIdentity: true,
				kind: 'memory',
				class: 'hot',
				fileSystem: 'tmpfs',
				online: true,
				locations: ['photos']
			});
			expect(parsed('address').address).toMatch(
				new RegExp(`^atoll://[0-9a-f]{32}/${volume.key}/photos/2024/beach\\.jpg$`)
			);
			const at = (step: string) => parsed(step).locations[0];
			expect(at('elsewhere')).toMatchObject({
				diskPath: home.path('parked/photos'),
				offline: false,
				volume: volume.id,
				pathInVolume: '/photos'
			});
			expect(said.get('unchanged')).toContain('0 new, 0 changed, 0 moved, 0 gone');
			expect(at('again')).toMatchObject({ diskPath: home.path('two/photos'), offline: false });
			expect(at('away')).toMatchObject({ offline: true, problem: { type: 'FolderMissing' } });
			expect(said.get('found')).toBe('/photos/2024/beach.jpg  (offline)\n');
			expect(said.get('listed')).toContain('beach.jpg');
			expect(said.get('replaced')).toContain('Another disk is mounted where its own was.');
			expect(said.get('kept')).toContain('beach.jpg');
			expect(said.get('accepted')).toContain('from now on');
			expect(said.get('indexed')).toContain('1 new, 0 changed, 0 moved, 2 gone');
			expect(said.get('other')).toContain('other.txt');
		}));
});

describe('atoll volumes and addresses', () => {
	test('list, measure, name and class a disk; nothing on it changes', () =>
		inLibrary(async (home) => {
			home.write('docs/report.bin', bytes(4_000_000));
			home.write('docs/caf\u00e9 1%.txt', 'x');
			await home.runHere(['add', 'docs']);
			await home.runHere(['index']);
			const { volumes } = await json(home, ['volumes']);
			expect(volumes).toHaveLength(1);
			expect(volumes[0]).toMatchObject({ online: true, locations: ['docs'], speed: null });
			expect(volumes[0].freeBytes).toBeLessThanOrEqual(volumes[0].capacityBytes);
			const measured = await json(home, ['volumes', 'measure', String(volumes[0].id)]);
			expect(measured.speed.bytesPerSecond).toBeGreaterThan(0);
			expect((await home.runHere(['index'])).out).toContain('0 new, 0 changed, 0 moved, 0 gone');

			expect((await home.runHere(['volumes', 'rename', String(volumes[0].id), 'My disk'])).code).toBe(0);
			expect((await home.runHere(['volumes', 'measure', 'My disk'])).out).toMatch(/^My disk: .*\/s/);
			expect(await home.runHere(['volumes', 'measure', '99'])).toMatchObject({
				code: 5,
				err: expect.stringContaining('not known')
			});

			expect((await home.runHere(['locations', 'class', 'docs', 'deep'])).out).toMatch(/^\d+: want \/docs deep\n$/);
			const [location] = (await json(home, ['locations'])).locations;
			expect(location.class).toMatchObject({ logical: 'deep', effective: 'deep' });
			expect(await home.runHere(['locations', 'class', 'docs', 'tepid'])).toMatchObject({ code: 2 });
			await home.runHere(['locations', 'class', 'docs', 'none']);
			expect((await json(home, ['locations'])).locations[0].class.logical).toBeNull();
		}));

	test('an address is printed by stat and understood by stat and ls', () =>
		inLibrary(async (home) => {
			home.write('docs/caf\u00e9 1%.txt', 'x');
			await home.runHere(['add', 'docs']);
			await home.runHere(['index']);
			const { address, path } = await json(home, ['stat', '/docs/caf\u00e9 1%.txt']);
			expect(address).toMatch(/^atoll:\/\/[0-9a-f]{32}\/[0-9a-f]{32}\/.*\/docs\/caf%C3%A9%201%25\.txt$/);
			expect((await json(home, ['stat', address])).path).toBe(path);
			expect((await home.runHere(['ls', address.slice(0, address.lastIndexOf('/'))])).out).toContain(
				'caf\u00e9 1%.txt'
			);
			expect(await home.runHere(['stat', `${address}x`])).toMatchObject({ code: 5 });
			expect(await home.runHere(['stat', 'atoll://content/12'])).toMatchObject({ code: 2 });
		}));
});
