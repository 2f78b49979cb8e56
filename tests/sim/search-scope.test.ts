import { expect, test } from 'vitest';
import type { FindScope } from '#core/search';
import { addMachine, begin, context, fill, given, linked, pair, promised, until } from './device-world.ts';

test('F46: what is on a device that is away is found, in the whole library and below a folder, not on this device', async () => {
	const { world, cellar } = await begin();
	await fill(world, cellar);
	const laptop = await addMachine(world, 'laptop');
	await pair(world, cellar, laptop);
	const folder = await until(world, async () => {
		const [location] = given(await laptop.core.commands['locations.list']({}, context()));
		return location?.entry ?? null;
	});
	const ids = await until(world, async () => {
		const order = { by: 'name', descending: false } as const;
		const listed = given(await laptop.core.commands['entries.ids']({ folder, order }, context()));
		return listed.length > 0 ? listed : null;
	});
	const rows = given(await laptop.core.commands['entries.rows']({ ids: [...ids] }, context()));
	const name = rows.find(({ kind }) => kind === 'file')?.name ?? '';
	expect(name).not.toBe('');
	world.machines.delete('cellar');
	for (const link of world.links) link.cut();
	await linked(world, laptop, 'cellar', 'none');

	const find = async (scope?: FindScope) => {
		const input = { text: name, limit: 50, ...(scope && { scope }) };
		const { found } = given(await laptop.core.commands['search.first'](input, context()));
		return found.filter((one) => one.name === name).map(({ top }) => top);
	};
	expect(await find()).toEqual([folder]);
	expect(await find({ is: 'folder', folder })).toEqual([folder]);
	expect(await find({ is: 'this-device' })).toEqual([]);
	const other = rows.find(({ kind }) => kind === 'directory');
	if (other !== undefined) expect(await find({ is: 'folder', folder: other.id })).toEqual([]);
	// On the cellar itself it is on this device.
	const here = { text: name, limit: 50, scope: { is: 'this-device' } } as const;
	expect(given(await cellar.core.commands['search.first'](here, context())).found).not.toEqual([]);
	await promised(Promise.all([cellar, laptop].map(({ core }) => core.close())), world);
});

test('what another device renames or removes is found as it is there, and no more as it was', async () => {
	const { world, cellar } = await begin();
	const root = cellar.host.files.put('/disk/Papers', { Old: { 'lagoon.txt': 5 }, 'harbour.txt': 3 });
	const adding = { action: 'locations.add', input: { root, name: 'Papers' }, plan: null };
	expect((await cellar.core.commands['actions.commit'](adding, context())).ok).toBe(true);
	const [location] = given(await cellar.core.commands['locations.list']({}, context()));
	if (location === undefined) throw new Error('no folder was added');
	const index = () =>
		promised(cellar.core.commands['index.run']({ location: location.id, acceptEmpty: false }, context()), world);
	await index();
	const laptop = await addMachine(world, 'laptop');
	await pair(world, cellar, laptop);
	const find = async (text: string) => {
		const { found, count } = given(await laptop.core.commands['search.first']({ text, limit: 50 }, context()));
		// What is counted and is not there was not followed.
		const gone = Array<string>(count - found.length).fill('gone');
		return [...found.map(({ trail, name }) => [...trail, name].join('/')), ...gone].toSorted();
	};
	const finds = (text: string, paths: readonly string[]) =>
		until(world, async () => ((await find(text)).join() === paths.join() ? true : null));
	await finds('lagoon', ['Papers/Old/lagoon.txt']);
	await finds('harbour', ['Papers/harbour.txt']);

	cellar.host.files.move('/disk/Papers/Old', '/disk/Papers/New');
	await index();
	await finds('path:new/lagoon', ['Papers/New/lagoon.txt']);
	expect(await find('path:old')).toEqual([]);
	expect(await find('in:old')).toEqual([]);

	cellar.host.files.remove('/disk/Papers/New');
	await index();
	await finds('lagoon', []);
	expect(await find('in:new')).toEqual([]);
	expect(await find('new')).toEqual([]);

	// Away, it is found as it was last, and marked.
	world.machines.delete('cellar');
	for (const link of world.links) link.cut();
	await linked(world, laptop, 'cellar', 'none');
	expect(await find('harbour is:offline')).toEqual(['Papers/harbour.txt']);
	expect(await find('harbour is:online')).toEqual([]);
	await promised(Promise.all([cellar, laptop].map(({ core }) => core.close())), world);
});
