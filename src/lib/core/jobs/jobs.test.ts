import { expect, test } from 'vitest';
import { err, ok } from '#core/kernel';
import { createSimHost } from '../../../../tests/sim/host/sim-host.ts';
import { done, Gate, openJobs, request, valueOf, type WorkFailure } from '../../../../tests/sim/job-world.ts';

const forever = new AbortController().signal;

test('work that is asked for is done once, and what it answered is kept', async () => {
	const { jobs, find } = await openJobs(createSimHost(1), async (target) => ok({ did: target }));
	expect(await jobs.run(request('a'), forever)).toEqual({ end: 'completed', outcome: { did: 'a' } });
	expect(find('a')).toMatchObject({ state: 'completed', outcome: { did: 'a' }, failure: null });
});

test('whoever asks for work that goes on joins it', async () => {
	const gate = new Gate();
	let runs = 0;
	const { jobs } = await openJobs(createSimHost(1), async (_, { signal }) => {
		runs++;
		await gate.pass(signal);
		return done;
	});
	const first = jobs.run(request('a'), forever);
	await gate.reached.promise;
	const second = jobs.run(request('a'), forever);
	const leaving = new AbortController();
	const third = jobs.run(request('a'), leaving.signal);
	leaving.abort('left');
	await expect(third).rejects.toBe('left');
	gate.open();
	expect(await Promise.all([first, second])).toEqual(Array(2).fill({ end: 'completed', outcome: null }));
	expect(runs).toBe(1);
	await jobs.run(request('a'), forever);
	expect(runs).toBe(2);
});

test('three at a time, the most urgent first, then as they came', async () => {
	const begun: string[] = [];
	const gates = new Map<string, Gate>();
	const { jobs, until } = await openJobs(createSimHost(1), async (target, { signal }) => {
		begun.push(target);
		const gate = new Gate();
		gates.set(target, gate);
		await gate.pass(signal);
		return done;
	});
	for (const target of ['a', 'b', 'c', 'd', 'e']) jobs.queue(request(target));
	jobs.queue({ ...request('urgent'), priority: 5 });
	expect(begun).toEqual(['a', 'b', 'c']);
	gates.get('b')?.open();
	await until('b', ({ state }) => state === 'completed');
	expect(begun).toEqual(['a', 'b', 'c', 'urgent']);
	gates.get('urgent')?.open();
	await until('urgent', ({ state }) => state === 'completed');
	expect(begun.at(-1)).toBe('d');
});

test('idle work leaves a place for what a person asks for', async () => {
	const begun: string[] = [];
	const gates = new Map<string, Gate>();
	const { jobs, until } = await openJobs(createSimHost(1), async (target, { signal }) => {
		begun.push(target);
		const gate = new Gate();
		gates.set(target, gate);
		await gate.pass(signal);
		return done;
	});
	for (const target of ['a', 'b', 'c']) jobs.queue({ ...request(target), priority: -1 });
	expect(begun).toEqual(['a', 'b']);
	jobs.queue(request('asked'));
	expect(begun).toEqual(['a', 'b', 'asked']);
	gates.get('a')?.open();
	await until('a', ({ state }) => state === 'completed');
	expect(begun.at(-1)).toBe('c');
});

test('what is wanted again while it runs is done once more when it is done, and else not', async () => {
	let runs = 0;
	let gate = new Gate();
	const { jobs, until } = await openJobs(createSimHost(1), async (_, { signal }) => {
		runs++;
		await gate.pass(signal);
		return done;
	});
	jobs.queue({ ...request('a'), again: true });
	await gate.reached.promise;
	jobs.queue(request('a'));
	for (let times = 0; times < 2; times++) jobs.queue({ ...request('a'), again: true });
	const first = gate;
	gate = new Gate();
	first.open();
	await gate.reached.promise;
	expect(runs).toBe(2);
	gate.open();
	await until('a', ({ state }) => state === 'completed');
	expect(runs).toBe(2);
});

test('a program that is there for one command leaves alone what nobody asked for', async () => {
	let runs = 0;
	const work = async () => {
		runs++;
		return done;
	};
	const { jobs, find } = await openJobs(createSimHost(1), work, false);
	jobs.queue({ ...request('a'), isUnasked: true });
	expect([find('a')?.state, runs]).toEqual(['queued', 0]);
	expect(await jobs.run(request('a'), forever)).toMatchObject({ end: 'completed' });
	expect(runs).toBe(1);
});

test('a job waits until what it needs is completed, and ends with it when that is cancelled', async () => {
	let gate = new Gate();
	const { jobs, find, until } = await openJobs(createSimHost(1), async (target, { signal }) => {
		if (target === 'first') await gate.pass(signal);
		return done;
	});
	const first = valueOf(jobs.queue(request('first')));
	jobs.queue({ ...request('second'), after: [first] });
	await gate.reached.promise;
	expect(find('second')).toMatchObject({ state: 'queued', needs: [first] });
	gate.open();
	await until('second', ({ state }) => state === 'completed');

	gate = new Gate();
	const again = valueOf(jobs.queue(request('first')));
	const needing = valueOf(jobs.queue({ ...request('third'), after: [again] }));
	jobs.queue({ ...request('fourth'), after: [needing] });
	await jobs.pause(again);
	expect(find('third')).toMatchObject({ state: 'queued', needs: [again] });
	await jobs.cancel(again);
	expect(['first', 'third', 'fourth'].map((target) => find(target)?.state)).toEqual(Array(3).fill('cancelled'));
});

test('a failure that may pass is tried again by the clock, later each time; one that may not is the end', async () => {
	const host = createSimHost(1);
	let failure: WorkFailure | null = { type: 'WorkFailed', retry: 'soon' };
	let tries = 0;
	const { jobs, find, until } = await openJobs(host, async () => {
		tries++;
		return failure === null ? done : err(failure);
	});
	expect(await jobs.run(request('a'), forever)).toEqual({ end: 'failed', failure });
	expect(find('a')).toMatchObject({ state: 'queued', failure, againMs: host.clock.nowMs() + 2_000 });
	await host.clock.advance(1_999);
	expect(tries).toBe(1);
	await host.clock.advance(2);
	expect(tries).toBe(2);
	await host.clock.advance(4_000);
	expect(tries).toBe(3);
	failure = { type: 'WorkFailed', retry: 'never' };
	await host.clock.advance(8_000);
	expect(find('a')).toMatchObject({ state: 'failed', failure, againMs: null });
	failure = null;
	jobs.resume(find('a')?.id ?? (0 as never));
	await until('a', ({ state }) => state === 'completed');
	expect(tries).toBe(5);
});

test('whoever asks does not wait for the clock', async () => {
	let failures = 1;
	const { jobs } = await openJobs(createSimHost(1), async () =>
		failures-- > 0 ? err({ type: 'WorkFailed', retry: 'when-online' }) : done
	);
	expect((await jobs.run(request('a'), forever)).end).toBe('failed');
	expect((await jobs.run(request('a'), forever)).end).toBe('completed');
});

test('paused, it stays so beyond a restart and whoever queues it; resumed, it goes on where it was', async () => {
	const host = createSimHost(1);
	const gates = [new Gate(), new Gate()];
	const seen: unknown[] = [];
	const work: Parameters<typeof openJobs>[1] = async (_, { signal, checkpoint, done: before, ...context }) => {
		seen.push([checkpoint, before]);
		context.progress(before + 7, 20);
		valueOf(world.database.write(() => context.writeCheckpoint({ at: 7 })));
		await gates[seen.length - 1]?.pass(signal);
		return done;
	};
	let world = await openJobs(host, work);
	const going = world.jobs.run(request('a'), forever);
	await gates[0]?.reached.promise;
	const { id } = world.find('a') ?? {};
	if (id === undefined) throw new Error('no job');
	await world.jobs.pause(id);
	expect(await going).toEqual({ end: 'paused' });
	expect(await world.jobs.run(request('a'), forever)).toEqual({ end: 'paused' });
	await world.close();

	world = await openJobs(host, work);
	world.jobs.start();
	expect(world.find('a')).toMatchObject({ state: 'paused', done: 7, total: 20 });
	expect(seen).toHaveLength(1);
	gates[1]?.open();
	expect(await world.jobs.run({ ...request('a'), resumes: true }, forever)).toMatchObject({ end: 'completed' });
	expect(seen).toEqual([
		[null, 0],
		[{ at: 7 }, 7]
	]);
	await world.close();
});

test('what runs while the library closes is broken off, tells so, and goes on at the next start', async () => {
	const host = createSimHost(1);
	const gate = new Gate();
	const first = await openJobs(host, async (_, { signal }) => (await gate.pass(signal), done));
	const going = first.jobs.run(request('a'), forever);
	await gate.reached.promise;
	await first.close();
	expect(await going).toEqual({ end: 'interrupted' });
	const second = await openJobs(host, async () => done);
	expect(second.find('a')?.state).toBe('queued');
	second.jobs.start();
	await second.until('a', ({ state }) => state === 'completed');
});

test('a program that is there for one command runs only what it is asked for, with what that needs', async () => {
	const host = createSimHost(1);
	const begun: string[] = [];
	const first = await openJobs(host, async () => done, false);
	await first.jobs.close();
	const ids = ['a', 'b', 'c'].map((target) => valueOf(first.jobs.queue(request(target))));
	valueOf(first.jobs.queue({ ...request('d'), after: ids.slice(1, 2) }));
	await first.close();
	const second = await openJobs(host, async (target) => (begun.push(target), done), false);
	second.jobs.start();
	const wanted = second.find('d')?.id;
	if (wanted === undefined) throw new Error('no job');
	await second.jobs.runAgain(wanted, forever);
	expect(begun).toEqual(['b', 'd']);
});

test('a runner that throws stops its own job, which says so, and no other', async () => {
	const { jobs, find } = await openJobs(createSimHost(1), async (target) => {
		if (target === 'bad') throw new Error('a mistake of ours');
		return done;
	});
	await expect(jobs.run(request('bad'), forever)).rejects.toThrow('a mistake of ours');
	expect(find('bad')).toMatchObject({ state: 'failed', failure: { type: 'JobDefect' } });
	expect((await jobs.run(request('good'), forever)).end).toBe('completed');
});

test('the first hundred warnings are kept, all are counted', async () => {
	const { jobs, find } = await openJobs(createSimHost(1), async (_, { warn }) => {
		for (let item = 0; item < 250; item++) warn({ item: `item ${item}`, reason: 'denied', code: 'EACCES' });
		return done;
	});
	await jobs.run(request('a'), forever);
	const job = find('a');
	expect(job?.warnings).toBe(250);
	expect(valueOf(jobs.warnings(job?.id ?? (0 as never)))).toHaveLength(100);
});

test('of the jobs that have ended the last fifty are remembered, and clear forgets them', async () => {
	const { jobs, find } = await openJobs(createSimHost(1), async (target) =>
		target === 'stays' ? err({ type: 'WorkFailed', retry: 'never' }) : done
	);
	for (let n = 0; n < 60; n++) await jobs.run(request(`job ${n}`), forever);
	expect(valueOf(jobs.list())).toHaveLength(50);
	expect(find('job 59')).toBeDefined();
	await jobs.run(request('stays'), forever);
	const failed = find('stays')?.id;
	if (failed === undefined) throw new Error('no job');
	jobs.queue({ ...request('waits'), after: [failed] });
	jobs.clear();
	expect(valueOf(jobs.list()).map(({ target }) => target)).toEqual(['waits', 'stays']);
});

test('a job that is dropped while it runs is over before that is answered, and is gone', async () => {
	const gate = new Gate();
	let isOver = false;
	const { jobs, find } = await openJobs(createSimHost(1), async (_, { signal }) => {
		try {
			await gate.pass(signal);
			return done;
		} finally {
			isOver = true;
		}
	});
	const going = jobs.run(request('a'), forever);
	await gate.reached.promise;
	valueOf(await jobs.drop('work', 'a'));
	expect(isOver).toBe(true);
	expect(find('a')).toBeUndefined();
	expect(await going).toEqual({ end: 'cancelled' });
});

test('closing waits for what a cancelled job still has to give up', async () => {
	const [working, leaving] = [new Gate(), new Gate()];
	const told: string[] = [];
	const { jobs, find, until, close } = await openJobs(
		createSimHost(1),
		async (_, { signal }) => (await working.pass(signal), done),
		true,
		async () => {
			await leaving.pass(forever);
			told.push('given up');
		}
	);
	jobs.queue(request('a'));
	await working.reached.promise;
	const id = find('a')?.id;
	if (id === undefined) throw new Error('no job');
	expect(await jobs.pause(id)).toMatchObject({ ok: true });
	await until('a', ({ state }) => state === 'paused');
	const dropped = jobs.drop('work', 'a').then(({ ok: isDropped }) => told.push(isDropped ? 'dropped' : 'refused'));
	await leaving.reached.promise;
	const closed = close().then(() => told.push('closed'));
	leaving.open();
	await Promise.all([dropped, closed]);
	// A database that is closed would have refused.
	expect(told).toEqual(['given up', 'dropped', 'closed']);
});
