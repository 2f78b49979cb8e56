import type { Page } from '@playwright/test';
import { ask, endLeader, leaderOf, stateOf, untilConnected } from './browser.ts';
import { expect, test } from './tabs.ts';

function statusOf(page: Page): Promise<{ state: string }> {
	return ask<{ state: string }>(page, 'library.status');
}

for (const from of ['the leader', 'another tab'] as const) {
	test(`locking in ${from} locks every tab, for whoever leads next as well`, async ({ tabs }) => {
		const pages = [await tabs.open(), await tabs.open(), await tabs.open()];
		const [first, second] = pages as [Page, Page, Page];
		await ask(first, 'library.create');
		const begunMs = Date.now();
		await ask(from === 'the leader' ? first : second, 'library.lock');
		for (const page of pages) expect(await statusOf(page)).toMatchObject({ state: 'locked' });
		console.log(`locked from ${from}: all three tabs say so after ${Date.now() - begunMs} ms`);
		// The worker that had it open has ended, and its memory with it: another leads, the first tab has a new one.
		await untilConnected(first);
		expect(await stateOf(first)).toBe('follower');
		// Each remaining worker in turn has to lead without a key, the restarted one as well.
		await endLeader(tabs, await leaderOf(pages), 'worker terminated');
		for (const page of pages) expect(await statusOf(page)).toMatchObject({ state: 'locked' });
		await endLeader(tabs, await leaderOf(pages), 'worker terminated');
		for (const page of pages) expect(await statusOf(page)).toMatchObject({ state: 'locked' });
	});
}

test('control: without locking, whoever leads next opens the library by itself', async ({ tabs }) => {
	const pages = [await tabs.open(), await tabs.open(), await tabs.open()];
	await ask(pages[0] as Page, 'library.create');
	for (let turn = 0; turn < 3; turn++) {
		await endLeader(tabs, await leaderOf(pages), 'worker terminated');
		for (const page of pages) expect(await statusOf(page)).toMatchObject({ state: 'open' });
	}
});

test('a tab that starts after the lock is given no key', async ({ tabs }) => {
	const first = await tabs.open();
	const second = await tabs.open();
	await ask(first, 'library.create');
	await ask(second, 'library.lock');
	const third = await tabs.open();
	await first.close();
	await second.close();
	expect(await statusOf(third)).toMatchObject({ state: 'locked' });
});

test('the only tab keeps no key of its own: its new worker starts locked', async ({ tabs }) => {
	const page = await tabs.open();
	await ask(page, 'library.create');
	await endLeader(tabs, page, 'worker terminated');
	expect(await statusOf(page)).toMatchObject({ state: 'locked' });
	await ask(page, 'library.unlock', { password: 'correct horse' });
	expect(await statusOf(page)).toMatchObject({ state: 'open' });
});
