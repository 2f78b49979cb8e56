import { expect, test } from 'vitest';
import { parseCronText } from '#core/jobs';
import { ok } from '#core/kernel';
import { createSimRandom, testSeed } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { done, Gate, openJobs, valueOf, type JobWorld, type Work } from './job-world.ts';
import { isNightly } from '../tier.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const nightly3 = '0 3 * * *';

/** A queue whose work notes when it was done, with its schedules running. */
async function started(host: SimHost, ran: number[], work?: Work): Promise<JobWorld> {
	const world = await openJobs(host, async (target, context) => {
		ran.push(host.clock.nowMs());
		return work === undefined ? done : work(target, context);
	});
	world.jobs.start();
	world.schedules.start();
	return world;
}

/** Gives a job its schedule, and answers that. */
function set(world: JobWorld, text: string, target = 'a') {
	const cron = valueOf(parseCronText(text));
	valueOf(world.database.write(() => world.schedules.writeCron('work', target, cron)));
	world.schedules.changed();
	const found = valueOf(world.schedules.list()).find((one) => one.target === target);
	if (found === undefined) throw new Error('what was set is there');
	return found;
}

function takeAway(world: JobWorld): void {
	valueOf(world.database.write(() => world.schedules.writeCron('work', 'a', null)));
	world.schedules.changed();
}
const at = (...dates: string[]) => dates.map((date) => Date.parse(`${date}Z`));

test('it is done when it is due, again and again, and no longer once it is taken away', async () => {
	const host = createSimHost(1);
	const ran: number[] = [];
	const world = await started(host, ran);
	const { id, nextMs } = set(world, nightly3);
	expect([nextMs]).toEqual(at('2026-01-01T03:00'));
	await host.clock.advance(3 * hourMs - 1);
	expect(ran).toEqual([]);
	await host.clock.advance(2 * dayMs);
	expect(ran).toEqual(at('2026-01-01T03:00', '2026-01-02T03:00'));
	expect(valueOf(world.schedules.list())).toEqual([
		{ id, kind: 'work', target: 'a', cron: nightly3, nextMs: at('2026-01-03T03:00')[0], lastMs: ran[1] }
	]);
	// The place of the one before is taken, and its number kept.
	expect(set(world, '  30 12 * *   sat ')).toMatchObject({ id, cron: '30 12 * * sat' });
	await host.clock.advance(dayMs);
	expect(ran.slice(2)).toEqual(at('2026-01-03T12:30'));
	takeAway(world);
	expect(valueOf(world.schedules.list())).toEqual([]);
	await host.clock.advance(30 * dayMs);
	expect(ran).toHaveLength(3);
	expect(host.clock.waiting).toBe(0);
	await world.close();
});

test('what is wrong with an expression is told', () => {
	for (const [cron, failure] of [
		['0 25 * * *', { type: 'CronWrong', field: 'hour', text: '25' }],
		['every night', { type: 'CronWrong', field: null, text: 'every night' }],
		['0 0 30 2 *', { type: 'CronNever' }]
	] as const)
		expect(parseCronText(cron)).toEqual({ ok: false, failure });
});

test('times that were missed while it was closed are done once at the next start, not many times', async () => {
	const host = createSimHost(1);
	const ran: number[] = [];
	const first = await started(host, ran);
	set(first, '*/10 * * * *');
	await first.close();
	await host.clock.advance(5 * dayMs + 1_000);
	const second = await started(host, ran);
	await second.until('a', ({ state }) => state === 'completed');
	expect(ran).toEqual([host.clock.nowMs()]);
	await host.clock.advance(10 * minuteMs);
	expect(ran.slice(1)).toEqual(at('2026-01-06T00:10'));
	await second.close();
});

test('the clock jumps: forward what was missed is done once, back nothing is done again', async () => {
	const host = createSimHost(1);
	const ran: number[] = [];
	const world = await started(host, ran);
	set(world, nightly3);
	host.clock.setNow(Date.parse('2026-01-09T12:00Z'));
	await host.clock.advance(minuteMs);
	expect(ran).toHaveLength(1);
	await host.clock.advance(15 * hourMs);
	expect(ran).toEqual([ran[0], ...at('2026-01-10T03:00')]);
	// A time server puts it right by some minutes, over the time at which it was done.
	host.clock.setNow(Date.parse('2026-01-10T02:55Z'));
	await host.clock.advance(2 * hourMs);
	expect(ran).toHaveLength(2);
	// It was years ahead: what is due is due by the time that is right.
	host.clock.setNow(Date.parse('2030-06-01T03:00Z'));
	await host.clock.advance(minuteMs);
	expect(ran).toHaveLength(3);
	host.clock.setNow(Date.parse('2026-01-11T00:00Z'));
	await host.clock.advance(dayMs);
	expect(ran.slice(3)).toEqual(at('2026-01-11T03:00'));
	await world.close();
});

test('local time is meant: when clocks are put on or back, and when the device goes to another zone', async () => {
	const host = createSimHost(1);
	const [onMs = 0, backMs = 0] = at('2026-03-29T01:00', '2026-10-25T01:00');
	host.clock.zone = (atMs) => hourMs + (atMs >= onMs && atMs < backMs ? hourMs : 0);
	const ran: number[] = [];
	const world = await started(host, ran);
	set(world, '30 2 * * *');
	host.clock.setNow(Date.parse('2026-03-27T12:00Z'));
	await host.clock.advance(minuteMs);
	ran.length = 0;
	await host.clock.advance(3 * dayMs);
	expect(ran).toEqual(at('2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30'));
	host.clock.zone = () => -5 * hourMs;
	await host.clock.advance(dayMs);
	expect(ran.slice(3)).toEqual(at('2026-03-31T07:30'));
	await world.close();
});

test('a job that goes on when it is due again is not begun twice, and one that somebody paused stays paused', async () => {
	const host = createSimHost(1);
	const ran: number[] = [];
	const gate = new Gate();
	const world = await started(host, ran, async (_, { signal }) => {
		await gate.pass(signal);
		return ok(null);
	});
	set(world, '*/10 * * * *');
	await host.clock.advance(hourMs);
	expect(ran).toHaveLength(1);
	gate.open();
	await world.until('a', ({ state }) => state === 'completed');
	await host.clock.advance(10 * minuteMs);
	expect(ran).toHaveLength(2);
	await world.close();

	const closed = new Gate();
	const second = await started(host, ran, async (_, { signal }) => (await closed.pass(signal), done));
	await host.clock.advance(10 * minuteMs);
	await closed.reached.promise;
	const going = second.find('a');
	if (going === undefined) throw new Error('no job');
	valueOf(await second.jobs.pause(going.id));
	const before = ran.length;
	await host.clock.advance(hourMs);
	expect([second.find('a')?.state, ran.length]).toEqual(['paused', before]);
	await second.close();
});

test('a schedule of what is no more goes with it', async () => {
	const host = createSimHost(1);
	const world = await started(host, []);
	set(world, nightly3, 'gone');
	await host.clock.advance(dayMs);
	expect(valueOf(world.schedules.list())).toEqual([]);
	expect(valueOf(world.jobs.list())).toEqual([]);
	await world.close();
});

test('a program that is there for one command starts no schedule, and may set one', async () => {
	const host = createSimHost(1);
	const world = await openJobs(host, async () => done, false);
	set(world, '* * * * *');
	await host.clock.advance(hourMs);
	expect(valueOf(world.jobs.list())).toEqual([]);
	await world.close();
});

/** How a due schedule is marked as taken: in the transaction that queues its job, or, for the control, before it. */
type Manner = 'together' | 'apart';

/** The jobs that have ever been queued in a library. */
function countQueued({ database }: JobWorld): number {
	return Number(database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'job'`).column()[0] ?? 0);
}

async function openFor(host: SimHost, manner: Manner): Promise<JobWorld> {
	const world = await openJobs(host, async () => done);
	const { queueTaken } = world.jobs;
	const apart: typeof queueTaken = (take) => {
		let requests: ReturnType<typeof take> = [];
		const marked = queueTaken(() => ((requests = take()), []));
		return marked.ok ? queueTaken(() => requests) : marked;
	};
	if (manner === 'apart') Object.assign(world.jobs, { queueTaken: apart });
	return world;
}

/** Loses the power at an operation that chance chooses while one time comes due; how often its job was queued in the end. */
async function loseThePower(
	seed: number,
	manner: Manner
): Promise<{ readonly queued: number; readonly lost: boolean }> {
	let host = createSimHost(seed);
	let world = await openFor(host, manner);
	set(world, nightly3);
	await host.clock.advance(4 * hourMs);
	const lossAt = host.disk.operations + createSimRandom(seed).integer(60);
	host.disk.powerLossAt = lossAt;
	try {
		world.schedules.start();
	} catch {
		// As far as it came.
	}
	const lost = host.disk.operations > lossAt;
	if (lost) {
		host.disk.kill();
		host = createSimHost(seed, host.disk);
		await host.clock.advance(5 * hourMs);
		world = await openFor(host, manner);
		world.schedules.start();
	}
	const queued = countQueued(world);
	await world.close();
	return { queued, lost };
}

async function manyLosses(seed: number, manner: Manner, points: number) {
	const toll = { losses: 0, none: 0, twice: 0 };
	for (let point = 0; point < points; point++) {
		const { queued, lost } = await loseThePower(seed + point, manner);
		toll.losses += lost ? 1 : 0;
		toll.none += queued === 0 ? 1 : 0;
		toll.twice += queued > 1 ? 1 : 0;
	}
	return toll;
}

test('the power goes while it comes due: its job is queued once, whenever that is', { timeout: 120_000 }, async () => {
	const seed = testSeed('power loss in a schedule');
	const points = isNightly ? 600 : 80;
	const toll = await manyLosses(seed, 'together', points);
	console.info(`${toll.losses} losses of power at ${points} due times`);
	expect(toll, `seed ${seed}`).toMatchObject({ none: 0, twice: 0 });
	expect(toll.losses).toBeGreaterThan(points / 4);
});

test('a job that is queued after the mark is lost (negative control)', { timeout: 120_000 }, async () => {
	const seed = testSeed('power loss, mark apart');
	expect((await manyLosses(seed, 'apart', 40)).none).toBeGreaterThan(0);
});
