import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { atollProgram, createHome, inLibrary, libraryIn, type Home } from './home.ts';
import { makeTree, seeded, treeShape } from './kills.ts';
import { isNightly } from '../tier.ts';
import { testSeed } from '../sim/host/random.ts';

const kills = isNightly ? 200 : 2;
const seed = testSeed('kills of jobs');

type JobJson = {
	readonly id: number;
	readonly kind: string;
	readonly state: string;
	readonly done: number;
	readonly total: number | null;
	readonly failure: { readonly type: string } | null;
	readonly outcome: { readonly entries: number } | null;
};

async function allJobsOf(home: Home): Promise<readonly JobJson[]> {
	const listed = await home.run(['jobs', '--json']);
	if (listed.code !== 0) throw new Error(listed.err);
	return JSON.parse(listed.out).jobs;
}

/** The index jobs. */
async function jobsOf(home: Home): Promise<readonly JobJson[]> {
	return (await allJobsOf(home)).filter(({ kind }) => kind === 'index');
}

/** What the index holds, in figures, and that nothing in it is broken. */
async function look(home: Home): Promise<unknown> {
	const used = await home.run(['du', '/tree', '--json']);
	const verified = await home.run(['verify', '--json']);
	const { unknown } = JSON.parse((await home.run(['dupes', '--json'])).out);
	return { unknown, total: JSON.parse(used.out).total, flaws: JSON.parse(verified.out).flaws, code: verified.code };
}

async function freshLibrary(home: Home): Promise<void> {
	rmSync(libraryIn(home), { recursive: true, force: true });
	for (const args of [
		['init', libraryIn(home), '--no-password'],
		['add', 'tree']
	]) {
		const ended = await home.run(args);
		if (ended.code !== 0) throw new Error(ended.err);
	}
}

/** Starts `args` and kills it after `afterMs`, unless it has ended before. */
async function killAfter(home: Home, args: readonly string[], afterMs: number): Promise<void> {
	const going = home.start(args);
	await Promise.race([new Promise((resolve) => setTimeout(resolve, afterMs)), going.ended]);
	going.child.kill('SIGKILL');
	await going.ended;
}

test(
	`${kills} kills of an index job and of what follows at random: it waits in the queue, goes on where it was, and ends as if none had been`,
	{ timeout: kills * 20_000 },
	async () => {
		const random = seeded(seed);
		const home = await createHome(await atollProgram());
		let [midJob, midLook, ends] = [0, 0, 0];
		try {
			makeTree(home, treeShape);
			await freshLibrary(home);
			expect((await home.run(['index'])).code).toBe(0);
			const whole = await look(home);
			await freshLibrary(home);
			for (let kill = 0; kill < kills; kill++) {
				// What is killed is the first run, or one that goes on by the queue.
				const isQueued = (await jobsOf(home)).length > 0;
				await killAfter(home, isQueued ? ['jobs', 'resume'] : ['index'], 100 + random() * 600);
				const [job] = await jobsOf(home);
				if (job === undefined) continue;
				if (job.state === 'queued') midJob++;
				else if ((await allJobsOf(home)).some(({ kind, state }) => kind === 'content' && state === 'queued')) midLook++;
				if (job.state !== 'completed' && random() < 0.7) continue;
				ends++;
				const ended = await home.run(random() < 0.5 ? ['jobs', 'resume', '--json'] : ['index', '--json']);
				expect(ended.code, `kill ${kill}, seed ${seed}: ${ended.err}`).toBe(0);
				// The job that looks at the files follows, where it was not asked for with the run.
				expect((await home.run(['jobs', 'resume'])).code).toBe(0);
				expect(await look(home), `kill ${kill}, seed ${seed}`).toEqual(whole);
				expect((await allJobsOf(home)).map(({ state }) => state)).toEqual(['completed', 'completed']);
				await freshLibrary(home);
			}
		} finally {
			home.remove();
		}
		console.log(
			`seed ${seed}: ${kills} kills, ${midJob} in the middle of the run, ${midLook} before its files were all looked at; ${ends} times gone on to the end`
		);
		// So few as in other runs may all come too late.
		if (isNightly) expect(midJob, 'kills that hit the job').toBeGreaterThan(kills / 4);
	}
);

/** How far the database has grown when a run is well on its way, and far from its end. */
const grownBytes = 500_000;

/** A library whose only job was killed in the middle. */
async function cutOff(home: Home): Promise<JobJson> {
	makeTree(home, treeShape);
	for (;;) {
		await freshLibrary(home);
		const database = join(libraryIn(home), 'database.db');
		const beforeBytes = statSync(database).size;
		const going = home.start(['index']);
		while (going.child.exitCode === null && statSync(database).size < beforeBytes + grownBytes)
			await new Promise((resolve) => setImmediate(resolve));
		going.child.kill('SIGKILL');
		await going.ended;
		const [job] = await jobsOf(home);
		if (job?.state === 'queued') return job;
	}
}

test('a job that was cut off is paused, stays so, and is resumed to its end', async () => {
	await inLibrary(async (home) => {
		const { id } = await cutOff(home);
		const paused = await home.run(['jobs', 'pause', String(id)]);
		expect(paused).toMatchObject({ code: 0, err: '' });
		expect(paused.out).toMatch(new RegExp(`^${id}  paused  index /tree  `));
		// All that waits: what somebody paused does not.
		expect((await home.run(['jobs', 'resume'])).code).toBe(0);
		expect((await jobsOf(home))[0]?.state).toBe('paused');
		const resumed = await home.run(['jobs', 'resume', String(id), '--json']);
		expect(resumed.code).toBe(0);
		const entries = treeShape.folders * (treeShape.files + 1);
		expect(JSON.parse(resumed.out).jobs).toMatchObject([{ id, state: 'completed', outcome: { entries } }]);
		expect(await home.run(['jobs', 'pause', String(id)])).toMatchObject({ code: 1 });
		expect((await home.run(['jobs', 'resume'])).code, 'the job that follows').toBe(0);
		expect((await home.run(['jobs', 'clear'])).out).toBe('2 forgotten\n');
		expect((await home.run(['jobs'])).err).toBe('No jobs.\n');
		expect((await home.run(['jobs', 'cancel', String(id)])).code).toBe(5);
	});
});

test('a job that is cancelled is over, and what it had found stays', async () => {
	await inLibrary(async (home) => {
		const { id } = await cutOff(home);
		expect((await home.run(['jobs', 'cancel', String(id)])).out).toMatch(/ {2}cancelled {2}/);
		expect((await home.run(['jobs', 'resume', String(id)])).code).toBe(1);
		expect((await home.run(['index'])).code).toBe(0);
		expect((await jobsOf(home)).map(({ state }) => state)).toEqual(['completed']);
	});
});

test('a folder that is away is waited for; one that is suddenly empty has failed and is tried again by a person', async () => {
	await inLibrary(async (home) => {
		home.write('tree/a/b', 'b');
		for (const args of [['add', 'tree'], ['index']]) expect((await home.runHere(args)).code).toBe(0);
		renameSync(home.path('tree'), home.path('away'));
		expect((await home.runHere(['index'])).code).toBe(5);
		const [waiting] = await jobsOf(home);
		expect(waiting).toMatchObject({ state: 'queued', failure: { type: 'FolderMissing' } });
		expect((await home.runHere(['jobs'])).out).toContain('The folder is not there.');
		renameSync(home.path('away'), home.path('tree'));
		expect((await home.runHere(['jobs', 'resume'])).out).toContain('completed');

		rmSync(home.path('tree'), { recursive: true });
		mkdirSync(home.path('tree'));
		expect((await home.runHere(['index'])).code).toBe(1);
		const [failed] = await jobsOf(home);
		expect(failed).toMatchObject({ state: 'failed', failure: { type: 'FolderSuddenlyEmpty', entries: 2 } });
		const again = await home.runHere(['jobs', 'resume', String(failed?.id)]);
		expect(again.code).toBe(1);
		expect(again.err).toContain('The folder is empty now');
		expect((await home.runHere(['index', '--accept-empty'])).code).toBe(0);
		expect(await jobsOf(home)).toMatchObject([{ state: 'completed', failure: null }]);
	});
});

test('what cannot be meant is told', async () => {
	await inLibrary(async (home) => {
		for (const [args, said] of [
			[['jobs', 'stop'], 'atoll jobs knows pause, resume, cancel, warnings, clear; "stop" is none of them.'],
			[['jobs', 'pause'], 'Say which job: atoll jobs pause <id>'],
			[['jobs', 'cancel', 'x'], '"x" is no number of a job: see atoll jobs.'],
			[['jobs', 'clear', '1'], 'atoll jobs clear takes no job.']
		] as const) {
			const ended = await home.runHere(args);
			expect(ended.code).toBe(2);
			expect(ended.err).toContain(said);
		}
		const missing = await home.runHere(['jobs', 'resume', '7', '--json']);
		expect(missing.code).toBe(5);
		expect(JSON.parse(missing.out)).toEqual({ failure: { type: 'JobMissing' } });
	});
});
