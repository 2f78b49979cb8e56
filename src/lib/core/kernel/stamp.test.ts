import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { aheadMs, deviceId, driftMaxMs, lastStampAt, nextStamp, stampMs, stampOf, stampText } from '#core/kernel';

const start = Date.UTC(2026, 0, 1);
const clocks = fc.array(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), { maxLength: 200 });

describe('stamps', () => {
	test('never go back, wherever the clock jumps', () => {
		fc.assert(
			fc.property(clocks, (jumps) => {
				let latest = stampOf(0);
				for (const jump of jumps) {
					const next = nextStamp(latest, start + jump);
					expect(next).toBeGreaterThan(latest);
					expect(Number.isSafeInteger(next)).toBe(true);
					latest = next;
				}
			})
		);
	});

	test('are not behind a clock that can be believed', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 70 * 365 * 86_400_000 }), (more) => {
				expect(stampMs(nextStamp(stampOf(0), start + more))).toBe(start + more);
			})
		);
		expect(stampMs(nextStamp(stampOf(7), Date.UTC(2101, 0, 1)))).toBe(0);
	});

	test('come after every stamp that was taken over', () => {
		fc.assert(
			fc.property(fc.nat(2 ** 31), fc.integer({ min: -driftMaxMs, max: driftMaxMs }), (at, drift) => {
				const theirs = nextStamp(stampOf(0), start + at + drift);
				expect(nextStamp(theirs, start + at)).toBeGreaterThan(theirs);
			})
		);
	});

	test('go on into the next millisecond where one has too many', () => {
		let latest = stampOf(0);
		for (let made = 0; made < 5_000; made++) latest = nextStamp(latest, start);
		expect(stampMs(latest)).toBe(start + 2);
		expect(nextStamp(latest, start + 10)).toBe(nextStamp(stampOf(0), start + 10));
	});

	test('are ahead by as much as their time', () => {
		expect(aheadMs(lastStampAt(start), start)).toBe(0);
		expect(aheadMs(lastStampAt(start + 250), start)).toBe(250);
		expect(aheadMs(lastStampAt(start - 250), start)).toBe(0);
	});

	test('as text are in the order of time, then of devices', () => {
		const device = fc.stringMatching(/^[0-9a-f]{32}$/).map(deviceId);
		const stamp = fc.nat(Number.MAX_SAFE_INTEGER).map(stampOf);
		fc.assert(
			fc.property(stamp, device, stamp, device, (a, one, b, other) => {
				const [first, second] = [stampText(a, one), stampText(b, other)];
				if (a !== b) expect(first < second).toBe(a < b);
				else expect(first < second).toBe(one < other);
			})
		);
	});
});
