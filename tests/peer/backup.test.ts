import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createHome, libraryIn, password, type Home } from './home.ts';
import { fingerprint } from './fingerprint.ts';
import { hostilePaths } from './hostile-paths.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let home: Home;
const withPassword = ['-p', 'pw'];

beforeAll(async () => {
	home = await createHome();
	home.write('pw', `${password}\n`);
	home.write('docs/one.txt', '1');
	for (const args of [
		['init', libraryIn(home), ...withPassword],
		['add', 'docs', ...withPassword],
		['index', ...withPassword],
		['export', 'backup.tar', ...withPassword]
	])
		expect(await home.run(args)).toMatchObject({ code: 0, err: '' });
});
afterAll(() => home.remove());

describe('export', () => {
	test('never replaces a file unless told to, and leaves nothing beside it', async () => {
		home.write('there.tar', 'mine');
		expect(await home.run(['export', 'there.tar', ...withPassword])).toMatchObject({ code: 1 });
		expect(readFileSync(home.path('there.tar'), 'utf8')).toBe('mine');
		expect(await home.run(['export', 'there.tar', '--force', '--json', ...withPassword])).toMatchObject({ code: 0 });
		expect(readFileSync(home.path('there.tar')).length).toBeGreaterThan(4096);
		expect(readdirSync(home.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
	});

	test('a place that cannot be written to fails whole', async () => {
		for (const [file, said] of [
			['nowhere/b.tar', 'ENOENT'],
			['docs', 'exists'],
			['/dev/full/b.tar', 'ENOTDIR']
		] as const) {
			const ended = await home.run(['export', file, ...withPassword]);
			expect(ended, file).toMatchObject({ code: 1, err: expect.stringContaining(said) });
		}
	});

	test('holds no name in the clear, and opens with tar', async () => {
		const bytes = readFileSync(home.path('backup.tar'));
		for (const name of ['one.txt', 'docs', 'SQLite format 3']) expect(bytes.includes(name), name).toBe(false);
		const listed = spawnSync('tar', ['-tf', home.path('backup.tar')], { encoding: 'utf8' });
		expect(listed.stdout).toMatch(/^[0-9a-f]{32}\.sdlibrary\/library\.json\n[0-9a-f]{32}\.sdlibrary\/database\.db\n$/);
	});
});

describe('import', () => {
	test('makes a library that its password opens, with everything in it', async () => {
		const made = await home.run(['import', 'backup.tar', '-L', 'restored', '--json']);
		expect(JSON.parse(made.out)).toEqual({
			library: home.path('restored'),
			id: expect.stringMatching(/^[0-9a-f]{32}$/)
		});
		const found = await home.run(['find', 'one', '-L', 'restored', ...withPassword]);
		expect(found).toMatchObject({ code: 0, out: '/docs/one.txt\n' });
		expect(await home.run(['verify', '-L', 'restored', ...withPassword])).toMatchObject({ code: 0 });
		home.write('wrong', 'something else');
		expect(await home.run(['ls', '-L', 'restored', '-p', 'wrong'])).toMatchObject({ code: 3 });
	});

	test('never touches a library that is there', async () => {
		const before = fingerprint(libraryIn(home));
		expect(await home.run(['import', 'backup.tar'])).toMatchObject({
			code: 1,
			err: expect.stringContaining('already')
		});
		expect(fingerprint(libraryIn(home))).toBe(before);
	});

	test.each([
		['nothing', 'nowhere.tar', 5],
		['a folder', 'docs', 1],
		['an empty file', 'empty.tar', 1],
		['text', 'text.tar', 1],
		['half a backup', 'half.tar', 1],
		['a backup with its last page cut off', 'cut.tar', 1],
		['a device', '/dev/zero', 1]
	])('%s is no backup', async (_, file, code) => {
		const whole = readFileSync(home.path('backup.tar'));
		home.write('empty.tar', '');
		home.write('text.tar', 'not a backup'.repeat(1_000));
		home.write('half.tar', whole.subarray(0, whole.length / 2));
		home.write('cut.tar', whole.subarray(0, whole.length - 1_024 - 4_096));
		expect(await home.run(['import', file, '-L', 'never'])).toMatchObject({ code });
		expect(existsSync(home.path('never', 'library.json'))).toBe(false);
	});

	test('a backup with one bit turned over is refused, or found to be damaged: never wrong data', async () => {
		const whole = readFileSync(home.path('backup.tar'));
		for (const at of [100, 520, 700, 1_600, 2_100, 6_000, 20_000, whole.length - 6_000]) {
			const flipped = Buffer.from(whole);
			flipped[at] = (flipped[at] ?? 0) ^ 1;
			home.write('flipped.tar', flipped);
			const target = `flipped at ${at}`;
			const made = await home.run(['import', 'flipped.tar', '-L', target]);
			const seen = made.code === 0 ? await home.run(['verify', '-L', target, ...withPassword]) : made;
			const isHarmless = seen.code === 0 && seen.out.startsWith('Sound: 2 ');
			expect(isHarmless || [1, 3, 6].includes(seen.code ?? -1), `${at}: ${seen.code} ${seen.err}`).toBe(true);
			if (isHarmless) expect(at, 'only the padding and dates of the archive are free to change').toBeLessThan(512 * 5);
		}
	});
});

/** One ustar member (POSIX.1-1988), as `tar` would write it, with any name in it. */
function member(path: string, content: Uint8Array, type = '0', link = ''): Buffer {
	const header = Buffer.alloc(512);
	const put = (at: number, text: string) => header.write(text, at, 'latin1');
	put(0, path.slice(0, 100));
	put(100, '0000644\0' + '0000000\0' + '0000000\0');
	put(124, `${content.length.toString(8).padStart(11, '0')}\0`);
	put(136, '00000000000\0' + '        ' + type + link.slice(0, 100));
	put(257, 'ustar\0' + '00');
	const sum = header.reduce((total, byte) => total + byte, 0);
	put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
	return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

describe('T27: an archive cannot write anywhere but into the library that it makes', () => {
	let header: Buffer;
	let database: Buffer;
	beforeAll(() => {
		const whole = readFileSync(home.path('backup.tar'));
		const size = (at: number) => Number.parseInt(whole.toString('latin1', at + 124, at + 135), 8);
		header = whole.subarray(512, 512 + size(0));
		const second = 512 + Math.ceil(header.length / 512) * 512;
		database = whole.subarray(second + 512, second + 512 + size(second));
	});

	/** Imports an archive of `members` beside canaries, and says how that went. */
	async function importMembers(name: string, members: readonly Buffer[]) {
		const room = home.path('room', createHash('sha256').update(name).digest('hex').slice(0, 12));
		const target = `${room}/deep/er/target`;
		mkdirSync(`${room}/deep/er`, { recursive: true });
		for (const folder of ['', '/deep', '/deep/er']) writeFileSync(`${room}${folder}/canary`, 'alive');
		symlinkSync(room, `${room}/deep/er/link`);
		writeFileSync(`${room}/evil.tar`, Buffer.concat([...members, Buffer.alloc(1_024)]));
		const before = fingerprint(room, target);
		const { code } = await home.runHere(['import', `${room}/evil.tar`, '-L', target]);
		return { code, target, escaped: fingerprint(room, target) !== before, made: existsSync(`${target}/library.json`) };
	}

	const refused = { code: 1, escaped: false, made: false };

	test('the control: the same members under their own names are imported', async () => {
		const folder = `${'a'.repeat(32)}.sdlibrary`;
		const control = await importMembers('control', [
			member(`${folder}/library.json`, header),
			member(`${folder}/database.db`, database)
		]);
		expect(control).toMatchObject({ code: 0, escaped: false, made: true });
		expect(await home.run(['verify', '-L', control.target, ...withPassword])).toMatchObject({ code: 0 });
	});

	test(`${hostilePaths.length} names that lead elsewhere are refused, as either member`, async () => {
		for (const path of hostilePaths) {
			const first = [member(path, header), member('x.sdlibrary/database.db', database)];
			const second = [member('x.sdlibrary/library.json', header), member(path, database)];
			expect(await importMembers(`first ${path}`, first), path).toMatchObject(refused);
			// A name of this format ends at its first NUL, so what stands behind that leads nowhere.
			const isNamed = path.split('\0')[0] === 'x.sdlibrary/database.db' && path.includes('\0');
			const expected = isNamed ? { code: 0, escaped: false } : refused;
			expect(await importMembers(`second ${path}`, second), path).toMatchObject(expected);
		}
	});

	test('the check can fail: an unpacker that trusts the names lets them out', async () => {
		const room = home.path('trusting');
		mkdirSync(`${room}/deep/er`, { recursive: true });
		writeFileSync(`${room}/deep/canary`, 'alive');
		const before = fingerprint(room, `${room}/deep/er`);
		writeFileSync(join(`${room}/deep/er`, hostilePaths[0] ?? ''), 'dead');
		expect(fingerprint(room, `${room}/deep/er`)).not.toBe(before);
	});

	test.each(['1', '2', '3', '4', '5', '6', '7', 'x', 'g', 'L', 'K', 'V'])(
		'a member of type %s is refused',
		async (type) => {
			const imported = await importMembers(`type ${type}`, [
				member('x.sdlibrary/library.json', type === '2' ? Buffer.alloc(0) : header, type, '../../canary'),
				member('x.sdlibrary/database.db', database)
			]);
			expect(imported).toMatchObject(refused);
		}
	);

	test('sizes that are no sizes are refused', async () => {
		for (const size of [
			'77777777777\0',
			'-0000000001\0',
			'99999999999\0',
			'\u0080\0\0\0\0\0\0\u00ff\u00ff\u00ff\u00ff\u00ff'
		]) {
			const first = member('x.sdlibrary/library.json', header);
			first.write(size, 124, 'latin1');
			first.write('        ', 148, 'latin1');
			const sum = first.subarray(0, 512).reduce((total, byte) => total + byte, 0);
			first.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
			const imported = await importMembers(`size ${size}`, [first, member('x.sdlibrary/database.db', database)]);
			expect(imported, size).toMatchObject(refused);
		}
	});
});
