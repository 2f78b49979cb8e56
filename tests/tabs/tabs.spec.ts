import type { Page } from '@playwright/test';
import { ask, begin, endLeader, leaderOf, settled, stateOf, untilConnected, ways } from './browser.ts';
import type { Line } from './page/stand-in-core.ts';
import { expect, test } from './tabs.ts';

async function texts(page: Page): Promise<string[]> {
	return (await ask<Line[]>(page, 'test.lines')).map(({ text }) => text);
}

test('three tabs work on one library, one of them holds it', async ({ tabs }) => {
	const pages = [await tabs.open(), await tabs.open(), await tabs.open()];
	const [first, second, third] = pages as [Page, Page, Page];
	await ask(first, 'library.create');
	await ask(second, 'test.append', { text: 'two' });
	await ask(third, 'test.append', { text: 'three' });
	await ask(first, 'test.append', { text: 'one' });
	for (const page of pages) expect(await texts(page)).toEqual(['two', 'three', 'one']);
	expect(await leaderOf(pages)).toBe(first);
	expect((await Promise.all(pages.map(stateOf))).toSorted()).toEqual(['follower', 'follower', 'leader']);
});

for (const way of ways) {
	test(`the others go on when the leader is ${way}`, { tag: '@timed' }, async ({ tabs }) => {
		const first = await tabs.open();
		const others = [await tabs.open(), await tabs.open()];
		await ask(first, 'library.create');
		await ask(first, 'test.append', { text: 'before' });
		await endLeader(tabs, first, way);
		const begunMs = Date.now();
		for (const [index, page] of others.entries()) await ask(page, 'test.append', { text: `after ${index}` });
		const tookMs = Date.now() - begunMs;
		console.log(`leader ${way}: both others wrote again within ${tookMs} ms`);
		expect(tookMs).toBeLessThan(2_000);
		expect(await texts(others[0] as Page)).toEqual(['before', 'after 0', 'after 1']);
		await leaderOf(others);
		if (way === 'worker terminated') {
			await untilConnected(first);
			expect(await texts(first)).toEqual(['before', 'after 0', 'after 1']);
		}
	});
}

for (const applyTwice of [false, true]) {
	const says = applyTwice ? 'control: it is there twice when the core ignores the command id' : 'it is applied once';
	test(`a write that was applied and not acknowledged is sent again: ${says}`, async ({ tabs }) => {
		const first = await tabs.open();
		const second = await tabs.open();
		await ask(first, 'library.create');
		await begin(second, 'silent', 'test.append-silently', { text: 'once', applyTwice });
		await expect.poll(() => texts(first)).toEqual(['once']);
		await endLeader(tabs, first, 'closed');
		expect(await settled(second, 'silent')).toEqual({ ok: true, value: { isKnown: true } });
		expect(await texts(second)).toEqual(applyTwice ? ['once', 'once'] : ['once']);
	});
}

test('calls in flight during a switch all settle', async ({ tabs }) => {
	const first = await tabs.open();
	const others = [await tabs.open(), await tabs.open()];
	await ask(first, 'library.create');
	const burst = (page: Page, prefix: string) =>
		page.evaluate(async (name) => {
			const { signal } = new AbortController();
			const calls = Array.from({ length: 100 }, (_, n) =>
				window.atoll.call('test.append', { text: `${name} ${n}` }, signal)
			);
			return (await Promise.all(calls)).filter(({ ok }) => !ok).length;
		}, prefix);
	const bursts = others.map((page, index) => burst(page, `page ${index}`));
	await endLeader(tabs, first, 'closed');
	expect(await Promise.all(bursts)).toEqual([0, 0]);
	const all = await texts(others[0] as Page);
	expect(new Set(all).size).toBe(200);
	expect(all.length).toBe(200);
});

test('an abort reaches the core, and so does the death of a tab', async ({ tabs }) => {
	const first = await tabs.open();
	const second = await tabs.open();
	for (const page of [first, second]) {
		const before = await ask<number>(first, 'test.aborted');
		const answer = await page.evaluate(async () => {
			const giveUp = new AbortController();
			const answer = window.atoll.call('test.wait', {}, giveUp.signal);
			await window.atoll.call('test.aborted', {}, new AbortController().signal);
			giveUp.abort();
			return answer;
		});
		expect(answer).toEqual({ ok: false, failure: { type: 'Cancelled' } });
		await expect.poll(() => ask<number>(first, 'test.aborted')).toBe(before + 1);
	}
	await begin(second, 'waiting', 'test.wait');
	await ask(second, 'test.aborted');
	await second.close();
	await expect.poll(() => ask<number>(first, 'test.aborted')).toBe(3);
});

test('a worker that dies in a call does not leave it hanging; bare Comlink does', async ({ tabs }) => {
	const page = await tabs.open();
	await ask(page, 'library.create');
	await begin(page, 'killing', 'test.kill');
	const answer = await settled(page, 'killing');
	expect(answer).toEqual({
		ok: false,
		failure: { type: 'CoreFailed', command: 'test.kill', detail: 'the core stopped each time it ran this' }
	});
	expect(await ask(page, 'library.status')).toMatchObject({ state: 'locked' });

	// The control: the same command through Comlink alone. It leads once the page's own worker is gone.
	await page.evaluate(() => window.atoll.callBare());
	await page.evaluate(() => window.atoll.client.close());
	await page.waitForFunction(() => window.atoll.bare?.isDead);
	// Long after the death, by what the browser itself counts as later: another core has been born and has answered.
	const other = await tabs.open();
	await ask(other, 'library.unlock', { password: 'correct horse' });
	expect(await page.evaluate(() => window.atoll.bare?.isSettled)).toBe(false);
});

test('a defect stops the call that met it and nothing else', async ({ tabs }) => {
	const page = await tabs.open();
	await ask(page, 'library.create');
	const failures = [];
	for (const name of ['test.defect', 'test.nothing']) {
		await begin(page, name, name);
		failures.push(await settled(page, name));
	}
	expect(failures).toEqual([
		{ ok: false, failure: { type: 'CoreFailed', command: 'test.defect', detail: 'TypeError: planted' } },
		{ ok: false, failure: { type: 'CoreFailed', command: 'test.nothing', detail: 'there is no such command' } }
	]);
	expect(await ask(page, 'library.status')).toMatchObject({ state: 'open' });
});

test('a live query follows changes of other tabs and of the leader', async ({ tabs }) => {
	const first = await tabs.open();
	const second = await tabs.open();
	const third = await tabs.open();
	await ask(first, 'library.create');
	await second.evaluate(() => {
		const { client, LiveQuery } = window.atoll;
		const input = { folder: 1, order: { by: 'name', descending: false } };
		window.atoll.query = new LiveQuery(client, 'entries.ids', input as never);
	});
	const count = () => second.evaluate(() => window.atoll.query?.value?.length);
	await expect.poll(count).toBe(0);
	await ask(third, 'test.append', { text: 'one' });
	await expect.poll(count).toBe(1);
	await endLeader(tabs, first, 'closed');
	await ask(third, 'test.append', { text: 'two' });
	await expect.poll(count).toBe(2);
	await ask(third, 'library.lock');
	await expect
		.poll(() => second.evaluate(() => [window.atoll.query?.value, window.atoll.query?.failure?.type]))
		.toEqual([null, 'LibraryLocked']);
	await ask(third, 'library.unlock', { password: 'correct horse' });
	await expect.poll(count).toBe(2);
});

test('a storm of events costs a live query about four runs a second', { tag: '@nightly' }, async ({ tabs }) => {
	const page = await tabs.open();
	await ask(page, 'library.create');
	const seen = await page.evaluate(async () => {
		const { client, call, LiveQuery } = window.atoll;
		let runs = 0;
		let events = 0;
		const counting: typeof client = {
			...client,
			call: (name, given, signal) => {
				runs++;
				return client.call(name, given, signal);
			}
		};
		const input = { folder: 1, order: { by: 'name', descending: false } };
		const query = new LiveQuery(counting, 'entries.ids', input as never);
		client.onEvent(() => events++);
		const begunMs = performance.now();
		await call('test.storm', { events: 1_000 }, new AbortController().signal);
		const seconds = (performance.now() - begunMs) / 1_000;
		query.close();
		return { runs, events, seconds };
	});
	console.log(`1000 events in ${seen.seconds.toFixed(1)} s: ${seen.events} messages, ${seen.runs} runs`);
	expect(seen.runs).toBeGreaterThan(2);
	expect(seen.runs).toBeLessThanOrEqual(2 + 4 * seen.seconds);
	expect(seen.events).toBeLessThanOrEqual(2 + 10 * seen.seconds);
});
