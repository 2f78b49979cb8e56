import { renameSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { inLibrary, type Home } from './home.ts';

vi.setConfig({ testTimeout: 60_000 });

async function json(home: Home, args: readonly string[]) {
	const ended = await home.runHere([...args, '--json']);
	expect(ended, args.join(' ')).toMatchObject({ code: 0 });
	return JSON.parse(ended.out);
}

async function withFiles(home: Home): Promise<void> {
	home.write('tree/a.txt', 'the same');
	home.write('tree/b.txt', 'the same');
	home.write('tree/sub/c.txt', 'another');
	await json(home, ['add', home.path('tree')]);
	await json(home, ['index']);
}

const paths = async (home: Home, tag: string): Promise<string[]> =>
	(await json(home, ['tags', 'files', tag])).files.map(({ path }: { path: string }) => path);

test('atoll tags: made, put on files, listed, found by the tag above, taken off', () =>
	inLibrary(async (home) => {
		await withFiles(home);
		await json(home, ['tags', 'create', 'Places', '--colour', 'green']);
		await json(home, ['tags', 'create', 'Paris', '--under', 'Places']);
		const dry = await json(home, ['tag', 'Paris', '/tree/a.txt', '--dry-run']);
		expect(dry).toMatchObject({ done: null, plan: { cost: { items: 1 }, blocked: [] } });
		expect(await paths(home, 'Paris')).toEqual([]);
		expect((await home.runHere(['tag', 'Paris', '/tree/a.txt', '/tree/sub'])).out).toBe('4: tag 2 items\n');
		expect(await paths(home, 'Places')).toEqual(['/tree/sub', '/tree/a.txt', '/tree/b.txt']);
		expect((await home.runHere(['tags'])).out).toBe('0 items  Places\n3 items  Places/Paris\n');
		expect(await home.runHere(['tag', 'Paris', '/tree/b.txt']), 'it has it already').toMatchObject({ code: 1 });
		await json(home, ['untag', 'Places/Paris', home.path('tree/b.txt')]);
		expect(await paths(home, 'Paris'), 'its copy had it from the same bytes').toEqual(['/tree/sub']);
		expect(await home.runHere(['tag', 'London', '/tree/a.txt'])).toMatchObject({ code: 5 });
		expect(await home.runHere(['tag', 'Paris', '/tree/nothing'])).toMatchObject({ code: 5 });
	}));

test('atoll tags delete asks before it deletes, and merging does', () =>
	inLibrary(async (home) => {
		await withFiles(home);
		for (const name of ['one', 'two']) await json(home, ['tags', 'create', name]);
		await json(home, ['tag', 'one', '/tree/a.txt']);
		expect(await home.runHere(['tags', 'delete', 'one']), 'nobody to ask').toMatchObject({ code: 2 });
		expect(await home.runHere(['tags', 'merge', 'one', 'two']), 'nobody to ask').toMatchObject({ code: 2 });
		expect(await paths(home, 'one')).toEqual(['/tree/a.txt', '/tree/b.txt']);
		await json(home, ['tags', 'merge', 'one', 'two', '--yes']);
		expect(await paths(home, 'two')).toEqual(['/tree/a.txt', '/tree/b.txt']);
		await json(home, ['tags', 'delete', 'two', '--yes']);
		expect(await json(home, ['tags'])).toEqual({ tags: [] });
	}));

test('atoll fav and atoll note: what is said stays when the file is moved on the disk', () =>
	inLibrary(async (home) => {
		await withFiles(home);
		await json(home, ['note', '/tree/sub/c.txt', 'first line\nsecond line']);
		expect((await home.runHere(['note', '/tree/sub/c.txt'])).out).toBe('first line\nsecond line\n');
		expect((await json(home, ['fav', '/tree/sub/c.txt', '/tree/a.txt'])).plan.cost.items).toBe(2);
		expect((await json(home, ['fav', '/tree/a.txt', '--off', '--dry-run'])).done).toBeNull();
		renameSync(home.path('tree/sub/c.txt'), home.path('tree/moved.txt'));
		await json(home, ['index']);
		expect(await json(home, ['note', '/tree/moved.txt'])).toEqual({ note: 'first line\nsecond line' });
		await json(home, ['note', '/tree/moved.txt', '']);
		expect(await json(home, ['note', '/tree/moved.txt'])).toEqual({ note: '' });
	}));

test('atoll tags edit and relate: a tag comes under others, which find its files; circles are refused', () =>
	inLibrary(async (home) => {
		await withFiles(home);
		for (const name of ['Places', 'Paris', 'Lutetia']) await json(home, ['tags', 'create', name]);
		await json(home, ['tag', 'Paris', '/tree/sub/c.txt']);
		const under = ['tags', 'edit', 'Paris', '--under', 'Places', '--colour', 'blue'];
		expect(await json(home, [...under, '--dry-run'])).toMatchObject({
			done: null,
			plan: { operations: [{ kind: 'metadata.edit-tag', to: { colour: 'blue' }, ties: [{ relation: 'parent' }] }] }
		});
		await json(home, under);
		await json(home, ['tags', 'relate', 'Lutetia', 'Paris', '--synonym']);
		for (const above of ['Places', 'Lutetia']) expect(await paths(home, above)).toEqual(['/tree/sub/c.txt']);
		expect(await home.runHere(['tags', 'edit', 'Places', '--under', 'Paris'])).toMatchObject({ code: 1 });
		expect(await home.runHere(['tags', 'edit', 'Places'])).toMatchObject({ code: 2 });
		await json(home, ['tags', 'relate', 'Paris', 'Places', '--off']);
		expect(await paths(home, 'Places')).toEqual([]);
		await json(home, ['undo']);
		expect(await paths(home, 'Places')).toEqual(['/tree/sub/c.txt']);
	}));

test('atoll rate, atoll colour and atoll collections: said of files, listed in the order in which they came', () =>
	inLibrary(async (home) => {
		await withFiles(home);
		expect((await home.runHere(['rate', '4', '/tree/a.txt', '/tree/sub'])).out).toMatch(/set the rating of 2 items\n$/);
		expect(await home.runHere(['rate', '6', '/tree/a.txt'])).toMatchObject({ code: 2 });
		await json(home, ['colour', 'red', '/tree/a.txt']);
		expect(await home.runHere(['colour', 'red', '/tree/b.txt']), 'its copy has it').toMatchObject({ code: 1 });
		expect(await home.runHere(['colour', 'plaid', '/tree/a.txt'])).toMatchObject({ code: 2 });
		const made = await home.runHere(['collections', 'make', 'Best of', '/tree/sub/c.txt', '/tree/a.txt']);
		expect(made.out).toMatch(/make the collection Best of, with 2 items\n$/);
		await json(home, ['collections', 'add', 'Best of', '/tree/sub']);
		const inside = async () =>
			(await json(home, ['collections', 'files', 'Best of'])).files.map(({ path }: { path: string }) => path);
		expect(await inside()).toEqual(['/tree/sub/c.txt', '/tree/a.txt', '/tree/sub']);
		await json(home, ['collections', 'remove', 'Best of', '/tree/a.txt']);
		expect((await home.runHere(['collections', 'files', 'Best of'])).out).toBe('/tree/sub/c.txt\n/tree/sub/\n');
		await json(home, ['collections', 'rename', 'Best of', 'Best']);
		expect((await home.runHere(['collections'])).out).toBe('2 items  Best\n');
		expect(await home.runHere(['collections', 'add', 'Best of', '/tree/a.txt'])).toMatchObject({ code: 5 });
		expect(await home.runHere(['collections', 'delete', 'Best']), 'nobody to ask').toMatchObject({ code: 2 });
		await json(home, ['collections', 'delete', 'Best', '--yes']);
		expect(await json(home, ['collections'])).toEqual({ collections: [] });
	}));
