import type { Page } from '@playwright/test';
import { expect } from './app.ts';

/** Drops a real folder of this machine on the window, which gives the page a native handle without a picker. */
export async function dropFolder(page: Page, folder: string): Promise<void> {
	const devtools = await page.context().newCDPSession(page);
	const data = { items: [], files: [folder], dragOperationsMask: 1 };
	for (const type of ['dragEnter', 'dragOver'] as const)
		await devtools.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
	await expect(page.getByText('Drop a folder to open it')).toBeVisible();
	await devtools.send('Input.dispatchDragEvent', { type: 'drop', x: 300, y: 300, data });
}
