import { describe, expect, test } from 'vitest';
import type { RootRef } from '#core/ports';
import { act, addIndexed, addLocation, drive, type Driver, dump } from '../conformance/core-driver.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';

type Prepared = { readonly host: SimHost; readonly driver: Driver };

/** A library over one folder of a stick that is plugged in at `/media/stick`. */
async function prepared(): Promise<Prepared> {
	const host = createSimHost(7);
	host.volumes.define('uuid:stick', { kind: 'removable', label: 'Stick' });
	host.volumes.mount('uuid:stick', '/media/stick');
	host.files.put('/media/stick/photos', { 'a.jpg': 2_000_000, trip: { 'b.jpg': 3_000_000 } });
	const driver = drive(createSimWorld(7, host), 1);
	await driver.value('library.create', { name: 'Home', password: null });
	return { host, driver };
}

async function withStick() {
	const { host, driver } = await prepared();
	const location = await addIndexed(driver, '/media/stick/photos' as RootRef);
	return { host, driver, location, run: { location: location.id, acceptEmpty: false } };
}

async function only<T>(list: Promise<readonly T[]>): Promise<T> {
	const [one, ...more] = await list;
	if (one === undefined || more.length > 0) throw new Error(`${more.length + 1} in place of one`);
	return one;
}

const locationOf = (driver: Driver) => only(driver.value('locations.list', {}));
const volumeOf = (driver: Driver) => only(driver.value('volumes.list', {}));

describe('a volume that goes away and comes back', () => {
	test('is offline with its locations; their entries are listed and found; plugged in again it is as it was', async () => {
		const { host, driver, location, run } = await withStick();
		const before = await dump(driver, location.entry);
		host.volumes.unmount('/media/stick');
		expect(await driver.value('volumes.look', {})).toBe(true);
		expect(await locationOf(driver)).toMatchObject({ isOffline: true, problem: { type: 'FolderMissing' } });
		expect(await volumeOf(driver)).toMatchObject({ isOnline: false, label: 'Stick' });
		expect((await driver.failure('index.run', run)).type).toBe('FolderMissing');
		expect(await dump(driver, location.entry)).toEqual(before);
		expect((await driver.value('search.first', { text: 'b.jpg', limit: 5 })).found).toHaveLength(1);
		expect(await driver.value('volumes.look', {})).toBe(false);

		host.volumes.mount('uuid:stick', '/media/stick');
		expect(await driver.value('volumes.look', {})).toBe(true);
		expect(await locationOf(driver)).toMatchObject({ isOffline: false, problem: null });
		expect(await volumeOf(driver)).toMatchObject({ isOnline: true });
		expect(await driver.value('index.run', run)).toMatchObject({ added: 0, changed: 0, removed: 0 });
	});

	test('is known at another mount point: the location leads there, and a run finds nothing new', async () => {
		const { host, driver, location, run } = await withStick();
		const before = await dump(driver, location.entry);
		host.volumes.unmount('/media/stick');
		host.volumes.mount('uuid:stick', '/run/media/me/STICK');
		expect(await driver.value('index.run', run)).toMatchObject({ added: 0, changed: 0, removed: 0 });
		expect(await locationOf(driver)).toMatchObject({
			root: '/run/media/me/STICK/photos',
			isOffline: false,
			place: { path: ['photos'] }
		});
		expect(await dump(driver, location.entry)).toEqual(before);
	});

	test('is known when the library was closed meanwhile', async () => {
		const { host, driver } = await withStick();
		await driver.core.close();
		host.volumes.unmount('/media/stick');
		host.volumes.mount('uuid:stick', '/mnt');
		const again = drive(createSimWorld(7, host), 1);
		await again.value('library.unlock', { by: 'device' });
		await again.value('volumes.look', {});
		expect((await locationOf(again)).root).toBe('/mnt/photos');
	});

	test('is not taken for another one that is in its place, full or empty, until somebody says so', async () => {
		const { host, driver, location, run } = await withStick();
		const before = await dump(driver, location.entry);
		host.volumes.unmount('/media/stick');
		host.volumes.define('uuid:other', { label: 'Other' });
		host.volumes.mount('uuid:other', '/media/stick');
		host.files.put('/media/stick/photos', { 'other.txt': 5 });
		expect(await driver.failure('index.run', run)).toEqual({ type: 'VolumeReplaced', disk: 'Stick' });
		expect(await dump(driver, location.entry)).toEqual(before);
		expect(await locationOf(driver)).toMatchObject({ isOffline: true });
		// Also where what the mount point itself holds comes to light.
		host.volumes.unmount('/media/stick');
		host.files.put('/media/stick/photos', {});
		expect((await driver.failure('index.run', { ...run, acceptEmpty: true })).type).toBe('VolumeReplaced');
		expect(await dump(driver, location.entry)).toEqual(before);

		host.files.put('/media/stick/photos', { 'new.txt': 6 });
		await driver.value('locations.accept-volume', { location: location.id });
		await driver.value('index.run', run);
		expect(await dump(driver, location.entry)).toEqual({ '/new.txt': 'file:6' });
		expect(await volumeOf(driver)).toMatchObject({ identity: 'sim:inside' });
	});

	test('negative control: one without an identity of its own is taken for whatever is in its place', async () => {
		const { host, driver, location, run } = await withStick();
		host.volumes.define('uuid:stick', { isOwnIdentity: false });
		host.volumes.define('mount:other', { isOwnIdentity: false });
		await driver.value('volumes.look', {});
		expect(await volumeOf(driver)).toMatchObject({ isOwnIdentity: false });
		host.volumes.unmount('/media/stick');
		host.volumes.mount('mount:other', '/media/stick');
		host.files.put('/media/stick/photos', { 'other.txt': 5 });
		await driver.value('index.run', run);
		expect(await dump(driver, location.entry)).toEqual({ '/other.txt': 'file:5' });
	});

	test('does not keep the others waiting when its server never answers', async () => {
		const { host, driver } = await withStick();
		host.volumes.hangs = true;
		const looking = driver.value('volumes.look', {});
		// Once for the folders, once for the volume.
		await host.clock.advance(6_000);
		await looking;
		expect(await locationOf(driver)).toMatchObject({
			isOffline: true,
			problem: { type: 'FolderUnreadable', code: 'ETIMEDOUT' }
		});
	});
});

describe('what is known of volumes', () => {
	test('locations from before get their volume at the next look, and a volume goes with its last location', async () => {
		const { host, driver, location } = await withStick();
		const second = await addLocation(driver, { root: host.files.put('/home/b', {}), name: null });
		expect(second.place).toBeNull();
		expect((await driver.failure('addresses.of', { entry: second.entry })).type).toBe('PlaceUnknown');
		await driver.value('volumes.look', {});
		const known = await driver.value('volumes.list', {});
		expect(known.map(({ identity }) => identity)).toEqual(['uuid:stick', 'sim:inside']);
		await act(driver, 'locations.remove', { location: location.id });
		expect(await volumeOf(driver)).toMatchObject({ identity: 'sim:inside' });
	});

	test('looking again writes nothing while nothing is other than it was', async () => {
		const { host, driver } = await withStick();
		await driver.value('volumes.look', {});
		const before = host.disk.operations;
		expect(await driver.value('volumes.look', {})).toBe(false);
		expect(host.disk.operations - before).toBe(0);
		host.volumes.define('uuid:stick', { freeBytes: 1_000 });
		expect(await driver.value('volumes.look', {})).toBe(true);
		expect(await volumeOf(driver)).toMatchObject({ freeBytes: 1_000 });
	});

	test('the class is the colder of the two, warns, and a measured speed changes it', async () => {
		const { host, driver, location } = await withStick();
		const set = { location: location.id, logicalClass: 'hot' } as const;
		await act(driver, 'locations.set-class', set);
		expect((await locationOf(driver)).tier).toMatchObject({ effective: 'hot', isSlowerThanWanted: false });
		host.volumes.define('uuid:stick', {}, 10_000_000);
		const { id } = await volumeOf(driver);
		expect(await driver.value('volumes.measure', { volume: id })).toEqual({
			bytesPerSecond: 10_000_000,
			isDirect: true
		});
		expect((await locationOf(driver)).tier).toEqual({
			physical: 'cold',
			logical: 'hot',
			effective: 'cold',
			isSlowerThanWanted: true
		});
		await act(driver, 'locations.set-class', { location: location.id, logicalClass: null });
		expect((await locationOf(driver)).tier).toMatchObject({ logical: null, effective: 'cold' });
	});

	test('what is called by a person keeps that name, and the empty one gives the label back', async () => {
		const { driver } = await withStick();
		const { id } = await volumeOf(driver);
		const rename = (name: string) => ({ action: 'volumes.rename', input: { volume: id, name }, plan: null });
		await driver.value('actions.commit', rename(' Grandma '));
		await driver.value('volumes.look', {});
		expect(await volumeOf(driver)).toMatchObject({ name: 'Grandma', label: 'Stick' });
		const { id: action } = await driver.value('actions.commit', rename(''));
		expect(await volumeOf(driver)).toMatchObject({ name: null });
		await driver.value('actions.commit', { action: 'actions.undo', input: { action }, plan: null });
		expect(await volumeOf(driver)).toMatchObject({ name: 'Grandma' });
		expect((await driver.failure('actions.commit', rename('Grandma'))).type, 'as it is called').toBe('PlanEmpty');
	});
});

describe('measuring', () => {
	test('says so where there is too little to read, or the volume is away', async () => {
		const { host, driver } = await prepared();
		host.files.put('/media/stick/small', { a: 5 });
		await addIndexed(driver, '/media/stick/small' as RootRef);
		const { id: volume } = await volumeOf(driver);
		expect((await driver.failure('volumes.measure', { volume })).type).toBe('NothingToMeasure');
		host.volumes.unmount('/media/stick');
		await driver.value('volumes.look', {});
		expect(await driver.failure('volumes.measure', { volume })).toEqual({ type: 'VolumeAway', disk: 'Stick' });
	});

	test('looks at a bounded part of a folder of a million files (T13)', async () => {
		const { host, driver } = await prepared();
		const folder = host.files.put('/media/stick/many', { first: 5_000_000 });
		const { children } = host.files.at('/media/stick/many');
		const small = host.files.at(host.files.put('/media/stick/small', {}));
		for (let n = 0; n < 1_000_000; n++) children.set(`file ${n}`, { ...small, kind: 'file', sizeBytes: 10 });
		await addLocation(driver, { root: folder, name: null });
		await driver.value('volumes.look', {});
		const { id } = await volumeOf(driver);
		let pages = 0;
		host.files.beforePage = () => void pages++;
		await driver.value('volumes.measure', { volume: id });
		expect(pages).toBe(20);
	});
});

describe('addresses', () => {
	test('lead to their entries, also when the volume is mounted elsewhere or is away', async () => {
		const { host, driver, location } = await withStick();
		const trip = await driver.value('entries.resolve', { path: 'trip/b.jpg', from: location.entry });
		const address = await driver.value('addresses.of', { entry: trip.id });
		expect(address).toMatch(/^atoll:\/\/[0-9a-f]{32}\/[0-9a-f]{32}\/photos\/trip\/b\.jpg$/);
		const resolved = async () => (await driver.value('addresses.resolve', { address })).id;
		expect(await resolved()).toBe(trip.id);
		host.volumes.unmount('/media/stick');
		await driver.value('volumes.look', {});
		expect(await resolved()).toBe(trip.id);
		host.volumes.mount('uuid:stick', '/mnt');
		await driver.value('volumes.look', {});
		expect(await resolved()).toBe(trip.id);
		expect(await driver.value('addresses.of', { entry: trip.id })).toBe(address);
	});

	test('of the innermost of two nested locations serve both, and say what they do not lead to', async () => {
		const { driver, location } = await withStick();
		await addIndexed(driver, '/media/stick/photos/trip' as RootRef, 'Trip');
		const address = await driver.value('addresses.of', { entry: location.entry });
		expect((await driver.value('addresses.resolve', { address: `${address}/a.jpg` })).name).toBe('a.jpg');
		expect((await driver.value('addresses.resolve', { address: `${address}/trip/b.jpg` })).name).toBe('b.jpg');
		const failure = async (text: string) => (await driver.failure('addresses.resolve', { address: text })).type;
		expect(await failure(`${address}/never`)).toBe('PathMissing');
		expect(await failure(address.replace(/[0-9a-f]{32}/, '0'.repeat(32)))).toBe('AddressElsewhere');
		expect(await failure(address.replace(/\/[0-9a-f]{32}\/photos/, `/${'0'.repeat(32)}/photos`))).toBe('VolumeUnknown');
		expect(await failure(`atoll://cloud/${'0'.repeat(32)}/a`)).toBe('VolumeUnknown');
		expect(await failure(`atoll://content/${'0'.repeat(64)}`)).toBe('ContentUnknown');
		expect(await failure('/photos')).toBe('AddressInvalid');
	});

	test('are the same in another library of the same device', async () => {
		const { host, driver, location } = await withStick();
		const address = await driver.value('addresses.of', { entry: location.entry });
		await driver.core.close();
		const other = drive(createSimWorld(7, host), 2);
		await other.value('library.create', { name: 'Other', password: null });
		const same = await addIndexed(other, '/media/stick/photos' as RootRef);
		expect(await other.value('addresses.of', { entry: same.entry })).toBe(address);
	});
});
