import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RootRef } from '#core/ports';
import { never } from '../../tests/conformance/expectation.ts';
import { listed } from '../../tests/conformance/files.ts';
import { createFiles } from './files.ts';
import { createLister } from './lister.ts';

let root: RootRef;
beforeEach(() => {
	root = realpathSync(mkdtempSync(join(tmpdir(), 'atoll-'))) as RootRef;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function folders(count: number, filesPerFolder: number): string[] {
	return Array.from({ length: count }, (_, n) => {
		const name = `folder ${n}`;
		mkdirSync(join(root, name));
		for (let at = 0; at < filesPerFolder; at++) writeFileSync(join(root, name, `file ${at}`), '');
		return name;
	});
}

test('more listings at once than one thread is worth give what each gives alone', async () => {
	const names = folders(300, 3);
	const alone = createFiles({ hereMax: Infinity });
	const port = createFiles();
	const together = await Promise.all([...names, 'nothing'].map((name) => listed(port, root, [name])));
	for (const [at, name] of names.entries()) expect(together[at]).toEqual(await listed(alone, root, [name]));
	expect(together.at(-1)?.failure).toEqual({ type: 'FolderMissing', retry: 'when-online' });
});

test('listings that are taken slowly, or given up, do not keep others from coming', { timeout: 60_000 }, async () => {
	// More than the thread reads ahead.
	const names = folders(10, 2_000);
	const lister = createLister();
	const open = names.map((name) => lister.list(root, [name], never)[Symbol.asyncIterator]());
	const first = await Promise.all(open.map((listing) => listing.next()));
	expect(first.map(({ value }) => value.ok)).toEqual(names.map(() => true));
	const [left, ...rest] = open;
	await left?.return?.();
	for (const listing of rest.toReversed()) {
		let entries = 1_000;
		for (let page = await listing.next(); page.done !== true; page = await listing.next())
			entries += page.value.ok ? page.value.value.entries.length : 0;
		expect(entries).toBe(2_000);
	}
});

test('a thread that dies is one clear error for all that wait for it, and the next listing has another', async () => {
	const lister = createLister(new URL(`data:text/javascript,throw new Error('planted')`));
	const waiting = Array.from({ length: 3 }, () => lister.list(root, [], never)[Symbol.asyncIterator]().next());
	for (const end of await Promise.allSettled(waiting))
		expect(end).toMatchObject({ status: 'rejected', reason: { message: 'planted' } });
	expect(lister.isRunning()).toBe(false);
	await expect(lister.list(root, [], never)[Symbol.asyncIterator]().next()).rejects.toThrow('planted');
});
