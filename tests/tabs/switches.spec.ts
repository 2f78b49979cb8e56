import { appending, describe, placing, runSwitches } from './switches.ts';
import { expect, test } from './tabs.ts';
import { isNightly } from '../tier.ts';
import { testSeed } from '../sim/host/random.ts';

const switches = isNightly ? 200 : 8;
const stallMsMax = 2_000;

for (const [title, work] of [
	['of a log', appending('test.append')],
	['of the library', placing]
] as const) {
	test(
		`${switches} random switches lose no acknowledged write ${title} and apply none twice`,
		{ tag: '@timed' },
		async ({ tabs }) => {
			test.setTimeout(60_000 + switches * 5_000);
			const outcome = await runSwitches(tabs, switches, testSeed(test.info().title), work);
			console.log(describe(outcome));
			expect(outcome).toMatchObject({ lost: [], twice: [], failures: [] });
			expect(Math.max(...outcome.stallsMs)).toBeLessThan(stallMsMax);
		}
	);
}

test('control: a core that answers before it has written is found out', { tag: '@nightly' }, async ({ tabs }) => {
	const outcome = await runSwitches(tabs, 3, testSeed(test.info().title), appending('test.append-carelessly'));
	expect(outcome.lost.length).toBeGreaterThan(0);
});
