import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Client } from '#client/mod.ts';
import type { EntryId } from '#core/kernel';
import { fileAbilities } from '#ui/actions/abilities/files.ts';
import { Explorer } from '#ui/files/explorer.svelte.ts';
import type { Transfer } from '#ui/files/file-work.svelte.ts';
import { App } from '#ui/shell/app.svelte.ts';
import { addIndexed, drive, nextCommand, type Driver } from '../../../../tests/conformance/core-driver.ts';
import { createSimWorld } from '../../../../tests/sim/world.ts';
import { EntryDrag } from './entry-drag.svelte.ts';
import { takeDrag } from './take-drag.ts';

/** A browser's storage in which nothing is kept: a page looks there for the folders that a person has picked. */
function emptyStorage() {
	const answer = (result: unknown) => {
		const asked = { result, onsuccess: () => undefined };
		queueMicrotask(() => asked.onsuccess());
		return asked;
	};
	const transaction = () => {
		const begun = { objectStore: () => ({ get: () => answer(undefined) }), oncomplete: () => undefined };
		queueMicrotask(() => begun.oncomplete());
		return begun;
	};
	return { open: () => answer({ transaction, close: () => undefined }) };
}

function clientOf({ core }: Driver): Client {
	const own: Partial<Client> = {
		connection: { state: 'leader', reason: null },
		call: (name, input, signal) => {
			const call = core.commands[name] as (...given: unknown[]) => Promise<never>;
			return call(input, { signal, command: nextCommand() });
		},
		onEvent: (listener) => core.subscribe(listener),
		onMoved: () => () => undefined
	};
	return own as Client;
}

/** A page that shows the folder Papers; nothing is changed in it. Letters in it has a `notes.md` as well. */
async function openPage() {
	vi.stubGlobal('indexedDB', emptyStorage());
	vi.stubGlobal('FileSystemDirectoryHandle', class {});
	const world = createSimWorld(1);
	const driver = drive(world, 1);
	await driver.value('library.create', { name: 'Library', password: null });
	const folder = await world.makeFolder();
	for (const path of [['Letters', 'notes.md'], ['apples.txt'], ['notes.md'], ['pears.txt']])
		await folder.write(path, 10);
	const { entry } = await addIndexed(driver, folder.root, 'Papers');
	const app = new App(clientOf(driver));
	const address = { folder: entry, row: null, at: null, order: null, isMap: false };
	const explorer = new Explorer(app, { go: () => undefined, rewrite: () => undefined }, address);
	app.abilities.explorer = explorer;
	await vi.waitFor(() => expect([app.folders.all.length, explorer.trail.value?.length]).toEqual([1, 1]));
	await vi.waitFor(() => expect(explorer.listing?.length).toBe(4));
	explorer.listing?.want(0, 4);
	await vi.waitFor(() => expect(explorer.listing?.rowAt(3)?.name).toBe('pears.txt'));
	const letters = explorer.listing?.rowAt(0)?.id;
	if (letters === undefined) throw new Error('Letters is the first');
	return { app, explorer, letters };
}

type Opened = Awaited<ReturnType<typeof openPage>>;

let opened: Opened;
beforeAll(async () => {
	opened = await openPage();
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

async function drop(index: number, folder: EntryId, transfer: Transfer) {
	const { app, explorer } = opened;
	const drag = new EntryDrag(app);
	const taken = takeDrag(app, explorer, index);
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
		const dropped = await drop(2, letters, transfer);
		const picked = await pick(letters, transfer);
		expect(dropped.plan?.counts).toMatchObject({ operations: 2, blocked: 1 });
		expect(dropped).toEqual(picked);
	}
);

test('one row that is not chosen goes alone, and is the one that is chosen then', async () => {
	const { explorer, letters } = opened;
	explorer.view.chooseRanges([{ from: 1, to: 2 }], 1);
	const dropped = await drop(2, letters, 'move');
	expect(dropped.plan?.blocked).toMatchObject([{ why: { type: 'NameInUse', name: 'notes.md' } }]);
	expect(dropped).toEqual(await pick(letters, 'move'));
});

test('what was taken up stays what it is while the rows change under it', async () => {
	const { app, explorer, letters } = opened;
	explorer.view.chooseRanges([{ from: 2, to: 3 }], 2);
	const drag = new EntryDrag(app);
	const taken = takeDrag(app, explorer, 2);
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
