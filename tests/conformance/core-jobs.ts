import type { AnyJob, Core } from '#core';
import { act, addLocation, drive, type Driver, dump, nextCommand } from './core-driver.ts';
import { holds, same, type Case } from './core-world.ts';

/** Resolves once the only index job of the library is in `state`. */
export function untilState(core: Core, state: AnyJob['state']): Promise<void> {
	return new Promise((resolve, reject) => {
		const look = async () => {
			const context = { signal: new AbortController().signal, command: nextCommand() };
			const jobs = await core.commands['jobs.list']({}, context);
			if (!jobs.ok || jobs.value.find(({ kind }) => kind === 'index')?.state !== state) return;
			end();
			resolve();
		};
		const end = core.subscribe(() => void look().catch(reject));
	});
}

async function onlyJob(driver: Driver): Promise<AnyJob> {
	const jobs = (await driver.value('jobs.list', {})).filter(({ kind }) => kind === 'index');
	holds(jobs.length === 1 && jobs[0] !== undefined, `one job: ${JSON.stringify(jobs)}`);
	return jobs[0];
}

export const jobCases: readonly Case[] = [
	{
		title: 'a job that is cut off goes on by itself when the library is open again; a paused one waits for a person',
		run: async (world) => {
			const driver = drive(world, 1);
			await driver.value('library.create', { name: 'Home', password: null });
			const folder = await world.makeFolder();
			for (let n = 0; n < 40; n++) await folder.write([`d${n}`, `file${n}`], n);
			const location = await addLocation(driver, { root: folder.root, name: null });
			const run = { location: location.id, acceptEmpty: false };

			const waiting = driver.failure('index.run', run);
			await driver.value('library.lock', {});
			same((await waiting).type, 'IndexPaused', 'whoever waits');
			const completed = untilState(driver.core, 'completed');
			await driver.value('library.unlock', { by: 'device' });
			await completed;
			same(Object.keys(await dump(driver, location.entry)).length, 80, 'entries');
			same((await driver.value('locations.list', {}))[0]?.unfinished, false, 'finished');

			const again = driver.failure('index.run', run);
			const { id } = await onlyJob(driver);
			await driver.value('jobs.pause', { job: id });
			same((await again).type, 'IndexPaused', 'whoever waits for a paused one');
			await driver.value('library.lock', {});
			await driver.value('library.unlock', { by: 'device' });
			same((await onlyJob(driver)).state, 'paused', 'beyond a lock');
			same((await driver.value('jobs.run', { job: id })).end, 'completed', 'resumed');
			const { done, total, warnings } = await onlyJob(driver);
			same({ done, total, warnings }, { done: 80, total: 80, warnings: 0 }, 'what was done');
			same((await driver.failure('jobs.pause', { job: id })).type, 'JobEnded', 'over');
			holds((await driver.value('jobs.clear', {})) >= 1, 'cleared');
			same((await driver.failure('jobs.resume', { job: id })).type, 'JobMissing', 'gone');
			await driver.core.close();
		}
	},
	{
		title: 'a job that is cancelled is over, and its folder can be indexed again',
		run: async (world) => {
			const driver = drive(world, 1);
			await driver.value('library.create', { name: 'Home', password: null });
			const folder = await world.makeFolder();
			for (let n = 0; n < 40; n++) await folder.write([`d${n}`, `file${n}`], n);
			const location = await addLocation(driver, { root: folder.root, name: null });
			const run = { location: location.id, acceptEmpty: false };
			const waiting = driver.failure('index.run', run);
			await driver.value('jobs.cancel', { job: (await onlyJob(driver)).id });
			same((await waiting).type, 'IndexCancelled', 'whoever waits');
			same((await onlyJob(driver)).state, 'cancelled', 'state');
			await driver.value('index.run', run);
			same(Object.keys(await dump(driver, location.entry)).length, 80, 'entries');
			await act(driver, 'locations.remove', { location: location.id });
			same(await driver.value('jobs.list', {}), [], 'the jobs of a folder go with it');
			await driver.core.close();
		}
	}
];
