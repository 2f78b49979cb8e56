import { expect, test, vi } from 'vitest';
import { inLibrary, type Home } from './home.ts';

type ScheduleJson = { readonly id: number; readonly kind: string; readonly target: string; readonly nextMs: number };

async function schedulesOf(home: Home): Promise<readonly ScheduleJson[]> {
	return JSON.parse((await home.runHere(['jobs', 'schedules', '--json'])).out).schedules;
}

test('schedules are set, listed, replaced and taken away; one of a folder goes with it', async () => {
	await inLibrary(async (home) => {
		home.write('tree/a', 'a');
		expect((await home.runHere(['add', 'tree'])).code).toBe(0);
		expect((await home.runHere(['jobs', 'schedules'])).err).toContain('No schedules.');
		const set = await home.runHere(['jobs', 'schedule', 'index', '/tree', '0 3 * * *']);
		expect(set).toMatchObject({ code: 0, err: '' });
		expect(set.out).toMatch(/^\d+: do index \/tree by itself: 0 3 \* \* \*\n$/);
		const listed = await home.runHere(['jobs', 'schedules']);
		expect(listed.out).toMatch(/^1 {2}0 3 \* \* \* {2}index \/tree {2}next \d{4}-\d\d-\d\d 03:00/);
		expect((await home.runHere(['jobs', 'schedule', 'scrub', 'tree', '0 4 * * sun'])).code).toBe(0);
		expect((await home.runHere(['jobs', 'schedule', 'queue', '@ 4 * * *'])).code).toBe(2);
		expect((await home.runHere(['jobs', 'schedule', 'queue', '5 4 * * *'])).code).toBe(0);
		expect((await home.runHere(['jobs', 'schedule', 'index', 'tree', '30 3 * * *'])).code).toBe(0);
		const kinds = (await schedulesOf(home)).map(({ id, kind, target }) => [id, kind, target]);
		expect(kinds).toEqual([
			[1, 'index', '1'],
			[2, 'scrub', '1'],
			[3, 'queue', 'library']
		]);
		const gone = await home.runHere(['jobs', 'unschedule', '3']);
		expect(gone.out).toMatch(/^\d+: no longer do queue by itself\n$/);
		expect((await home.runHere(['jobs', 'unschedule', '3'])).code).toBe(5);
		expect((await home.runHere(['jobs', 'schedules'])).out.split('\n')).toHaveLength(3);
		expect((await home.runHere(['remove', 'tree', '--yes'])).code).toBe(0);
		expect(await schedulesOf(home)).toEqual([]);
	});
});

test('what cannot be meant is told, with the field that is wrong', async () => {
	await inLibrary(async (home) => {
		home.write('tree/a', 'a');
		expect((await home.runHere(['add', 'tree'])).code).toBe(0);
		for (const [args, said, code] of [
			[['index', 'tree', '0 24 * * *'], 'The hour of a cron expression cannot be "24".', 2],
			[['index', 'tree', '0 3 * *'], 'A cron expression has five fields; "0 3 * *" has not.', 2],
			[['index', 'tree', '0 3 31 feb *'], 'No month has such a day', 2],
			[['folder', 'tree', '0 3 * * *'], 'What can be scheduled is one of index, content, scrub, queue.', 2],
			[['index', '0 3 * * *'], 'Say which folder and when', 2],
			[['index', 'other', '0 3 * * *'], 'other', 5]
		] as const) {
			const ended = await home.runHere(['jobs', 'schedule', ...args]);
			expect(ended.code, args.join(' ')).toBe(code);
			expect(ended.err).toContain(said);
		}
	});
});

/** Runs a command as if it were yesterday. */
async function runYesterday(home: Home, args: readonly string[]): Promise<void> {
	vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 86_400_000 });
	try {
		expect((await home.runHere(args)).code).toBe(0);
	} finally {
		vi.useRealTimers();
	}
}

test('with the peer running what is due is done, once for all the times that were missed', async () => {
	await inLibrary(async (home) => {
		home.write('tree/a', 'a');
		for (const args of [['add', 'tree'], ['index'], ['jobs', 'clear']]) expect((await home.runHere(args)).code).toBe(0);
		await runYesterday(home, ['jobs', 'schedule', 'scrub', 'tree', '*/5 * * * *']);
		// Not by a program that is there for one command.
		expect(JSON.parse((await home.runHere(['jobs', '--json'])).out).jobs).toEqual([]);
		home.write('app/index.html', '<!doctype html>');
		const serving = home.start(['serve', '--port', '0', '--web', home.path('app')]);
		await serving.until(/Atoll is at/);
		serving.child.kill('SIGTERM');
		await serving.ended;
		expect(JSON.parse((await home.runHere(['jobs', '--json'])).out).jobs).toMatchObject([{ kind: 'scrub' }]);
		expect((await home.runHere(['jobs', 'resume'])).code).toBe(0);
		expect(JSON.parse((await home.runHere(['jobs', '--json'])).out).jobs).toMatchObject([
			{ kind: 'scrub', state: 'completed', outcome: { whole: 1, damaged: 0 } }
		]);
		const [{ nextMs } = { nextMs: 0 }] = await schedulesOf(home);
		expect(nextMs).toBeGreaterThan(Date.now());
	});
});
