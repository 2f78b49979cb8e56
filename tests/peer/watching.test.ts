import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createNodeHost } from '../../peer/host/node-host.ts';
import { rootRef } from '../../peer/cli/root-ref.ts';
import { addLocation, drive, dump } from '../conformance/core-driver.ts';

vi.setConfig({ testTimeout: 120_000 });

/** How long a change may take to be seen on a busy machine. */
const seenMsMax = 30_000;

async function watched(base: string) {
	const home = join(base, 'home');
	mkdirSync(join(home, 'here'), { recursive: true });
	writeFileSync(join(home, 'here', 'first'), 'x');
	const host = createNodeHost({ secretsFolder: join(base, 'secrets') });
	const world = { host, libraryFolder: () => join(base, 'one.sdlibrary') };
	const driver = drive(world, 1, { watches: true });
	await driver.value('library.create', { name: 'Home', password: null });
	const location = await addLocation(driver, { root: rootRef(home), name: null });
	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	await vi.waitFor(async () => expect(await driver.value('index.watched', {})).toEqual([location.id]));
	const usage = () => driver.value('entries.usage', { entry: location.entry });
	const shows = (files: number, folders: number) =>
		vi.waitFor(async () => expect(await usage()).toMatchObject({ files, folders }), { timeout: seenMsMax });
	return { home, driver, location, shows };
}

test('2,000 of 2,000 new, renamed and deleted files in new nested folders are seen', async () => {
	const base = mkdtempSync(join(tmpdir(), 'atoll-watching-'));
	try {
		const { home, driver, location, shows } = await watched(base);
		const folders = Array.from({ length: 50 }, (_, n) => join(home, 'new', `a ${n % 10}`, `b ${n}`));
		for (const [n, folder] of folders.entries()) {
			mkdirSync(folder, { recursive: true });
			for (let file = 0; file < 40; file++) writeFileSync(join(folder, `file ${n} ${file}`), 'x');
		}
		await shows(2_001, 62);

		const { id: before } = await driver.value('entries.resolve', { path: '/home/new/a 1/b 1/file 1 1', from: null });
		for (const [n, folder] of folders.entries())
			for (let file = 0; file < 40; file++)
				renameSync(join(folder, `file ${n} ${file}`), join(folder, `renamed ${n} ${file}`));
		renameSync(join(home, 'new'), join(home, 'here', 'moved'));
		await vi.waitFor(
			async () => {
				const names = Object.keys(await dump(driver, location.entry));
				expect(names.filter((name) => /^\/here\/moved\/.*\/renamed \d+ \d+$/.test(name))).toHaveLength(2_000);
				expect(names).toHaveLength(2_063);
			},
			{ timeout: seenMsMax, interval: 300 }
		);
		const found = await driver.value('search.first', { text: '"renamed 1 1"'.slice(1, -1), limit: 300 });
		expect(found.found.find(({ name }) => name === 'renamed 1 1')?.id, 'it is still the same file').toBe(before);

		for (const [n] of folders.entries())
			for (let file = 0; file < 40; file++)
				rmSync(join(home, 'here', 'moved', `a ${n % 10}`, `b ${n}`, `renamed ${n} ${file}`));
		await shows(1, 62);
		rmSync(join(home, 'here', 'moved'), { recursive: true });
		await shows(1, 1);
		expect((await driver.value('library.verify', {})).flaws).toEqual([]);
		await driver.core.close();
	} finally {
		rmSync(base, { recursive: true, force: true });
	}
});
