import { patternBytes } from '../vectors/blake3.ts';
import { act, addIndexed, addLocation, drive, dump } from './core-driver.ts';
import { holds, same, type Case } from './core-world.ts';

const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3, 4);

export const phaseCases: readonly Case[] = [
	{
		title: 'a mode says how far files are looked at: names, contents, and what can be made of them',
		run: async (world) => {
			const driver = drive(world, 1, { runsJobs: 'asked' });
			await driver.value('library.create', { name: 'Home', password: null });
			const folder = await world.makeFolder();
			for (const name of ['a.png', 'copy.png']) await folder.write([name], png);
			await folder.write(['notes.txt'], patternBytes(300));
			const { id: location } = await addLocation(driver, { root: folder.root, name: 'Here' });
			const unknown = async () =>
				(await driver.value('content.duplicates', { folder: null, offset: 0, limit: 1 })).unknown;
			const waiting = async () =>
				(await driver.value('jobs.list', {})).filter(({ kind, state }) => kind === 'content' && state === 'queued');

			await act(driver, 'locations.set-mode', { location, mode: 'shallow' });
			await driver.value('index.run', { location, acceptEmpty: false });
			same([(await waiting()).length, await unknown()], [0, 3], 'shallow');

			await act(driver, 'locations.set-mode', { location, mode: 'content' });
			const [job] = await waiting();
			holds(job !== undefined, 'a job waits');
			same((await driver.value('jobs.run', { job: job.id })).end, 'completed', 'it is run');
			const { done, total, doneBytes, totalBytes } =
				(await driver.value('jobs.list', {})).find(({ id }) => id === job.id) ?? job;
			same([done, total, doneBytes, totalBytes], [3, 3, 324, 324], 'files and bytes');
			same([await unknown(), (await driver.value('analysis.queue', {})).counts], [0, []], 'content');

			await act(driver, 'locations.set-mode', { location, mode: 'deep' });
			const thumbnails = async () =>
				(await driver.value('analysis.queue', {})).counts.filter(({ kind }) => kind === 'thumbnail');
			same(await thumbnails(), [{ kind: 'thumbnail', policy: 'now', contents: 1, bytes: 12 }], 'once for all copies');
			await act(driver, 'analysis.set-policy', { location: null, kind: 'thumbnail', policy: 'never' });
			same(await thumbnails(), [], 'never');
			await act(driver, 'locations.set-mode', { location, mode: 'content' });
			same((await driver.value('analysis.queue', {})).counts, [], 'no longer deep');
			same((await driver.value('library.verify', {})).flaws, [], 'flaws');
			await driver.core.close();
		}
	},
	{
		title:
			'one folder is read again, or one with all below it; a folder that is not of the library is listed, not kept',
		run: async (world) => {
			const driver = drive(world, 1, { runsJobs: 'asked' });
			await driver.value('library.create', { name: 'Home', password: null });
			const folder = await world.makeFolder();
			await folder.write(['a', 'b', 'old'], 1);
			const location = await addIndexed(driver, folder.root, 'Here');
			for (const path of [['new'], ['a', 'new'], ['a', 'b', 'new']]) await folder.write(path, 2);
			const { id } = await driver.value('entries.resolve', { path: '/Here/a', from: null });
			same((await driver.value('index.folder', { folder: id, isDeep: false })).added, 1, 'the folder alone');
			same((await driver.value('index.folder', { folder: id, isDeep: true })).added, 1, 'what is below it');
			const known = await dump(driver, location.entry);
			same(Object.keys(known), ['/a', '/a/b', '/a/b/new', '/a/b/old', '/a/new'], 'entries');

			const other = await world.makeFolder();
			await other.makeDirectory(['z']);
			await other.write(['photo 10.png'], png);
			await other.write(['photo 9.png'], png.subarray(0, 9));
			const order = { by: 'name', descending: false } as const;
			const { rows, skipped } = await driver.value('disk.list', { root: other.root, path: [], order });
			same(
				rows.map(({ name, kind, sizeBytes, type }) => [name, kind, sizeBytes, type?.id ?? null]),
				[
					['z', 'directory', null, null],
					['photo 9.png', 'file', 9, 'png'],
					['photo 10.png', 'file', 12, 'png']
				],
				'what lies in it'
			);
			same(skipped, [], 'nothing is left out');
			same((await driver.value('locations.list', {})).length, 1, 'nothing is kept');
			await other.takeAway();
			const { type } = await driver.failure('disk.list', { root: other.root, path: [], order });
			holds(type.startsWith('Folder'), `${type} where it is away`);
			await driver.core.close();
		}
	}
];
