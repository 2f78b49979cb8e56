import type { Page } from '@playwright/test';
import { expect, makeFiles, stubPicker, type AppScreen } from './app.ts';

/** Begins with a folder called Papers that holds these files, one of which is `notes.md`, read to the end. */
export async function openPapers(page: Page, app: AppScreen, files: readonly string[]): Promise<void> {
	await stubPicker(page, 'Papers');
	await page.goto('/');
	await makeFiles(page, 'Papers', files);
	await app.button('Open folder').click();
	await expect(app.row('notes.md')).toBeVisible();
	await expect(app.status).toContainText(`${files.length} files in all`);
}

/** What lies in Papers on the disk, hidden trash left out. */
export function onDisk(page: Page): Promise<readonly string[]> {
	return page.evaluate(async () => {
		const found: string[] = [];
		const walk = async (folder: FileSystemDirectoryHandle, above: string): Promise<void> => {
			for await (const [name, handle] of folder.entries()) {
				if (name === '.atoll-trash') continue;
				found.push(above + name);
				if (handle instanceof FileSystemDirectoryHandle) await walk(handle, `${above}${name}/`);
			}
		};
		await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('Papers'), '');
		return found.toSorted();
	});
}
