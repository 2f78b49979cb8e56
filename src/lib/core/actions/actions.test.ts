import { expect, test } from 'vitest';
import { actionId, type ActionId } from '#core/kernel';
import {
	change,
	doNow,
	onceBy,
	openActions,
	Outside,
	undoOf,
	writeSetting,
	type ActionWorld,
	type PlaceFailure
} from '../../../../tests/sim/action-world.ts';
import { createSimHost } from '../../../../tests/sim/host/sim-host.ts';
import { Gate, valueOf } from '../../../../tests/sim/job-world.ts';

const forever = new AbortController().signal;
const broken: PlaceFailure = { type: 'PlaceFailed', retry: 'never' };
const away: PlaceFailure = { type: 'PlaceFailed', retry: 'when-online' };

async function open(seed = 1) {
	const [host, outside] = [createSimHost(seed), new Outside()];
	return { host, outside, world: await openActions(host, outside) };
}

function setting({ database }: ActionWorld, name: string): unknown {
	return database.prepare('SELECT value FROM setting WHERE name = ?').get([name])?.['value'] ?? null;
}

function write({ database }: ActionWorld, name: string, value: string | null): void {
	valueOf(database.write(() => writeSetting(database, name, value)));
}

function find({ actions }: ActionWorld, id: ActionId) {
	return valueOf(actions.history(null, 1_000)).find((action) => action.id === id);
}

test('equal worlds give equal plans, and a plan touches nothing', async () => {
	const [one, two] = [await open(1), await open(2)];
	for (const { world, outside } of [one, two]) {
		write(world, 'a', '1');
		outside.things.set('x', 'here');
	}
	const wish = change({ sets: { a: '2', b: '1' }, places: { x: 'there', y: 'new' } });
	const plan = valueOf(one.world.actions.preview(wish));
	expect(valueOf(two.world.actions.preview(wish))).toEqual(plan);
	expect(valueOf(one.world.actions.preview(wish))).toEqual(plan);
	expect(plan).toMatchObject({ action: 'test.change', counts: { operations: 4, blocked: 0 }, asks: false });
	expect(setting(one.world, 'a')).toBe('1');
	expect(one.outside.pieces).toBe(0);
	expect(valueOf(one.world.actions.history(null, 10))).toEqual([]);
});

test('any fact that differs makes another plan, also that something is not there', async () => {
	const { world, outside } = await open();
	const { actions } = world;
	// "same" is asked for as it is: nothing is to be done with it, but it was looked at.
	const wish = change({ sets: { a: '1', same: '5' }, places: { x: 'there', gone: null } });
	write(world, 'same', '5');
	const ids = new Set<string>();
	const look = () => ids.add(valueOf(actions.preview(wish)).id);
	look();
	write(world, 'a', '0');
	look();
	write(world, 'a', null);
	look();
	expect(ids.size, 'as it was before').toBe(2);
	outside.things.set('gone', 'there again');
	look();
	outside.things.set('x', 'elsewhere');
	look();
	write(world, 'same', null);
	look();
	expect(ids.size).toBe(5);
});

test('what is committed is what was seen', async () => {
	const { world } = await open();
	const wish = change({ sets: { a: '1', b: '2' } });
	const plan = valueOf(world.actions.preview(wish));
	const done = valueOf(world.actions.commit({ ...wish, plan: plan.id }, onceBy()));
	expect(done).toMatchObject({
		action: 'test.change',
		state: 'done',
		operations: 2,
		failed: 0,
		isUndoable: true,
		isUndoing: false,
		first: { kind: 'set', name: 'a', from: null, to: '1' }
	});
	expect([setting(world, 'a'), setting(world, 'b')]).toEqual(['1', '2']);
	expect(valueOf(world.actions.steps(done.id, 0)).map(({ operation }) => operation)).toEqual(plan.operations);
});

test('a stale plan is refused with the facts that differ and the plan that holds now, which can be committed', async () => {
	const { world, outside } = await open();
	const wish = change({ sets: { a: '1', b: '2' }, places: { x: 'there' } });
	const plan = valueOf(world.actions.preview(wish));
	write(world, 'b', 'other');
	outside.things.set('x', 'other');
	write(world, 'unrelated', '1');
	const refused = world.actions.commit({ ...wish, plan: plan.id }, onceBy());
	if (refused.ok || refused.failure.type !== 'PlanStale') throw new Error(JSON.stringify(refused));
	expect(refused.failure.changed).toEqual(['row/b', 'thing/x']);
	expect(setting(world, 'a')).toBeNull();
	expect(outside.pieces).toBe(0);
	expect(await doNow(world, wish, refused.failure.plan.id)).toMatchObject({ ok: true, value: { state: 'done' } });
	expect(setting(world, 'b')).toBe('2');
});

test('a change of what nobody looked at leaves a plan as it is', async () => {
	const { world } = await open();
	const wish = change({ sets: { a: '1' } });
	const plan = valueOf(world.actions.preview(wish));
	write(world, 'unrelated', '1');
	expect(await doNow(world, wish, plan.id)).toMatchObject({ ok: true });
});

test('what asks is not done unseen, and what has nothing to do not at all', async () => {
	const { world } = await open();
	const wish = change({ sets: { a: '1' }, asks: true });
	const refused = world.actions.commit({ ...wish, plan: null }, onceBy());
	if (refused.ok || refused.failure.type !== 'PlanUnseen') throw new Error(JSON.stringify(refused));
	expect(setting(world, 'a')).toBeNull();
	expect(await doNow(world, wish, refused.failure.plan.id)).toMatchObject({ ok: true });
	expect(await doNow(world, change({ sets: { a: '1' } }))).toMatchObject({
		ok: false,
		failure: { type: 'PlanEmpty', plan: { counts: { operations: 0 } } }
	});
	expect(await doNow(world, { action: 'test.other', input: {} })).toMatchObject({
		failure: { type: 'ActionUnknown' }
	});
	expect(await doNow(world, { action: 'test.change', input: { sets: 5 } })).toMatchObject({
		failure: { type: 'ActionInputInvalid', field: 'sets' }
	});
	expect(valueOf(world.actions.history(null, 10))).toHaveLength(1);
});

test('a command that comes twice is done once, whether it changes rows or moves bytes', async () => {
	const { world, outside } = await open();
	for (const wish of [change({ sets: { a: '1' } }), change({ places: { x: 'there' } })]) {
		const once = onceBy();
		const first = valueOf(world.actions.commit({ ...wish, plan: null }, once));
		const again = valueOf(world.actions.commit({ ...wish, plan: null }, once));
		expect(again.id).toBe(first.id);
		await world.actions.end(first.id, forever);
		// Also when it has long been done, and the same plan would not be made any more.
		expect(valueOf(world.actions.commit({ ...wish, plan: null }, once))).toMatchObject({ id: first.id, state: 'done' });
	}
	expect(outside.times).toEqual(new Map([['x=there', 1]]));
	expect(valueOf(world.actions.history(null, 10))).toHaveLength(2);
});

test('a command that was refused stays refused when it comes again, for the reason that holds then', async () => {
	const { world } = await open();
	const asking = { ...change({ sets: { a: '1' }, asks: true }), plan: null };
	const once = onceBy();
	const plan = valueOf(world.actions.preview(asking)).id;
	expect(world.actions.commit(asking, once)).toMatchObject({ failure: { type: 'PlanUnseen' } });
	expect(world.actions.commit(asking, once)).toMatchObject({ failure: { type: 'PlanUnseen' } });
	// What could be done by now is not done by a repeat of what was not.
	expect(world.actions.commit({ ...asking, plan }, once)).toMatchObject({
		failure: { type: 'PlanStale', changed: [] }
	});
	expect(setting(world, 'a')).toBeNull();
	expect(world.actions.commit({ ...asking, plan }, onceBy())).toMatchObject({ ok: true });
});

test('a step that fails leaves the others done and the action halted; to undo it takes back what was done', async () => {
	const { world, outside } = await open();
	outside.faults.set('x2', broken);
	const done = valueOf(
		await doNow(world, change({ sets: { a: '1' }, places: { x1: 'there', x2: 'there', x3: 'there' } }))
	);
	expect(done).toMatchObject({ state: 'halted', failed: 1, operations: 4, isUndoable: true });
	expect(valueOf(world.actions.steps(done.id, 0)).map(({ state, failure }) => [state, failure])).toEqual([
		['done', null],
		['done', null],
		['failed', broken],
		['done', null]
	]);
	outside.faults.clear();
	const plan = valueOf(world.actions.preview(undoOf(done.id)));
	expect(
		plan.operations.map((operation) => operation.name),
		'the last first'
	).toEqual(['x3', 'x1', 'a']);
	expect(valueOf(await doNow(world, undoOf(done.id), plan.id))).toMatchObject({ state: 'done', undoes: done.id });
	expect(outside.things.size).toBe(0);
	expect(setting(world, 'a')).toBeNull();
});

test('a failure that can pass stops the job, which goes on where it was', async () => {
	const { host, world, outside } = await open();
	outside.faults.set('x2', away);
	const committed = valueOf(
		world.actions.commit({ ...change({ places: { x1: 'there', x2: 'there', x3: 'there' } }), plan: null }, onceBy())
	);
	const waits = { type: 'ActionWaits', retry: 'when-online', cause: away };
	expect(await world.actions.end(committed.id, forever)).toEqual({ ok: false, failure: waits });
	expect(find(world, committed.id)).toMatchObject({ state: 'running', isUndoable: false });
	expect([...outside.things.keys()]).toEqual(['x1']);
	outside.faults.clear();
	await host.clock.advance(60_000);
	await world.until(() => find(world, committed.id)?.state === 'done');
	expect([...outside.times.values()]).toEqual([1, 1, 1]);
});

/** Commits a change of three things and stops before the second. */
async function stopInside(world: ActionWorld, outside: Outside) {
	const gate = new Gate();
	outside.onPiece = (name) => (name === 'x2' ? gate.pass(forever) : Promise.resolve());
	const request = { ...change({ places: { x1: 'there', x2: 'there', x3: 'there' } }), plan: null };
	const { id } = valueOf(world.actions.commit(request, onceBy()));
	await gate.reached.promise;
	const job = find(world, id)?.job?.id;
	if (job === undefined) throw new Error('the action has no job');
	return { id, job, gate };
}

test('an action that goes on is not undone; paused, it goes on where it was', async () => {
	const { world, outside } = await open();
	const { id, job, gate } = await stopInside(world, outside);
	expect(valueOf(world.actions.latestUndoable(false)), 'the latest is told, not passed over').toBe(id);
	expect(valueOf(world.actions.preview(undoOf(id)))).toMatchObject({
		operations: [],
		warnings: [{ type: 'UndoWhileRunning' }]
	});
	expect(world.actions.commit({ ...undoOf(id), plan: null }, onceBy())).toMatchObject({
		failure: { type: 'PlanEmpty' }
	});
	const paused = world.jobs.pause(job);
	gate.open();
	await paused;
	expect(find(world, id)).toMatchObject({ state: 'running', job: { state: 'paused' } });
	expect(outside.things.has('x3')).toBe(false);
	expect(valueOf(await world.actions.end(id, forever))).toMatchObject({ state: 'running' });
	valueOf(world.jobs.resume(job));
	expect(valueOf(await world.actions.end(id, forever))).toMatchObject({ state: 'done', failed: 0 });
	expect(outside.times).toEqual(new Map(['x1', 'x2', 'x3'].map((name) => [`${name}=there`, 1])));
});

test('a job that is cancelled has broken its action off only when it has let go, and what it did can be undone', async () => {
	const { world, outside } = await open();
	const { id, job, gate } = await stopInside(world, outside);
	const cancelled = world.jobs.cancel(job);
	expect(find(world, id)).toMatchObject({ state: 'running', isUndoable: false });
	expect(valueOf(world.jobs.clear()), 'forgotten while it comes to its end').toBe(1);
	expect(find(world, id)).toMatchObject({ state: 'running', isUndoable: false });
	gate.open();
	await cancelled;
	expect(find(world, id)).toMatchObject({ state: 'halted', isUndoable: true, job: null });
	const done = [...outside.things.keys()];
	expect(done).toContain('x1');
	expect(done).not.toContain('x3');
	expect(valueOf(await doNow(world, undoOf(id)))).toMatchObject({ state: 'done', operations: done.length });
	expect(outside.things.size).toBe(0);
});

test('an action whose job was cleared away before it ran is halted, and takes nothing back', async () => {
	const { host, world, outside } = await open();
	outside.faults.set('x', away);
	const { id } = valueOf(world.actions.commit({ ...change({ places: { x: 'there' } }), plan: null }, onceBy()));
	await world.actions.end(id, forever);
	valueOf(await world.jobs.drop('action', String(id)));
	expect(find(world, id)).toMatchObject({ state: 'halted', isUndoable: false, job: null });
	expect(valueOf(world.actions.preview(undoOf(id)))).toMatchObject({ warnings: [{ type: 'UndoImpossible' }] });
	// The next action writes that down, so that it grows old like any other.
	await doNow(world, change({ sets: { a: '1' } }));
	await world.close();
	const again = await openActions(createSimHost(1, host.disk), outside);
	const row = again.database.prepare('SELECT state FROM action WHERE id = ?').get([id]);
	expect(row).toMatchObject({ state: 'halted' });
});

test('undo, redo, undo: each is an action, and each finds the other', async () => {
	const { world } = await open();
	const { actions } = world;
	const latest = (redo: boolean) => valueOf(actions.latestUndoable(redo));
	const doLatest = async (redo: boolean) => {
		const id = latest(redo);
		return id === null ? null : valueOf(await doNow(world, undoOf(id)));
	};
	const values = () => ['a', 'b'].map((name) => setting(world, name));
	expect([latest(false), latest(true)]).toEqual([null, null]);
	const first = valueOf(await doNow(world, change({ sets: { a: '1' } })));
	const second = valueOf(await doNow(world, change({ sets: { b: '1' } })));
	expect([latest(false), latest(true)]).toEqual([second.id, null]);
	expect(await doLatest(false)).toMatchObject({ undoes: second.id, isUndoing: true });
	expect(await doLatest(false)).toMatchObject({ undoes: first.id });
	expect(values()).toEqual([null, null]);
	expect(await doLatest(false)).toBeNull();
	expect(await doLatest(true)).toMatchObject({ isUndoing: false });
	expect(values()).toEqual(['1', null]);
	expect(await doLatest(true)).not.toBeNull();
	expect(values()).toEqual(['1', '1']);
	expect(await doLatest(true)).toBeNull();
	// What was done again is undone again.
	await doLatest(false);
	expect(values()).toEqual(['1', null]);
	await doLatest(true);
	await doLatest(false);
	expect(values()).toEqual(['1', null]);
	// Something else was done: what was undone before is not to come back by a key.
	await doNow(world, change({ sets: { c: '1' } }));
	expect(latest(true)).toBeNull();
	expect(valueOf(actions.preview(undoOf(first.id)))).toMatchObject({ warnings: [{ type: 'AlreadyUndone' }] });
});

test('what has changed since is left alone and told; the rest is undone', async () => {
	const { world } = await open();
	const done = valueOf(await doNow(world, change({ sets: { a: '1', b: '1', c: '1' } })));
	write(world, 'b', 'mine');
	const plan = valueOf(world.actions.preview(undoOf(done.id)));
	expect(plan.operations.map(({ name }) => name)).toEqual(['c', 'a']);
	expect(plan.blocked).toEqual([
		{ operation: { kind: 'set', name: 'b', from: '1', to: null }, why: { type: 'OtherSince', state: 'mine' } }
	]);
	expect(valueOf(await doNow(world, undoOf(done.id), plan.id))).toMatchObject({ state: 'done', operations: 2 });
	expect(['a', 'b', 'c'].map((name) => setting(world, name))).toEqual([null, 'mine', null]);
	expect(find(world, done.id), 'what was blocked was seen and given up').toMatchObject({ isUndoable: false });
});

test('an undoing that did not come to its end leaves the rest to be undone', async () => {
	const { world, outside } = await open();
	const done = valueOf(await doNow(world, change({ places: { x1: 'there', x2: 'there', x3: 'there' } })));
	outside.faults.set('x2', broken);
	const undoing = valueOf(await doNow(world, undoOf(done.id)));
	expect(undoing).toMatchObject({ state: 'halted', failed: 1 });
	expect([...outside.things.keys()]).toEqual(['x2']);
	expect(find(world, done.id)).toMatchObject({ isUndoable: true, undoneBy: undoing.id });
	expect(valueOf(world.actions.latestUndoable(false)), 'a key passes it over').toBeNull();
	outside.faults.clear();
	expect(valueOf(await doNow(world, undoOf(done.id)))).toMatchObject({ state: 'done', operations: 1 });
	expect(outside.things.size).toBe(0);
	expect(find(world, done.id)).toMatchObject({ isUndoable: false });
});

test('the last hundred can be undone, also after a restart; a thousand are told of', async () => {
	const { host, world, outside } = await open();
	for (let at = 1; at <= 1_010; at++) valueOf(await doNow(world, change({ sets: { [`n${at}`]: '1' } })));
	await world.close();
	const again = await openActions(createSimHost(1, host.disk), outside);
	const all = valueOf(again.actions.history(null, 1_000));
	expect(all).toHaveLength(1_000);
	expect(valueOf(again.actions.history(actionId(11), 1_000))).toEqual([]);
	expect(all.filter(({ isUndoable }) => isUndoable).map(({ id }) => id)).toEqual(
		Array.from({ length: 100 }, (_, at) => 1_010 - at)
	);
	expect(valueOf(again.actions.preview(undoOf(actionId(910))))).toMatchObject({
		warnings: [{ type: 'UndoImpossible' }]
	});
	for (let at = 0; at < 100; at++) {
		const id = valueOf(again.actions.latestUndoable(false));
		if (id === null) throw new Error(`nothing to undo after ${at}`);
		valueOf(await doNow(again, undoOf(id)));
	}
	expect(setting(again, 'n1010')).toBeNull();
	expect(setting(again, 'n910')).toBe('1');
});

test('more operations than a plan shows are read page by page', async () => {
	const { world } = await open();
	const sets = Object.fromEntries(Array.from({ length: 1_300 }, (_, at) => [`n${at}`, '1']));
	const plan = valueOf(world.actions.preview(change({ sets })));
	expect([plan.operations.length, plan.counts.operations]).toEqual([500, 1_300]);
	expect(valueOf(world.actions.operations(change({ sets }), 1_000))).toHaveLength(300);
});
