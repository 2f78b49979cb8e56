import { addIndexed, drive, type Driver } from './core-driver.ts';
import { holds, same, type Case, type World } from './core-world.ts';

const toRename = (location: number, name: string) => ({ action: 'locations.rename', input: { location, name } });

async function nameOf(driver: Driver, location: number): Promise<string | undefined> {
	return (await driver.value('locations.list', {})).find(({ id }) => id === location)?.name;
}

/** Does the latest thing that can be undone, or done again. */
async function takeBack(driver: Driver, redo: boolean) {
	const action = await driver.value('actions.latest', { redo });
	holds(action !== null, 'there is something to take back');
	return driver.value('actions.commit', { action: 'actions.undo', input: { action }, plan: null });
}

async function renameAndBack(world: World): Promise<void> {
	const folder = await world.makeFolder();
	let driver = drive(world, 1);
	await driver.value('library.create', { name: 'Home', password: null });
	const { id } = await addIndexed(driver, folder.root, 'Photos');
	const told: string[] = [];
	driver.core.subscribe(({ type }) => void told.push(type));
	const plan = await driver.value('actions.preview', toRename(id, 'Pictures'));
	same(plan.operations.length, 1, 'what the plan does');
	same(await driver.value('actions.preview', toRename(id, 'Pictures')), plan, 'the same plan for the same world');
	await driver.value('actions.commit', { ...toRename(id, 'Images'), plan: null });
	same(told.includes('actions-changed') && told.includes('locations-changed'), true, 'who shows it is told');
	const stale = await driver.failure('actions.commit', { ...toRename(id, 'Pictures'), plan: plan.id });
	holds(stale.type === 'PlanStale', `${stale.type} is PlanStale`);
	same(stale.changed.length, 1, 'facts that differ');
	same(await nameOf(driver, id), 'Images', 'nothing was done');
	await driver.value('actions.commit', { ...toRename(id, 'Pictures'), plan: stale.plan.id });
	same(await nameOf(driver, id), 'Pictures', 'done');
	await driver.core.close();

	driver = drive(world, 1);
	await driver.value('library.unlock', { by: 'device' });
	same((await takeBack(driver, false)).isUndoing, true, 'an undoing');
	same(await nameOf(driver, id), 'Images', 'undone after a restart');
	await takeBack(driver, false);
	same(await nameOf(driver, id), 'Photos', 'undone again');
	same((await takeBack(driver, true)).isUndoing, false, 'done again');
	same(await nameOf(driver, id), 'Images', 'done again');
	const history = await driver.value('actions.history', { before: null });
	same(
		history.map(({ state, isUndoable, undoes }) => [state, isUndoable, undoes]),
		[
			['done', true, 5],
			['done', false, 2],
			['done', true, 3],
			['done', false, null],
			['done', false, null],
			// The folder that was put under management.
			['done', true, null]
		],
		'the history'
	);
	same((await driver.value('library.verify', {})).flaws, [], 'flaws at the end');
	await driver.core.close();
}

export const actionCases: readonly Case[] = [
	{
		title: 'an action is planned, refused when stale, done, and undone and done again beyond a restart',
		run: renameAndBack
	}
];
