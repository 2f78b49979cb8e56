// 200 random switches: `node tests/tabs/switches-nightly.ts [log | library] [seed] [switches]`.
// Exit code 1 when a write was lost or doubled, or a switch took two seconds.
import { Browser } from './browser.ts';
import { serveSite } from './site.ts';
import { appending, describe, placing, runSwitches } from './switches.ts';

const [what = 'library', ...numbers] = process.argv.slice(2);
const [seed = Math.floor(Math.random() * 2 ** 31), count = 200] = numbers.map(Number);
console.log(`${what}, seed ${seed}, ${count} switches`);
const site = await serveSite();
const browser = await Browser.start(site);
try {
	const outcome = await runSwitches(browser, count, seed, what === 'log' ? appending('test.append') : placing);
	console.log(describe(outcome));
	const { lost, twice, failures, stallsMs } = outcome;
	const isSound = lost.length + twice.length + failures.length === 0 && Math.max(...stallsMs) < 2_000;
	if (!isSound) console.log(JSON.stringify({ lost, twice, failures }));
	process.exitCode = isSound ? 0 : 1;
} finally {
	await browser.close();
	await site.close();
}
