import { expect, test } from 'vitest';
import { begin, context, given, pair, promised, rowOf, until, addMachine, type Machine } from './device-world.ts';

/** Ten batches of names, of which four are on their way at a time. */
const files = 12_000;
const nameOf = (at: number) => `${String(at).padStart(200, 'x')}.txt`;

/** A folder of many files, under management and indexed. */
async function fillWithMany({ core, host }: Machine): Promise<void> {
	const root = host.files.put(
		'/files/many',
		Object.fromEntries(Array.from({ length: files }, (_, at) => [nameOf(at), 1]))
	);
	const request = { action: 'locations.add', input: { root, name: 'many' }, plan: null };
	const added = await core.commands['actions.commit'](request, context());
	if (!added.ok) throw new Error(added.failure.type);
	const [location] = given(await core.commands['locations.list']({}, context()));
	if (location === undefined) throw new Error('the folder was not added');
	const indexed = await core.commands['index.run']({ location: location.id, acceptEmpty: false }, context());
	if (!indexed.ok) throw new Error(indexed.failure.type);
}

/** How many of the files a machine knows of by now, while there are more; null where it has all, or has not begun. */
async function knownTo({ core }: Machine): Promise<number | null> {
	const [other] = given(await core.commands['sync.status']({}, context()));
	return other?.progress?.done ?? null;
}

test.for([true, false])(
	'T42: removed in the middle of a transfer, a device gets no more of it (else, the control, all): %s',
	async (isRemoved) => {
		const { world, cellar } = await begin();
		await promised(fillWithMany(cellar), world);
		const phone = await addMachine(world, 'phone');
		world.delayMs = 300;
		await pair(world, cellar, phone);
		const had = await until(world, async () => (await knownTo(phone)) || null);
		expect(had).toBeLessThan(files);
		const device = (await rowOf(cellar, 'phone'))?.id;
		if (device === undefined) throw new Error('no such device');
		if (isRemoved) given(await cellar.core.commands['devices.revoke']({ device }, context()));
		await world.clock.advance(2_000);
		if (isRemoved) {
			expect(await rowOf(phone, 'cellar')).toMatchObject({ link: 'none' });
			expect((await rowOf(phone, 'phone'))?.revokedMs).not.toBeNull();
			const after = await knownTo(phone);
			expect(after).toBeLessThan(files);
			for (let minute = 0; minute < 10; minute++) await world.clock.advance(60_000);
			expect(await knownTo(phone)).toBe(after);
		} else await until(world, async () => ((await knownTo(phone)) === null ? true : null));
		await promised(Promise.all([cellar, phone].map(({ core }) => core.close())), world);
	}
);
