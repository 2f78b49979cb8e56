import { expect, test } from 'vitest';
import { backOffMs } from './back-off.ts';

const tries = (retry: string | undefined, count: number) =>
	Array.from({ length: count }, (_, at) =>
		backOffMs({ type: 'Any', ...(retry === undefined ? {} : { retry }) }, at + 1)
	);

test('what cannot get better has failed at once', () => {
	expect(tries('never', 1)).toEqual([null]);
	expect(tries(undefined, 1)).toEqual([null]);
});

test('what may pass is tried again, later each time, and has failed at the eighth time', () => {
	expect(tries('soon', 9)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, null, null]);
});

test('what is away is waited for without end, up to a quarter of an hour at a time', () => {
	expect(tries('when-online', 7)).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 900_000, 900_000]);
	expect(backOffMs({ type: 'Any', retry: 'when-online' }, 5_000)).toBe(900_000);
});
