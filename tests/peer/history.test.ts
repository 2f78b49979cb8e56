import { expect, test } from 'vitest';
import { inLibrary, type Home } from './home.ts';

async function withFolders(names: readonly string[], use: (home: Home) => Promise<void>): Promise<void> {
	await inLibrary(async (home) => {
		for (const name of names) {
			home.write(`${name}/file.txt`, name);
			expect(await home.runHere(['add', name])).toMatchObject({ code: 0 });
		}
		await use(home);
	});
}

async function namesIn(home: Home): Promise<string[]> {
	const { locations } = JSON.parse((await home.runHere(['locations', '--json'])).out);
	return locations.map(({ name }: { name: string }) => name).toSorted();
}

test('what was renamed is told of, undone and done again, from one command to the next', async () => {
	await withFolders(['photos', 'music'], async (home) => {
		expect(await home.runHere(['undo'])).toMatchObject({ code: 5, err: expect.stringContaining('nothing to undo') });
		const dry = await home.runHere(['locations', 'rename', 'photos', 'pictures', '--dry-run']);
		expect(dry).toMatchObject({ code: 0, out: 'rename 1 folder:\n  rename /photos to /pictures\n' });
		expect(await namesIn(home)).toEqual(['music', 'photos']);
		expect(await home.runHere(['locations', 'rename', 'photos', 'pictures'])).toMatchObject({
			code: 0,
			out: '1: rename /photos to /pictures\n'
		});
		expect(await home.runHere(['locations', 'rename', 'music', 'songs'])).toMatchObject({ code: 0 });
		expect(await namesIn(home)).toEqual(['pictures', 'songs']);
		expect((await home.runHere(['undo'])).out).toBe('3: undo 2: rename /songs to /music\n');
		expect((await home.runHere(['undo', '1'])).out).toBe('4: undo 1: rename /pictures to /photos\n');
		expect(await namesIn(home)).toEqual(['music', 'photos']);
		expect((await home.runHere(['redo'])).out).toBe('5: redo 4: rename /photos to /pictures\n');
		const told = (await home.runHere(['history'])).out.trimEnd().split('\n');
		expect(told.map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'then').replace(/ +/g, ' '))).toEqual([
			'5 then done redo 4: rename /photos to /pictures ',
			'4 then done undo 1: rename /pictures to /photos undone by 5',
			'3 then done undo 2: rename /songs to /music ',
			'2 then done rename /music to /songs undone by 3',
			'1 then done rename /photos to /pictures undone by 4'
		]);
		const { actions } = JSON.parse((await home.runHere(['history', '--json'])).out);
		expect(actions[0]).toMatchObject({ id: 5, undoes: 4, isUndoing: false, isUndoable: true, state: 'done' });
	});
});

test('what is in the way is said, and nothing is done', async () => {
	await withFolders(['photos', 'music'], async (home) => {
		const taken = await home.runHere(['locations', 'rename', 'photos', 'music']);
		expect(taken).toMatchObject({ code: 1, out: '' });
		expect(taken.err).toContain('rename /photos to /music: another folder is called /music');
		expect(taken.err).toContain('There is nothing of that to be done.');
		const asJson = await home.runHere(['locations', 'rename', 'photos', 'music', '--json']);
		expect(JSON.parse(asJson.out)).toMatchObject({
			failure: { type: 'PlanEmpty', plan: { blocked: [{ why: { type: 'LocationNameTaken', name: 'music' } }] } }
		});
		await home.runHere(['locations', 'rename', 'photos', 'pictures']);
		await home.runHere(['locations', 'rename', 'pictures', 'images']);
		const older = await home.runHere(['undo', '1']);
		expect(older.code).toBe(1);
		expect(older.err).toContain('rename /pictures to /photos: it is called /images by now');
		const dry = await home.runHere(['undo', '--dry-run', '--json']);
		expect(JSON.parse(dry.out)).toMatchObject({ plan: { counts: { operations: 1 } }, done: null });
		expect(await home.runHere(['undo', '7'])).toMatchObject({ code: 1, err: expect.stringContaining('too old') });
		expect(await home.runHere(['undo', 'x'])).toMatchObject({ code: 2 });
		expect(await namesIn(home)).toEqual(['images', 'music']);
	});
});
