import { expect, test } from 'vitest';
import type { RelayOptions } from '#core';
import { err } from '#core/kernel';
import { linkCodes } from '#core/devices';
import { createMux, muxSettings, type Link, type LinkEnd } from '#core/net';
import { syncStreamKind } from '#core/sync';
import {
	addMachine,
	begin,
	context,
	createTag,
	fill,
	given,
	invite,
	linked,
	pair,
	pairingIn,
	promised,
	reach,
	row,
	rowOf,
	signal,
	type Machine,
	type World,
	until
} from './device-world.ts';

/** Opens a stream over a link that a stranger has made; how the link ends. */
async function ask({ clock }: World, link: Link, kind: string): Promise<LinkEnd> {
	const mux = createMux(link, { role: 'client', settings: muxSettings, clock, onStream: () => undefined });
	void mux.open(kind, 'normal', signal);
	let end: LinkEnd | null = null;
	void mux.ended.then((ended) => (end = ended));
	return until({ clock, links: [], machines: new Map(), delayMs: 1 }, () => Promise.resolve(end));
}

test('devices keep a link by themselves; one that is cut comes back', async () => {
	const { world, cellar } = await begin();
	const laptop = await addMachine(world, 'laptop');
	await pair(world, cellar, laptop);
	await linked(world, cellar, 'laptop', 'open');
	world.links.at(-1)?.cut();
	await linked(world, laptop, 'cellar', 'none');
	await linked(world, laptop, 'cellar', 'open');
	// Met because a person asked for it, they stay linked.
	world.links.at(-1)?.cut();
	await linked(world, laptop, 'cellar', 'none');
	const count = world.links.length;
	given(await promised(laptop.core.commands['sync.run']({}, context()), world));
	for (const machine of [cellar, laptop])
		expect(await rowOf(machine, machine.name === 'cellar' ? 'laptop' : 'cellar')).toMatchObject({ link: 'open' });
	expect(world.links.length).toBe(count + 1);
	await promised(Promise.all([cellar, laptop].map(({ core }) => core.close())), world);
});

test('T42: who is removed is cut off at once, is let in no more, and does not knock for ever', async () => {
	const { world, cellar } = await begin();
	const laptop = await addMachine(world, 'laptop');
	await pair(world, cellar, laptop);
	await linked(world, cellar, 'laptop', 'open');
	const before = world.clock.elapsedMs();
	const device = (await rowOf(cellar, 'laptop'))?.id;
	if (device === undefined) throw new Error('no such device');
	given(await cellar.core.commands['devices.revoke']({ device }, context()));
	await linked(world, laptop, 'cellar', 'none');
	expect(world.clock.elapsedMs() - before).toBeLessThan(2_000);

	const synced = given(
		await until(world, async () => promised(laptop.core.commands['sync.run']({}, context()), world))
	);
	expect(synced).toMatchObject([{ failure: { type: 'RemovedThere' } }]);
	await world.clock.advance(60_000);
	const count = world.links.length;
	for (let minute = 0; minute < 30; minute++) await world.clock.advance(60_000);
	expect(world.links.length).toBe(count);

	// Until a person lets it in again, which a library that is there is in the way of.
	const { text } = given(await cellar.core.commands['devices.offer'](invite, context()));
	const again = await laptop.core.commands['devices.join']({ text, addresses: [] }, context());
	expect(again).toMatchObject({ ok: false, failure: { type: 'LibraryExists' } });
	await promised(Promise.all([cellar, laptop].map(({ core }) => core.close())), world);
});

async function isRemoved(machine: Machine, name: string): Promise<boolean> {
	return (await rowOf(machine, name))?.revokedMs !== null;
}

test('T40: all devices see one that was let in within five seconds, by the name that somebody gave it', async () => {
	const { world, cellar, laptop, phone } = await row();
	const before = world.clock.elapsedMs();
	const device = await until(world, async () => (await rowOf(cellar, 'phone'))?.id ?? null);
	expect(world.clock.elapsedMs() - before).toBeLessThan(5_000);
	given(await cellar.core.commands['devices.rename']({ device, name: 'Pocket' }, context()));
	for (const machine of [laptop, phone]) await until(world, async () => (await rowOf(machine, 'Pocket')) ?? null);
	// Of two names at one time one counts, on all of them.
	given(await cellar.core.commands['devices.rename']({ device, name: 'Red' }, context()));
	given(await phone.core.commands['devices.rename']({ device, name: 'Blue' }, context()));
	await world.clock.advance(5_000);
	const names = await Promise.all(
		[cellar, laptop, phone].map(async (machine) => (await rowOf(machine, 'Red')) ?? (await rowOf(machine, 'Blue')))
	);
	expect(new Set(names.map((one) => one?.name)).size).toBe(1);
	await promised(Promise.all([cellar, laptop, phone].map(({ core }) => core.close())), world);
});

test('T42: whoever hears of a removal ends the link within two seconds; the removed one stops, and says so', async () => {
	const { world, cellar, laptop, phone } = await row();
	const device = await until(world, async () => (await rowOf(cellar, 'phone'))?.id ?? null);
	const before = world.clock.elapsedMs();
	given(await cellar.core.commands['devices.revoke']({ device }, context()));
	await linked(world, laptop, 'phone', 'none');
	await until(world, async () => ((await isRemoved(phone, 'phone')) ? true : null));
	expect(world.clock.elapsedMs() - before).toBeLessThan(2_000);
	expect(await isRemoved(laptop, 'phone')).toBe(true);

	// It neither knocks nor lets anybody in, and does not go on with others; those do.
	const count = world.links.length;
	for (let minute = 0; minute < 10; minute++) await world.clock.advance(60_000);
	expect(world.links.length).toBe(count);
	expect(reach(world, 'phone', laptop.key)).toBeNull();
	expect(await phone.core.commands['devices.offer'](invite, context())).toMatchObject({
		failure: { type: 'ThisDeviceRemoved' }
	});
	const met = given(await phone.core.commands['sync.run']({}, context()));
	expect(met.map(({ failure }) => failure?.type)).toEqual(['RemovedThere', 'RemovedThere']);
	await linked(world, cellar, 'laptop', 'open');

	// One that takes no notice is turned away before a byte of it is read.
	const link = reach(world, 'laptop', phone.key);
	if (link === null) throw new Error('not let in');
	expect(await ask(world, link, syncStreamKind)).toEqual({ type: 'LinkClosed', by: 'them', code: linkCodes.removed });
	await promised(Promise.all([cellar, laptop, phone].map(({ core }) => core.close())), world);
});

test('T42: one that was removed comes again with a new copy, by a person’s word: what it said is said, and what it says is heard', async () => {
	const { world, cellar, laptop, phone } = await row();
	const device = await until(world, async () => (await rowOf(cellar, 'phone'))?.id ?? null);
	const tagsOf = async ({ core }: Machine) =>
		given(await core.commands['metadata.tags']({}, context()))
			.map(({ name }) => name)
			.toSorted();
	const all = (...names: readonly string[]) =>
		Promise.all(
			[cellar, laptop, phone].map((machine) =>
				until(world, async () => ((await tagsOf(machine)).join() === names.join() ? true : null))
			)
		);
	await createTag(phone, '1', 'before');
	await all('before');
	given(await cellar.core.commands['devices.revoke']({ device }, context()));
	await until(world, async () => ((await isRemoved(phone, 'phone')) ? true : null));
	await promised(phone.core.commands['library.remove']({}, context()), world);
	await pair(world, cellar, phone);
	await all('before');
	await createTag(phone, '2', 'since');
	await all('before', 'since');
	await promised(Promise.all([cellar, laptop, phone].map(({ core }) => core.close())), world);
});

test('a removal that was said while nobody heard it is heard when they meet', async () => {
	const { world, cellar, laptop, phone } = await row();
	const device = await until(world, async () => (await rowOf(cellar, 'phone'))?.id ?? null);
	await promised(laptop.core.close(), world);
	await linked(world, cellar, 'laptop', 'none');
	given(await cellar.core.commands['devices.revoke']({ device }, context()));
	given(await laptop.core.commands['library.unlock']({ by: 'device' }, context()));
	await until(world, async () => ((await isRemoved(phone, 'phone')) ? true : null));
	await promised(Promise.all([cellar, laptop, phone].map(({ core }) => core.close())), world);
});

test('who is not known is not let in; while something is offered it may pair and nothing else', async () => {
	const { world, cellar } = await begin();
	const stranger = new Uint8Array(32).fill(7);
	expect(reach(world, 'cellar', stranger)).toBeNull();
	given(await cellar.core.commands['devices.offer'](invite, context()));
	for (const kind of [syncStreamKind, 'files/1']) {
		const link = reach(world, 'cellar', stranger);
		if (link === null) throw new Error('not let in');
		expect(await ask(world, link, kind)).toEqual({ type: 'LinkClosed', by: 'them', code: linkCodes.unknown });
	}
	// Who says nothing is let go of.
	const silent = createMux(reach(world, 'cellar', stranger) ?? never(), {
		role: 'client',
		settings: muxSettings,
		clock: world.clock,
		onStream: () => undefined
	});
	await world.clock.advance(31_000);
	expect(await silent.ended).toMatchObject({ type: 'LinkClosed', by: 'them' });
	// Nobody has used it up: it ends by its time, and with it the door is shut.
	await pairingIn(world, cellar, 'offered');
	for (let minute = 0; minute < 6; minute++) await world.clock.advance(60_000);
	expect(await pairingIn(world, cellar, 'ended')).toMatchObject({ failure: { type: 'PairingExpired' } });
	expect(reach(world, 'cellar', stranger)).toBeNull();
	expect(given(await cellar.core.commands['devices.list']({}, context()))).toHaveLength(1);
	await cellar.core.close();
});

function never(): never {
	throw new Error('not let in');
}

test('a device whose place is not known is dialled once somebody says where it is', async () => {
	const { world, cellar } = await begin(false);
	const laptop = await addMachine(world, 'laptop', false);
	await pair(world, cellar, laptop);
	const sync = async () => given(await promised(cellar.core.commands['sync.run']({}, context()), world));
	expect(await sync()).toMatchObject([{ name: 'laptop', failure: { type: 'DeviceNoAddress' } }]);
	const device = (await rowOf(cellar, 'laptop'))?.id;
	if (device === undefined) throw new Error('no such device');
	given(await cellar.core.commands['devices.set-addresses']({ device, addresses: ['laptop'] }, context()));
	// The second time there is nothing to tell.
	for (let time = 0; time < 2; time++) expect(await sync()).toEqual([{ device, name: 'laptop', failure: null }]);
	// Somebody else at that place is told from it.
	const other = await addMachine(world, 'other', false);
	world.machines.set('laptop', other);
	expect(await sync()).toMatchObject([{ failure: { type: 'DeviceOther' } }]);
	await promised(Promise.all([cellar, laptop, other].map(({ core }) => core.close())), world);
});

test('a new device knows all others through the one that let it in: what they have while they are away, and them when they are back', async () => {
	const { world, cellar } = await begin();
	await fill(world, cellar);
	const laptop = await addMachine(world, 'laptop');
	await pair(world, cellar, laptop);
	const folders = async ({ core }: Machine) => {
		const locations = given(await core.commands['locations.list']({}, context()));
		return locations.map(({ name, addedMs }) => ({ name, addedMs }));
	};
	await until(world, async () => ((await folders(laptop)).length === 1 ? true : null));
	const phone = await addMachine(world, 'phone');
	// The cellar is out of reach.
	world.machines.delete('cellar');
	for (const link of world.links) link.cut();
	await pair(world, laptop, phone, 'laptop');
	await until(world, async () => ((await folders(phone)).length === 1 ? true : null));
	expect(await folders(phone)).toEqual(await folders(cellar));
	expect(await rowOf(phone, 'cellar')).toMatchObject({ link: 'none', addresses: ['cellar'], revokedMs: null });
	expect(await rowOf(cellar, 'phone')).toBeUndefined();
	// It is back, hears of the phone from the laptop, and lets it in.
	world.machines.set('cellar', cellar);
	await linked(world, phone, 'cellar', 'open');
	expect(await rowOf(cellar, 'phone')).toMatchObject({ link: 'open' });

	// The word of who is removed counts no more: the phone is not removed, and not let in before a person pairs with it.
	const device = (await rowOf(cellar, 'laptop'))?.id;
	if (device === undefined) throw new Error('no such device');
	given(await cellar.core.commands['devices.revoke']({ device }, context()));
	await linked(world, cellar, 'phone', 'none');
	expect(await rowOf(cellar, 'phone')).toMatchObject({ revokedMs: null, hasLostVoucher: true });
	const link = reach(world, 'cellar', phone.key);
	if (link === null) throw new Error('not let in');
	expect(await ask(world, link, syncStreamKind)).toEqual({ type: 'LinkClosed', by: 'them', code: linkCodes.unknown });
	expect(await isRemoved(phone, 'phone')).toBe(false);
	expect(await folders(phone)).toHaveLength(1);
	await promised(Promise.all([cellar, laptop, phone].map(({ core }) => core.close())), world);
});

/** A browser whose relay does not answer; tells how often it was asked. */
async function addBrowser(world: World, name: string): Promise<Machine & { readonly asked: () => number }> {
	let asked = 0;
	const dial: RelayOptions['dial'] = async () => {
		asked++;
		return err({ type: 'DeviceUnreachable', what: 'nobody' });
	};
	const relay = { url: 'wss://nas.example/relay', dial };
	return { ...(await addMachine(world, name, true, { card: { name, kind: 'browser' }, relay })), asked: () => asked };
}

test('a browser waits to be called while it has a library with other devices; else it offers nothing', async () => {
	const { world, cellar } = await begin();
	const [alone, member] = [await addBrowser(world, 'alone'), await addBrowser(world, 'member')];
	const offer = async ({ core }: Machine) => core.commands['devices.offer']({ ...invite, addresses: [] }, context());
	given(await alone.core.commands['library.create']({ name: 'Own', password: null }, context()));
	await world.clock.advance(600_000);
	expect(await offer(alone)).toEqual(err({ type: 'NobodyCanCall', isAlone: true }));
	expect(given(await alone.core.commands['devices.pairing']({}, context()))).toEqual({ step: 'none' });
	expect(alone.asked()).toBe(0);

	await pair(world, cellar, member);
	await linked(world, member, 'cellar', 'open');
	const before = member.asked();
	expect(before).toBeGreaterThan(0);
	expect(await offer(member)).toEqual(err({ type: 'NobodyCanCall', isAlone: false }));
	expect(member.asked(), 'it asks once more for a place before it says so').toBeGreaterThan(before);
	// Control: a device that others reach elsewhere.
	expect(await offer(cellar)).toMatchObject({ ok: true });

	await promised(member.core.close(), world);
	const after = member.asked();
	await world.clock.advance(600_000);
	expect(member.asked()).toBe(after);
	await promised(Promise.all([cellar, alone].map(({ core }) => core.close())), world);
});
