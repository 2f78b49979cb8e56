import { linkSync, mkdirSync, renameSync, utimesSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { inLibrary, type Home } from './home.ts';

vi.setConfig({ testTimeout: 60_000 });

async function idOf(home: Home, path: string): Promise<number> {
	const told = await home.run(['stat', path, '--json']);
	expect(told.code, `${path}: ${told.err}`).toBe(0);
	return JSON.parse(told.out).id;
}

async function outcomeOf(home: Home): Promise<unknown> {
	const indexed = await home.run(['index', '--json']);
	expect(indexed.code, indexed.err).toBe(0);
	return JSON.parse(indexed.out).locations[0].outcome;
}

test('on a real disk: what is renamed, moved or exchanged keeps its number, and a hard link is new', async () => {
	await inLibrary(async (home) => {
		for (const name of ['a.txt', 'b.txt', 'deep/er/c.txt']) home.write(`disk/notes/${name}`, `text of ${name}`);
		mkdirSync(home.path('disk/other'));
		// what a person wrote long ago, not within the same millisecond
		utimesSync(home.path('disk/notes/b.txt'), 1_000, 1_000);
		expect(await home.run(['add', 'disk'])).toMatchObject({ code: 0 });
		await outcomeOf(home);
		// One after the other: a library is open in one process at a time.
		const a = await idOf(home, '/disk/notes/a.txt');
		const b = await idOf(home, '/disk/notes/b.txt');
		const folder = await idOf(home, '/disk/notes/deep');
		const inner = await idOf(home, '/disk/notes/deep/er/c.txt');

		renameSync(home.path('disk/notes/a.txt'), home.path('disk/other/renamed.txt'));
		renameSync(home.path('disk/notes/deep'), home.path('disk/other/deeper'));
		expect(await outcomeOf(home)).toMatchObject({ added: 0, moved: 2, removed: 0 });
		expect(await idOf(home, '/disk/other/renamed.txt')).toBe(a);
		expect(await idOf(home, '/disk/other/deeper')).toBe(folder);
		expect(await idOf(home, '/disk/other/deeper/er/c.txt')).toBe(inner);

		renameSync(home.path('disk/other/renamed.txt'), home.path('disk/aside'));
		renameSync(home.path('disk/notes/b.txt'), home.path('disk/other/renamed.txt'));
		renameSync(home.path('disk/aside'), home.path('disk/notes/b.txt'));
		expect(await outcomeOf(home)).toMatchObject({ added: 0, moved: 2, removed: 0 });
		expect(await idOf(home, '/disk/notes/b.txt')).toBe(a);
		expect(await idOf(home, '/disk/other/renamed.txt')).toBe(b);

		linkSync(home.path('disk/notes/b.txt'), home.path('disk/link.txt'));
		expect(await outcomeOf(home)).toMatchObject({ added: 1, moved: 0, removed: 0 });
		expect(await idOf(home, '/disk/notes/b.txt')).toBe(a);
		expect(await home.run(['verify'])).toMatchObject({ code: 0 });
	});
});
