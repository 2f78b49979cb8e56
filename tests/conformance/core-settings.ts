import type { ActionName } from '#core';
import type { LocationId } from '#core/kernel';
import { usual } from '#core/rules';
import { act, addIndexed, drive, dump, refusal, type Driver } from './core-driver.ts';
import { holds, same, type Case, type World } from './core-world.ts';

type Setting = { readonly action: ActionName; readonly input: unknown; readonly other: unknown };

/** One of each thing that people set, and what it is set to elsewhere meanwhile. */
function settingsOf(location: LocationId): readonly Setting[] {
	const rules = (change: object) => ({ location, rules: { ...usual, ...change } });
	const schedule = (cron: string) => ({ kind: 'index', location, cron });
	const policy = (wanted: string) => ({ location, kind: 'text', policy: wanted });
	return [
		{ action: 'library.rename', input: { name: 'Attic' }, other: { name: 'Cellar' } },
		{
			action: 'library.change-setting',
			input: { setting: 'lockAfterMinutes', to: 5 },
			other: { setting: 'lockAfterMinutes', to: 15 }
		},
		{
			action: 'library.change-setting',
			input: { setting: 'trashDays', to: 7 },
			other: { setting: 'trashDays', to: null }
		},
		{ action: 'locations.set-mode', input: { location, mode: 'shallow' }, other: { location, mode: 'deep' } },
		{
			action: 'locations.set-class',
			input: { location, logicalClass: 'cold' },
			other: { location, logicalClass: 'warm' }
		},
		{ action: 'locations.set-rules', input: rules({ withHidden: false }), other: rules({ patterns: ['a.txt'] }) },
		{ action: 'analysis.set-policy', input: policy('never'), other: policy('now') },
		{ action: 'jobs.set-schedule', input: schedule('0 3 * * *'), other: schedule('0 4 * * *') }
	];
}

/** All that is set, as it can be asked for. */
async function shown(driver: Driver, location: LocationId): Promise<unknown> {
	const status = await driver.value('library.status', {});
	const [known] = await driver.value('locations.list', {});
	const { rules } = await driver.value('locations.rules', { location });
	const { said } = await driver.value('analysis.queue', {});
	const schedules = await driver.value('jobs.schedules', {});
	return {
		name: status.state === 'open' ? status.name : null,
		settings: await driver.value('settings.read', {}),
		location: [known?.name, known?.mode, known?.tier.logical],
		rules,
		said: said.map(({ kind, policy }) => [kind, policy]),
		schedules: schedules.map(({ kind, cron }) => [kind, cron])
	};
}

async function latest(driver: Driver) {
	const [last] = await driver.value('actions.history', { before: null });
	holds(last !== undefined, 'something was done');
	return last;
}

async function undo(driver: Driver): Promise<void> {
	await act(driver, 'actions.undo', { action: (await latest(driver)).id });
}

async function setAndTakeBack(world: World): Promise<void> {
	const folder = await world.makeFolder();
	for (const name of ['a.txt', '.hidden']) await folder.write([name], 10);
	const driver = drive(world, 1);
	await driver.value('library.create', { name: 'Home', password: null });
	const { id } = await addIndexed(driver, folder.root, 'Things');
	for (const { action, input, other } of settingsOf(id)) {
		const before = await shown(driver, id);
		const plan = await driver.value('actions.preview', { action, input });
		same([plan.operations.length, plan.blocked], [1, []], `the plan of ${action}`);
		same(await shown(driver, id), before, `${action} is only looked at`);

		await act(driver, action, other);
		const elsewhere = await shown(driver, id);
		const stale = await driver.failure('actions.commit', { action, input, plan: plan.id });
		holds(stale.type === 'PlanStale' && stale.changed.length > 0, `${action}: ${stale.type} is PlanStale`);
		same(await shown(driver, id), elsewhere, `${action} was not done`);
		await undo(driver);
		same(await shown(driver, id), before, `${action} is taken back`);

		await act(driver, action, input);
		const after = await shown(driver, id);
		holds(JSON.stringify(after) !== JSON.stringify(before), `${action} was done`);
		const { id: done } = await latest(driver);
		await act(driver, action, other);
		const late = await driver.value('actions.preview', { action: 'actions.undo', input: { action: done } });
		same(
			late.blocked.map(({ why }) => why.type),
			['ChangedSince'],
			`${action} has been set otherwise since`
		);
		await undo(driver);
		same(await shown(driver, id), after, `${action} is done again`);
		await act(driver, 'actions.undo', { action: done });
		same(await shown(driver, id), before, `${action} is taken back again`);
	}
	same((await driver.value('library.verify', {})).flaws, [], 'flaws');
	await driver.core.close();
}

async function removeAndBringBack(world: World): Promise<void> {
	const folder = await world.makeFolder();
	for (const name of ['a.txt', 'b.txt', '.hidden']) await folder.write([name], 10);
	const driver = drive(world, 1);
	await driver.value('library.create', { name: 'Home', password: null });
	const location = await addIndexed(driver, folder.root, 'Things');
	for (const { action, input } of settingsOf(location.id)) await act(driver, action, input);
	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	const before = [await shown(driver, location.id), await dump(driver, location.entry)];
	const request = { action: 'locations.remove', input: { location: location.id } } as const;
	const unseen = await driver.failure('actions.commit', { ...request, plan: null });
	holds(unseen.type === 'PlanUnseen', 'it asks');
	same(
		unseen.plan.warnings.some(({ type }) => type === 'LocationForgotten'),
		true,
		'it says what is forgotten'
	);
	await act(driver, request.action, request.input);
	same(await driver.value('locations.list', {}), [], 'no location');
	same(await driver.value('jobs.schedules', {}), [], 'no schedule');

	await undo(driver);
	const [back] = await driver.value('locations.list', {});
	holds(back !== undefined, 'it is back');
	await driver.value('index.run', { location: back.id, acceptEmpty: false });
	same([await shown(driver, back.id), await dump(driver, back.entry)], before, 'as it was');
	same((await refusal(driver, 'locations.add', { root: folder.root, name: null })).type, 'LocationExists', 'once');
	// The undoing of an adding takes as much away as a removal: it asks as well.
	await folder.write(['more', 'c.txt'], 1);
	await driver.value('index.run', { location: back.id, acceptEmpty: false });
	const again = await driver.failure('actions.commit', {
		action: 'actions.undo',
		input: { action: (await latest(driver)).id },
		plan: null
	});
	same(again.type, 'PlanUnseen', 'the undoing asks');
	same((await driver.value('library.verify', {})).flaws, [], 'flaws');
	await driver.core.close();
}

export const settingsCases: readonly Case[] = [
	{ title: 'what is set is looked at, stale when it was set elsewhere, done and taken back', run: setAndTakeBack },
	{ title: 'a folder that is removed comes back with all that was set, and both ask', run: removeAndBringBack }
];
