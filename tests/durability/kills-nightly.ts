// 200 kills of the browser: `node tests/durability/kills-nightly.ts [seed] [kills]`.
// Exit code 1 when something acknowledged was lost or doubled, the library had a flaw, or was not ready in time.
import { isDeepStrictEqual } from 'node:util';
import { describe, killSeries } from './kills.ts';
import { Profile } from './profile.ts';
import { serveSite } from './site.ts';

const [seed = Math.floor(Math.random() * 2 ** 31), kills = 200] = process.argv.slice(2).map(Number);
console.log(`seed ${seed}, ${kills} kills`);
const site = await serveSite();
const profile = new Profile(site);
try {
	const toll = await killSeries(profile, kills, seed, { folders: 100, files: 60 });
	console.log(describe(toll));
	console.log([...toll.flaws, ...toll.failures].join('\n'));
	const isExact = isDeepStrictEqual(toll.shown, toll.planted);
	const isSound = isExact && toll.flaws.length + toll.failures.length + toll.wrongRuns.length === 0;
	console.log(`ready: ${toll.readyMs.join(' ')}; exact: ${isExact}; wrong runs: ${toll.wrongRuns.join(' ')}`);
	process.exitCode = isSound ? 0 : 1;
} finally {
	await profile.end();
	await site.close();
}
