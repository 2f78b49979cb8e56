import { expect, test } from 'vitest';
import { act, addIndexed, drive, type Driver, dump } from '../conformance/core-driver.ts';
import { createSimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';

async function prepared() {
	const host = createSimHost(1);
	const root = host.files.put('/files/tree', { a: { inner: { deep: { x: 1 } }, y: 2 }, b: { z: 3 } });
	const driver = drive(createSimWorld(1, host), 1, { runsJobs: 'asked' });
	await driver.value('library.create', { name: 'Home', password: null });
	const location = await addIndexed(driver, root);
	host.files.put(`${root}/a`, { fresh: 10, folder: { new: 11 } });
	host.files.put(`${root}/a/inner/deep`, { fresh: 12 });
	host.files.put(`${root}/b`, { fresh: 13 });
	const { id: folder } = await driver.value('entries.resolve', { path: '/tree/a', from: null });
	return { host, root, driver, location, folder };
}

async function paths(driver: Driver, entry: Parameters<typeof dump>[1]): Promise<string[]> {
	return Object.keys(await dump(driver, entry)).filter((path) => path.includes('fresh') || path.includes('new'));
}

test('one folder is read again with what is new in it, and nothing else', async () => {
	const { driver, location, folder } = await prepared();
	expect(await driver.value('index.folder', { folder, isDeep: false })).toMatchObject({
		added: 3,
		changed: 0,
		removed: 0
	});
	expect(await paths(driver, location.entry)).toEqual(['/a/folder/new', '/a/fresh']);
	await driver.core.close();
});

test('a folder is read again with all that lies below it, and nothing else', async () => {
	const { host, root, driver, location, folder } = await prepared();
	host.files.remove(`${root}/a/inner/deep/x`);
	expect(await driver.value('index.folder', { folder, isDeep: true })).toMatchObject({ added: 4, removed: 1 });
	expect(await paths(driver, location.entry)).toEqual(['/a/folder/new', '/a/inner/deep/fresh', '/a/fresh']);
	const jobs = await driver.value('jobs.list', {});
	expect(jobs.map(({ kind, state, done, total }) => [kind, state, done, total])).toContainEqual([
		'folder',
		'completed',
		7,
		7
	]);
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
	await act(driver, 'locations.remove', { location: location.id });
	expect(await driver.value('jobs.list', {})).toEqual([]);
	expect((await driver.failure('index.folder', { folder, isDeep: true })).type).toBe('EntryMissing');
	await driver.core.close();
});

test('cut off in the middle it goes on with the folders that are left', async () => {
	const { host, root, driver, location, folder } = await prepared();
	const listed: string[] = [];
	host.files.beforePage = (path) => {
		listed.push(path.join('/'));
		if (path.at(-1) === 'inner') void driver.core.close();
	};
	expect((await driver.failure('index.folder', { folder, isDeep: true })).type).toBe('IndexPaused');
	host.files.beforePage = (path) => void listed.push(path.join('/'));
	const again = drive(
		createSimWorld(1, { ...createSimHost(1, host.disk), files: host.files, secrets: host.secrets }),
		1,
		{ runsJobs: 'asked' }
	);
	await again.value('library.unlock', { by: 'device' });
	const job = (await again.value('jobs.list', {})).find(({ kind }) => kind === 'folder') ?? expect.unreachable();
	expect(job.state).toBe('queued');
	expect(await again.value('jobs.run', { job: job.id })).toMatchObject({ end: 'completed' });
	expect(await paths(again, location.entry)).toEqual(['/a/folder/new', '/a/inner/deep/fresh', '/a/fresh']);
	expect(
		listed.filter((path) => path === 'b' || path === ''),
		`outside of ${root}/a`
	).toEqual([]);
	await again.core.close();
});

test('while the run of the whole location is paused, it is that one to go on', async () => {
	const { driver, host, location, folder } = await prepared();
	host.files.beforePage = () => void driver.value('index.stop', { location: location.id });
	await driver.failure('index.run', { location: location.id, acceptEmpty: false });
	host.files.beforePage = () => undefined;
	expect((await driver.failure('index.folder', { folder, isDeep: false })).type).toBe('IndexPaused');
	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	expect(await paths(driver, location.entry)).toHaveLength(4);
	await driver.core.close();
});
