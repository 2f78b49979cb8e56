import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { EntryId } from '#core/kernel';
import { act, addIndexed, drive, type Driver } from '../conformance/core-driver.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
const yearMs = 365 * dayMs;
const kills = isNightly ? 40 : 4;

type Home = { readonly host: SimHost; readonly root: string; readonly driver: Driver };

/** A library with a folder of files, whose trash is kept while the simulated time goes by. */
async function prepared(seed = 1, names: readonly string[] = ['old', 'new', 'stays']): Promise<Home> {
	const host = createSimHost(seed);
	const root = host.files.put('/files/tree', Object.fromEntries(names.map((name) => [name, `bytes of ${name}`])));
	const driver = drive(createSimWorld(seed, host), 1);
	await driver.value('library.create', { name: 'Home', password: null });
	await addIndexed(driver, root);
	return { host, root, driver };
}

async function find(driver: Driver, name: string): Promise<EntryId> {
	return (await driver.value('entries.resolve', { path: `/tree/${name}`, from: null })).id;
}

async function trash({ driver }: Home, ...names: readonly string[]): Promise<void> {
	const entries = await Promise.all(names.map((name) => find(driver, name)));
	await act(driver, 'files.trash', { entries });
}

/** Lets time go by, half a day at a time, and what is begun come to its end. */
async function pass({ host, driver }: Home, ms: number): Promise<void> {
	const untilMs = host.clock.elapsedMs() + ms;
	while (host.clock.elapsedMs() < untilMs) {
		await host.clock.advance(Math.min(12 * hourMs, untilMs - host.clock.elapsedMs()));
		await settle(driver);
	}
}

async function settle(driver: Driver): Promise<void> {
	for (let turn = 0; turn < 20; turn++) await setImmediate();
	for (const { id, state } of await driver.value('actions.history', { before: null }))
		if (state === 'running') await driver.value('actions.end', { action: id });
}

/** What lies in the trash by the library, and by the disk. */
async function held({ host, root, driver }: Home): Promise<{ readonly known: string[]; readonly there: number }> {
	const { items } = await driver.value('files.trash-list', { offset: 0, limit: 1_000 });
	const bins = host.files.find(`${root}/.atoll-trash`)?.children;
	const there = [...(bins?.values() ?? [])].reduce((sum, { children }) => sum + children.size, 0);
	return { known: items.map(({ originalName }) => originalName).toSorted(), there };
}

/** How much would be deleted if the clock were taken at its word. */
async function dueByClock({ host, driver }: Home): Promise<number> {
	const input = { beforeMs: host.clock.nowMs() - 30 * dayMs };
	return (await driver.value('actions.preview', { action: 'files.purge', input })).counts.operations;
}

describe('what lies in the trash', () => {
	test('goes when its time is over, and nothing before', async () => {
		const home = await prepared();
		await trash(home, 'old');
		await pass(home, 20 * dayMs);
		await trash(home, 'new');
		await pass(home, 9.5 * dayMs);
		expect(await held(home)).toEqual({ known: ['new', 'old'], there: 2 });
		await pass(home, 3 * dayMs);
		expect(await held(home)).toEqual({ known: ['new'], there: 1 });
		await pass(home, 20 * dayMs);
		expect(await held(home)).toEqual({ known: [], there: 0 });
		expect(home.host.files.find(`${home.root}/stays`)).toBeDefined();
		const [last] = await home.driver.value('actions.history', { before: null });
		expect(last).toMatchObject({ action: 'files.purge', state: 'done', isUndoable: false });
		expect((await home.driver.value('library.verify', {})).flaws).toEqual([]);
		await home.driver.core.close();
	});

	test('stays as long as is set: for ever, or less, and what would go at once is said before', async () => {
		const home = await prepared();
		const keep = (to: number | null) => ({ action: 'library.change-setting', input: { setting: 'trashDays', to } });
		await home.driver.value('actions.commit', { ...keep(null), plan: null });
		await trash(home, 'old');
		await pass(home, 100 * dayMs);
		expect((await held(home)).known).toEqual(['old']);
		const unseen = await home.driver.failure('actions.commit', { ...keep(90), plan: null });
		expect(unseen).toMatchObject({ type: 'PlanUnseen', plan: { warnings: [{ type: 'TrashDue', items: 1 }] } });
		await act(home.driver, 'library.change-setting', keep(90).input);
		await pass(home, dayMs);
		expect((await held(home)).known).toEqual([]);
		await home.driver.core.close();
	});

	test('waits while its disk is away, and goes once that is back', async () => {
		const home = await prepared();
		await trash(home, 'old');
		await pass(home, 10 * dayMs);
		home.host.files.at(home.root).fault = 'vanishes';
		await pass(home, 30 * dayMs);
		expect((await held(home)).known).toEqual(['old']);
		home.host.files.at(home.root).fault = null;
		await home.driver.value('volumes.look', {});
		await pass(home, 2 * dayMs);
		expect(await held(home)).toEqual({ known: [], there: 0 });
		await home.driver.core.close();
	});
});

describe('a clock that is wrong', () => {
	test.each([
		['while the library is open', false],
		['while it is closed', true]
	])('a year ahead for half a day, %s: nothing goes', async (_, isClosed) => {
		const home = await prepared();
		const { host } = home;
		await trash(home, 'old');
		await pass(home, 5 * dayMs);
		const set = async (aheadMs: number): Promise<Home> => {
			if (isClosed) await home.driver.core.close();
			host.clock.setNow(host.clock.nowMs() + aheadMs);
			if (!isClosed) return home;
			const driver = drive(createSimWorld(1, host), 1);
			await driver.value('library.unlock', { by: 'device' });
			return { ...home, driver };
		};
		const ahead = await set(yearMs);
		await pass(ahead, dayMs / 2);
		// Without what is remembered of the clock it would be gone by now.
		expect(await dueByClock(ahead)).toBe(1);
		if (isClosed) await ahead.driver.core.close();
		const back = await set(-yearMs);
		await pass(back, 10 * dayMs);
		expect(await held(back)).toEqual({ known: ['old'], there: 1 });
		await pass(back, 18 * dayMs);
		expect(await held(back)).toEqual({ known: [], there: 0 });
		await back.driver.core.close();
	});

	test('jumping ahead twice within a day is not believed either', async () => {
		const home = await prepared();
		await trash(home, 'old');
		await pass(home, 5 * dayMs);
		for (let jump = 0; jump < 3; jump++) {
			home.host.clock.setNow(home.host.clock.nowMs() + yearMs);
			await pass(home, 6 * hourMs);
		}
		expect(await dueByClock(home)).toBe(1);
		expect((await held(home)).known).toEqual(['old']);
		await home.driver.core.close();
	});

	test('a year behind when something is put there: it stays for its days once the clock is right', async () => {
		const home = await prepared();
		await pass(home, 5 * dayMs);
		home.host.clock.setNow(home.host.clock.nowMs() - yearMs);
		await trash(home, 'old');
		await pass(home, 2 * dayMs);
		home.host.clock.setNow(home.host.clock.nowMs() + yearMs);
		await pass(home, 20 * dayMs);
		expect((await held(home)).known).toEqual(['old']);
		await pass(home, 13 * dayMs);
		expect((await held(home)).known).toEqual([]);
		await home.driver.core.close();
	});
});

test('a kill while it goes loses nothing that is not due, and the rest goes afterwards', async () => {
	const seed = testSeed('trash kills');
	const random = createSimRandom(seed);
	const names = Array.from({ length: 20 }, (_, at) => `file ${at}`);
	let cut = 0;
	// Some come when all of it is done.
	for (let kill = 0; kill < kills || (cut === 0 && kill < 10 * kills); kill++) {
		const home = await prepared(seed + kill, names);
		const { host, root } = home;
		const due = names.filter(() => random.chance(0.6));
		const kept = names.filter((name) => !due.includes(name)).slice(0, 5);
		await trash(home, ...due);
		await pass(home, 20 * dayMs);
		await trash(home, ...kept);
		await pass(home, 9 * dayMs);
		// From here on: the day on which they go.
		host.disk.powerLossAt = host.disk.operations + 40 + random.integer(400);
		const going = pass(home, 4 * dayMs).then(
			() => true,
			() => false
		);
		const lost = async () => {
			while (host.disk.powerLossAt !== null && host.disk.operations <= host.disk.powerLossAt) await setImmediate();
			return false;
		};
		const isWhole = await Promise.race([going, lost()]);
		host.disk.powerLossAt = null;
		if (!isWhole) cut++;
		host.disk.kill();
		const fresh = createSimHost(seed + kill, host.disk);
		fresh.clock.setNow(host.clock.nowMs());
		const { files, volumes, changes, secrets } = host;
		const driver = drive(createSimWorld(seed, { ...fresh, files, volumes, changes, secrets }), 1);
		await driver.value('library.unlock', { by: 'device' });
		const again: Home = { host: { ...fresh, files, volumes, changes, secrets }, root, driver };
		expect((await held(again)).known, `seed ${seed}, kill ${kill}`).toEqual(expect.arrayContaining(kept));
		await pass(again, 6 * dayMs);
		const left = await held(again);
		expect(left, `seed ${seed}, kill ${kill}`).toEqual({ known: kept.toSorted(), there: kept.length });
		expect((await driver.value('library.verify', {})).flaws).toEqual([]);
		await driver.core.close();
	}
	expect(cut, `seed ${seed}`).toBeGreaterThan(0);
});
