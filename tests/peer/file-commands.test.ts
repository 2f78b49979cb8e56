import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inLibrary, type Ended, type Home } from './home.ts';

/** The paths of all files and folders below `folder`, the trash left out. */
function treeOf(home: Home, folder: string): string[] {
	return readdirSync(home.path(folder), { recursive: true, encoding: 'utf8' })
		.filter((path) => !path.startsWith('.atoll-trash'))
		.toSorted();
}

/** A library of two folders, whose index is held to the disk at the end. */
async function withFiles(use: (home: Home, done: (...args: string[]) => Promise<Ended>) => Promise<void>) {
	await inLibrary(async (home) => {
		for (const name of ['one.txt', 'two.txt', 'deep/er/leaf.txt']) home.write(`photos/${name}`, `photo ${name}`);
		home.write('backup/one.txt', 'an older one');
		for (const args of [['add', 'photos'], ['add', 'backup'], ['index']])
			expect((await home.runHere(args)).code).toBe(0);
		const done = async (...args: string[]) => {
			const ended = await home.runHere(args);
			expect(ended, args.join(' ')).toMatchObject({ code: 0 });
			return ended;
		};
		await use(home, done);
		for (const place of ['/photos', '/backup']) await done('verify', place);
		await done('verify');
	});
}

function refused(ended: Ended, code: number, said: string): void {
	expect({ code: ended.code, out: ended.out }).toEqual({ code, out: '' });
	expect(ended.err).toContain(said);
}

test('files and folders are copied, moved and renamed by paths of the library and of the disk, and undone', async () => {
	await withFiles(async (home, done) => {
		const before = treeOf(home, 'photos');
		expect((await done('mkdir', '/backup/new')).out).toBe('3: make the folder new\n');
		expect((await done('cp', '/photos/deep', 'photos/two.txt', 'backup/new')).out).toMatch(/^4: copy \d items\n$/);
		expect(treeOf(home, 'backup/new')).toEqual(['deep', 'deep/er', 'deep/er/leaf.txt', 'two.txt']);
		expect((await done('mv', 'photos/two.txt', '/backup/second.txt')).out).toBe('5: move two.txt as second.txt\n');
		expect(readFileSync(home.path('backup', 'second.txt'), 'utf8')).toBe('photo two.txt');
		expect((await done('mv', '/photos/one.txt', '/photos/first.txt')).out).toBe('6: rename one.txt to first.txt\n');
		expect((await done('cp', '/photos/first.txt', '/photos/third.txt')).out).toBe('7: copy first.txt as third.txt\n');
		expect((await done('rename', 'photos/deep', 'down')).out).toBe('8: rename deep to down\n');
		expect(treeOf(home, 'photos')).toEqual(['down', 'down/er', 'down/er/leaf.txt', 'first.txt', 'third.txt']);
		for (let action = 6; action > 0; action--) await done('undo', '--yes');
		expect(treeOf(home, 'photos')).toEqual(before);
		expect(treeOf(home, 'backup')).toEqual(['one.txt']);
	});
});

test('what lies outside the library is brought in, a text is made, and both are undone', async () => {
	await withFiles(async (home, done) => {
		const before = treeOf(home, 'backup');
		mkdirSync(home.path('stick', 'trip', 'none'), { recursive: true });
		writeFileSync(home.path('stick', 'trip', 'plan.txt'), 'to the sea');
		writeFileSync(home.path('stick', 'one.txt'), 'another');
		expect((await done('bring', 'stick/trip', '/backup', '--dry-run')).out).toContain('bring in trip (3 items)');
		expect(treeOf(home, 'backup')).toEqual(before);
		const both = ['bring', 'stick/trip', home.path('stick', 'one.txt'), '/backup'];
		refused(await home.runHere(['bring', 'stick/one.txt', '/backup']), 1, 'bring in one.txt: one.txt is there already');
		await done(...both, '--conflicts', 'replace', '--yes');
		expect(treeOf(home, 'backup')).toEqual(['one.txt', 'trip', 'trip/none', 'trip/plan.txt']);
		expect(readFileSync(home.path('backup', 'one.txt'), 'utf8')).toBe('another');
		// A folder that is there is filled, with what it has not.
		writeFileSync(home.path('stick', 'trip', 'late.txt'), 'late');
		await done('bring', 'stick/trip', '/backup', '--conflicts', 'skip', '--yes');
		expect(treeOf(home, 'backup/trip')).toEqual(['late.txt', 'none', 'plan.txt']);
		expect((await done('touch', '/backup/note.txt', '--text', 'bread')).out).toMatch(/make the file note.txt\n$/);
		expect(readFileSync(home.path('backup', 'note.txt'), 'utf8')).toBe('bread');
		refused(await home.runHere(['touch', '/backup/note.txt']), 1, 'note.txt is there already');
		refused(await home.runHere(['bring', 'stick/nothing', '/backup']), 2, 'nothing at stick/nothing');
		for (let action = 3; action > 0; action--) await done('undo', '--yes');
		expect(treeOf(home, 'backup')).toEqual(before);
		expect(readFileSync(home.path('backup', 'one.txt'), 'utf8')).not.toBe('another');
	});
});

test('a name that is taken is told of, or settled as --conflicts says', async () => {
	await withFiles(async (home, done) => {
		const backup = (name: string) => readFileSync(home.path('backup', name), 'utf8');
		const taken = await home.runHere(['cp', '/photos/one.txt', '/backup']);
		refused(taken, 1, 'copy one.txt: one.txt is there already');
		refused(await home.runHere(['mv', '/photos/one.txt', '/backup/one.txt', '-c', 'skip']), 1, 'is there already');
		refused(
			await home.runHere(['cp', '/photos/one.txt', '/backup', '-c', 'all']),
			2,
			'--conflicts is one of keep-both'
		);
		refused(await home.runHere(['cp', '/photos/one.txt', '/photos/two.txt', '/backup']), 2, 'Say --yes.');
		expect(treeOf(home, 'backup')).toEqual(['one.txt']);

		await done('cp', '/photos/one.txt', '/photos/two.txt', '/backup', '--conflicts', 'skip', '--yes');
		expect([treeOf(home, 'backup'), backup('one.txt')]).toEqual([['one.txt', 'two.txt'], 'an older one']);
		await done('cp', '/photos/one.txt', '/backup', '--conflicts', 'keep-both');
		expect(backup('one (2).txt')).toBe('photo one.txt');
		const replaced = await done('cp', '/photos/one.txt', '/backup', '--conflicts', 'replace', '--yes', '--json');
		expect(JSON.parse(replaced.out)).toMatchObject({ plan: { counts: { operations: 2 } }, done: { state: 'done' } });
		expect(backup('one.txt')).toBe('photo one.txt');
		await done('undo', '--yes');
		expect(backup('one.txt')).toBe('an older one');
		const dry = await done('mv', '/photos/two.txt', '/backup', '--conflicts', 'keep-both', '--dry-run', '--json');
		expect(JSON.parse(dry.out)).toMatchObject({ done: null, plan: { operations: [{ to: { name: 'two (2).txt' } }] } });
		expect(existsSync(home.path('photos', 'two.txt'))).toBe(true);
	});
});

test('what is removed lies in the trash, is listed there, and is restored or deleted for good', async () => {
	await withFiles(async (home, done) => {
		const before = treeOf(home, 'photos');
		refused(await home.runHere(['restore', '--all']), 5, 'The trash is empty.');
		expect((await home.runHere(['trash'])).err).toBe('The trash is empty.\n');
		await done('rm', '/photos/deep', 'photos/two.txt', '/backup/one.txt', '/photos/one.txt', '--yes');
		expect(treeOf(home, 'photos')).toEqual([]);
		const { trash } = JSON.parse((await done('trash', '--json')).out);
		expect(trash.map(({ path }: { path: string }) => path).toSorted()).toEqual([
			'/backup/one.txt',
			'/photos/deep',
			'/photos/one.txt',
			'/photos/two.txt'
		]);
		expect((await done('trash', 'list')).out).toMatch(/^ *\d+ {2}[-\d]{10} [\d:]{5} +\d+ B {2}\/\w+\/\S+\n/);

		refused(await home.runHere(['restore', 'one.txt']), 2, 'Several in the trash are called "one.txt"');
		refused(await home.runHere(['restore', 'six.txt']), 5, 'Nothing in the trash is called six.txt.');
		refused(await home.runHere(['restore']), 2, 'Say what, or --all.');
		home.write('photos/one.txt', 'come since');
		await done('index', '/photos');
		refused(await home.runHere(['restore', '/photos/one.txt']), 1, 'one.txt is there already');
		await done('restore', '/photos/one.txt', '--conflicts', 'keep-both');
		expect(treeOf(home, 'photos')).toEqual(['one (2).txt', 'one.txt']);
		const deep = trash.find(({ path }: { path: string }) => path === '/photos/deep');
		await done('restore', String(deep.entry), 'two.txt');
		expect(treeOf(home, 'photos')).toEqual([...before, 'one (2).txt'].toSorted());

		await done('rm', '/photos/deep', '/photos/two.txt', '--yes');
		refused(await home.runHere(['trash', 'delete', 'deep']), 2, 'Say --yes.');
		await done('trash', 'delete', 'deep', '--yes');
		expect(JSON.parse((await done('trash', '--json')).out).trash).toHaveLength(2);
		await done('restore', '--all', '--yes');
		expect(treeOf(home, 'backup')).toEqual(['one.txt']);
		await done('rm', '/photos/two.txt', '--yes');
		await done('trash', 'empty', '--yes');
		expect(JSON.parse((await done('trash', '--json')).out).trash).toEqual([]);
		for (const place of ['photos', 'backup']) {
			const left = join(home.path(place), '.atoll-trash');
			expect(existsSync(left) ? readdirSync(left) : []).toEqual([]);
		}
	});
});

test('of files that are the same one is kept, and the others go once every byte was read', async () => {
	await withFiles(async (home, done) => {
		const film = Buffer.alloc(150_000, 'film');
		for (const path of ['photos/film.mov', 'photos/deep/film again.mov', 'backup/film.mov']) home.write(path, film);
		linkSync(home.path('photos/film.mov'), home.path('photos/linked.mov'));
		const nearly = Buffer.from(film);
		nearly[30_000] = 1;
		home.write('backup/nearly.mov', nearly);
		await done('index');
		const [photos, backup] = [treeOf(home, 'photos'), treeOf(home, 'backup')];

		const dry = await done('dedupe', '--keep', 'shortest-path', '--dry-run');
		expect(dry.out).toContain('put /photos/deep/film again.mov into the trash, a copy of /photos/film.mov');
		expect(dry.out).toMatch(/^note: 1 file stays; 450 kB are free once the trash is emptied$/m);
		refused(await home.runHere(['dedupe', '/photos']), 2, 'Say --yes.');
		refused(await home.runHere(['dedupe', '--keep', '/photos', '--keep', '/photos/one.txt']), 2, '--keep takes one');
		expect([treeOf(home, 'photos'), treeOf(home, 'backup')]).toEqual([photos, backup]);

		// Below one folder, and a hard link of what stays stays with it.
		const json = await done('dedupe', 'photos', '--keep', '/photos/film.mov', '--yes', '--json');
		expect(JSON.parse(json.out)).toMatchObject({
			plan: { counts: { operations: 1 }, cost: { sizeBytes: 150_000 } },
			done: { state: 'done' }
		});
		expect(JSON.parse(json.out).plan.warnings).toContainEqual({ type: 'NamesOfOneFile', names: 1 });
		expect(treeOf(home, 'photos')).toEqual(photos.filter((path) => path !== 'deep/film again.mov'));
		await done('undo', '--yes');
		expect([treeOf(home, 'photos'), treeOf(home, 'backup')]).toEqual([photos, backup]);

		// What only looks the same is told of, and stays.
		const halted = await home.runHere(['dedupe', '--keep', 'backup', '--yes']);
		expect([halted.code, halted.err]).toEqual([1, expect.stringContaining('1 of 4 steps could not be done.')]);
		expect(treeOf(home, 'backup')).toEqual(backup);
		expect(treeOf(home, 'photos')).toEqual(['deep', 'deep/er', 'deep/er/leaf.txt', 'one.txt', 'two.txt']);
		await done('undo', '--yes');
	});
});

test('what cannot be meant is refused with its reason, and nothing is done', async () => {
	await withFiles(async (home) => {
		mkdirSync(home.path('elsewhere'));
		const before = treeOf(home, 'photos');
		for (const [args, code, said] of [
			[['cp', '/photos/none', '/backup'], 5, 'knows nothing at /photos/none'],
			[['cp', 'elsewhere', '/backup'], 5, 'lies in no folder of this library'],
			[['cp', '/photos/one.txt', 'elsewhere'], 5, 'lies in no folder of this library'],
			[['cp', '/photos/one.txt', '/photos/two.txt', '/backup/none'], 2, 'Several can only go into a folder'],
			[['mv', '/photos/one.txt', '/photos/none/at all'], 5, 'knows nothing at /photos/none/at all'],
			[['mv', '/photos', '/backup'], 1, 'it is a folder of the library itself'],
			[['mv', '/photos/deep', '/photos/deep/er'], 1, 'a folder cannot come into itself'],
			[['mv', '/photos/deep', '/photos'], 1, 'it is there already'],
			[['mv', '/photos/deep', '/'], 2, 'Name something below /'],
			[['mv', '/photos/one.txt', '/photos/two.txt/x'], 1, 'what it is to come into is no folder'],
			[['rm', '/photos'], 1, 'it is a folder of the library itself'],
			[['rm', '/'], 2, 'Name something below /'],
			[['rename', '/photos', 'pictures'], 1, 'it is a folder of the library itself'],
			[['rename', '/photos/one.txt', 'two.txt'], 1, 'two.txt is there already'],
			[['rename', '/photos/one.txt', 'a/b'], 1, 'nothing can be called "a/b"'],
			[['mkdir', '/photos/deep'], 1, 'deep is there already'],
			[['mkdir', '/photos/none/new'], 5, 'knows nothing at /photos/none'],
			[['mkdir', '/new'], 2, 'Name something below /'],
			[['trash', 'burn'], 2, 'atoll trash knows list, delete and empty.']
		] as const)
			refused(await home.runHere(args), code, said);
		expect(treeOf(home, 'photos')).toEqual(before);
	});
});

test('many are renamed by a pattern, also where names go round, or not one of them', async () => {
	await withFiles(async (home, done) => {
		for (const n of [2, 10, 1]) home.write(`photos/IMG_${n}.jpg`, `image ${n}`);
		await done('index', '/photos');
		const images = [1, 2, 10].map((n) => `photos/IMG_${n}.jpg`);
		const names = () => treeOf(home, 'photos').filter((path) => path.endsWith('.jpg'));
		const content = (name: string) => readFileSync(home.path('photos', name), 'utf8');
		const dry = await done('rename', ...images, '-t', 'Alps {n}', '--digits', '2', '--dry-run', '--json');
		expect(JSON.parse(dry.out)).toMatchObject({ done: null, plan: { counts: { operations: 3, blocked: 0 } } });
		expect(names()).toEqual(['IMG_1.jpg', 'IMG_10.jpg', 'IMG_2.jpg']);
		expect((await done('rename', ...images, '-t', 'Alps {n}', '--digits', '2')).out).toBe('3: rename 3 items\n');
		expect(names()).toEqual(['Alps 01.jpg', 'Alps 02.jpg', 'Alps 03.jpg']);
		expect(content('Alps 03.jpg')).toBe('image 10');

		// 1, 2 and 3 become 3, 1 and 2.
		const round = ['photos/Alps 02.jpg', 'photos/Alps 03.jpg', 'photos/Alps 01.jpg'];
		await done('rename', ...round, '-t', 'Alps {n}', '--digits', '2');
		expect(['Alps 01.jpg', 'Alps 02.jpg', 'Alps 03.jpg'].map(content)).toEqual(['image 2', 'image 10', 'image 1']);
		await done('undo', '--yes');
		expect(['Alps 01.jpg', 'Alps 02.jpg', 'Alps 03.jpg'].map(content)).toEqual(['image 1', 'image 2', 'image 10']);

		await done(
			'rename',
			...round,
			'--find',
			'(\\w+) 0(\\d)',
			'--expression',
			'--replace',
			'$2 $1',
			'--letters',
			'lower'
		);
		expect(names()).toEqual(['1 alps.jpg', '2 alps.jpg', '3 alps.jpg']);
		const now = names().map((name) => `photos/${name}`);
		refused(
			await home.runHere(['rename', ...now, '-t', 'same', '--yes']),
			2,
			'2 alps.jpg cannot be called same.jpg and 1 other'
		);
		refused(await home.runHere(['rename', ...now, '-t', 'a/{name}']), 2, 'Nothing was renamed.');
		refused(await home.runHere(['rename', ...now, '-t', '{nmae}']), 2, 'In braces stand {name}');
		refused(await home.runHere(['rename', ...now, '-f', '(', '-e']), 2, 'no regular expression');
		refused(await home.runHere(['rename', ...now, '--digits', '3']), 2, 'Say what to rename to');
		refused(await home.runHere(['rename', ...now]), 2, 'wants <path> <name>');
		expect((await done('rename', ...now, '-t', 'same', '--dry-run')).out).toContain('same.jpg is there already');
		expect(names()).toHaveLength(3);
	});
});

test('what is restored replaces what came since, or only what is older', async () => {
	await withFiles(async (home, done) => {
		const one = () => readFileSync(home.path('photos', 'one.txt'), 'utf8');
		await done('rm', '/photos/one.txt', '--yes');
		home.write('photos/one.txt', 'come since');
		await done('index', '/photos');
		refused(await home.runHere(['restore', 'one.txt', '-c', 'newer']), 1, 'one.txt is there already');
		expect(one()).toBe('come since');
		await done('restore', 'one.txt', '-c', 'replace', '--yes');
		expect(one()).toBe('photo one.txt');
		await done('undo', '--yes');
		expect(one()).toBe('come since');
		// A folder, and what lay in it and was removed before.
		await done('rm', '/photos/deep/er/leaf.txt', '--yes');
		await done('rm', '/photos/deep', '--yes');
		await done('restore', 'leaf.txt', 'deep', '--yes');
		expect(treeOf(home, 'photos')).toContain('deep/er/leaf.txt');
		await done('undo', '--yes');
		expect(treeOf(home, 'photos')).not.toContain('deep');
	});
});
