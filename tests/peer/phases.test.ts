import { mkdirSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fingerprint } from './fingerprint.ts';
import { inLibrary, libraryIn, type Home } from './home.ts';

async function json(home: Home, args: readonly string[]) {
	const { code, out, err } = await home.runHere([...args, '--json']);
	expect({ code, err }, args.join(' ')).toMatchObject({ code: 0 });
	return JSON.parse(out);
}

async function done(home: Home, args: readonly string[]): Promise<string> {
	const { code, out, err } = await home.runHere(args);
	expect({ code, err }, args.join(' ')).toMatchObject({ code: 0 });
	return out;
}

const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex');

test('how far files are looked at is said for a folder, and what waits is seen', async () => {
	await inLibrary(async (home) => {
		home.write('photos/a.png', png);
		home.write('photos/copy.png', png);
		home.write('photos/notes.txt', 'some words');
		await done(home, ['add', 'photos']);
		expect(await done(home, ['locations', 'mode', 'photos', 'shallow'])).toMatch(/^\d+: look at \/photos shallow\n$/);
		expect((await json(home, ['index'])).locations).toMatchObject([{ outcome: { added: 3 }, content: null }]);
		expect((await json(home, ['jobs'])).jobs).toMatchObject([{ kind: 'index', state: 'completed' }]);

		await done(home, ['locations', 'mode', '/photos', 'content']);
		expect((await json(home, ['locations'])).locations).toMatchObject([{ mode: 'content' }]);
		expect((await json(home, ['jobs'])).jobs).toMatchObject([
			{ kind: 'content', state: 'queued', target: '1' },
			{ kind: 'index' }
		]);
		expect(await done(home, ['jobs', 'resume'])).toMatch(
			/completed {2}identify \/photos {2}3 of 3 files \(100 %\), 34 B of 34 B/
		);
		expect((await json(home, ['dupes'])).groups).toBe(1);

		expect((await json(home, ['queue'])).queue.every(({ counts }: { counts: unknown[] }) => counts.length === 0)).toBe(
			true
		);
		await done(home, ['locations', 'mode', 'photos', 'deep']);
		const { queue } = await json(home, ['queue']);
		expect(queue).toContainEqual({
			kind: 'thumbnail',
			policy: 'now',
			counts: [{ policy: 'now', contents: 1, bytes: 12 }],
			locations: []
		});
		expect(await done(home, ['queue'])).toMatch(/^text +now +1 content \(10 B\) +the text in it$/m);
		expect(await done(home, ['queue', 'policy', 'ocr', 'never'])).toMatch(/^\d+: want ocr never in all folders\n$/);
		expect(await done(home, ['queue', 'policy', 'text', 'idle', '-l', 'photos'])).toMatch(
			/^\d+: want text idle in \/photos\n$/
		);
		const said = await done(home, ['queue']);
		expect(said).toMatch(/^ocr +never +- /m);
		expect(said).toMatch(/^text +now, idle in \/photos +1 content/m);
		home.write('photos/more.txt', 'other words');
		await done(home, ['index']);
		expect((await json(home, ['queue'])).queue).toContainEqual({
			kind: 'text',
			policy: 'now',
			counts: [{ policy: 'idle', contents: 2, bytes: 21 }],
			locations: [{ location: 1, policy: 'idle' }]
		});
		for (const [args, said] of [
			[['locations', 'mode', 'photos', 'quick'], 'A mode is one of shallow, content, deep.'],
			[['queue', 'policy', 'smell', 'now'], 'A kind is one of thumbnail, facts, text, ocr, transcript, embedding.'],
			[['queue', 'policy', 'ocr', 'soon'], 'A policy is one of now, idle, never, default.']
		] as const) {
			const ended = await home.runHere(args);
			expect(ended).toMatchObject({ code: 2, err: expect.stringContaining(said) });
		}
	});
});

test('with --no-content nothing is read, and what is to be read waits as a job', async () => {
	await inLibrary(async (home) => {
		home.write('photos/a.png', png);
		await done(home, ['add', 'photos']);
		expect((await json(home, ['index', '--no-content'])).locations).toMatchObject([{ content: null }]);
		expect((await json(home, ['jobs'])).jobs).toMatchObject([
			{ kind: 'content', state: 'queued', done: 0, priority: -10 },
			{ kind: 'index', state: 'completed' }
		]);
		expect((await json(home, ['index'])).locations).toMatchObject([{ content: { files: 1 } }]);
	});
});

test('a folder is read again with or without all below it, and nothing else is', async () => {
	await inLibrary(async (home) => {
		home.write('docs/a/b/old', '');
		home.write('docs/c/old', '');
		for (const args of [['add', 'docs'], ['index']]) await done(home, args);
		for (const path of ['docs/a/one', 'docs/a/b/two', 'docs/c/three']) home.write(path, path);
		const added = async (args: readonly string[]) => (await json(home, ['index', ...args])).locations[0].outcome.added;
		expect(await added(['/docs/a', '--folder-only'])).toBe(1);
		expect(await added([home.path('docs/a')])).toBe(1);
		expect((await home.runHere(['ls', '/docs/c/three'])).code).toBe(5);
		expect(await added(['docs', '--folder-only'])).toBe(0);
		expect(await added(['docs'])).toBe(1);
		expect(await home.runHere(['index', '/docs/a/one'])).toMatchObject({
			code: 2,
			err: expect.stringContaining('/docs/a/one is no folder.')
		});
		expect((await home.runHere(['index', '--folder-only'])).code).toBe(2);
		expect((await home.runHere(['index', 'elsewhere'])).code).toBe(5);
	});
});

test('a folder that is not in the library is listed as it is now, and nothing of it is kept', async () => {
	await inLibrary(async (home) => {
		home.write('docs/known', '');
		for (const args of [['add', 'docs'], ['index']]) await done(home, args);
		home.write('other/b.png', png);
		home.write('other/a10', 'x');
		home.write('other/a9', 'xx');
		mkdirSync(home.path('other/z folder'));
		const before = fingerprint(home.folder, libraryIn(home));
		const { path, managed, entries, skipped } = await json(home, ['ls', 'other']);
		expect({ path, managed, skipped }).toEqual({ path: home.path('other'), managed: false, skipped: [] });
		expect(entries).toMatchObject([
			{ id: null, parent: null, name: 'z folder', kind: 'directory', sizeBytes: null },
			{ name: 'a9', kind: 'file', sizeBytes: 2 },
			{ name: 'a10', sizeBytes: 1 },
			{ name: 'b.png', sizeBytes: 12 }
		]);
		expect(
			(await json(home, ['ls', '../' + home.folder.split('/').at(-1) + '/other', '-s', 'size', '-r'])).entries.map(
				({ name }: { name: string }) => name
			)
		).toEqual(['z folder', 'b.png', 'a9', 'a10']);
		expect(await done(home, ['ls', 'other'])).toMatch(/^ +- .* z folder\/$/m);
		expect(fingerprint(home.folder, libraryIn(home))).toBe(before);
		rmSync(home.path('other'), { recursive: true });
		expect((await home.runHere(['ls', 'other'])).code).toBe(5);
	});
});

test('a folder that is not in the library is counted where that is asked for, and nothing of it is kept', async () => {
	await inLibrary(async (home) => {
		home.write('other/a', 'xx');
		home.write('other/in/b', 'x');
		home.write('other/in/deep/.hidden', 'xxxx');
		const said = await home.runHere(['du', 'other']);
		expect(said.code).toBe(5);
		expect(said.err).toContain('atoll du --disk');
		const before = fingerprint(home.folder, libraryIn(home));
		const usage = { files: 3, folders: 2, sizeBytes: 7 };
		expect(await json(home, ['du', '--disk', 'other'])).toEqual({
			usages: [{ path: home.path('other'), ...usage }],
			total: usage,
			managed: false,
			skipped: [],
			unread: 0
		});
		expect(await done(home, ['du', '--disk', 'other'])).toBe(`7 B  3 files  2 folders  ${home.path('other')}\n`);
		expect(fingerprint(home.folder, libraryIn(home))).toBe(before);
		for (const [path, code] of [
			['nowhere', 5],
			['other/a', 5]
		] as const)
			expect((await home.runHere(['du', '--disk', path])).code, path).toBe(code);
	});
});
