import { expect, test } from 'vitest';
import { createSimRandom, testSeed } from './host/random.ts';
import { drawPeopled, drawSchedule, expectSound, runSchedule, shrink, type Schedule } from './peer-schedule.ts';
import { isNightly } from '../tier.ts';

const [schedules, peopled] = isNightly ? [7_000, 3_000] : [350, 150];
/** A night's worth. */
const patienceMs = 4 * 3_600_000;

test(
	'devices that write apart are the same again within half a minute, whatever befell them',
	async () => {
		const random = createSimRandom(testSeed('peers'));
		let losses = 0;
		for (let n = 0; n < schedules; n++) losses += (await expectSound(drawSchedule(random.integer(2 ** 32)))).losses;
		expect(losses).toBeGreaterThan(0);
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

test.each<Schedule & { readonly why: string }>([
	{
		why: 'a line falls silent: both sides notice, one before the other, and are level over the next within half a minute',
		seed: 5114,
		peers: 2,
		hasPeople: true,
		steps: [
			{ do: 'wait', ms: 1_000 },
			{ do: 'silence', link: 0 }
		]
	},
	{
		why: 'a device loses its power while others are apart from it',
		seed: 5078,
		peers: 3,
		hasPeople: true,
		steps: [
			{ do: 'wait', ms: 3_000 },
			{ do: 'stop', peer: 0, how: 'power' },
			{ do: 'part', bits: 10 }
		]
	}
])('seed $seed: $why', async ({ why: _, ...schedule }) => {
	await expectSound(schedule);
});

test('control: a device that says it has what it was told before it has it is found out', async () => {
	let fault: string | null = null;
	for (let operations = 0; operations < 40 && fault === null; operations++)
		({ fault } = await runSchedule({
			seed: 1,
			peers: 2,
			manner: 'forgets',
			steps: [
				{ do: 'wait', ms: 3_000 },
				{ do: 'write', peer: 0, key: 'a', value: 'v' },
				{ do: 'lose', peer: 1, operations },
				{ do: 'wait', ms: 3_000 }
			]
		}));
	expect(fault).toMatch(/^not converged/);
});

test.runIf(isNightly)(
	'control: a domain that takes what comes last is found out, by a schedule that is cut down to what it takes',
	async () => {
		let seed = 0;
		const draw = () => ({ ...drawSchedule(seed), manner: 'unordered' as const });
		do seed++;
		while ((await runSchedule(draw())).fault === null);
		const { steps } = await shrink(draw());
		expect(steps.filter((step) => step.do === 'write').length).toBeLessThan(4);
		expect(steps.length).toBeLessThan(8);
	}
);
