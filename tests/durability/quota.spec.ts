import type { Page } from '@playwright/test';
import { seeded } from '../tabs/random.ts';
import { isNightly } from '../tier.ts';
import { expect, newSeed, test } from './durability.ts';
import { addLocation, ask, call, Profile, refusal } from './profile.ts';
import { serveSite } from './site.ts';

const schedules = isNightly ? 30 : 1;
const password = 'correct horse battery';
const diskFull = { type: 'DiskFull', where: 'browser storage', retry: 'soon' };

/** How much the browser lets this origin keep: the limit of a disk, in small. */
type Quota = {
	/** Leaves room for so much more than there is. */
	leave(roomBytes: number): Promise<void>;
	lift(): Promise<void>;
};

async function quotaOf(profile: Profile, page: Page): Promise<Quota> {
	const session = await profile.context.newCDPSession(page);
	const { origin } = profile.site;
	return {
		leave: async (roomBytes) => {
			const { usage } = await session.send('Storage.getUsageAndQuota', { origin });
			await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: Math.floor(usage + roomBytes) });
		},
		lift: async () => void (await session.send('Storage.overrideQuotaForOrigin', { origin }))
	};
}

/** A folder of names that nothing can compress, picked; gives what an index of it shows. */
async function plantNoise(page: Page, folder: string, random: () => number): Promise<Record<string, number>> {
	const noise = () => Array.from({ length: 100 }, () => Math.floor(random() * 36).toString(36)).join('');
	const planted: Record<string, number> = {};
	for (let at = 0; at < 20; at++) {
		// More than one page of a listing, and never as many: a batch ends in the middle of some.
		const files = 110 + Math.floor(random() * 80);
		planted[`folder ${at}`] = -1;
		for (let file = 0; file < files; file++) planted[`folder ${at}/${noise()}.txt`] = 0;
	}
	const files = Object.entries(planted).filter(([, size]) => size >= 0);
	await page.evaluate((order) => window.probe.plant(order), { folder, files });
	return planted;
}

async function addPlanted(page: Page, folder: string): Promise<{ id: number; entry: number }> {
	const root = await page.evaluate((name) => window.probe.pick(name), folder);
	return addLocation<{ id: number; entry: number }>(page, { root, name: null });
}

/** Paths of `wanted` that `there` has not, or has in another size. */
function missing(wanted: Record<string, number>, there: Record<string, number>): string[] {
	return Object.keys(wanted).filter((path) => there[path] !== wanted[path]);
}

type Full = { readonly refusals: number; readonly flaws: readonly unknown[]; readonly shown: Record<string, number> };

/** Indexes with ever more room until the run comes to its end, and looks at the library each time it does not. */
async function indexBitByBit(page: Page, quota: Quota, location: { id: number; entry: number }, random: () => number) {
	const flaws: unknown[] = [];
	let [refusals, known] = [0, 0];
	for (let roomBytes = 50_000; ; roomBytes += random() * 400_000) {
		// A batch that does not fit takes its room with it: what there is grows beyond any batch.
		await quota.leave(roomBytes);
		const answer = await call(page, 'index.run', { location: location.id, acceptEmpty: false });
		const used = await ask<{ files: number; folders: number }>(page, 'entries.usage', { entry: location.entry });
		const there = used.files + used.folders;
		if (there < known) flaws.push(`${known} entries were there, now ${there}`);
		known = there;
		const { found } = await ask<{ found: { id: number }[] }>(page, 'search.names', { words: 'txt', limit: 5 });
		if (found.length < Math.min(5, used.files)) flaws.push(`${found.length} found of ${used.files}`);
		flaws.push(...(await ask<{ flaws: unknown[] }>(page, 'library.verify')).flaws);
		if (answer.ok) break;
		expect(answer.failure).toEqual(diskFull);
		refusals++;
	}
	const shown = await page.evaluate((entry) => window.probe.sizes(entry), location.entry);
	return { refusals, flaws, shown } satisfies Full;
}

test(
	`storage that runs full stops a run, which goes on when there is room: ${schedules} schedules`,
	{ tag: '@nightly' },
	async ({ profile }) => {
		test.setTimeout(60_000 + schedules * 60_000);
		const random = seeded(newSeed());
		const page = await (await profile.start()).open();
		const quota = await quotaOf(profile, page);
		for (let schedule = 0; schedule < schedules; schedule++) {
			// A library of its own each time: pages that another schedule left free would be room.
			await ask(page, 'library.create', { name: 'Home', password: null });
			const folder = `planted ${schedule}`;
			const planted = await plantNoise(page, folder, random);
			const location = await addPlanted(page, folder);
			const { refusals, flaws, shown } = await indexBitByBit(page, quota, location, random);
			console.log(`schedule ${schedule}: full ${refusals} times, ${Object.keys(shown).length} entries`);
			expect(refusals).toBeGreaterThan(0);
			expect(flaws).toEqual([]);
			expect(missing(planted, shown)).toEqual([]);
			expect(missing(shown, planted)).toEqual([]);
			await quota.lift();
			await ask(page, 'library.remove');
		}
	}
);

test('control: writes that were refused and believed are found out', { tag: '@nightly' }, async () => {
	test.setTimeout(120_000);
	const site = await serveSite({
		file: 'library-vfs.ts',
		edits: { [`error.name === 'QuotaExceededError' ? sqliteFull`]: `error.name === 'QuotaExceededError' ? sqliteOk` }
	});
	const profile = new Profile(site);
	try {
		const page = await (await profile.start()).open();
		await ask(page, 'library.create', { name: 'Home', password: null });
		await plantNoise(page, 'planted', seeded(1));
		const location = await addPlanted(page, 'planted');
		await (await quotaOf(profile, page)).leave(400_000);
		await call(page, 'index.run', { location: location.id, acceptEmpty: false });
		await ask(page, 'library.lock');
		const opened = await call(page, 'library.unlock', { by: 'device' });
		const verified = opened.ok ? await ask<{ flaws: unknown[] }>(page, 'library.verify') : null;
		expect(verified?.flaws ?? [opened]).not.toEqual([]);
	} finally {
		await profile.end();
		await site.close();
	}
});

for (const given of [password, null]) {
	test(`without room no library is made, ${given === null ? 'without' : 'with'} a password, and with room it is`, async ({
		profile
	}) => {
		const page = await (await profile.start()).open();
		const quota = await quotaOf(profile, page);
		// The folder of libraries is there in any case.
		await call(page, 'library.unlock', { by: 'device' });
		for (const roomBytes of [0, 1_000, 10_000, 40_000, 80_000]) {
			await quota.leave(roomBytes);
			expect(await refusal(page, 'library.create', { name: 'Home', password: given }), `${roomBytes} bytes`).toEqual(
				diskFull
			);
			expect(await ask(page, 'library.status')).toEqual({ state: 'none' });
		}
		await quota.lift();
		await ask(page, 'library.create', { name: 'Home', password: given });
		expect((await ask<{ flaws: unknown[] }>(page, 'library.verify')).flaws).toEqual([]);
	});
}

test(
	'a backup without room is refused, leaves nothing behind, and works with room',
	{ tag: '@nightly' },
	async ({ profile }) => {
		test.setTimeout(90_000);
		const page = await (await profile.start()).open();
		const quota = await quotaOf(profile, page);
		await ask(page, 'library.create', { name: 'Home', password: null });
		await plantNoise(page, 'planted', seeded(1));
		const location = await addPlanted(page, 'planted');
		await ask(page, 'index.run', { location: location.id, acceptEmpty: false });
		const makeBackup = () =>
			page.evaluate(async () => {
				const made = await window.probe.client.makeBackup(new AbortController().signal);
				return made.ok ? { sizeBytes: made.value.size } : made.failure;
			});
		const kept = async () =>
			Object.keys(await page.evaluate(() => window.probe.storedFiles.readAll())).filter(
				(path) => !path.startsWith('planted')
			);
		const before = await kept();
		// Room for none of it, for a part of the copy, and for the copy and a part of the archive.
		for (const roomBytes of [0, 400_000, 2_500_000]) {
			await quota.leave(roomBytes);
			expect(await makeBackup(), `${roomBytes} bytes`).toEqual(diskFull);
			expect(await kept()).toEqual(before);
			expect((await ask<{ flaws: unknown[] }>(page, 'library.verify')).flaws).toEqual([]);
			const input = { location: location.id, name: `left ${roomBytes}` };
			await ask(page, 'actions.commit', { action: 'locations.rename', input, plan: null });
		}
		await quota.lift();
		expect(await makeBackup()).toMatchObject({ sizeBytes: expect.any(Number) });
	}
);
