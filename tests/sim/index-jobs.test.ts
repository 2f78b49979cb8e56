import { expect, test } from 'vitest';
import type { RunsJobs } from '#core';
import { addIndexed, drive, dump, type Driver } from '../conformance/core-driver.ts';
import { untilState } from '../conformance/core-jobs.ts';
import { createSimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';

async function prepared(runsJobs: RunsJobs = 'all') {
	const host = createSimHost(1);
	const root = host.files.put('/files/tree', { a: { b: 1, secret: { hidden: 2 } }, c: 3 });
	const driver = drive(createSimWorld(1, host), 1, { runsJobs });
	await driver.value('library.create', { name: 'Home', password: null });
	const location = await addIndexed(driver, root);
	return { host, root, driver, location, run: { location: location.id, acceptEmpty: false } };
}

async function onlyJob(driver: Driver) {
	const jobs = (await driver.value('jobs.list', {})).filter(({ kind }) => kind === 'index');
	expect(jobs).toHaveLength(1);
	return jobs[0] ?? expect.unreachable();
}

test('what a run could not read is a warning of its job, by its path', async () => {
	// What the job that looks at the files cannot read, it says itself.
	const { host, root, driver, run } = await prepared('asked');
	host.files.at(`${root}/a/secret`).fault = 'denied';
	host.files.at(`${root}/c`).fault = 'unreadable';
	await driver.value('index.run', run);
	const { id, warnings, state } = await onlyJob(driver);
	expect({ warnings, state }).toEqual({ warnings: 2, state: 'completed' });
	expect(await driver.value('jobs.warnings', { job: id })).toMatchObject([
		{ item: 'tree/a/secret', reason: 'denied' },
		{ item: 'tree/c', reason: 'unreadable' }
	]);
	await driver.core.close();
});

test('that an empty folder is really empty holds for the try that was asked for, not for one by the clock or of another day', async () => {
	const { host, root, driver, location, run } = await prepared();
	const before = await dump(driver, location.entry);
	host.files.at(root).fault = 'vanishes';
	expect((await driver.failure('index.run', { ...run, acceptEmpty: true })).type).toBe('FolderMissing');
	host.files.at(root).fault = null;
	for (const name of ['a', 'c']) host.files.remove(`${root}/${name}`);
	const { id } = await onlyJob(driver);
	expect(await driver.value('jobs.run', { job: id })).toMatchObject({
		end: 'failed',
		failure: { type: 'FolderSuddenlyEmpty' }
	});
	expect(await dump(driver, location.entry)).toEqual(before);
	await driver.value('index.run', { ...run, acceptEmpty: true });
	expect(await dump(driver, location.entry)).toEqual({});
	await driver.core.close();
});

test('a folder that comes back is read by itself, when the clock has come round', async () => {
	const { host, root, driver, location, run } = await prepared();
	host.files.at(root).fault = 'vanishes';
	expect((await driver.failure('index.run', run)).type).toBe('FolderMissing');
	expect(await onlyJob(driver)).toMatchObject({ state: 'queued', againMs: host.clock.nowMs() + 30_000 });
	host.files.at(root).fault = null;
	host.files.put(`${root}/a`, { fresh: 4 });
	const completed = untilState(driver.core, 'completed');
	await host.clock.advance(29_000);
	expect((await onlyJob(driver)).state).toBe('queued');
	await host.clock.advance(1_000);
	await completed;
	expect((await onlyJob(driver)).failure).toBeNull();
	expect(await dump(driver, location.entry)).toMatchObject({ '/a/fresh': 'file:4' });
	await driver.core.close();
});

test('a run that everybody has left goes on, and is told to whoever asks next', async () => {
	const { host, root, driver, location, run } = await prepared();
	host.files.put(`${root}/a`, { fresh: 4 });
	const leaving = new AbortController();
	const left = driver.value('index.run', run, { signal: leaving.signal });
	leaving.abort('left');
	await expect(left).rejects.toBe('left');
	expect((await onlyJob(driver)).state).toBe('running');
	expect((await driver.value('index.run', run)).added).toBe(1);
	expect(await dump(driver, location.entry)).toMatchObject({ '/a/fresh': 'file:4' });
	await driver.core.close();
});

test('a run that nobody asked for gives way, and leaves paused what a person has paused', async () => {
	const { host, driver, location, run } = await prepared('asked');
	const stop = new AbortController();
	host.files.beforePage = (path) => {
		if (path[0] === 'a') stop.abort();
	};
	await expect(driver.value('index.run', { ...run, isIdle: true }, { signal: stop.signal })).rejects.toThrow();
	await driver.value('index.stop', { location: location.id });
	host.files.beforePage = () => undefined;
	expect((await onlyJob(driver)).priority).toBeLessThan(0);
	expect((await driver.failure('index.run', { ...run, isIdle: true })).type).toBe('IndexPaused');
	await driver.value('index.run', run);
	expect(await onlyJob(driver)).toMatchObject({ state: 'completed', priority: 10 });
	await driver.core.close();
});
