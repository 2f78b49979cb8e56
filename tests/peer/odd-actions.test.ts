import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EntryId } from '#core/kernel';
import type { RootRef } from '#core/ports';
import { createNodeHost } from '../../peer/host/node-host.ts';
import { act, addIndexed, drive, type Driver } from '../conformance/core-driver.ts';
import { fingerprint } from './fingerprint.ts';
import { hostilePaths } from './hostile-paths.ts';
import { makeOddTree, oddFiles } from './odd-tree.ts';
import { isNightly } from '../tier.ts';

vi.setConfig({ testTimeout: 120_000 });

let base: string;
let driver: Driver;

beforeEach(() => {
	base = mkdtempSync(join(tmpdir(), 'atoll-odd-'));
	for (const folder of ['inside/folder', 'other', 'source/folder', 'canary'])
		mkdirSync(join(base, folder), { recursive: true });
	writeFileSync(join(base, 'canary/file'), 'of somebody else');
	writeFileSync(join(base, 'inside/file'), 'mine');
	writeFileSync(join(base, 'source/file'), 'brought');
	symlinkSync('../canary', join(base, 'inside/link'));
	const host = createNodeHost({ secretsFolder: join(base, 'secrets') });
	driver = drive({ host, libraryFolder: () => join(base, 'library.sdlibrary') }, 1);
});
afterEach(async () => {
	await driver.core.close();
	rmSync(base, { recursive: true, force: true });
});

async function begin(...folders: readonly string[]): Promise<EntryId[]> {
	await driver.value('library.create', { name: 'Odd', password: null });
	const entries: EntryId[] = [];
	for (const folder of folders) entries.push((await addIndexed(driver, join(base, folder) as RootRef)).entry);
	return entries;
}

const idOf = async (path: string): Promise<EntryId> => (await driver.value('entries.resolve', { path, from: null })).id;

/** In every run each third of them. */
const names = [...new Set([...hostilePaths, ...hostilePaths.map((path) => path.split('/').at(-1) ?? '')])].filter(
	(_, at) => isNightly || at % 6 === 0
);

test(`T27: ${names.length} names that lead elsewhere, given to each action that takes one, stay names or are none`, async () => {
	const [root] = await begin('inside');
	const link = await idOf('/inside/link');
	const outside = () => ['canary', 'source', 'secrets'].map((folder) => fingerprint(join(base, folder)));
	const before = {
		outside: outside(),
		top: readdirSync(base).toSorted(),
		inside: readdirSync(join(base, 'inside')).toSorted()
	};
	const seenMs = Math.floor(statSync(join(base, 'source/file')).mtimeMs);
	const outcomes: Record<string, number> = {};
	for (const name of names) {
		const item = { name, kind: 'file', parent: null, sizeBytes: 7, modifiedMs: seenMs, path: ['file'] };
		// The folder is brought as it is on the disk, whatever is said to be in it.
		const below = [
			{ ...item, name: 'brought', kind: 'directory', path: ['folder'] },
			{ ...item, parent: 0, path: undefined }
		];
		const wishes = [
			['files.make-folder', { folder: root, name }],
			['files.make-text', { folder: root, name, text: 'written' }],
			['files.rename', { renames: [{ entry: await idOf('/inside/file'), name }] }],
			['files.ingest', { folder: root, source: join(base, 'source'), items: [item], conflicts: 'skip' }],
			['files.ingest', { folder: root, source: join(base, 'source'), items: below, conflicts: 'skip' }],
			['files.make-folder', { folder: link, name }]
		] as const;
		for (const [action, input] of wishes) {
			const plan = await driver.value('actions.preview', { action, input });
			const [blocked] = plan.blocked;
			const how = blocked?.why.type ?? (plan.operations.length === 0 ? 'nothing' : 'done');
			outcomes[how] = (outcomes[how] ?? 0) + 1;
			if (how !== 'done') continue;
			const done = await act(driver, action, input);
			expect(done, `${action} ${JSON.stringify(name)}`).toMatchObject({ state: 'done', failed: 0 });
			expect(await act(driver, 'actions.undo', { action: done?.id })).toMatchObject({ state: 'done', failed: 0 });
		}
	}
	expect(outside()).toEqual(before.outside);
	expect(readdirSync(base).toSorted()).toEqual(before.top);
	expect(readdirSync(join(base, 'inside')).toSorted()).toEqual(['.atoll-trash', ...before.inside]);
	expect(outcomes).toMatchObject({
		NameImpossible: expect.any(Number),
		TargetNotAFolder: expect.any(Number),
		done: expect.any(Number)
	});
	console.log(JSON.stringify(outcomes));
});

/** Everything below a folder by its bytes: kind, size, where it points and name, as the disk has them. */
function listed(folder: string): string[] {
	const lines = execFileSync(
		'find',
		[folder, '-mindepth', '1', '-name', '.atoll-trash', '-prune', '-o', '-printf', '%y %s %l\\n%P\\0'],
		{
			encoding: 'latin1'
		}
	);
	return lines.split('\0').filter(Boolean).toSorted();
}

test('T28, T30, T31: every name that a disk takes is copied, moved, put into the trash and back byte by byte; a pipe stays', async () => {
	makeOddTree(join(base, 'inside/odd'));
	const [, other] = await begin('inside', 'other');
	const whole = listed(join(base, 'inside/odd'));
	const odd = await idOf('/inside/odd');
	expect(whole.length).toBeGreaterThan(oddFiles.length);

	const isThere = (path: string) => listed(join(base, path));
	const done = { state: 'done', failed: 0 };

	expect(await act(driver, 'files.copy', { entries: [odd], folder: other, conflicts: 'ask' })).toMatchObject(done);
	expect(isThere('other/odd')).toEqual(whole.filter((entry) => !entry.startsWith('p ')));
	expect(isThere('inside/odd')).toEqual(whole);
	expect(await act(driver, 'files.trash', { entries: [odd] })).toMatchObject(done);
	expect(await act(driver, 'files.restore', { entries: [odd] })).toMatchObject(done);
	expect(isThere('inside/odd')).toEqual(whole);
	const folder = await idOf('/inside/folder');
	expect(await act(driver, 'files.move', { entries: [odd], folder, conflicts: 'ask' })).toMatchObject(done);
	expect(isThere('inside/folder/odd')).toEqual(whole);

	// One by one, as a person who chooses all of them.
	const rows = await driver.value('entries.ids', { folder: odd, order: { by: 'name', descending: false } });
	expect(await act(driver, 'files.make-folder', { folder: other, name: 'each' })).toMatchObject(done);
	const each = await idOf('/other/each');
	const plan = await driver.value('actions.preview', {
		action: 'files.move',
		input: { entries: [...rows], folder: each, conflicts: 'ask' }
	});
	expect(plan.blocked.map(({ why }) => why.type)).toEqual(['NotMovable']);
	const moved = await act(driver, 'files.move', { entries: [...rows], folder: each, conflicts: 'ask' });
	expect(moved).toMatchObject({ state: 'done', failed: 0 });
	expect(isThere('other/each')).toEqual(whole.filter((entry) => !entry.startsWith('p ')));
	expect(isThere('inside/folder/odd').map((entry) => entry[0])).toEqual(['p']);
	expect(await act(driver, 'actions.undo', { action: moved?.id })).toMatchObject(done);
	expect(isThere('inside/folder/odd')).toEqual(whole);
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
});
