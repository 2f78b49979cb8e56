import { expect, test } from 'vitest';
import { tagId } from '#core/kernel';
import {
	addMachine,
	begin,
	context,
	fill,
	given,
	linked,
	pair,
	promised,
	rowOf,
	until,
	type Machine
} from './device-world.ts';

const tag = tagId('7'.repeat(32));

async function activityOf({ core }: Machine) {
	return given(await core.commands['activity.list']({}, context()));
}

test('what has happened is told of all devices, the latest first, and what belongs together once', async () => {
	const { world, cellar } = await begin();
	await fill(world, cellar);
	const laptop = await addMachine(world, 'laptop');
	await pair(world, cellar, laptop);
	await linked(world, cellar, 'laptop', 'open');
	const told = await until(world, async () => {
		const list = await activityOf(laptop);
		return list.find((one) => one.type === 'happened' && one.kind === 'told') ?? null;
	});
	const [location] = given(await cellar.core.commands['locations.list']({}, context()));
	if (location === undefined) throw new Error('no folder');
	const { files, folders } = given(
		await cellar.core.commands['entries.usage']({ entry: location.entry }, context())
	) ?? {
		files: 0,
		folders: 0
	};
	expect(files).toBeGreaterThan(1);
	expect(told).toMatchObject({ added: files + folders, removed: 0, device: (await rowOf(laptop, 'cellar'))?.id });

	const commit = async (action: 'metadata.create-tag' | 'metadata.tag-files', input: unknown) =>
		expect(
			await promised(cellar.core.commands['actions.commit']({ action, input, plan: null }, context()), world)
		).toMatchObject({ ok: true });
	await world.clock.advance(2_000);
	await commit('metadata.create-tag', { id: tag, name: 'Holiday' });
	const ids = given(
		await cellar.core.commands['entries.ids'](
			{ folder: location.entry, order: { by: 'name', descending: false } },
			context()
		)
	);
	for (const entry of ids) await commit('metadata.tag-files', { tag, files: { entries: [entry] } });
	const device = (await rowOf(laptop, 'cellar'))?.id;
	if (device === undefined) throw new Error('no such device');
	given(await laptop.core.commands['devices.rename']({ device, name: 'Attic' }, context()));
	await until(world, async () => {
		const list = await activityOf(laptop);
		return list.some((one) => one.type === 'said' && one.verb === 'put on' && one.targets === ids.length) ? true : null;
	});
	await until(world, async () => ((await rowOf(cellar, 'Attic')) === undefined ? null : true));

	const list = await activityOf(laptop);
	expect(list.map(({ atMs }) => atMs)).toEqual(list.map(({ atMs }) => atMs).toSorted((a, b) => b - a));
	expect(new Set(list.map(({ key }) => key)).size).toBe(list.length);
	const said = list.filter((one) => one.type === 'said' && one.verb === 'put on');
	expect(said).toMatchObject([{ device, about: { is: 'tag', name: 'Holiday' }, targets: ids.length }]);
	for (const machine of [cellar, laptop])
		expect(await activityOf(machine)).toContainEqual(
			expect.objectContaining({ type: 'happened', kind: 'renamed', before: 'cellar', name: 'Attic' })
		);
	expect(list).toContainEqual(expect.objectContaining({ type: 'joined', device }));
	// What was done here is told as the history has it, and not again as what was said.
	const own = await activityOf(cellar);
	expect(own.filter(({ type }) => type === 'said')).toEqual([]);
	expect(own.filter(({ type }) => type === 'done').length).toBeGreaterThan(ids.length);
	await promised(Promise.all([cellar, laptop].map(({ core }) => core.close())), world);
});
