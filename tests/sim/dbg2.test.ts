import { test } from 'vitest';
import { DiskWalk } from './disk-walk.ts';
import { createSimRandom } from './host/random.ts';
test('many', async () => {
	const from = Number(process.env['FROM'] ?? 1000);
	let bad = 0; const t0 = Date.now();
	for (let seed = from; seed < from + Number(process.env['COUNT'] ?? 100); seed++) {
		const walk = new DiskWalk(createSimRandom(seed));
		try { await walk.begin(3); for (let i = 0; i < 60; i++) await walk.step(); await walk.heal(); }
		catch (e) { bad++; console.log(seed, String((e as Error).message).slice(0, 700), String((e as Error).stack).split('\n').filter((l) => l.includes('/work/h') ).slice(0, 6).join('\n')); }
		await walk.end();
		if (bad > 6) break;
	}
	console.log('bad', bad, 'ms', Date.now() - t0);
}, 600000);
