import { linkSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createHome, libraryIn, type Home } from './home.ts';
import { indexedName, makeOddTree } from './odd-tree.ts';
import { printName } from '../../peer/cli/print.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let home: Home;
const large = new Uint8Array(400_000).fill(65);
/** Differs where a quick look reads nothing. */
const nearly = large.slice();
nearly[30_000] = 66;

beforeAll(async () => {
	home = await createHome();
	home.write('one/a/film.mov', large);
	home.write('one/b/film copy.mov', large);
	home.write('one/b/film cut.mov', nearly);
	home.write('one/notes.md', 'alone');
	home.write('two/readme', 'twice');
	home.write('one/readme', 'twice');
	linkSync(home.path('one/a/film.mov'), home.path('one/a/hard link.mov'));
	for (const args of [
		['init', libraryIn(home), '--no-password'],
		['add', 'one'],
		['add', 'two']
	])
		expect(await home.runHere(args)).toMatchObject({ code: 0 });
});
afterAll(() => home.remove());

async function json(args: readonly string[]) {
	const ended = await home.runHere([...args, '--json']);
	expect(ended).toMatchObject({ code: 0 });
	return JSON.parse(ended.out);
}

test('index reads no file where it is told not to, and says that some were not read', async () => {
	const indexed = await json(['index', '--no-content']);
	expect(indexed.locations.map(({ content }: { content: unknown }) => content)).toEqual([null, null]);
	expect(await json(['dupes'])).toEqual({ groups: 0, wasteBytes: 0, unknown: 7, found: [] });
	expect((await home.runHere(['dupes'])).err).toContain('7 files were not read yet');
	expect((await home.runHere(['stat', '/one/notes.md'])).out).toMatch(/content +not read yet/);
});

test('dupes groups by content, counts a hard link once, and parts by --prove what only looks the same', async () => {
	expect((await home.runHere(['index'])).out).toMatch(/^\/one: 6 files read \(\d+ kB\) in /m);
	const quick = await json(['dupes']);
	expect(quick).toMatchObject({ groups: 2, wasteBytes: 800_005, unknown: 0 });
	expect(quick.found[0]).toMatchObject({ files: 3, entries: 4, proven: false, proof: null, wasteBytes: 800_000 });
	expect(quick.found[1].paths).toEqual(['/one/readme', '/two/readme']);
	const proven = await json(['dupes', '--prove']);
	expect(proven).toMatchObject({ groups: 2, wasteBytes: 400_005 });
	expect(proven.found[0]).toMatchObject({ files: 2, entries: 3, proven: true });
	expect(proven.found[0].paths.toSorted()).toEqual(['/one/a/film.mov', '/one/a/hard link.mov', '/one/b/film copy.mov']);
	expect((await home.runHere(['dupes', '/one'])).out).toContain('the same in every byte');
	expect(await json(['dupes', '/two'])).toMatchObject({ groups: 0 });
	expect(await json(['dupes', '--limit', '1', '--offset', '1'])).toMatchObject({ found: [{ sizeBytes: 5 }] });
	expect(await home.runHere(['dupes', '--limit', 'many'])).toMatchObject({ code: 2 });
});

test('at-risk counts what is there once, by location and by folder', async () => {
	expect(await json(['at-risk'])).toEqual({
		files: 2,
		sizeBytes: 400_005,
		unknown: 0,
		parts: [{ path: '/one', files: 2, sizeBytes: 400_005 }]
	});
	expect((await json(['at-risk', '/one'])).parts).toEqual([
		{ path: '/one/b', files: 1, sizeBytes: 400_000 },
		{ path: '/one', files: 1, sizeBytes: 5 }
	]);
	rmSync(home.path('two/readme'));
	home.write('two/other', 'another');
	await home.runHere(['index', 'two']);
	expect((await home.runHere(['at-risk'])).out).toMatch(/3 files {2}\/one\n.*1 file {2}\/two\n.*4 files {2}in all\n$/);
});

test('stat shows what a file is and where its copies are', async () => {
	const { content } = await json(['stat', '/one/a/film.mov']);
	expect(content).toMatchObject({ proven: true, copies: 2, id: expect.stringMatching(/^[0-9a-f]{64}$/) });
	expect(content.paths.toSorted()).toEqual(['/one/a/hard link.mov', '/one/b/film copy.mov']);
	expect((await home.runHere(['stat', '/one/notes.md'])).out).toMatch(/type +Markdown text \(85 % sure\)/);
	expect((await json(['stat', '/one'])).content).toBeNull();
});

test('T30: every file is read, whatever the bytes of its name', async () => {
	const entries = makeOddTree(home.path('odd'));
	expect(await home.runHere(['add', 'odd'])).toMatchObject({ code: 0 });
	const indexed = await json(['index', 'odd']);
	const files = entries.filter(({ kind }) => kind === 'file');
	expect(indexed.locations[0]).toMatchObject({ problems: [], content: { files: files.length + 1, problems: 0 } });
	// All of them hold the same three bytes; the one in the folder of odd name holds others.
	const { found } = await json(['dupes', '/odd']);
	expect(found).toMatchObject([{ files: files.length, sizeBytes: 3 }]);
	const odd = String.raw`/odd/folder \xff/inside \x80`;
	const stat = await home.runHere(['stat', '--json', '--', odd]);
	expect(JSON.parse(stat.out).content).toMatchObject({ copies: 0 });
	const listed = await home.runHere(['dupes', '/odd']);
	for (const entry of files) expect(listed.out).toContain(`  /odd/${printName(indexedName(entry))}\n`);
});
