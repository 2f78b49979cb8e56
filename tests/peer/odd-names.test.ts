import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { printName } from '../../peer/cli/print.ts';
import { createHome, libraryIn, type Home } from './home.ts';
import { indexedName, makeOddTree, oddFiles, type OddEntry } from './odd-tree.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let home: Home;
let entries: readonly OddEntry[];

beforeAll(async () => {
	home = await createHome();
	entries = makeOddTree(home.path('odd'));
	for (const args of [['init', libraryIn(home), '--no-password'], ['add', 'odd'], ['index']])
		expect(await home.run(args)).toMatchObject({ code: 0, err: '' });
});
afterAll(() => home.remove());

test('T30, T31: every name is listed once, by its bytes, and links and pipes for what they are', async () => {
	const { out } = await home.run(['ls', '/odd', '--json']);
	const listed = JSON.parse(out).entries.map(({ name, kind }: { name: string; kind: string }) => ({ name, kind }));
	const expected = entries.map((entry) => ({ name: indexedName(entry), kind: entry.kind }));
	const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
	expect(listed.toSorted(byName)).toEqual(expected.toSorted(byName));
});

test('T28: names that differ only in their Unicode form are both there, and each is found by its own', async () => {
	const { out } = await home.run(['find', 'café', '--json']);
	const names = JSON.parse(out).found.map(({ name }: { name: string }) => name);
	expect(names.toSorted()).toEqual(['cafe\u0301', 'café'].toSorted());
	for (const name of names) {
		const stat = await home.run(['stat', `/odd/${name}`, '--json']);
		expect(JSON.parse(stat.out).name).toBe(name);
	}
});

test('T31: a run that meets links to everywhere ends, and sees nothing outside', async () => {
	const { out } = await home.run(['du', '/odd', '--json']);
	const { total } = JSON.parse(out);
	expect(total).toEqual({ files: entries.length, folders: 1, sizeBytes: oddFiles.length * 3 + 2 });
	expect(await home.run(['ls', '/odd/root/etc'])).toMatchObject({ code: 5 });
	expect(await home.run(['ls', '/odd/up/odd'])).toMatchObject({ code: 5 });
});

/** What a terminal would take for more than text, line ends aside. */
const commanding = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200b\ufeff\uef80-\uefff]/u;

test('no name fools the terminal: text and JSON hold nothing that it would obey', async () => {
	const find = await home.run(['find', 'e', '--limit', '1000']);
	const list = await home.run(['ls', '/odd', '-l']);
	const asJson = await home.run(['ls', '/odd', '--json']);
	for (const { out } of [find, list, asJson]) expect(commanding.exec(out.replaceAll('\n', ''))).toBeNull();
	expect(list.out.trimEnd().split('\n'), 'one line each').toHaveLength(entries.length);
	expect(list.out).toContain(String.raw`bell\x07 clear\x1b[2J\x1b[31m red`);
	expect(list.out).toContain(String.raw`right-to-left \xe2\x80\xaegnp.exe`);
	expect(list.out).toContain('family 👨‍👩‍👧');
	// The control: the names as they are do hold such letters.
	expect(entries.filter((entry) => commanding.test(indexedName(entry))).length).toBeGreaterThan(10);
});

test('what ls prints can be given back as a path', async () => {
	for (const entry of entries.filter(({ kind }) => kind === 'file')) {
		const printed = printName(indexedName(entry));
		for (const path of [`/odd/${printed}`, `odd/${printed}`]) {
			const { out, err } = await home.runHere(['stat', '--json', '--', path]);
			expect(err, path).toBe('');
			expect(JSON.parse(out).name, path).toBe(indexedName(entry));
		}
	}
	const inside = await home.run(['ls', String.raw`/odd/folder \xff`]);
	expect(inside.out).toContain(String.raw`inside \x80`);
});

test('a folder whose own name is not UTF-8 can be added and indexed', async () => {
	const made = spawnSync('sh', ['-c', String.raw`mkdir "$(printf 'top \377')" && touch "$(printf 'top \377/file')"`], {
		cwd: home.folder
	});
	expect(made.status).toBe(0);
	const added = await home.run(['add', String.raw`top \xff`]);
	expect(added).toMatchObject({ code: 0, out: expect.stringContaining(String.raw`/top \xff`) });
	expect(await home.run(['index', String.raw`top \xff`])).toMatchObject({ code: 0 });
	const listed = await home.run(['ls', String.raw`/top \xff`]);
	expect(listed.out).toContain('file');
	expect(await home.run(['remove', String.raw`top \xff`, '-y'])).toMatchObject({ code: 0 });
});
