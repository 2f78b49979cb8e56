import { expect, test } from 'vitest';
import type { EntryId } from '#core/kernel';
import { addMachine, begin, context, fill, given, linked, pair, promised, row, rowOf, until } from './device-world.ts';
import type { Machine, World } from './device-world.ts';

/** The first file of a device's own folder. */
async function firstFile({ core }: Machine): Promise<EntryId> {
	const [location] = given(await core.commands['locations.list']({}, context()));
	if (location === undefined) throw new Error('no folder');
	const ids = given(
		await core.commands['entries.ids']({ folder: location.entry, order: { by: 'name', descending: false } }, context())
	);
	const [first] = ids;
	if (first === undefined) throw new Error('no file');
	return first as EntryId;
}

async function rate(world: World, { core }: Machine, entry: EntryId, value: number): Promise<void> {
	const request = { action: 'metadata.set-rating', input: { files: { entries: [entry] }, value }, plan: null } as const;
	expect(await promised(core.commands['actions.commit'](request, context()), world)).toMatchObject({ ok: true });
}

/** What waits to be told to the device called `name`. */
async function waiting({ core, ...machine }: Machine, name: string) {
	const device = (await rowOf({ core, ...machine }, name))?.id;
	const status = given(await core.commands['sync.status']({}, context()));
	return status.find((one) => one.device === device)?.waiting;
}

function waits(world: World, machine: Machine, name: string, said: number): Promise<true> {
	return until(world, async () => ((await waiting(machine, name))?.said === said ? true : null));
}

test('F57: what was said while nobody was there is counted for each device, kept over a restart, and gone when told', async () => {
	const { world, cellar } = await begin();
	await fill(world, cellar);
	const laptop = await addMachine(world, 'laptop');
	await pair(world, cellar, laptop);
	await linked(world, cellar, 'laptop', 'open');
	await until(world, async () => ((await waiting(cellar, 'laptop'))?.files === 0 ? true : null));
	await waits(world, cellar, 'laptop', 0);

	world.machines.delete('laptop');
	world.machines.delete('cellar');
	for (const link of world.links) link.cut();
	await linked(world, cellar, 'laptop', 'none');
	const file = await firstFile(cellar);
	for (const stars of [1, 2, 3]) await rate(world, cellar, file, stars);
	expect(await waiting(cellar, 'laptop')).toEqual({ said: 3, files: 0 });
	// On the other side nothing waits.
	expect((await waiting(laptop, 'cellar'))?.said).toBe(0);

	await promised(cellar.core.close(), world);
	given(await cellar.core.commands['library.unlock']({ by: 'device' }, context()));
	expect(await waiting(cellar, 'laptop')).toEqual({ said: 3, files: 0 });

	for (const machine of [cellar, laptop]) world.machines.set(machine.name, machine);
	await linked(world, laptop, 'cellar', 'open');
	await waits(world, cellar, 'laptop', 0);
	await promised(Promise.all([cellar, laptop].map(({ core }) => core.close())), world);
});

test('F57: what only some devices have waits for the others alone', async () => {
	const { world, cellar, laptop, phone } = await row();
	await fill(world, laptop);
	for (const name of ['cellar', 'phone'])
		await until(world, async () => ((await waiting(laptop, name))?.files === 0 ? true : null));
	world.machines.delete('phone');
	await promised(phone.core.close(), world);
	await linked(world, laptop, 'phone', 'none');
	await rate(world, laptop, await firstFile(laptop), 4);
	await waits(world, laptop, 'cellar', 0);
	expect(await waiting(laptop, 'phone')).toMatchObject({ said: 1 });
	// Who is out gets nothing, and nothing waits for it.
	const device = (await rowOf(laptop, 'phone'))?.id;
	if (device === undefined) throw new Error('no such device');
	given(await laptop.core.commands['devices.revoke']({ device }, context()));
	expect(await waiting(laptop, 'phone')).toBeNull();
	await promised(Promise.all([cellar, laptop].map(({ core }) => core.close())), world);
});
