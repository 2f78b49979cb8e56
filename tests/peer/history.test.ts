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
		const dry = await home.runHere(['locations', 'rename', 'photos', 'pictures', '--dry-run']);
		expect(dry).toMatchObject({ code: 0, out: 'rename 1 folder:\n  rename /photos to /pictures\n' });
		expect(await namesIn(home)).toEqual(['music', 'photos']);
		expect(await home.runHere(['locations', 'rename', 'photos', 'pictures'])).toMatchObject({
			code: 0,
			out: '3: rename /photos to /pictures\n'
		});
		expect(await home.runHere(['locations', 'rename', 'music', 'songs'])).toMatchObject({ code: 0 });
		expect(await namesIn(home)).toEqual(['pictures', 'songs']);
		expect((await home.runHere(['undo'])).out).toBe('5: undo 4: rename /songs to /music\n');
		expect((await home.runHere(['undo', '3'])).out).toBe('6: undo 3: rename /pictures to /photos\n');
		expect(await namesIn(home)).toEqual(['music', 'photos']);
		expect((await home.runHere(['redo'])).out).toBe('7: redo 6: rename /photos to /pictures\n');
		const told = (await home.runHere(['history'])).out.trimEnd().split('\n');
		expect(told.map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'then').replace(/ +/g, ' '))).toEqual([
			'7 then done redo 6: rename /photos to /pictures ',
			'6 then done undo 3: rename /pictures to /photos undone by 7',
			'5 then done undo 4: rename /songs to /music ',
			'4 then done rename /music to /songs undone by 5',
			'3 then done rename /photos to /pictures undone by 6',
			`2 then done add /music (${home.path('music')}) `,
			`1 then done add /photos (${home.path('photos')})`
		]);
		const { actions } = JSON.parse((await home.runHere(['history', '--json'])).out);
		expect(actions[0]).toMatchObject({ id: 7, undoes: 6, isUndoing: false, isUndoable: true, state: 'done' });
	});
});

test('what is in the way is said, and nothing is done', async () => {
	await withFolders(['photos', 'music'], async (home) => {
		const taken = await home.runHere(['locations', 'rename', 'photos', 'music']);
		expect(taken).toMatchObject({ code: 1, out: '' });
		expect(taken.err).toContain('music');
		const asJson = await home.runHere(['locations', 'rename', 'photos', 'music', '--json']);
		expect(JSON.parse(asJson.out)).toMatchObject({
			failure: { type: 'LocationNameTaken', name: 'music' }
		});
		await home.runHere(['locations', 'rename', 'photos', 'pictures']);
		await home.runHere(['locations', 'rename', 'pictures', 'images']);
		const older = await home.runHere(['undo', '3']);
		expect(older.code).toBe(1);
		expect(older.err).toContain('rename /pictures to /photos: it is called /images by now');
		const dry = await home.runHere(['undo', '--dry-run', '--json']);
		expect(JSON.parse(dry.out)).toMatchObject({ plan: { counts: { operations: 1 } }, done: null });
		expect(await home.runHere(['undo', '9'])).toMatchObject({ code: 1, err: expect.stringContaining('too old') });
		expect(await home.runHere(['undo', 'x'])).toMatchObject({ code: 2 });
		expect(await namesIn(home)).toEqual(['images', 'music']);
	});
});

test('what is set is an action: looked at, done, told of and taken back', async () => {
	await withFolders([], async (home) => {
		expect(await home.runHere(['undo'])).toMatchObject({ code: 5, err: expect.stringContaining('nothing to undo') });
		for (const at of Array.from({ length: 3 }, (_, index) => index)) home.write(`tree/file ${at}`, 'x');
		const added = JSON.parse((await home.runHere(['add', 'tree', '--dry-run', '--json'])).out);
		expect(added).toMatchObject({ plan: { operations: [{ kind: 'add-location', name: 'tree' }] }, done: null });
		expect(await namesIn(home)).toEqual([]);
		for (const args of [
			['add', 'tree'],
			['index'],
			['locations', 'mode', 'tree', 'shallow'],
			['locations', 'class', 'tree', 'cold'],
			['jobs', 'schedule', 'index', 'tree', '0 3 * * *'],
			['queue', 'policy', 'ocr', 'never', '-l', 'tree'],
			['locations', 'rules', 'tree', '--hidden', 'out', '--yes'],
			['settings', 'set', 'name', 'Attic'],
			['settings', 'set', 'trash-days', '7']
		])
			expect(await home.runHere(args), args.join(' ')).toMatchObject({ code: 0 });
		expect(JSON.parse((await home.runHere(['settings', '--json'])).out)).toEqual({
			name: 'Attic',
			trashDays: 7,
			lockAfterMinutes: null
		});
		expect(await home.runHere(['settings', 'set', 'trash-days', '8'])).toMatchObject({ code: 2 });
		expect((await home.runHere(['undo'])).out).toContain('for 30 days');
		expect((await home.runHere(['undo'])).code).toBe(0);

		// The list is shown, and nobody sits there to say yes.
		const asked = await home.runHere(['remove', 'tree']);
		expect(asked).toMatchObject({ code: 2, out: '' });
		expect(asked.err).toContain('Atoll forgets 3 items, and touches no file');
		const gone = await home.runHere(['remove', 'tree', '--yes']);
		expect(gone.code).toBe(0);
		expect(await namesIn(home)).toEqual([]);
		expect((await home.runHere(['undo'])).code).toBe(0);
		const { locations } = JSON.parse((await home.runHere(['locations', '--json'])).out);
		expect(locations).toMatchObject([{ name: 'tree', mode: 'shallow', class: { logical: 'cold' } }]);
		const { schedules } = JSON.parse((await home.runHere(['jobs', 'schedules', '--json'])).out);
		expect(schedules).toMatchObject([{ kind: 'index', target: String(locations[0].id), cron: '0 3 * * *' }]);
		const { rules } = JSON.parse((await home.runHere(['locations', 'rules', 'tree', '--json'])).out);
		expect(rules.withHidden).toBe(false);
		expect((await home.runHere(['index'])).code).toBe(0);
		expect((await home.runHere(['ls', '/tree'])).out).toContain('file 2');
	});
});
