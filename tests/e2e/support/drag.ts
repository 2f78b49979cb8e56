import type { Locator, Page } from '@playwright/test';
import { expect } from './app.ts';

/** What is said beside the pointer while rows are dragged. */
export const dragHint = (page: Page): Locator => page.locator('.hint');

async function middle(locator: Locator): Promise<{ x: number; y: number }> {
	const box = await locator.boundingBox();
	if (box === null) throw new Error('it is not on the screen');
	return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Takes a row up by its name. */
export async function pickUp(page: Page, row: Locator): Promise<void> {
	const { x, y } = await middle(row);
	await page.mouse.move(x, y);
	await page.mouse.down();
	await page.mouse.move(x + 4, y + 12, { steps: 3 });
}

/** Goes over something with what is dragged, and waits for what is said there. */
export async function carryTo(page: Page, over: Locator, words: string): Promise<void> {
	const { x, y } = await middle(over);
	await page.mouse.move(x, y, { steps: 3 });
	await expect(dragHint(page)).toContainText(words);
	// A browser asks anew all the time where a drop may go; a mouse of a test asks when it moves.
	await page.mouse.move(x + 1, y);
}
