import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, makeFiles, stubPicker, test } from './support/app.ts';
import { OutsideDrag } from './support/drop.ts';

/** What lies in the folder, with the text of each file. */
function onDisk(page: Page): Promise<Record<string, string>> {
	return page.evaluate(async () => {
		const found: Record<string, string> = {};
		const walk = async (folder: FileSystemDirectoryHandle, above: string): Promise<void> => {
			for await (const [name, handle] of folder.entries()) {
				if (name === '.atoll-trash') continue;
				if (handle instanceof FileSystemDirectoryHandle) await walk(handle, `${above}${name}/`);
				else if (handle instanceof FileSystemFileHandle) found[above + name] = await (await handle.getFile()).text();
			}
		};
		await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('Papers'), '');
		return found;
	});
}

test('F30, F35: a folder is dropped, a file pasted, others chosen, a text made; each is taken back', async ({
	page,
	app
}) => {
	const outside = mkdtempSync(join(tmpdir(), 'atoll-outside-'));
	try {
		mkdirSync(join(outside, 'Trip', 'day 1', 'none'), { recursive: true });
		writeFileSync(join(outside, 'Trip', 'plan.txt'), 'to the sea');
		writeFileSync(join(outside, 'Trip', 'day 1', 'sea.txt'), 'blue');
		writeFileSync(join(outside, 'notes.md'), 'other notes');
		await stubPicker(page, 'Papers');
		await page.goto('/');
		await makeFiles(page, 'Papers', ['Letters/To Ines.txt', 'notes.md']);
		await app.button('Open folder').click();
		await expect(app.row('notes.md')).toBeVisible();
		const before = await onDisk(page);

		// What a drop would do is said before it.
		const drag = new OutsideDrag(page, [join(outside, 'Trip')]);
		await drag.over(page.getByRole('link', { name: 'All folders' }));
		await expect(page.getByText('Add folder to the library')).toBeVisible();
		await drag.over(page.locator('[data-location]'));
		await expect(page.getByText('Copy to “Papers”')).toBeVisible();
		await drag.over(app.row('Letters'));
		await expect(page.getByText('Copy to “Letters”')).toBeVisible();
		await drag.drop();
		await expect(page.getByText('Copied “Trip” with 4 items in it')).toBeVisible();
		await expect(page.getByText('Copy to “Letters”')).toHaveCount(0);
		expect(await onDisk(page)).toEqual({
			...before,
			'Letters/Trip/plan.txt': 'to the sea',
			'Letters/Trip/day 1/sea.txt': 'blue'
		});
		await app.button('Undo').click();
		await expect(page.getByText('Undone.')).toBeVisible();
		expect(await onDisk(page)).toEqual(before);

		// A name that is taken is asked about.
		const taken = new OutsideDrag(page, [join(outside, 'notes.md')]);
		await taken.over(app.grid);
		await expect(page.getByText('Copy to “Papers”')).toBeVisible();
		await taken.drop();
		const sheet = page.getByRole('dialog', { name: 'Copy to “Papers”' });
		await sheet.getByText('Keep both', { exact: true }).click();
		await sheet.getByRole('button', { name: 'Copy here' }).click();
		await expect(app.row('notes (2).md')).toBeVisible();
		expect((await onDisk(page))['notes (2).md']).toBe('other notes');

		await app.row('notes.md').click();
		await page.evaluate(() => {
			const transfer = new DataTransfer();
			transfer.items.add(new File(['pasted'], 'shot.png', { type: 'image/png' }));
			const event = new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true });
			document.activeElement?.dispatchEvent(event);
		});
		await expect(app.row('shot.png')).toBeVisible();

		const files = page.waitForEvent('filechooser');
		await page.keyboard.press('Control+u');
		await (await files).setFiles([{ name: 'chosen.txt', mimeType: 'text/plain', buffer: Buffer.from('chosen') }]);
		await expect(app.row('chosen.txt')).toBeVisible();
		const folder = page.waitForEvent('filechooser');
		await page.keyboard.press('Control+k');
		await page.keyboard.type('upload folder');
		await page.keyboard.press('Enter');
		await (await folder).setFiles(join(outside, 'Trip'));
		await expect(app.row('Trip')).toBeVisible();

		await page.keyboard.press('Control+Alt+n');
		await page.getByRole('textbox', { name: 'Name', exact: true }).fill('list.txt');
		await page.getByRole('textbox', { name: 'Text (may stay empty)' }).fill('bread\nmilk');
		await page.getByRole('button', { name: 'Make file' }).click();
		await expect(app.row('list.txt')).toBeVisible();
		expect(await onDisk(page)).toMatchObject({
			'shot.png': 'pasted',
			'chosen.txt': 'chosen',
			'Trip/day 1/sea.txt': 'blue',
			'list.txt': 'bread\nmilk'
		});
		await page.keyboard.press('Control+z');
		await expect(app.row('list.txt')).toHaveCount(0);
	} finally {
		rmSync(outside, { recursive: true, force: true });
	}
});
