import { test } from 'vitest';
import { DiskWalk } from './disk-walk.ts';
import { createSimRandom } from './host/random.ts';
import { shown } from './disk-world.ts';
for (const seed of (process.env['SEEDS'] ?? '').split(',').map(Number))
test('dbg' + seed, async () => {
	const walk = new DiskWalk(createSimRandom(seed));
	await walk.begin(3);
	const log: string[] = [];
	const state = () => walk.devices.map((d) => shown(d).filter((l) => process.env['ALL'] ? true : /keep\/deep \[|keep \[/.test(l)).join(' | ') + ' #' + JSON.stringify(d.database.prepare('SELECT target % 1099511627776 AS n, target/1099511627776 AS s, tag.name FROM assignment JOIN tag ON tag.id=tag').all().map((r)=>`${(d.database.prepare('SELECT id FROM device WHERE slot=?').column([Number(r['s'])])[0] as string).slice(-1)}:${r['n']}=${r['name']}`)) + JSON.stringify(d.database.prepare('SELECT device.id, location.claim,location.problem,location.insistedMs, trash_bin.entry AS st FROM location LEFT JOIN device ON device.slot=location.id/1099511627776 LEFT JOIN trash_bin ON trash_bin.entry=location.entry').all().map((r)=>[String(r['id']).slice(-1),r['claim'],r['problem']===null?'':'off',r['insistedMs'],r['st']===null?'':'stowed'].join(' '))));
	for (let i = 0; i < 60; i++) { (walk as any).note = ''; await walk.step(); if (process.env['STEPS']) log.push(i + ' ' + (walk as any).note, ...state()); }
	try { await walk.heal(); } catch (e) { log.push(String((e as Error).message).slice(0, 1600)); }
	log.push('healed ' + seed, ...state());
	for (const o of walk.devices) { const own = o.dump(o.id); for (const d of walk.devices) if (d.dump(o.id) !== own) log.push(`dump of ${o.id.slice(-1)} at ${d.id.slice(-1)}`, d.dump(o.id), 'own:', own); }
	for (const d of walk.devices) log.push(JSON.stringify(d.database.prepare("SELECT device.id, count(*) AS n, max(stamp) m FROM fact JOIN device ON device.slot=fact.slot GROUP BY 1 ORDER BY 1").all()) + JSON.stringify(d.database.prepare("SELECT id, heardStamp FROM device ORDER BY 1").all()));
	for (const d of walk.devices) log.push(JSON.stringify({taken: d.database.prepare('SELECT * FROM taken_entry').all().map(r=>[r['entry'],r['now']].map((x)=>`${(d.database.prepare('SELECT id FROM device WHERE slot=?').column([Math.floor(Number(x)/1099511627776)])[0] as string).slice(-1)}:${Number(x)%1099511627776}`).join('>')).join(' ')}));
	console.log(log.join('\n'));
});
