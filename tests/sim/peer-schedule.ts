import { createSimRandom, type SimRandom } from './host/random.ts';
import { findFault } from './peer-checks.ts';
import { deeds } from './peer-person.ts';
import { PeerWorld, type Step, type WorldOptions } from './peer-world.ts';

const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
/** Clocks of devices that are on differ by less than what is refused. */
const skewMaxMs = 4 * 60_000;

/** What happens how often, in parts of the whole. */
const chances: readonly (readonly [number, (random: SimRandom, n: number) => Step])[] = [
	[
		40,
		(random, n) => ({
			do: 'write',
			peer: random.integer(99),
			key: pick(random, keys),
			value: random.chance(0.25) ? null : `v${n}`
		})
	],
	[30, (random) => ({ do: 'wait', ms: pick(random, [1, 10, 50, 200, 500, 1_000, 3_000, 30_000]) })],
	[6, (random) => ({ do: 'cut', link: random.integer(99) })],
	[3, (random) => ({ do: 'silence', link: random.integer(99) })],
	[3, (random) => ({ do: 'part', bits: random.integer(32) })],
	[3, () => ({ do: 'heal' })],
	[3, (random) => ({ do: 'skew', peer: random.integer(99), aheadMs: random.integer(skewMaxMs) })],
	[3, (random) => ({ do: 'stop', peer: random.integer(99), how: random.chance(0.5) ? 'power' : 'kill' })],
	[4, (random) => ({ do: 'lose', peer: random.integer(99), operations: random.integer(30) })],
	[6, (random) => ({ do: 'start', peer: random.integer(99) })],
	[8, (random) => ({ do: 'repeat', peer: random.integer(99), nth: random.integer(999) })]
];
const wholeChance = chances.reduce((sum, [chance]) => sum + chance, 0);

function pick<T>(random: SimRandom, from: readonly T[]): T {
	const picked = from[random.integer(from.length)];
	if (picked === undefined) throw new Error('there is something to pick');
	return picked;
}

function drawStep(random: SimRandom, n: number): Step {
	let left = random.integer(wholeChance);
	for (const [chance, draw] of chances) {
		if (left < chance) return draw(random, n);
		left -= chance;
	}
	throw new Error('the chances add up');
}

/** What people do beside all that. */
function drawDeed(random: SimRandom): Step {
	return { do: 'act', peer: random.integer(99), deed: pick(random, deeds), which: random.integer(999) };
}

/** Everyone with everyone, one after another, or all with the first. */
function drawLinks(random: SimRandom, peers: number): [number, number][] | undefined {
	const rest = Array.from({ length: peers - 1 }, (_, n) => n + 1);
	switch (random.integer(3)) {
		case 0:
			return rest.map((n) => [n - 1, n]);
		case 1:
			return rest.map((n) => [0, n]);
		default:
			return undefined;
	}
}

/** Clocks that nobody has set, or that somebody has set to harm. */
const yearMs = 365 * 24 * 3_600_000;
const jumpsMs = [-30 * yearMs, -yearMs, -3_600_000, 0, 6 * 60_000, yearMs, 80 * yearMs];
/** What was refused for its time is asked for again within this. */
const poisonedCalmMs = 20 * 60_000;

export type Schedule = WorldOptions & {
	readonly steps: readonly Step[];
	/** Time that passes after all trouble, beside that in which all are level on a good day. */
	readonly calmMs?: number;
};

/** As `drawPeopled`, where the clock of the first device jumps by years; nobody else's does. */
export function drawPoisoned(seed: number, stepsMax = 30): Schedule {
	const random = createSimRandom(seed);
	const { steps, ...world } = drawPeopled(seed, stepsMax);
	const others = steps.filter((step) => step.do !== 'write' && step.do !== 'repeat' && step.do !== 'skew');
	const jump = (): Step => ({ do: 'skew', peer: 0, aheadMs: pick(random, jumpsMs) });
	return {
		...world,
		steps: others.flatMap((step) => (random.chance(0.3) ? [jump(), step] : [step])),
		calmMs: poisonedCalmMs
	};
}

/** A schedule that `seed` rules: two to five devices, and some dozens of things that happen to them. */
export function drawSchedule(seed: number, stepsMax = 40): Schedule {
	const random = createSimRandom(seed);
	const peers = 2 + random.integer(4);
	const links = drawLinks(random, peers);
	const steps = Array.from({ length: 10 + random.integer(stepsMax - 9) }, (_, n) => drawStep(random, n));
	return { seed, peers, steps, ...(links && { links }) };
}

/** As `drawSchedule`, with people: what each has indexed goes on through others to those that it never meets. */
export function drawPeopled(seed: number, stepsMax = 30): Schedule {
	const random = createSimRandom(seed);
	const peers = 2 + random.integer(4);
	const links = drawLinks(random, peers);
	const steps = Array.from({ length: 10 + random.integer(stepsMax - 9) }, (_, n) =>
		random.chance(0.5) ? drawDeed(random) : drawStep(random, n)
	);
	return { seed, peers, steps, hasPeople: true, ...(links && { links }) };
}

/** As `drawPeopled`, where some devices, never all, are of a version to come. */
export function drawMixed(seed: number, stepsMax = 30): Schedule {
	const random = createSimRandom(seed);
	const { steps, ...world } = drawPeopled(seed, stepsMax);
	const later = Array.from({ length: world.peers }, (_, n) => n).filter(() => random.chance(0.5));
	const some = later.length === 0 || later.length === world.peers ? [random.integer(world.peers)] : later;
	const say = (): Step => ({ do: 'say-later', peer: pick(random, some), which: random.integer(999) });
	return { ...world, later: some, steps: steps.flatMap((step) => (random.chance(0.4) ? [step, say()] : [step])) };
}

export type Outcome = { readonly fault: string | null; readonly losses: number; readonly bytes: number };

/** Runs a schedule to its end; what is wrong then, or null. */
export async function runSchedule({ steps, calmMs = 0, ...options }: Schedule): Promise<Outcome> {
	const world = new PeerWorld(options);
	await world.begin();
	for (const step of steps) await world.take(step);
	await world.settle();
	await world.take({ do: 'wait', ms: calmMs });
	const fault = await findFault(world);
	await world.close();
	const losses = world.peers.reduce((sum, { disk }) => sum + disk.losses, 0);
	return { fault, losses, bytes: world.sent.bytes };
}

/** What kind of fault it is, whatever device and value it is about. */
function kindOf(fault: string | null): string | undefined {
	return fault?.split(':')[0]?.replace(/\d+/g, 'n');
}

/** Leaves steps out, many at first, then one by one, for as long as the schedule still fails as it did. */
export async function shrink(schedule: Schedule, triesMax = 300): Promise<Schedule> {
	const { fault: first } = await runSchedule(schedule);
	let steps = schedule.steps;
	let tries = 0;
	for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
		for (let at = 0; at < steps.length && tries < triesMax; tries++) {
			const fewer = [...steps.slice(0, at), ...steps.slice(at + size)];
			const { fault } = await runSchedule({ ...schedule, steps: fewer });
			if (fault === null || kindOf(fault) !== kindOf(first)) at += size;
			else steps = fewer;
		}
	}
	return { ...schedule, steps };
}

/** Throws with the seed and the shortest schedule that was found, where this one fails. */
export async function expectSound(schedule: Schedule): Promise<Outcome> {
	const outcome = await runSchedule(schedule);
	if (outcome.fault === null) return outcome;
	const shortest = await shrink(schedule);
	const again = await runSchedule(shortest);
	throw new Error(`seed ${schedule.seed}: ${String(again.fault)}\n${JSON.stringify(shortest)}`);
}
