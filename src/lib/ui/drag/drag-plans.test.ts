import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { EntryId } from '#core/kernel';
import { fileAbilities } from '#ui/actions/abilities/files.ts';
import { EntryList } from '#ui/files/entry-list.svelte.ts';
import type { Transfer } from '#ui/files/file-work.svelte.ts';
import type { ShownRows } from '#ui/files/shown-rows.svelte.ts';
import { openAppPage } from '../../../../tests/sim/app-page.ts';
import { EntryDrag } from './entry-drag.svelte.ts';
import { takeDrag } from './take-drag.ts';

type Opened = Awaited<ReturnType<typeof openAppPage>> & { readonly letters: EntryId };

/** Nothing is changed in it. Letters in it has a `notes.md` as well. */
let opened: Opened;
beforeAll(async () => {
	const page = await openAppPage([['Letters', 'notes.md'], ['apples.txt'], ['notes.md'], ['pears.txt']]);
	opened = { ...page, letters: await page.at('Letters') };
});
afterAll(() => {
	opened.explorer.close();
	vi.unstubAllGlobals();
});

/** The plan that a person sees, put away again. */
async function seenPlan() {
	const { app } = opened;
	await expect.poll(() => app.planSheet.plan).not.toBeNull();
	const seen = { title: app.planSheet.title, plan: app.planSheet.plan };
	app.planSheet.cancel();
	return seen;
}

async function drop(rows: ShownRows, index: number, folder: EntryId, transfer: Transfer) {
	const { app } = opened;
	const drag = new EntryDrag(app);
	const taken = takeDrag(rows, index);
	if (taken === null) throw new Error('it can be dragged');
	drag.start(taken);
	drag.over(folder, { copies: transfer === 'copy', moves: false }, null);
	await expect.poll(() => drag.verdict).toMatchObject({ type: 'can', transfer });
	drag.drop();
	return seenPlan();
}

/** What the menu does, and the folder picked that it asks for. */
async function pick(folder: EntryId, transfer: Transfer) {
	const { app } = opened;
	fileAbilities.find(({ id }) => id === `files.${transfer}-to`)?.run(app.abilities.context());
	const { asked } = app.files;
	if (asked?.type !== 'place') throw new Error('it asks for a folder');
	app.files.asked = null;
	void app.files.transfer(asked.transfer, asked.entries, folder);
	return seenPlan();
}

test.each(['move', 'copy'] as const)(
	'F29: what is dropped and what is sent from the menu to %s is one plan',
	async (transfer) => {
		const { explorer, letters } = opened;
		explorer.view.chooseRanges([{ from: 1, to: 4 }], 2);
		const dropped = await drop(explorer, 2, letters, transfer);
		const picked = await pick(letters, transfer);
		expect(dropped.plan?.counts).toMatchObject({ operations: 2, blocked: 1 });
		expect(dropped).toEqual(picked);
	}
);

test('one row that is not chosen goes alone, and is the one that is chosen then', async () => {
	const { explorer, letters } = opened;
	explorer.view.chooseRanges([{ from: 1, to: 2 }], 1);
	const dropped = await drop(explorer, 2, letters, 'move');
	expect(dropped.plan?.blocked).toMatchObject([{ why: { type: 'NameInUse', name: 'notes.md' } }]);
	expect(dropped).toEqual(await pick(letters, 'move'));
});

test('what was taken up stays what it is while the rows change under it', async () => {
	const { app, explorer, letters } = opened;
	explorer.view.chooseRanges([{ from: 2, to: 3 }], 2);
	const drag = new EntryDrag(app);
	const taken = takeDrag(explorer, 2);
	if (taken === null) throw new Error('it can be dragged');
	drag.start(taken);
	// A folder that is hovered over opens: nothing is chosen any more.
	explorer.show({ folder: letters, row: null, at: null, order: null, isMap: false }, false);
	drag.over(letters, { copies: false, moves: false }, null);
	await expect.poll(() => drag.verdict?.type).toBe('can');
	drag.drop();
	const { plan } = await seenPlan();
	expect(plan?.blocked).toMatchObject([{ operation: { entry: taken.ids[0] }, why: { type: 'NameInUse' } }]);
});

test('rows gathered from many folders go together, and say so where all of them lie already', async () => {
	const { app, explorer, letters, at } = opened;
	const list = new EntryList(app, () => undefined);
	const ids = await Promise.all(['apples.txt', 'Letters/notes.md', 'pears.txt'].map(at));
	list.show(Float64Array.from(ids));
	await vi.waitFor(() => expect(list.shownView.source.rowAt(2)?.name).toBe('pears.txt'));
	app.abilities.rows = list;
	list.shownView.chooseRanges([{ from: 0, to: 2 }], 0);
	const root = app.folders.all[0]?.entry ?? letters;
	const dropped = await drop(list, 0, root, 'move');
	expect(dropped.plan?.blocked).toMatchObject([{ why: { type: 'AlreadyThere' } }, { why: { type: 'NameInUse' } }]);
	expect(dropped).toEqual(await pick(root, 'move'));

	list.shownView.chooseRanges([{ from: 2, to: 3 }], 2);
	const drag = new EntryDrag(app);
	const taken = takeDrag(list, 2);
	if (taken === null) throw new Error('it can be dragged');
	drag.start(taken);
	drag.over(root, { copies: false, moves: false }, null);
	await expect.poll(() => drag.verdict).toEqual({ type: 'cannot', why: 'already-there' });
	drag.end();
	app.abilities.rows = explorer;
	list.close();
});
