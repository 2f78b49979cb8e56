import type { Locator, Page } from '@playwright/test';
import { expect, makeFiles, test, type AppScreen } from './support/app.ts';
import { onDisk, openPapers } from './support/papers.ts';

const tree = [
	'Letters/To Ines.txt',
	'Letters/notes.md',
	'Photos/lake.jpg',
	'Photos/sea.jpg',
	'apples.txt',
	'notes.md',
	'pears.txt',
	'plums.txt'
];

const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
const name = (page: Page) => page.getByRole('textbox', { name: 'Name', exact: true });

const pairsIn = (sheet: Locator) => sheet.getByRole('region', { name: 'Old and new names' }).getByRole('listitem');

/** Puts the keyboard on a row by typing the beginning of its name. */
async function typeTo(page: Page, app: AppScreen, row: string): Promise<void> {
	await page.keyboard.press('Home');
	await page.keyboard.type(row.slice(0, 4));
	await expect(app.row(row)).toBeFocused();
}

test.describe('changing files', () => {
	test('F37: what was put into the trash comes back, also after the app was closed', async ({ page, app }) => {
		await openPapers(page, app, tree);
		await app.row('apples.txt').click();
		await page.keyboard.press('Delete');
		await expect(app.row('apples.txt')).toHaveCount(0);
		await expect(page.getByText('Moved “apples.txt” to the trash')).toBeVisible();
		expect(await onDisk(page)).not.toContain('apples.txt');
		await app.row('pears.txt').click();
		await page.keyboard.press('Delete');
		await expect(app.row('pears.txt')).toHaveCount(0);
		await expect(page.getByText('Moved “pears.txt” to the trash')).toBeVisible();

		await page.keyboard.press('Control+z');
		await expect(app.row('pears.txt')).toBeVisible();
		expect(await onDisk(page)).toContain('pears.txt');
		await expect(app.row('apples.txt')).toHaveCount(0);

		await page.reload();
		await expect(app.row('pears.txt')).toBeVisible();
		await page.keyboard.press('Control+z');
		await expect(app.row('apples.txt')).toBeVisible();
		expect(await onDisk(page)).toContain('apples.txt');
	});

	test('F34: a name is typed over in its row, says what is wrong with it, and Tab goes to the next', async ({
		page,
		app
	}) => {
		await openPapers(page, app, tree);
		await app.row('notes.md').click();
		await page.keyboard.press('F2');
		await expect(name(page)).toBeFocused();
		expect(await page.evaluate(() => document.getSelection()?.toString())).toBe('notes');
		await page.keyboard.type('../up');
		await page.keyboard.press('Enter');
		const wrong = app.grid.getByRole('alert');
		await expect(wrong).toContainText('Nothing can be called');
		await expect(name(page)).toHaveAccessibleDescription(/Nothing can be called/);
		await name(page).fill('pears.txt');
		await page.keyboard.press('Enter');
		await expect(wrong).toContainText('“pears.txt” is there already.');
		await page.keyboard.press('Escape');
		await expect(name(page)).toHaveCount(0);
		await expect(app.row('notes.md')).toBeFocused();
		await page.keyboard.press('F2');
		await page.keyboard.type('thoughts');
		await page.keyboard.press('Tab');
		// The next name, with its own stem chosen.
		await expect(name(page)).toHaveValue('pears.txt');
		await page.keyboard.type('qui');
		// The list is put in its new order meanwhile: what is typed goes on in the row that has moved.
		await expect(app.row('thoughts.md')).toHaveAttribute('aria-rowindex', '6');
		await page.keyboard.type('nces');
		await expect(name(page)).toHaveValue('quinces.txt');
		await page.keyboard.press('Enter');
		await expect(app.row('quinces.txt')).toBeFocused();
		await expect.poll(() => onDisk(page)).toEqual(expect.arrayContaining(['quinces.txt', 'thoughts.md']));
		expect(await onDisk(page)).not.toContain('notes.md');
		// In their new order, so that the pointer meets the row that it is meant for.
		await expect(app.rows).toContainText(['Letters', 'Photos', 'apples', 'plums', 'quinces', 'thoughts']);
		// From the menu, and left for another row.
		await app.row('plums.txt').click({ button: 'right' });
		await page.getByRole('menuitem', { name: 'Rename' }).click();
		await expect(name(page)).toBeFocused();
		await page.keyboard.type('damsons');
		await app.row('apples.txt').click();
		await expect(app.row('damsons.txt')).toBeVisible();
		await expect(name(page)).toHaveCount(0);
		await page.keyboard.press('Control+z');
		await expect(app.row('plums.txt')).toBeVisible();
	});

	test(
		'F34: many are renamed by rules, with every name seen before, and what cannot be had stops it',
		{ tag: '@nightly' },
		async ({ page, app }) => {
			await openPapers(page, app, tree);
			await makeFiles(
				page,
				'Papers',
				Array.from({ length: 120 }, (_, at) => `Scans/scan ${at + 1}.txt`)
			);
			await page.keyboard.press('Control+k');
			await page.keyboard.type('look for changes');
			await page.keyboard.press('Enter');
			await app.open('Scans');
			await expect(app.grid).toHaveAttribute('aria-rowcount', '120');
			await app.rows.first().click();
			await page.keyboard.press('Control+a');
			await page.keyboard.press('F2');
			const sheet = dialog(page, 'Rename 120 items');
			const template = sheet.getByRole('textbox', { name: 'New name' });
			await expect(template).toBeFocused();
			await expect(sheet).toContainText('No name changes so far.');
			await template.fill('page');
			await expect(sheet).toContainText('119 names cannot be had.');
			await expect(sheet).toContainText('“page.txt” is there already.');
			await expect(sheet.getByRole('button', { name: 'Rename', exact: false }).last()).toBeDisabled();
			await template.fill('{page}');
			await expect(template).toHaveAccessibleDescription(/In braces stand/);
			await template.fill('page ');
			await sheet.getByRole('button', { name: 'Number' }).click();
			await expect(template).toHaveValue('page {n}');
			await sheet.getByRole('textbox', { name: 'Digits' }).fill('3');
			await expect(sheet).toContainText('120 names of 120 items will change.');
			const pairs = pairsIn(sheet);
			await expect(pairs.first()).toContainText('scan 1.txt');
			await expect(pairs.nth(1)).toContainText('page 002.txt');
			await template.focus();
			await page.keyboard.press('Enter');
			await expect(sheet).toBeHidden();
			await expect(app.row('page 001.txt')).toBeVisible();
			await expect(page.getByText('Renamed 120 items')).toBeVisible();
			expect(await onDisk(page)).toContain('Scans/page 120.txt');
			// Each takes the name of the one after it.
			await page.keyboard.press('End');
			for (let row = 0; row < 5; row++) await page.keyboard.press('Shift+ArrowUp');
			await page.keyboard.press('F2');
			const six = dialog(page, 'Rename 6 items');
			await six.getByRole('textbox', { name: 'New name' }).fill('page {n}');
			await six.getByRole('textbox', { name: 'First number' }).fill('116');
			await expect(pairsIn(six).first()).toContainText('page 116.txt');
			await six.getByRole('button', { name: 'Rename 6 items' }).click();
			await expect(app.row('page 121.txt')).toBeVisible();
			await expect.poll(() => onDisk(page)).not.toContain('Scans/page 115.txt');
			await page.keyboard.press('Control+z');
			await expect.poll(() => onDisk(page)).toContain('Scans/page 115.txt');
		}
	);

	test('F35: a folder is made, a file is doubled, and both are undone', async ({ page, app }) => {
		await openPapers(page, app, tree);
		await app.row('apples.txt').click();
		await page.keyboard.press('Control+Shift+N');
		await page.keyboard.type('Drafts');
		await page.keyboard.press('Enter');
		await expect(app.row('Drafts')).toBeVisible();
		expect(await onDisk(page)).toContain('Drafts');
		await page.keyboard.press('Control+d');
		await expect(app.row('apples (2).txt')).toBeVisible();
		await page.keyboard.press('Control+z');
		await expect(app.row('apples (2).txt')).toHaveCount(0);
		await page.keyboard.press('Control+z');
		await expect(app.row('Drafts')).toHaveCount(0);
		expect(await onDisk(page)).not.toContain('Drafts');
	});

	test('F32: a name that is taken is kept beside what is there, by keyboard alone', async ({ page, app }) => {
		await openPapers(page, app, tree);
		await app.row('notes.md').click();
		await page.keyboard.press('Control+c');
		await typeTo(page, app, 'Letters');
		await page.keyboard.press('Enter');
		await expect(app.row('To Ines.txt')).toBeVisible();
		await page.keyboard.press('Control+v');
		const sheet = dialog(page, 'Copy');
		await expect(sheet).toContainText('“notes.md” is there already.');
		await sheet.getByRole('radio', { name: 'Keep both' }).focus();
		await page.keyboard.press('Space');
		await expect(sheet).toContainText('Copy “notes.md” as “notes (2).md”');
		await sheet.getByRole('button', { name: 'Copy' }).focus();
		await page.keyboard.press('Enter');
		await expect(app.row('notes (2).md')).toBeVisible();
		expect(await onDisk(page)).toEqual(
			expect.arrayContaining(['Letters/notes (2).md', 'Letters/notes.md', 'notes.md'])
		);
	});

	test('F32: what is replaced goes into the trash, and what is skipped stays', async ({ page, app }) => {
		await openPapers(page, app, tree);
		await app.row('notes.md').click();
		await page.keyboard.press('Control+x');
		await expect(app.row('notes.md')).toHaveClass(/cut/);
		await app.open('Letters');
		await page.keyboard.press('Control+v');
		const sheet = dialog(page, 'Move');
		await sheet.getByRole('radio', { name: 'Skip' }).click();
		await expect(sheet.getByRole('heading', { name: 'Left as it is' })).toBeVisible();
		await sheet.getByRole('radio', { name: 'Replace' }).click();
		await expect(sheet).toContainText('Move “notes.md” to the trash');
		await sheet.getByRole('button', { name: /^Move/ }).click();
		await expect(sheet).toBeHidden();
		await expect.poll(() => onDisk(page)).not.toContain('notes.md');
		expect(await onDisk(page)).toContain('Letters/notes.md');
		await page.goto('/trash');
		await expect(page.getByRole('listitem').filter({ hasText: 'Papers / Letters' })).toContainText('notes.md');
		await page.getByRole('button', { name: 'Put back notes.md' }).click();
		const back = dialog(page, 'Put back');
		await back.getByRole('radio', { name: 'Replace' }).click();
		await expect(back).toContainText('Move “notes.md” to the trash');
		await back.getByRole('button', { name: 'Put back' }).click();
		await expect(back).toBeHidden();
		// What gave way lies there now.
		await expect(page.getByRole('region', { name: 'In the trash' }).getByRole('listitem')).toHaveCount(1);
	});

	test('F36: the trash shows what lies there, puts it back and is emptied', async ({ page, app }) => {
		await openPapers(page, app, tree);
		await page.goto('/trash');
		await expect(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();
		await page.goBack();
		await app.open('Photos');
		await app.row('lake.jpg').click();
		await page.keyboard.press('Delete');
		await expect(app.row('lake.jpg')).toHaveCount(0);
		await app.row('sea.jpg').click();
		await page.keyboard.press('Delete');
		await expect(app.row('sea.jpg')).toHaveCount(0);

		await page.keyboard.press('Control+k');
		await page.keyboard.type('trash');
		await page.getByRole('option', { name: /^Trash/ }).click();
		await expect(page.getByRole('heading', { name: 'Trash' })).toBeVisible();
		await expect(page.getByText('Papers / Photos')).toHaveCount(2);
		const listed = page.getByRole('region', { name: 'In the trash' }).getByRole('listitem');
		await expect(listed.first()).toContainText('sea.jpg');
		await page.getByRole('radio', { name: 'Name' }).click();
		await expect(listed.first()).toContainText('lake.jpg');
		const search = page.getByRole('textbox', { name: 'Search in the trash' });
		await search.fill('SEA');
		await expect(listed).toHaveCount(1);
		await expect(app.button('Put 1 back')).toBeVisible();
		await search.fill('nothing');
		await expect(page.getByText('Nothing in the trash is called so.')).toBeVisible();
		await search.fill('');
		await app.button('Put all back').click();
		await expect(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();
		expect(await onDisk(page)).toEqual(expect.arrayContaining(['Photos/lake.jpg', 'Photos/sea.jpg']));
		await page.keyboard.press('Control+z');
		await expect(listed).toHaveCount(2);
		await expect(page.getByText('Deleted in 30 days')).toHaveCount(2);
		await page.getByRole('combobox', { name: 'Delete from the trash for good' }).selectOption('7');
		await expect(page.getByText('Deleted in 7 days')).toHaveCount(2);
		await app.button('Undo').click();
		await expect(page.getByText('Deleted in 30 days')).toHaveCount(2);
		await page.getByRole('button', { name: 'Put back lake.jpg' }).focus();
		await page.keyboard.press('Enter');
		await expect(page.getByRole('button', { name: 'Put back lake.jpg' })).toHaveCount(0);
		expect(await onDisk(page)).toContain('Photos/lake.jpg');

		await app.button('Empty trash').focus();
		await page.keyboard.press('Enter');
		const sheet = dialog(page, 'Empty trash');
		await expect(sheet).toContainText('This cannot be undone.');
		await page.keyboard.press('Escape');
		await expect(page.getByRole('button', { name: 'Put back sea.jpg' })).toBeVisible();
		await app.button('Empty trash').focus();
		await page.keyboard.press('Enter');
		await sheet.getByRole('button', { name: 'Delete for good' }).focus();
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();
	});

	test('F29: a folder is picked to move into, by keyboard alone', async ({ page, app }) => {
		await openPapers(page, app, tree);
		await app.row('plums.txt').click();
		await page.keyboard.press('Control+Shift+M');
		const picker = dialog(page, 'Move 1 item to…');
		await expect(picker.getByRole('button', { name: 'Letters' })).toBeFocused();
		await expect(picker.getByRole('button', { name: 'Move here' })).toBeDisabled();
		await page.keyboard.press('ArrowLeft');
		await expect(picker.getByRole('list').getByRole('button', { name: 'Papers' })).toBeFocused();
		await page.keyboard.press('Enter');
		await expect(picker.getByRole('button', { name: 'Letters' })).toBeFocused();
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Enter');
		await expect(picker).toContainText('No folders in here.');
		await picker.getByRole('button', { name: 'Move here' }).focus();
		await page.keyboard.press('Enter');
		await expect(picker).toBeHidden();
		await expect(app.row('plums.txt')).toHaveCount(0);
		await expect.poll(() => onDisk(page)).toContain('Photos/plums.txt');
	});

	test('a folder that may only be read is asked for once more, and a refusal changes nothing', async ({
		page,
		app
	}) => {
		await openPapers(page, app, tree);
		await page.evaluate(() => {
			let answer = 'denied';
			Object.assign(FileSystemHandle.prototype, {
				queryPermission: async ({ mode }: { mode: string }) => (mode === 'read' ? 'granted' : 'prompt'),
				requestPermission: async (wanted: unknown) => {
					window.pickerCalls.push({ what: 'permission', argument: wanted });
					const given = answer;
					answer = 'granted';
					return given;
				}
			});
		});
		const before = await page.evaluate(() => window.pickerCalls.length);
		await app.row('plums.txt').click();
		await page.keyboard.press('Delete');
		await expect(page.getByText('“Papers” was left as it is.')).toBeVisible();
		await expect(app.row('plums.txt')).toBeVisible();
		expect(await onDisk(page)).toContain('plums.txt');
		expect(await page.evaluate(() => window.pickerCalls.length)).toBe(before + 1);
		await app.row('plums.txt').click();
		await page.keyboard.press('Delete');
		await expect(app.row('plums.txt')).toHaveCount(0);
		expect(await page.evaluate(() => window.pickerCalls.at(-1)?.argument)).toEqual({ mode: 'readwrite' });
	});
});
