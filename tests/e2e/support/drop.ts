import type { CDPSession, LaunchOptions, Locator, Page } from '@playwright/test';
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

/** A real file or folder of this machine that is dragged over the window. */
export class OutsideDrag {
	readonly #page: Page;
	readonly #data: { readonly items: []; readonly files: string[]; readonly dragOperationsMask: number };
	#devtools: CDPSession | null = null;
	#at = { x: 0, y: 0 };

	constructor(page: Page, files: readonly string[]) {
		this.#page = page;
		this.#data = { items: [], files: [...files], dragOperationsMask: 1 };
	}

	async #send(type: 'dragEnter' | 'dragOver' | 'drop'): Promise<void> {
		this.#devtools ??= await this.#page.context().newCDPSession(this.#page);
		await this.#devtools.send('Input.dispatchDragEvent', { type, ...this.#at, data: this.#data });
	}

	/** Moves over the middle of what `target` shows, or a little below its top. */
	async over(target: Locator, fromTopPx: number | null = null): Promise<void> {
		const box = await target.boundingBox();
		if (box === null) throw new Error('what is dragged over is not shown');
		this.#at = { x: box.x + box.width / 2, y: box.y + (fromTopPx ?? box.height / 2) };
		for (const type of ['dragEnter', 'dragOver'] as const) await this.#send(type);
	}

	drop(): Promise<void> {
		return this.#send('drop');
	}
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
