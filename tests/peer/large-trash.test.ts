import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FilesPort, RootRef } from '#core/ports';
import { createNodeHost } from '../../peer/host/node-host.ts';
import { act, addIndexed, drive, type Driver } from '../conformance/core-driver.ts';
import { isNightly } from '../tier.ts';

vi.setConfig({ testTimeout: isNightly ? 1_800_000 : 60_000 });

const items = isNightly ? 100_000 : 200;

let base: string;
let driver: Driver;
/** How often a folder was listed. */
let listings = 0;

beforeEach(() => {
	base = mkdtempSync(join(tmpdir(), 'atoll-trash-'));
	const host = createNodeHost({ secretsFolder: join(base, 'secrets') });
	const files: FilesPort = {
		...host.files,
		list: (...asked) => {
			listings++;
			return host.files.list(...asked);
		}
	};
	driver = drive({ host: { ...host, files }, libraryFolder: () => join(base, 'library.sdlibrary') }, 1);
});
afterEach(async () => {
	await driver.core.close();
	rmSync(base, { recursive: true, force: true });
});

/** What lies in the trash of the folder, on the disk. */
function binned(root: string): number {
	const bins = join(root, '.atoll-trash');
	return readdirSync(bins).reduce((sum, bin) => sum + readdirSync(join(bins, bin)).length, 0);
}

test(`the trash takes ${items.toLocaleString('en')} items at once, lists them, gives them back and deletes them`, async () => {
	const root = join(base, 'disk');
	mkdirSync(root);
	for (let at = 0; at < items; at++) writeFileSync(join(root, `${at}.txt`), '');
	await driver.value('library.create', { name: 'Many', password: null });
	const { entry: folder } = await addIndexed(driver, root as RootRef);
	const told: string[] = [];
	const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
		const startMs = performance.now();
		const value = await work();
		told.push(`${what} ${Math.round(performance.now() - startMs)} ms`);
		return value;
	};
	const order = { by: 'name', descending: false } as const;
	const entries = [...(await driver.value('entries.ids', { folder, order }))];
	expect(entries).toHaveLength(items);
	const listedBefore = listings;
	await timed('trashed in', () => act(driver, 'files.trash', { entries }));
	// Were the folder listed for each of them, the time would grow with the square of how many there are.
	expect(listings - listedBefore).toBeLessThan(10);
	expect([readdirSync(root), binned(root)]).toEqual([['.atoll-trash'], items]);

	const newest = { by: 'trashed', descending: true } as const;
	const { ids } = await timed('listed in', () => driver.value('files.trash-ids', { words: '', order: newest }));
	expect(ids).toHaveLength(items);
	const found = await timed('searched in', () => driver.value('files.trash-ids', { words: '99.txt', order: newest }));
	expect(found.ids).toHaveLength(items / 100);
	const rows = await driver.value('files.trash-rows', { ids: Array.from(ids.slice(0, 60)) });
	expect(rows).toHaveLength(60);

	const back = Array.from(ids.slice(0, items / 4));
	await timed('a quarter restored in', () => act(driver, 'files.restore', { entries: back }));
	expect([readdirSync(root).length - 1, binned(root)]).toEqual([items / 4, (items * 3) / 4]);

	const gone = Array.from(ids.slice(items / 4));
	const plan = await timed('deleting the rest previewed in', () =>
		driver.value('actions.preview', { action: 'files.delete', input: { entries: gone } })
	);
	expect(plan.counts.operations).toBe(gone.length);
	await timed('deleted in', () => act(driver, 'files.delete', { entries: gone }));
	expect(readdirSync(root)).toHaveLength(items / 4 + 1);
	expect((await driver.value('files.trash-ids', { words: '', order: newest })).ids).toHaveLength(0);
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
	console.log(told.join(', '));
});
