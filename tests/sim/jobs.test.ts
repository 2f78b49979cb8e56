import { expect, test } from 'vitest';
import type { JobContext } from '#core/jobs';
import { ok } from '#core/kernel';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { done, openJobs, request, valueOf, type JobWorld, type Work } from './job-world.ts';
import { isNightly } from '../tier.ts';

const forever = new AbortController().signal;

const itemsMax = 200;
const batchMax = 10;

/** How a runner writes what it has done: in one transaction with its checkpoint, or, for the control, before it. */
type Manner = 'together' | 'apart';

/** A job that does `itemsMax` items in batches, and counts for each how often it was done and how often written. */
function batches(host: SimHost, hashed: Map<number, number>, manner: Manner, world: () => JobWorld): Work {
	const writeRows = (from: number) => {
		for (let item = from; item < from + batchMax; item++)
			world()
				.database.prepare(
					`INSERT INTO setting (name, value) VALUES (?, '1')
					ON CONFLICT (name) DO UPDATE SET value = CAST(value + 1 AS TEXT)`
				)
				.run([`item ${item}`]);
	};
	return async (_, context: JobContext) => {
		const { database } = world();
		for (let from = Number(context.checkpoint ?? 0); from < itemsMax; from += batchMax) {
			for (let item = from; item < from + batchMax; item++) hashed.set(item, (hashed.get(item) ?? 0) + 1);
			context.progress(from + batchMax, itemsMax);
			const written = database.write(() => {
				writeRows(from);
				if (manner === 'together') context.writeCheckpoint(from + batchMax);
			});
			valueOf(written);
			if (manner === 'apart') valueOf(database.write(() => context.writeCheckpoint(from + batchMax)));
			await host.clock.wait(0, context.signal);
			context.signal.throwIfAborted();
		}
		return ok({ items: itemsMax });
	};
}

/** The same device after a restart. */
function restarted(seed: number, host: SimHost): SimHost {
	return createSimHost(seed, host.disk);
}

type Toll = { losses: number; lost: number; rowsTwice: number; hashedTwiceMax: number };

/** Runs the job again and again, the power going at an operation that chance chooses, and counts the damage. */
async function loseThePower(seed: number, points: number, manner: Manner): Promise<Toll> {
	const random = createSimRandom(seed);
	const toll: Toll = { losses: 0, lost: 0, rowsTwice: 0, hashedTwiceMax: 0 };
	for (let point = 0; point < points; point++) {
		let host = createSimHost(seed + point);
		const hashed = new Map<number, number>();
		let world = await openJobs(
			host,
			batches(host, hashed, manner, () => world)
		);
		host.disk.powerLossAt = host.disk.operations + 20 + random.integer(300);
		const ended = await world.jobs.run(request('all'), forever).then(
			({ end }) => end === 'completed',
			() => false
		);
		if (!ended) {
			toll.losses++;
			host.disk.kill();
			host = restarted(seed + point, host);
			const again = host;
			world = await openJobs(
				host,
				batches(again, hashed, manner, () => world)
			);
			// Nobody asks for it: only where the power went before it was queued there is nothing to go on with.
			world.jobs.start();
			if (world.find('all') === undefined) world.jobs.queue(request('all'));
			await world.until('all', ({ endedMs }) => endedMs !== null);
		}
		const rows = world.database
			.prepare(`SELECT value FROM setting WHERE name LIKE 'item %'`)
			.column()
			.map((value) => Number(value));
		toll.lost += itemsMax - rows.length;
		toll.rowsTwice += rows.filter((times) => times !== 1).length;
		const twice = [...hashed.values()].filter((times) => times > 1).length;
		toll.hashedTwiceMax = Math.max(toll.hashedTwiceMax, twice);
		expect(Math.max(...hashed.values()), `point ${point}, seed ${seed}`).toBeLessThanOrEqual(2);
		await world.close();
	}
	return toll;
}

test('the power goes at any operation: the job goes on by itself, no row is lost and none done twice but the last batch', async () => {
	const seed = testSeed('power loss in a job');
	const points = isNightly ? 400 : 60;
	const toll = await loseThePower(seed, points, 'together');
	console.info(`${toll.losses} losses of power in ${points} jobs; at most ${toll.hashedTwiceMax} items done again`);
	expect(toll, `seed ${seed}`).toMatchObject({ lost: 0, rowsTwice: 0 });
	expect(toll.hashedTwiceMax).toBeLessThanOrEqual(batchMax);
	expect(toll.losses).toBeGreaterThan(points / 2);
});

test('a checkpoint that is written after its rows has rows written twice (negative control)', async () => {
	const seed = testSeed('power loss, checkpoint apart');
	const toll = await loseThePower(seed, 60, 'apart');
	expect(toll.rowsTwice).toBeGreaterThan(0);
});

/** Any mixture of what people and rooms do with jobs, on a few targets. */
async function disturb(world: JobWorld, host: SimHost, random: SimRandom): Promise<void> {
	const target = `target ${random.integer(6)}`;
	const job = world.find(target);
	const step = random.integer(8);
	if (step < 3 || job === undefined) world.jobs.queue({ ...request(target), resumes: random.chance(0.5) });
	else if (step === 3) await world.jobs.pause(job.id);
	else if (step === 4) world.jobs.resume(job.id);
	else if (step === 5) void world.jobs.cancel(job.id);
	else if (step === 6) void world.jobs.drop('work', target);
	else void world.jobs.run({ ...request(target), resumes: true }, forever).catch(() => undefined);
	if (random.chance(0.5)) await host.clock.advance(random.integer(5_000));
}

test('whatever is asked, no job ever runs twice at a time, and all that is resumed comes to an end', async () => {
	const seed = testSeed('jobs at random');
	const random = createSimRandom(seed);
	for (let round = 0; round < (isNightly ? 60 : 8); round++) {
		const host = createSimHost(seed + round);
		const going = new Map<string, number>();
		let twice = 0;
		let calm = false;
		const work: Work = async (target, { signal }) => {
			const now = (going.get(target) ?? 0) + 1;
			going.set(target, now);
			if (now > 1) twice++;
			try {
				for (let step = random.integer(4); step > 0 && !calm; step--) {
					await host.clock.wait(random.integer(2_000), signal);
					// The last batch, which is under way when somebody breaks it off.
					if (signal.aborted) await host.clock.wait(0, forever);
					signal.throwIfAborted();
				}
				if (!calm && random.chance(0.1)) throw new Error('a mistake of ours');
				if (calm || random.chance(0.6)) return done;
				return { ok: false, failure: { type: 'WorkFailed', retry: random.chance(0.5) ? 'soon' : 'when-online' } };
			} finally {
				going.set(target, (going.get(target) ?? 0) - 1);
			}
		};
		let world = await openJobs(host, work);
		for (let step = 0; step < 150; step++) {
			await disturb(world, host, random);
			if (random.chance(0.03)) {
				await world.close();
				expect(
					[...going.values()].every((now) => now === 0),
					`round ${round}, seed ${seed}`
				).toBe(true);
				world = await openJobs(host, work);
				world.jobs.start();
			}
		}
		calm = true;
		await host.clock.advance(10_000);
		for (const { id } of valueOf(world.jobs.list())) world.jobs.resume(id);
		await host.clock.advance(10_000);
		expect(valueOf(world.jobs.list()).filter(({ endedMs }) => endedMs === null)).toEqual([]);
		expect(twice, `round ${round}, seed ${seed}`).toBe(0);
		await world.close();
	}
});
