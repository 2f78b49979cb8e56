import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { AppScreen, expect, stubPicker, test } from './support/app.ts';
import { readZip } from './support/read-zip.ts';
import { isNightly } from '../tier.ts';

/** More than may be held of it, however much that is. */
const bigBytes = isNightly ? 3_000_000_000 : 250_000_000;
const heapGrowthMax = 150_000_000;

const tree: Readonly<Record<string, string>> = {
	'Trip/Route – été.txt': 'by the lake',
	'Trip/Photos/sea.jpg': 'not really a photo',
	'Trip/Photos/empty.txt': '',
	'notes.md': '# Notes'
};

async function writeTree(page: Page, name: string, files: Readonly<Record<string, string>>): Promise<void> {
	await page.evaluate(
		async ([name, files]) => {
			const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
			for (const [path, text] of Object.entries(files)) {
				let folder = root;
				const parts = path.split('/');
				for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
				const file = await (await folder.getFileHandle(parts.at(-1) ?? '', { create: true })).createWritable();
				await file.write(text);
				await file.close();
			}
		},
		[name, files] as const
	);
}

async function readTree(page: Page, name: string): Promise<Readonly<Record<string, string>>> {
	return page.evaluate(async (name) => {
		const found: Record<string, string> = {};
		const walk = async (folder: FileSystemDirectoryHandle, above: string): Promise<void> => {
			for await (const [own, handle] of folder.entries())
				if (handle instanceof FileSystemDirectoryHandle) await walk(handle, `${above}${own}/`);
				else found[above + own] = await (await (handle as FileSystemFileHandle).getFile()).text();
		};
		await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true }), '');
		return found;
	}, name);
}

async function openTree(page: Page, app: AppScreen): Promise<void> {
	await stubPicker(page, 'Papers');
	await page.goto('/');
	await writeTree(page, 'Papers', tree);
	await app.button('Open folder').click();
	await expect(app.row('notes.md')).toBeVisible();
	await expect(app.status).toContainText(`${Object.keys(tree).length} files in all`);
}

/** Has a person pick a file called so, of the browser's own storage, or a folder. */
async function stubSaving(page: Page): Promise<void> {
	await page.evaluate(() => {
		const root = navigator.storage.getDirectory();
		window.showSaveFilePicker = async (options) => {
			const folder = await (await root).getDirectoryHandle('Saved', { create: true });
			return folder.getFileHandle(options?.suggestedName ?? 'none', { create: true });
		};
		window.showDirectoryPicker = async () => (await root).getDirectoryHandle('Elsewhere', { create: true });
	});
}

async function savedBytes(page: Page, name: string): Promise<Uint8Array> {
	const bytes = await page.evaluate(async (name) => {
		const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('Saved');
		const file = await (await folder.getFileHandle(name)).getFile();
		return [...new Uint8Array(await file.arrayBuffer())];
	}, name);
	return Uint8Array.from(bytes);
}

function told(bytes: Uint8Array): Readonly<Record<string, string>> {
	const files = readZip(bytes).filter(({ isFolder }) => !isFolder);
	for (const { modifiedMs } of files) expect(Math.abs(Date.now() - (modifiedMs ?? 0))).toBeLessThan(600_000);
	return Object.fromEntries(files.map(({ path, bytes: own }) => [path, new TextDecoder().decode(own)]));
}

test('F31: what is chosen is saved as one zip, as the file that it is, or into a folder; nothing is written over', async ({
	page,
	app
}) => {
	await openTree(page, app);
	await stubSaving(page);

	await app.row('Trip').click();
	await page.keyboard.press('Control+a');
	await app.row('Trip').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Download as zip' }).click();
	await expect(page.getByText('“Papers.zip” is saved: 4 files')).toBeVisible();
	expect(told(await savedBytes(page, 'Papers.zip'))).toEqual(tree);

	await app.row('notes.md').click();
	await page.keyboard.press('Control+k');
	await page.keyboard.type('download');
	await page.keyboard.press('Enter');
	await expect(page.getByText('“notes.md” is saved: 1 file')).toBeVisible();
	expect(new TextDecoder().decode(await savedBytes(page, 'notes.md'))).toBe('# Notes');

	await writeTree(page, 'Elsewhere', { 'Trip/mine.txt': 'mine' });
	await app.row('Trip').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Save to a folder…' }).click();
	await expect(page.getByText('Saved into “Elsewhere”: 3 files')).toBeVisible();
	const moved = Object.entries(tree).flatMap(([path, text]) =>
		path.startsWith('Trip/') ? [[path.replace('Trip', 'Trip (2)'), text] as const] : []
	);
	expect(await readTree(page, 'Elsewhere')).toEqual({ 'Trip/mine.txt': 'mine', ...Object.fromEntries(moved) });

	// What cannot be read is told, and the rest is there. A browser that lets no page write files saves it too.
	await page.evaluate(() => {
		const { prototype } = FileSystemDirectoryHandle;
		const { getFileHandle } = prototype;
		prototype.getFileHandle = async function (name, options) {
			if (name === 'sea.jpg') throw new DOMException('gone', 'NotFoundError');
			return getFileHandle.call(this, name, options);
		};
		Reflect.deleteProperty(window, 'showSaveFilePicker');
	});
	const download = page.waitForEvent('download');
	await app.row('Trip').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Download as zip' }).click();
	const saved = await download;
	expect(saved.suggestedFilename()).toBe('Trip.zip');
	const { 'Trip/Photos/sea.jpg': _gone, 'notes.md': _other, ...left } = tree;
	expect(told(new Uint8Array(readFileSync(await saved.path())))).toEqual(left);
	await expect(page.getByText('“sea.jpg” could not be read, and is missing there.')).toBeVisible();
});

test(
	'F31: a long file is saved without being held in memory, and saving can be cancelled',
	{ tag: '@nightly' },
	async ({ profile }) => {
		const page = await profile.newPage();
		const app = new AppScreen(page);
		test.setTimeout(isNightly ? 180_000 : 30_000);
		await stubPicker(page, 'Big');
		await page.goto('/');
		await page.evaluate(async (sizeBytes) => {
			const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('Big', { create: true });
			const file = await (await root.getFileHandle('zeros.bin', { create: true })).createWritable();
			await file.truncate(sizeBytes);
			await file.close();
			const small = await (await root.getFileHandle('small.txt', { create: true })).createWritable();
			await small.write('small');
			await small.close();
		}, bigBytes);
		await app.button('Open folder').click();
		await expect(app.row('zeros.bin')).toBeVisible();
		// What comes is counted and let go: a disk would be measured instead.
		await page.evaluate(() => {
			const counted = { bytes: 0, ended: '' };
			Object.assign(window, { counted });
			window.showSaveFilePicker = async () => {
				const writable = {
					write: async (bytes: Uint8Array) => void (counted.bytes += bytes.length),
					close: async () => void (counted.ended = 'closed'),
					abort: async () => void (counted.ended = 'aborted')
				};
				return { createWritable: async () => writable } as never;
			};
		});
		const counted = () =>
			page.evaluate(() => (window as unknown as { counted: { bytes: number; ended: string } }).counted);
		const cdp = await page.context().newCDPSession(page);
		const heap = async () => {
			const { usedSize, backingStorageSize = 0 } = (await cdp.send('Runtime.getHeapUsage')) as {
				usedSize: number;
				backingStorageSize?: number;
			};
			return usedSize + backingStorageSize;
		};
		await cdp.send('HeapProfiler.collectGarbage');
		const before = await heap();
		await app.row('zeros.bin').click();
		await page.keyboard.press('Control+a');
		await app.row('zeros.bin').click({ button: 'right' });
		await page.getByRole('menuitem', { name: 'Download as zip' }).click();
		let most = 0;
		while ((await counted()).ended === '') most = Math.max(most, await heap());
		const { bytes, ended } = await counted();
		expect([bytes > bigBytes, ended]).toEqual([true, 'closed']);
		console.log(`${bytes} bytes: the heap grew by ${Math.round((most - before) / 1e6)} MB at most`);
		expect(most - before).toBeLessThan(heapGrowthMax);

		await page.evaluate(() => Object.assign((window as unknown as { counted: object }).counted, { ended: '' }));
		await app.row('zeros.bin').click({ button: 'right' });
		await page.getByRole('menuitem', { name: 'Download as zip' }).click();
		await app.button('Cancel').click();
		await expect(page.getByText('Saving was cancelled.')).toBeVisible();
		expect((await counted()).ended).toBe('aborted');
	}
);
