import { describe, expect, test } from 'vitest';
import { createSimRandom, testSeed, type SimRandom } from '../../../../tests/sim/host/random.ts';
import { isNamed, nextTime, parseCron, type Cron, type OffsetAt } from './cron.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const utc: OffsetAt = () => 0;

function cronOf(text: string): Cron {
	const parsed = parseCron(text);
	if (!parsed.ok) throw new Error(`${text}: ${parsed.failure.type}`);
	return parsed.value;
}

/** The next times after a date, as text of the local time of an offset. */
function times(text: string, after: string, count: number, offsetAt: OffsetAt = utc): string[] {
	const found: string[] = [];
	let at = Date.parse(after);
	for (let n = 0; n < count; n++) {
		at = nextTime(cronOf(text), at, offsetAt);
		found.push(new Date(at + offsetAt(at)).toISOString().slice(0, 16));
	}
	return found;
}

function oneOf<T>(random: SimRandom, [first, ...others]: readonly [T, ...T[]]): T {
	return [first, ...others][random.integer(others.length + 1)] ?? first;
}

describe('an expression', () => {
	test('what it names', () => {
		expect(times('*/20 * * * *', '2026-01-01T00:00:30Z', 3)).toEqual([
			'2026-01-01T00:20',
			'2026-01-01T00:40',
			'2026-01-01T01:00'
		]);
		expect(times('0 3 * * *', '2026-01-01T03:00:00Z', 1)).toEqual(['2026-01-02T03:00']);
		expect(times('5,10-11 0 1 jan,JUL *', '2026-02-01T00:00:00Z', 3)).toEqual([
			'2026-07-01T00:05',
			'2026-07-01T00:10',
			'2026-07-01T00:11'
		]);
		expect(times('0 12 * * 7', '2026-01-01T00:00:00Z', 1)).toEqual(times('0 12 * * sun', '2026-01-01T00:00:00Z', 1));
		expect(times('0 0 * * mon-fri/2', '2026-01-01T00:00:00Z', 3)).toEqual([
			'2026-01-02T00:00',
			'2026-01-05T00:00',
			'2026-01-07T00:00'
		]);
		expect(times('0 0 29 2 *', '2096-03-01T00:00:00Z', 1)).toEqual(['2104-02-29T00:00']);
	});

	test('of two kinds of days that are both named, either is one', () => {
		expect(times('0 0 13 * 5', '2026-02-01T00:00:00Z', 3)).toEqual([
			'2026-02-06T00:00',
			'2026-02-13T00:00',
			'2026-02-20T00:00'
		]);
		expect(times('0 0 31 2 mon', '2026-02-01T00:00:00Z', 1)).toEqual(['2026-02-02T00:00']);
	});

	test('of two kinds of days of which one has a star, both are asked, however seldom they meet', () => {
		expect(times('0 0 */7 2 tue', '2039-03-01T00:00:00Z', 2)).toEqual(['2050-02-01T00:00', '2050-02-08T00:00']);
		expect(times('0 0 29 2 */7', '2060-03-01T00:00:00Z', 2)).toEqual(['2088-02-29T00:00', '2128-02-29T00:00']);
	});

	test('what is wrong with it is told by the field', () => {
		for (const [text, field, word] of [
			['60 * * * *', 'minute', '60'],
			['*/0 * * * *', 'minute', '*/0'],
			['5/2 * * * *', 'minute', '5/2'],
			['1-2-3 * * * *', 'minute', '1-2-3'],
			[', * * * *', 'minute', ','],
			['0 24 * * *', 'hour', '24'],
			['0 -1 * * *', 'hour', '-1'],
			['0 0 0 * *', 'day of month', '0'],
			['0 0 1 13 *', 'month', '13'],
			['0 0 1 mar-jan *', 'month', 'mar-jan'],
			['0 0 1 * 8', 'day of week', '8'],
			['0 0 1 * monday', 'day of week', 'monday'],
			['0 0 1 *', null, '0 0 1 *'],
			['0 0 1 * * 2026', null, '0 0 1 * * 2026'],
			['', null, '']
		])
			expect(parseCron(text ?? ''), text ?? '').toEqual({
				ok: false,
				failure: { type: 'CronWrong', field, text: word }
			});
		for (const text of ['0 0 30 2 *', '0 0 31 4,6,9,11 *'])
			expect(parseCron(text)).toEqual({ ok: false, failure: { type: 'CronNever' } });
	});
});

/** An offset that is put on by `shiftMs` at one time and back at another. */
function summerTime(baseMs: number, shiftMs: number, onMs: number, backMs: number): OffsetAt {
	return (atMs) => baseMs + (atMs >= onMs && atMs < backMs ? shiftMs : 0);
}

describe('when clocks are put on and back', () => {
	const offset = summerTime(hourMs, hourMs, Date.parse('2026-03-29T01:00Z'), Date.parse('2026-10-25T01:00Z'));

	test('what they leave out is due at once, what they say twice is due once', () => {
		expect(times('30 2 * * *', '2026-03-28T12:00Z', 2, offset)).toEqual(['2026-03-29T03:00', '2026-03-30T02:30']);
		expect(times('30 2 * * *', '2026-10-24T12:00Z', 2, offset)).toEqual(['2026-10-25T02:30', '2026-10-26T02:30']);
		expect(nextTime(cronOf('30 2 * * *'), Date.parse('2026-10-24T12:00Z'), offset)).toBe(
			Date.parse('2026-10-25T00:30Z')
		);
	});

	test('put back soon after midnight, they come to the day before once more', () => {
		const late = summerTime(0, hourMs, 0, Date.parse('2026-10-26T23:15Z'));
		expect(times('*/30 * * * 1', '2026-10-26T22:40Z', 3, late)).toEqual([
			'2026-10-26T23:30',
			'2026-11-02T00:00',
			'2026-11-02T00:30'
		]);
	});

	test('every hour is every hour that passes', () => {
		const at = Date.parse('2026-10-24T23:30Z');
		const hours: number[] = [];
		for (let last = at; hours.length < 5; hours.push(last)) last = nextTime(cronOf('0 * * * *'), last, offset);
		expect(hours.map((ms) => (ms - Date.parse('2026-10-25T00:00Z')) / hourMs)).toEqual([0, 1, 2, 3, 4]);
	});
});

/** Every due time in a span, found by looking at each minute and at every local time that clocks have passed over. */
function naiveTimes(cron: Cron, fromMs: number, toMs: number, offsetAt: OffsetAt): number[] {
	const said = new Set<number>();
	const due: number[] = [];
	for (let at = fromMs - 6 * hourMs; at < toMs; at += minuteMs) {
		const local = at + offsetAt(at);
		let isDue = isNamed(cron, local) && (cron.isHourly || !said.has(local));
		for (let passed = at - minuteMs + offsetAt(at - minuteMs) + minuteMs; passed < local; passed += minuteMs)
			isDue ||= !cron.isHourly && isNamed(cron, passed);
		said.add(local);
		if (isDue && at > fromMs) due.push(at);
	}
	return due;
}

function anyField(random: SimRandom, first: number, last: number): string {
	const any = () => first + random.integer(last - first + 1);
	const [one, other] = [any(), any()];
	const [low, high] = [Math.min(one, other), Math.max(one, other)];
	const step = 1 + random.integer(7);
	return oneOf(random, [
		'*',
		'*',
		`${any()}`,
		`${any()},${any()}`,
		`${low}-${high}`,
		`*/${step}`,
		`${low}-${high}/${step}`
	]);
}

test(
	'any expression in any zone: the next time is the one that a look at every minute finds',
	{ timeout: 120_000 },
	() => {
		const seed = testSeed('cron');
		const spanMs = 20 * dayMs;
		let found = 0;
		for (let round = 0; round < 300; round++) {
			const random = createSimRandom(seed + round);
			const ranges = [
				[0, 59],
				[0, 23],
				[1, 28],
				[1, 12],
				[0, 7]
			] as const;
			const text = ranges.map(([first, last]) => anyField(random, first, last)).join(' ');
			const cron = cronOf(text);
			const start = Date.UTC(2024, random.integer(48), 1 + random.integer(28), random.integer(24), random.integer(60));
			const quarter = (spanQuarters: number) => random.integer(spanQuarters) * 15 * minuteMs;
			const putOn = Math.floor(start / dayMs) * dayMs + quarter(96 * 15);
			const offset = summerTime(
				quarter(104) - 12 * hourMs,
				oneOf(random, [30, 60, 120]) * minuteMs,
				putOn,
				putOn + 12 * hourMs + quarter(96 * 4)
			);
			const naive = naiveTimes(cron, start, start + spanMs, offset);
			const fast: number[] = [];
			for (let at = nextTime(cron, start, offset); at < start + spanMs; at = nextTime(cron, at, offset)) fast.push(at);
			expect(fast, `${text}, seed ${seed + round}`).toEqual(naive);
			found += naive.length;
		}
		expect(found).toBeGreaterThan(10_000);
	}
);
