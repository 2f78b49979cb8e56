import { expect, test } from 'vitest';
import { createSimRandom, testSeed } from './host/random.ts';
import { drawPeopled, drawSchedule, expectSound, runSchedule, shrink } from './peer-schedule.ts';
import { isNightly } from '../tier.ts';

const [schedules, peopled] = isNightly ? [7_000, 3_000] : [40, 15];
/** A night's worth. */
const patienceMs = 4 * 3_600_000;

test(
	'devices that write apart are the same again within half a minute, whatever befell them',
	async () => {
		const random = createSimRandom(testSeed('peers'));
		let losses = 0;
		for (let n = 0; n < schedules; n++) losses += (await expectSound(drawSchedule(random.integer(2 ** 32)))).losses;
		expect(losses).toBeGreaterThan(schedules / 8);
	},
	patienceMs
);

test(
	'so are devices on which people index their files, and say something of all that they see',
	async () => {
		const random = createSimRandom(testSeed('peopled'));
		for (let n = 0; n < peopled; n++) await expectSound(drawPeopled(random.integer(2 ** 32)));
	},
	patienceMs
);

/** What is wrong after the first schedule, of some, in which a domain that is not sound is found out. */
async function findOut(manner: 'forgets' | 'unordered'): Promise<{ seed: number; fault: string | null }> {
	let [seed, fault]: [number, string | null] = [0, null];
	while (fault === null && seed++ < 60) ({ fault } = await runSchedule({ ...drawSchedule(seed), manner }));
	return { seed, fault };
}

test('control: a device that says it has what it was told before it has it is found out', async () => {
	expect((await findOut('forgets')).fault).toMatch(/^not converged/);
});

test('control: a domain that takes what comes last is found out, by a schedule that is cut down to what it takes', async () => {
	const { seed, fault } = await findOut('unordered');
	expect(fault).toMatch(/^not converged/);
	const { steps } = await shrink({ ...drawSchedule(seed), manner: 'unordered' });
	expect(steps.filter((step) => step.do === 'write')).toHaveLength(2);
	expect(steps.length).toBeLessThan(6);
});
