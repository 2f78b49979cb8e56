import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { isNightly } from '../tier.ts';
import type { Uncovered } from './decoder-coverage.child.ts';
import { decoders, drawTry } from './decoders.ts';
import { CpuTimes, slowMax } from './fuzz.ts';
import { createSimRandom, testSeed } from './host/random.ts';

vi.setConfig({ testTimeout: isNightly ? 3_600_000 : 60_000 });
/** Of all that devices say in sessions, together. */
const messagesMax = isNightly ? 1_000_000 : 50_000;
const random = createSimRandom(testSeed('fuzzing of messages'));

test('every decoder has its share', () => expect(decoders.reduce((sum, [, share]) => sum + share, 0)).toBe(100));

test.each(decoders)('%s: taken or refused, never thrown at, and at once', (...decoder) => {
	const [, share, samples, take] = decoder;
	for (const sample of samples) expect(take(sample)).toBe(true);
	const times = new CpuTimes();
	let [taken, refused] = [0, 0];
	for (let round = 0; round < (messagesMax * share) / 100; round++) {
		const once = drawTry(random, decoder);
		times.of(() => {
			if (once()) taken++;
			else refused++;
		});
	}
	const few = (messagesMax * share) / 2_000;
	expect(Math.min(taken, refused)).toBeGreaterThan(few);
	expect(times.slow).toBeLessThanOrEqual(slowMax);
});

test('of what decodes, 95 of 100 lines are run by that (T34)', async () => {
	const child = fileURLToPath(new URL('decoder-coverage.child.ts', import.meta.url));
	const { stdout } = await promisify(execFile)(process.execPath, [child, String(random.seed)]);
	const files = JSON.parse(stdout) as Readonly<Record<string, Uncovered>>;
	expect(Object.keys(files).length).toBeGreaterThan(10);
	const all = Object.values(files);
	const missed = all.flatMap((one) => one.missed);
	const lines = all.reduce((sum, one) => sum + one.lines, 0);
	console.log(`${lines - missed.length} of ${lines} lines`);
	expect(missed.length / lines, JSON.stringify(files, null, '\t')).toBeLessThan(0.05);
});
