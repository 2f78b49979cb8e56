import { expect, test } from 'vitest';
import type { ActionName, AnyAction } from '#core';
import { addIndexed, drive, nextCommand, type Driver } from '../../../../tests/conformance/core-driver.ts';
import type { WorldFolder } from '../../../../tests/conformance/core-world.ts';
import { createSimWorld } from '../../../../tests/sim/world.ts';
import { PlanSheetState } from './plan-sheet.svelte.ts';

/** A library with two folders, and a sheet that asks it as a page does. */
async function openSheet() {
	const world = createSimWorld(1);
	const driver = drive(world, 1);
	await driver.value('library.create', { name: 'Library', password: null });
	const folders: WorldFolder[] = [];
	for (let at = 0; at < 2; at++) folders.push(await world.makeFolder());
	const [photos, music] = folders;
	if (photos === undefined || music === undefined) throw new Error('two folders were made');
	const location = await addIndexed(driver, photos.root, 'Photos');
	await addIndexed(driver, music.root, 'Music');
	const told: string[] = [];
	const sheet = new PlanSheetState({
		ask: async (name, input) => {
			const call = driver.core.commands[name] as (...given: unknown[]) => Promise<never>;
			return call(input, { signal: new AbortController().signal, command: nextCommand() });
		},
		tell: ({ type }) => void told.push(type)
	});
	return { driver, sheet, told, location };
}

function toRename(location: number, name: string) {
	const action: ActionName = 'locations.rename';
	return { action, input: { location, name }, title: 'Rename folder' };
}

async function show({ driver, sheet }: Awaited<ReturnType<typeof openSheet>>, wish: ReturnType<typeof toRename>) {
	const plan = await driver.value('actions.preview', wish);
	const answered: (AnyAction | null)[] = [];
	const listen = async () => void answered.push(await sheet.show(wish, plan));
	void listen();
	return answered;
}

async function namesOf(driver: Driver): Promise<string[]> {
	return (await driver.value('locations.list', {})).map(({ name }) => name);
}

test('what is confirmed is done, and what is cancelled is not', async () => {
	const opened = await openSheet();
	const { driver, sheet, location } = opened;
	const first = await show(opened, toRename(location.id, 'Pictures'));
	expect([sheet.title, sheet.plan?.counts.operations, sheet.isStale]).toEqual(['Rename folder', 1, false]);
	sheet.cancel();
	await Promise.resolve();
	expect([first, sheet.plan]).toEqual([[null], null]);
	expect(await namesOf(driver)).toEqual(['Photos', 'Music']);
	const second = await show(opened, toRename(location.id, 'Pictures'));
	await sheet.confirm();
	expect(second).toMatchObject([{ action: 'locations.rename', state: 'done' }]);
	expect(sheet.plan).toBeNull();
	expect(await namesOf(driver)).toEqual(['Pictures', 'Music']);
});

test('where things have changed since, it shows what would be done now and what of it is new', async () => {
	const opened = await openSheet();
	const { driver, sheet, location } = opened;
	const answered = await show(opened, toRename(location.id, 'Pictures'));
	const seen = sheet.plan?.operations[0];
	// Somebody else is quicker.
	await driver.value('actions.commit', { ...toRename(location.id, 'Images'), plan: null });
	await sheet.confirm();
	expect(sheet.isStale).toBe(true);
	expect(sheet.plan?.operations).toEqual([
		{ kind: 'rename-location', location: location.id, from: 'Images', to: 'Pictures' }
	]);
	const [now] = sheet.plan?.operations ?? [];
	if (now === undefined || seen === undefined) throw new Error('both plans rename');
	expect([sheet.isNew(now), sheet.isNew(seen)]).toEqual([true, false]);
	expect(await namesOf(driver)).toEqual(['Images', 'Music']);
	await sheet.confirm();
	expect(answered).toMatchObject([{ state: 'done' }]);
	expect(await namesOf(driver)).toEqual(['Pictures', 'Music']);
});

test('where nothing of it can be done any more, it says why and stays', async () => {
	const opened = await openSheet();
	const { driver, sheet, location, told } = opened;
	const answered = await show(opened, toRename(location.id, 'Pictures'));
	const music = (await driver.value('locations.list', {})).find(({ name }) => name === 'Music');
	await driver.value('actions.commit', { ...toRename(Number(music?.id), 'Pictures'), plan: null });
	await sheet.confirm();
	expect(sheet.plan).toMatchObject({ operations: [], blocked: [{ why: { type: 'LocationNameTaken' } }] });
	expect([answered, told]).toEqual([[], []]);
	sheet.cancel();
	await Promise.resolve();
	expect(answered).toEqual([null]);
});
