import type { LaunchOptions, Page } from '@playwright/test';
import { chromiumLaunch } from '../../chromium.ts';
import { expect } from './app.ts';

/**
 * A browser that tells of no changes. Chromium 156 stops as a whole when a profile goes away while it begins to observe a
 * folder of the disk (a CHECK in `FileSystemAccessLocalPathWatcher`), and each test here is a profile of its own.
 */
export function chromiumWithoutObserver(): LaunchOptions {
	const launch = chromiumLaunch();
	return { ...launch, args: [...launch.args, '--disable-blink-features=FileSystemObserver'] };
}

/** Drops a real folder of this machine on the window, which gives the page a native handle without a picker. */
export async function dropFolder(page: Page, folder: string): Promise<void> {
	const devtools = await page.context().newCDPSession(page);
	const data = { items: [], files: [folder], dragOperationsMask: 1 };
	for (const type of ['dragEnter', 'dragOver'] as const)
		await devtools.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
	await expect(page.getByText('Drop a folder to open it')).toBeVisible();
	await devtools.send('Input.dispatchDragEvent', { type: 'drop', x: 300, y: 300, data });
}
