import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openAppPage } from '../../../../tests/sim/app-page.ts';
import { EntryList } from './entry-list.svelte.ts';

type Opened = Awaited<ReturnType<typeof openAppPage>>;

let opened: Opened;
let list: EntryList;
const gone: string[] = [];
beforeAll(async () => {
	opened = await openAppPage([['Letters', 'notes.md'], ['Letters', '2024', 'To Ines.txt'], ['apples.txt']]);
	list = new EntryList(opened.app, (path) => gone.push(path));
	const ids = await Promise.all(['apples.txt', 'Letters/notes.md', 'Letters/2024'].map(opened.at));
	list.show(Float64Array.from(ids));
	await vi.waitFor(() => expect(list.shownView.source.rowAt(2)?.name).toBe('2024'));
	expect([0, 1].map((index) => list.trailAt(index).slice(1))).toEqual([[], ['Letters']]);
});
afterAll(() => {
	list.close();
	opened.explorer.close();
	vi.unstubAllGlobals();
});

/** What can be done with the row that is chosen, of these rows. */
function possible(rows: Opened['app']['abilities']['rows']): readonly string[] {
	const { abilities } = opened.app;
	abilities.rows = rows;
	return abilities.possible(abilities.context()).map(({ id }) => id);
}

test.each([
	[1, 'notes'],
	[2, '2024']
] as const)(
	'all that can be done with row %d when it was found by its name can be done where it was gathered',
	async (index, words) => {
		const { app, explorer } = opened;
		// What a paste needs besides a folder is there.
		app.files.clipboard = { transfer: 'copy', entries: [1] };
		await explorer.search.find(words);
		explorer.search.results.want(0, 1);
		await vi.waitFor(() => expect(explorer.found.source.rowAt(0)).toBeTruthy());
		explorer.found.setFocus(0);
		list.shownView.setFocus(index);
		expect(explorer.chosenRow?.id).toBe(list.chosenRow?.id);
		const found = possible(explorer);
		expect(found.filter((id) => /^(files|choose)\./.test(id)).length).toBeGreaterThan(20);
		// The folder below the search has a menu of its own, and belongs to none of what was gathered.
		expect(possible(list)).toEqual(found.filter((id) => !id.startsWith('folder.')));
		explorer.search.clear();
	}
);

test('what needs a folder to be shown is not offered', () => {
	opened.explorer.view.setFocus(1);
	list.shownView.setFocus(0);
	const inFolder = possible(opened.explorer);
	const gathered = possible(list);
	const lost = inFolder.filter((id) => !gathered.includes(id) && !id.startsWith('folder.'));
	expect(lost.filter((id) => !id.startsWith('view.sort-'))).toEqual([
		'files.paste',
		'files.duplicate',
		'files.make-folder',
		'files.make-text',
		'files.upload',
		'files.upload-folder',
		'view.sizes',
		'view.ascending',
		'view.descending'
	]);
});

test('a folder is opened, a file shown in the folder that holds it', async () => {
	for (const index of [2, 1]) list.shownView.onOpen?.(index);
	const [folder, file, holding] = await Promise.all(['Letters/2024', 'Letters/notes.md', 'Letters'].map(opened.at));
	expect(gone).toEqual([`/files/${folder}`, `/files/${holding}?at=${file}`]);
});

test('the same entries stay chosen when others come and go, and the keyboard goes with its row', async () => {
	list.shownView.setFocus(2);
	const [apples, folder] = await Promise.all(['apples.txt', 'Letters/2024'].map(opened.at));
	const { shownView: view } = list;
	view.hasKeyboard = true;
	view.wantsFocus = false;
	list.show(Float64Array.from([folder ?? 0, apples ?? 0]));
	expect([...view.selection.ids()]).toEqual([folder]);
	expect([view.choice.focus, view.wantsFocus]).toEqual([0, true]);
	// It is in that row already.
	view.wantsFocus = false;
	list.show(Float64Array.from([folder ?? 0]));
	expect(view.wantsFocus).toBe(false);
});
