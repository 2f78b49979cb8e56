import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Meter, type Amount } from './meter.ts';

/** So many items of so many, without bytes. */
function items(done: number, total: number | null): Amount {
	return { done, total, doneBytes: 0, totalBytes: null };
}

test('a steady job is told its rate and the time that is left', () => {
	const meter = new Meter(items(0, 1_000), 0);
	for (let atMs = 100; atMs <= 3_000; atMs += 100) meter.tell(items(atMs / 10, 1_000), atMs);
	expect(meter.read()).toMatchObject({ done: 300, total: 1_000, perSecond: 100, leftMs: 7_000 });
});

test('without a total, and before anything was done, no time is told', () => {
	const meter = new Meter(items(5, null), 0);
	expect(meter.read()).toMatchObject({ done: 5, total: null, perSecond: 0, leftMs: null });
	meter.tell(items(15, null), 1_000);
	expect(meter.read()).toMatchObject({ done: 15, total: null, perSecond: 10, leftMs: null });
});

test('the rate is that of the last seconds: a slow beginning is forgotten', () => {
	const meter = new Meter(items(0, 10_000), 0);
	for (let atMs = 500; atMs <= 20_000; atMs += 500) meter.tell(items(1, 10_000), atMs);
	for (let step = 1; step <= 20; step++) meter.tell(items(1 + step * 50, 10_000), 20_000 + step * 500);
	expect(meter.read().perSecond).toBe(100);
});

test('items that earlier tries did are part of what is done and not of the rate', () => {
	const meter = new Meter(items(9_000, 10_000), 0);
	meter.tell(items(9_100, 10_000), 1_000);
	expect(meter.read()).toMatchObject({ done: 9_100, total: 10_000, perSecond: 100, leftMs: 9_000 });
});

test('where bytes count, the later of the two estimates is told', () => {
	const meter = new Meter({ done: 0, total: 100, doneBytes: 0, totalBytes: 90_000 }, 0);
	meter.tell({ done: 50, total: 100, doneBytes: 10_000, totalBytes: 90_000 }, 1_000);
	expect(meter.read()).toMatchObject({ perSecond: 50, bytesPerSecond: 10_000, leftMs: 8_000 });
});

test('whatever is told, neither rate nor time is negative or without end', () => {
	const told = fc.array(fc.tuple(fc.nat(1_000), fc.option(fc.nat(1_000)), fc.nat(2_000)), { maxLength: 60 });
	fc.assert(
		fc.property(told, (steps) => {
			const meter = new Meter(items(0, null), 0);
			let atMs = 0;
			for (const [done, total, passedMs] of steps) meter.tell(items(done, total), (atMs += passedMs));
			const { perSecond, leftMs } = meter.read();
			expect(perSecond).toBeGreaterThanOrEqual(0);
			expect(Number.isFinite(perSecond)).toBe(true);
			expect(leftMs === null || (leftMs >= 0 && Number.isFinite(leftMs))).toBe(true);
		})
	);
});
