import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RootRef } from '#core/ports';
import { never, valueOf } from '../../../tests/conformance/expectation.ts';
import { listed } from '../../../tests/conformance/files.ts';
import { createFiles } from './files.ts';
import { getFolder, putFolder, removeFolder } from './folder-handles.ts';
import { folderPages, type AnyHandle } from './folder-page.ts';

let name = '';
let folder: FileSystemDirectoryHandle;
let root: RootRef;
beforeEach(async () => {
	name = `files-${crypto.randomUUID()}`;
	folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
	root = await putFolder(folder);
});
afterEach(async () => {
	await (await navigator.storage.getDirectory()).removeEntry(name, { recursive: true });
	await removeFolder(root);
});

test('a picked folder is kept under a key by chance, and forgotten when asked', async () => {
	expect(root).toMatch(/^[0-9a-f]{32}$/);
	expect(await putFolder(folder)).not.toBe(root);
	expect(await (await getFolder(root))?.isSameEntry(folder)).toBe(true);
	await removeFolder(root);
	expect(await getFolder(root)).toBeNull();
	expect((await listed(createFiles(), root)).failure).toEqual({ type: 'FolderMissing', retry: 'when-online' });
});

test('a folder that is made anew under the name of a removed one is listed as it is now', async () => {
	const port = createFiles();
	const inner = await folder.getDirectoryHandle('inner', { create: true });
	await inner.getFileHandle('old', { create: true });
	expect((await listed(port, root, ['inner'])).entries.map((entry) => entry.name)).toEqual(['old']);
	await folder.removeEntry('inner', { recursive: true });
	expect((await listed(port, root, ['inner'])).failure?.type).toBe('FolderMissing');
	await (await folder.getDirectoryHandle('inner', { create: true })).getFileHandle('new', { create: true });
	expect((await listed(port, root, ['inner'])).entries.map((entry) => entry.name)).toEqual(['new']);
});

test('the first page of a large folder is short', async () => {
	await Promise.all(Array.from({ length: 400 }, (_, at) => folder.getFileHandle(`f${at}`, { create: true })));
	const sizes: number[] = [];
	for await (const page of createFiles().list(root, [], never)) sizes.push(valueOf(page).entries.length);
	expect(sizes).toEqual([100, 300]);
});

/** What the platform gives of a folder, with handles that fail as real ones do. */
async function* withFaults(handles: AsyncIterable<AnyHandle>): AsyncGenerator<AnyHandle> {
	for await (const handle of handles) {
		const [, fault] = /^(\w+Error)$/.exec(handle.name) ?? [];
		const fail = () => Promise.reject(new DOMException(handle.name, fault));
		if (fault) Object.defineProperty(handle, 'getFile', { value: fail });
		if (handle.name === 'nameless') Object.defineProperty(handle, 'name', { value: '' });
		yield handle;
	}
}

test('a file that cannot be looked at is named with its reason, and the rest goes on', async () => {
	for (const file of ['good', 'NotAllowedError', 'NotFoundError', 'NotReadableError', 'nameless', 'better'])
		await folder.getFileHandle(file, { create: true });
	const pages = [];
	for await (const page of folderPages(withFaults(folder.values()), never)) pages.push(page);
	expect(pages.length).toBe(1);
	expect(pages[0]?.entries.map((entry) => entry.name).toSorted()).toEqual(['better', 'good']);
	const skipped = pages[0]?.skipped.toSorted((a, b) => a.code.localeCompare(b.code));
	expect(skipped).toEqual([
		{ name: '\ufffd', reason: 'unreadable', code: 'NameNotUtf8' },
		{ name: 'NotAllowedError', reason: 'denied', code: 'NotAllowedError' },
		{ name: 'NotFoundError', reason: 'vanished', code: 'NotFoundError' },
		{ name: 'NotReadableError', reason: 'unreadable', code: 'NotReadableError' }
	]);
});
