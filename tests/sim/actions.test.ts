import { expect, test } from 'vitest';
import type { PlanId } from '#core/kernel';
import {
	change,
	onceBy,
	openActions,
	Outside,
	undoOf,
	writeSetting,
	type ActionWorld,
	type Manner
} from './action-world.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { valueOf } from './job-world.ts';
import { isNightly } from '../tier.ts';

const forever = new AbortController().signal;

/** Rows and things that are changed together; `old` and `a` are there before. */
const wish = change({ sets: { a: '2', b: '2' }, places: { x: 'there', old: null, y: 'there' } });

type Device = { host: SimHost; readonly outside: Outside; readonly manner: Manner };
/** What was answered before the end came: it must hold for ever. */
type Life = { plan: PlanId | null; committed: boolean; undone: boolean };

async function prepare(seed: number, manner: Manner, flushes = true): Promise<Device> {
	const device = { host: createSimHost(seed), outside: new Outside(), manner };
	device.outside.things.set('old', 'here');
	const world = await openActions(device.host, device.outside);
	valueOf(world.database.write(() => writeSetting(world.database, 'a', '1')));
	await world.close();
	device.host.disk.flushes = flushes;
	return device;
}

/** One life of the program: the change and its undoing, from wherever the last life was ended. */
async function live({ host, outside, manner }: Device, life: Life, alsoUndo: boolean): Promise<ActionWorld> {
	const world = await openActions(host, outside, manner);
	const { actions, jobs } = world;
	jobs.start();
	life.plan ??= valueOf(actions.preview(wish)).id;
	// A repeat of one command, as a client sends it when its core has gone.
	const done = valueOf(actions.commit({ ...wish, plan: life.plan }, onceBy(1)));
	life.committed = true;
	const ended = valueOf(await actions.end(done.id, forever));
	if (ended.state !== 'done') throw new Error(`the change is ${ended.state}`);
	if (!alsoUndo) return world;
	const undoing = valueOf(actions.commit({ ...undoOf(done.id), plan: null }, onceBy(2)));
	life.undone = true;
	const taken = valueOf(await actions.end(undoing.id, forever));
	if (taken.state !== 'done') throw new Error(`the undoing is ${taken.state}`);
	return world;
}

/** The device as it comes up again: what was open is dead, and nothing outside remembers the end. */
function restart(device: Device, seed: number): void {
	device.host.disk.kill();
	device.host = createSimHost(seed, device.host.disk);
	device.outside.killAt = null;
}

/** What is not as it must be once all is done. */
function faults({ database }: ActionWorld, { things, times, half }: Outside, isUndone: boolean): string[] {
	const rows = database.prepare('SELECT name, value FROM setting ORDER BY name').all();
	const values = rows.map(({ name, value }) => [String(name), String(value)] as const);
	const kept = values.filter(([name]) => !name.startsWith('placed'));
	const wanted = isUndone ? 'a=1' : 'a=2 b=2';
	const wantedThings = isUndone ? 'old=here' : 'x=there y=there';
	const text = (pairs: Iterable<readonly [string, string]>) =>
		[...pairs]
			.map((pair) => pair.join('='))
			.toSorted()
			.join(' ');
	return [
		...(text(kept) === wanted ? [] : [`rows: ${text(kept)}`]),
		...(text(things) === wantedThings ? [] : [`things: ${text(things)}`]),
		...[...times].filter(([, count]) => count !== 1).map(([what, count]) => `${what} ${count} times`),
		...values.filter(([name, value]) => name.startsWith('placed') && value !== '1').map(([name]) => `${name} twice`),
		...(half.size === 0 ? [] : ['something is half done'])
	];
}

/** An end of the program: the power goes at an operation of the disk, or it is killed before a piece of outer work. */
type End = { readonly by: 'power' | 'kill'; readonly at: number };

function arm({ host, outside }: Device, { by, at }: End): void {
	if (by === 'power') host.disk.powerLossAt = host.disk.operations + at;
	else outside.killAt = outside.pieces + at;
	outside.onKill = () => host.disk.kill();
}

/** Lives until each of `ends` has come or came too late, and once more; answers how many came, and what is wrong then. */
async function through(seed: number, ends: readonly End[], manner: Manner = 'looks', flushes = true) {
	const device = await prepare(seed, manner, flushes);
	const life: Life = { plan: null, committed: false, undone: false };
	let came = 0;
	try {
		for (const end of ends) {
			arm(device, end);
			const before = device.host.disk.losses;
			// A killed program throws out of the runner, which is how the test stops it.
			const ran = await live(device, life, true).then(
				() => true,
				() => false
			);
			if (!ran) came++;
			if (!ran && end.by === 'power' && device.host.disk.losses === before) throw new Error('ended by itself');
			// On a disk that keeps its word until the power goes, a process that ends takes nothing along.
			if (!flushes) device.host.disk.crash();
			restart(device, seed);
			if (life.committed && !(await isRecorded(device, life))) return { came, wrong: ['a commit was forgotten'] };
		}
		const world = await live(device, life, true);
		const wrong = faults(world, device.outside, true);
		await world.close();
		return { came, wrong };
	} catch (thrown) {
		return { came, wrong: [String(thrown)] };
	}
}

async function isRecorded({ host, outside }: Device, { undone }: Life): Promise<boolean> {
	const world = await openActions(host, outside);
	const history = valueOf(world.actions.history(null, 10));
	await world.close();
	return history.length >= (undone ? 2 : 1);
}

/** How many operations of the disk and pieces of outer work a whole life takes. */
async function measure(seed: number) {
	const device = await prepare(seed, 'looks');
	const before = device.host.disk.operations;
	const world = await live(device, { plan: null, committed: false, undone: false }, true);
	expect(faults(world, device.outside, true)).toEqual([]);
	await world.close();
	return { operations: device.host.disk.operations - before, pieces: device.outside.pieces };
}

test('a change of rows and things is done as it was asked for', async () => {
	const device = await prepare(1, 'looks');
	const world = await live(device, { plan: null, committed: false, undone: false }, false);
	expect(faults(world, device.outside, false)).toEqual([]);
});

test('the power goes at any operation of a change and its undoing: each step is done once, each answer holds', async () => {
	const seed = testSeed('power loss in an action');
	const { operations } = await measure(seed);
	const stride = isNightly ? 1 : 6;
	let losses = 0;
	for (let at = seed % stride; at < operations; at += stride) {
		const { came, wrong } = await through(seed + at, [{ by: 'power', at }]);
		expect(wrong, `operation ${at}, seed ${seed}`).toEqual([]);
		losses += came;
	}
	console.info(`${losses} losses of power at each ${stride}. of ${operations} operations`);
	expect(losses).toBeGreaterThan((operations / stride) * 0.8);
});

test('killed before any piece of a step, and before any of the recovery, it comes to the same end', async () => {
	const seed = testSeed('kills in an action');
	const { pieces } = await measure(seed);
	let kills = 0;
	for (let at = 0; at < pieces; at++)
		for (let again = 0; again < 4; again++) {
			const ends: readonly End[] = [
				{ by: 'kill', at },
				{ by: 'kill', at: again }
			];
			const { came, wrong } = await through(seed, ends);
			expect(wrong, `pieces ${at} and ${again}, seed ${seed}`).toEqual([]);
			kills += came;
		}
	console.info(`${kills} kills at ${pieces} pieces of work, each with a second one in the recovery`);
	expect(kills).toBeGreaterThan(pieces * 4);
});

test('the power goes again and again, in the recovery too, and between kills', async () => {
	const seed = testSeed('power loss in a recovery');
	const { operations, pieces } = await measure(seed);
	const random = createSimRandom(seed);
	let losses = 0;
	for (let round = 0; round < (isNightly ? 600 : 30); round++) {
		const ends = Array.from({ length: 4 }, (): End => {
			const by = random.chance(0.7) ? 'power' : 'kill';
			return { by, at: random.integer(by === 'power' ? operations : pieces) };
		});
		const { came, wrong } = await through(seed + round, ends);
		expect(wrong, `${JSON.stringify(ends)}, seed ${seed}`).toEqual([]);
		losses += came;
	}
	console.info(`${losses} ends of the program`);
});

test('a step that does not look at what is there is done twice (negative control)', async () => {
	const seed = testSeed('kills in a blind action');
	const { pieces } = await measure(seed);
	const wrong: string[] = [];
	for (let at = 0; at < pieces; at++) wrong.push(...(await through(seed, [{ by: 'kill', at }], 'blindly')).wrong);
	expect(wrong.join()).toMatch(/2 times/);
});

test('a disk that does not flush is found out (negative control)', async () => {
	const seed = testSeed('actions on a disk that lies');
	const { operations } = await measure(seed);
	const wrong: string[] = [];
	for (let at = 0; at < operations && wrong.length === 0; at += 10)
		wrong.push(...(await through(seed + at, [{ by: 'power', at }], 'looks', false)).wrong);
	expect(wrong).not.toEqual([]);
});
