import { describe, expect, test, vi } from 'vitest';
import { createMux, frameToBytes, muxSettings, readFrame, VarintReader } from '#core/net';
import type { Frame, Link, LinkEnd, Mux, MuxSettings, Stream } from '#core/net';
import { isNightly } from '../tier.ts';
import { createSimClock, type SimClock } from './host/clock.ts';
import { createSimLink } from './host/network.ts';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';

vi.setConfig({ testTimeout: isNightly ? 900_000 : 60_000 });
const seed = testSeed('the model of the mux');
const { signal } = new AbortController();
const priorities = ['control', 'normal', 'bulk'] as const;
const patienceMs = 600_000;

/** What one side does with one direction of a stream. */
type Plan = {
	readonly totalBytes: number;
	readonly writeBytesMax: number;
	readonly pauseMs: number;
	/** After so many bytes the writer gives up. */
	readonly closesAfter: number | null;
	/** Once, the reader sleeps for so long. */
	readonly stallMs: number;
	/** After so many bytes the reader wants no more. */
	readonly stopsAfter: number | null;
};

type Outcome = { readonly isWhole: boolean; readonly wrong: string | null };

/** The byte at an offset of a direction: another one for each, so that nothing can be taken for something else. */
const patternAt = (salt: number, at: number) => (Math.imul(at + 1, 2_654_435_761) ^ Math.imul(salt + 1, 40_503)) >>> 24;
const pattern = (salt: number, from: number, length: number) =>
	Uint8Array.from({ length }, (_, n) => patternAt(salt, from + n));

function drawPlan(random: SimRandom): Plan {
	const totalBytes = random.chance(0.1) ? 0 : random.integer(random.chance(0.2) ? 40_000 : 4_000);
	const sometime = () => (random.chance(0.12) ? random.integer(totalBytes + 1) : null);
	return {
		totalBytes,
		writeBytesMax: 1 + random.integer(6_000),
		pauseMs: random.chance(0.5) ? 0 : random.integer(20),
		closesAfter: sometime(),
		stallMs: random.chance(0.3) ? random.integer(20_000) : 0,
		stopsAfter: sometime()
	};
}

async function writeBy(stream: Stream, salt: number, plan: Plan, clock: SimClock, random: SimRandom): Promise<void> {
	const until = plan.closesAfter ?? plan.totalBytes;
	for (let at = 0; at < until;) {
		const length = Math.min(until - at, 1 + random.integer(plan.writeBytesMax));
		const written = await stream.write(pattern(salt, at, length), signal);
		if (!written.ok) return;
		at += length;
		if (plan.pauseMs > 0) await clock.wait(plan.pauseMs, signal);
	}
	if (plan.closesAfter === null) await stream.end(signal);
	else stream.close(0x100);
}

async function readBy(stream: Stream, salt: number, plan: Plan, clock: SimClock): Promise<Outcome> {
	let [at, stallMs] = [0, plan.stallMs];
	for (;;) {
		if (at > plan.totalBytes / 2) {
			await clock.wait(stallMs, signal);
			stallMs = 0;
		}
		const read = await stream.read(signal);
		if (!read.ok) return { isWhole: false, wrong: null };
		if (read.value === null)
			return { isWhole: at === plan.totalBytes, wrong: at > plan.totalBytes ? 'too much' : null };
		for (const [n, byte] of read.value.entries())
			if (byte !== patternAt(salt, at + n)) return { isWhole: false, wrong: `another byte at ${at + n} of ${salt}` };
		at += read.value.length;
		if (plan.stopsAfter !== null && at >= plan.stopsAfter) {
			stream.close(0x101);
			return { isWhole: false, wrong: null };
		}
	}
}

/** A link on which frames get lost that `isLost` names: what no carrier does. */
function withLost(link: Link, isLost: (frame: Frame) => boolean): Link {
	return {
		messageBytesMax: link.messageBytesMax,
		close: (code) => link.close(code),
		send: (message) => link.send(message),
		start: ({ onMessage, onReady, onEnd }) =>
			link.start({
				onReady,
				onEnd,
				onMessage: (message) => {
					const reader = new VarintReader(message);
					const kept: Uint8Array[] = [];
					while (!reader.isAtEnd) {
						const frame = readFrame(reader);
						if (!frame.ok) throw new Error(frame.failure.what);
						if (!isLost(frame.value)) kept.push(frameToBytes(frame.value));
					}
					if (kept.length > 0) onMessage(Buffer.concat(kept));
				}
			})
	};
}

type Faults = { readonly cuts?: boolean; readonly isLost?: (frame: Frame) => boolean };
type Run = {
	readonly isStuck: boolean;
	readonly wrong: readonly string[];
	readonly ends: readonly (LinkEnd | null)[];
	readonly whole: number;
	readonly streams: number;
};

/** A random program: streams of both sides, each direction with a plan of its own. */
async function run(programSeed: number, { cuts = false, isLost }: Faults = {}): Promise<Run> {
	const random = createSimRandom(programSeed);
	const clock = createSimClock();
	const settings: MuxSettings = {
		...muxSettings,
		messageBytesMax: 1_024 + random.integer(8_000),
		windowBytes: 1_000 + random.integer(60_000),
		streamWindowBytes: 200 + random.integer(20_000),
		streamsMax: 1 + random.integer(6),
		pingAfterMs: 10 * patienceMs
	};
	const bufferBytesMax = 1 + random.integer(40_000);
	const messageBytesMax = 1_024 + random.integer(8_000);
	const delayMs = [0, random.integer(120)] as const;
	const wrong: string[] = [];
	const look = () => {
		for (const mux of muxes) if (mux.heldBytes > settings.windowBytes) wrong.push('more held than the window');
		for (const bytes of link.underWayBytes)
			if (bytes > bufferBytesMax + messageBytesMax) wrong.push('more sent than the link takes');
	};
	const link = createSimLink(clock, random, { delayMs, bufferBytesMax, messageBytesMax, onSend: () => look() });
	const work: Promise<Outcome>[] = [];
	const plans = new Map<string, Plan>();
	const planOf = (side: number, salt: number) => {
		const key = `${side} ${salt}`;
		const plan = plans.get(key) ?? drawPlan(random);
		plans.set(key, plan);
		return plan;
	};
	const use = (stream: Stream, side: 0 | 1) => {
		const [ours, theirs] = [stream.id * 2 + side, stream.id * 2 + 1 - side];
		void writeBy(stream, ours, planOf(side, ours), clock, random);
		work.push(readBy(stream, theirs, planOf(1 - side, theirs), clock));
	};
	const ends: (LinkEnd | null)[] = [null, null];
	const muxOf = (side: 0 | 1): Mux => {
		const mux = createMux(isLost === undefined ? link.ends[side] : withLost(link.ends[side], isLost), {
			role: side === 0 ? 'client' : 'server',
			settings,
			clock,
			onStream: (stream) => use(stream, side)
		});
		void mux.ended.then((end) => (ends[side] = end));
		return mux;
	};
	const muxes: Mux[] = [];
	for (const side of [0, 1] as const) muxes.push(muxOf(side));
	const opening = muxes.map(async (mux, at) => {
		for (let left = 1 + random.integer(8); left > 0; left--) {
			const priority = priorities[random.integer(3)] ?? 'bulk';
			const stream = await mux.open('model/1', priority, signal);
			if (!stream.ok) return;
			use(stream.value, at === 0 ? 0 : 1);
			await clock.wait(random.integer(200), signal);
		}
	});
	if (cuts) void clock.wait(random.integer(2_000), signal).then(() => link.cut());
	let outcomes: readonly Outcome[] | null = null;
	// What the other side opens late is work too, so all of it is asked for again once all that is known has ended.
	void Promise.all(opening).then(async () => {
		for (let known = -1; known !== work.length;) {
			known = work.length;
			await Promise.all(work);
			await clock.wait(1_000, signal);
		}
		outcomes = await Promise.all(work);
	});
	for (let ms = 0; ms < patienceMs && outcomes === null; ms += 1_000) await clock.advance(1_000);
	const isStuck = outcomes === null;
	const told: readonly Outcome[] = outcomes ?? [];
	for (const outcome of told) if (outcome.wrong !== null) wrong.push(outcome.wrong);
	const whole = told.filter(({ isWhole }) => isWhole).length;
	for (const mux of muxes) mux.close(0);
	await clock.advance(1_000);
	return { isStuck, wrong, ends, whole, streams: told.length };
}

const programs = isNightly ? 3_000 : 60;

describe('random programs of streams', () => {
	test('bring every byte over in order, within their windows, and never stand still', async () => {
		let [whole, streams] = [0, 0];
		for (let n = 0; n < programs; n++) {
			const ran = await run(seed + n);
			const told = { isStuck: ran.isStuck, wrong: ran.wrong, codes: ran.ends.map((end) => end?.type) };
			expect(told, `seed ${seed + n}`).toEqual({ isStuck: false, wrong: [], codes: ['LinkClosed', 'LinkClosed'] });
			for (const end of ran.ends) expect(end, `seed ${seed + n}`).toMatchObject({ code: 0 });
			whole += ran.whole;
			streams += ran.streams;
		}
		// Most of the plans do not give up.
		expect(whole).toBeGreaterThan(streams / 2);
	});

	test('end, each with what it has, when the link is cut', async () => {
		for (let n = 0; n < programs / 2; n++) {
			const ran = await run(seed + n, { cuts: true });
			expect({ isStuck: ran.isStuck, wrong: ran.wrong }, `seed ${seed + n}`).toEqual({ isStuck: false, wrong: [] });
		}
	});

	test.each<readonly [string, Frame['type']]>([
		['of the link', 'max-bytes'],
		['of a stream', 'max-stream-bytes'],
		['to open streams', 'max-streams']
	])('stand still where credit %s never comes back (control)', async (_, type) => {
		let stuck = 0;
		for (let n = 0; n < 10; n++) if ((await run(seed + n, { isLost: (frame) => frame.type === type })).isStuck) stuck++;
		expect(stuck).toBeGreaterThan(0);
	});
});
