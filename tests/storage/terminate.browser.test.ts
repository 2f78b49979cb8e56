import { expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import type { News, Order } from './writer.worker.ts';
import { isNightly } from '../tier.ts';

const killsPerLane = isNightly ? 30 : 2;
const kills = 3 * killsPerLane;
const rowsPerBatch = 400;

/** One worker and what it says. `until` waits for news; a failure rejects. */
function startWorker(order: Order) {
	const worker = new Worker(new URL('./writer.worker.ts', import.meta.url), { type: 'module' });
	const heard: News[] = [];
	const waiting: (() => void)[] = [];
	const wake = () => {
		for (const resolve of waiting.splice(0)) resolve();
	};
	worker.onmessage = ({ data }: MessageEvent<News>) => {
		heard.push(data);
		wake();
	};
	worker.onerror = ({ message }) => {
		heard.push({ type: 'failed', message });
		wake();
	};
	worker.postMessage(order);
	const until = async <Type extends News['type']>(type: Type, count = 1): Promise<Extract<News, { type: Type }>> => {
		for (;;) {
			const failed = heard.find((news) => news.type === 'failed');
			if (failed && type !== 'failed') throw new Error(failed.message);
			const found = heard.filter((news): news is Extract<News, { type: Type }> => news.type === type);
			const last = found[count - 1];
			if (last) return last;
			await new Promise<void>((resolve) => waiting.push(resolve));
		}
	};
	return { until, heard, end: () => worker.terminate() };
}

function lastAcknowledged(heard: readonly News[]): number {
	return heard.reduce((last, news) => (news.type === 'acknowledged' ? news.batch : last), 0);
}

async function checked(folder: string) {
	const checker = startWorker({ folder, task: 'check', isSafe: true });
	const news = await checker.until('checked');
	checker.end();
	return news;
}

async function removed(folder: string): Promise<void> {
	const remover = startWorker({ folder, task: 'remove', isSafe: true });
	await remover.until('removed');
	remover.end();
}

/** Ends `count` workers of one library, one after the other, and tells what each left. */
async function lane(count: number) {
	const folder = `kill-${crypto.randomUUID()}`;
	const seen = { hotJournals: 0, slowestMs: 0, batches: 0 };
	for (let kill = 0; kill < count; kill++) {
		const writer = startWorker({ folder, task: 'write', isSafe: true });
		await writer.until('middle', 1 + (kill % 3));
		writer.end();
		const acknowledged = Math.max(seen.batches, lastAcknowledged(writer.heard));
		const { news, hadHotJournal, openMs } = await checkedWithJournal(folder);
		expect(news.integrity).toEqual(['ok']);
		// It went on until the browser killed it, and its last words did not come through.
		expect(news.batch).toBeGreaterThanOrEqual(acknowledged);
		expect([news.rows, news.torn]).toEqual([news.batch * rowsPerBatch, 0]);
		seen.hotJournals += hadHotJournal ? 1 : 0;
		seen.slowestMs = Math.max(seen.slowestMs, openMs);
		seen.batches = news.batch;
	}
	await removed(folder);
	return seen;
}

test(`${kills} workers ended in the middle of a transaction lose nothing`, { timeout: 300_000 }, async () => {
	// Each worker writes without a pause, so that the browser has to kill it, which it does after two seconds.
	const lanes = await Promise.all([1, 2, 3].map(() => lane(killsPerLane)));
	const hotJournals = lanes.reduce((sum, seen) => sum + seen.hotJournals, 0);
	const slowestMs = Math.max(...lanes.map((seen) => seen.slowestMs));
	console.info(`${kills} kills: ${hotJournals} left a hot journal, slowest opening ${slowestMs.toFixed(0)} ms`);
	// Else the kills came between the transactions, and nothing was shown.
	expect(hotJournals).toBeGreaterThanOrEqual(kills / 2);
});

async function checkedWithJournal(folder: string) {
	const checker = startWorker({ folder, task: 'check', isSafe: true });
	const { openMs, hadHotJournal } = await checker.until('opened');
	const news = await checker.until('checked');
	checker.end();
	return { news, openMs, hadHotJournal };
}

test('without a journal a kill tears a transaction (negative control)', { timeout: 120_000 }, async () => {
	let torn = false;
	for (let kill = 0; kill < 8 && !torn; kill++) {
		const folder = `torn-${crypto.randomUUID()}`;
		const writer = startWorker({ folder, task: 'write', isSafe: false });
		await writer.until('middle', 2);
		writer.end();
		const checker = startWorker({ folder, task: 'check', isSafe: true });
		const news = await Promise.race([checker.until('checked'), checker.until('failed')]).catch(() => null);
		checker.end();
		torn = news?.type !== 'checked' || news.torn > 0 || JSON.stringify(news.integrity) !== '["ok"]';
		await removed(folder);
	}
	expect(torn).toBe(true);
});

test('a second worker is refused while the first holds the library', { timeout: 60_000 }, async () => {
	const folder = `held-${crypto.randomUUID()}`;
	const writer = startWorker({ folder, task: 'write', isSafe: true });
	await writer.until('acknowledged');
	const second = startWorker({ folder, task: 'check', isSafe: true });
	expect((await second.until('failed')).message).toContain('LibraryBusy');
	second.end();
	writer.end();
	expect((await checked(folder)).integrity).toEqual(['ok']);
	await removed(folder);
});

test(
	'a quota that is used up is told, rolled back, and writing goes on when there is room',
	{ timeout: 180_000 },
	async () => {
		const folder = `full-${crypto.randomUUID()}`;
		const { usage = 0 } = await navigator.storage.estimate();
		const limit = (quotaSize?: number) =>
			cdp().send('Storage.overrideQuotaForOrigin', { origin: location.origin, ...(quotaSize ? { quotaSize } : {}) });
		await limit(usage + 6_000_000);
		const filler = startWorker({ folder, task: 'fill', isSafe: true });
		const full = await filler.until('full');
		filler.end();
		expect([full.code, full.sqliteCode & 0xff]).toEqual(['full', 13]);
		expect(full.batch).toBe(lastAcknowledged(filler.heard));
		// Reading goes on while there is no room.
		const during = await checked(folder);
		expect([during.integrity, during.batch, during.torn]).toEqual([['ok'], full.batch, 0]);
		await limit();
		const writer = startWorker({ folder, task: 'write', isSafe: true });
		await writer.until('acknowledged', 2);
		writer.end();
		const after = await checked(folder);
		expect([after.integrity, after.torn]).toEqual([['ok'], 0]);
		expect(after.batch).toBeGreaterThanOrEqual(full.batch + 2);
		console.info(`quota: full after ${full.batch} batches`);
		await removed(folder);
	}
);
