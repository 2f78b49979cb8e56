import { expect, test } from 'vitest';
import { createSimClock } from '../../../../tests/sim/host/clock.ts';
import { createTries } from './tries.ts';

test('each wrong answer after the third doubles the wait up to half a minute; a right one ends it', async () => {
	const clock = createSimClock();
	const tries = createTries(clock);
	const waits: number[] = [];
	for (let wrong = 0; wrong < 12; wrong++) {
		tries.wrong();
		waits.push(tries.waitMs());
		await clock.advance(tries.waitMs());
		expect(tries.waitMs()).toBe(0);
	}
	expect(waits).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
	tries.wrong();
	tries.right();
	expect(tries.waitMs()).toBe(0);
});

test('a wall clock that is set forward does not shorten the wait', () => {
	const clock = createSimClock();
	const tries = createTries(clock);
	for (let wrong = 0; wrong < 5; wrong++) tries.wrong();
	clock.setNow(clock.nowMs() + 86_400_000);
	expect(tries.waitMs()).toBe(4_000);
});
