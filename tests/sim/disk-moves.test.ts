import { describe, expect, test } from 'vitest';
import { carryStick, createStickDevice, folderPath, heal, meet, shown, tag } from './disk-world.ts';
import { DiskWalk } from './disk-walk.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import type { Device } from './replica-world.ts';
import { isNightly } from '../tier.ts';

/** In every run the same ones; at night fresh ones as well. */
const fixed = Array.from({ length: 6 }, (_, at) => 100 + at);
const schedules = isNightly ? 500 : fixed.length;
const stepsOf = 60;

const file = (text: string) => new TextEncoder().encode(text);

async function devices(count: number): Promise<Device[]> {
	const all: Device[] = [];
	for (let at = 1; at <= count; at++) all.push(await createStickDevice(at, at * 11));
	return all;
}

/** A stick that the first device has, read by it and known to the others. */
async function withStick(count: number): Promise<Device[]> {
	const all = await devices(count);
	const [first] = all;
	if (first === undefined) throw new Error('no device');
	carryStick(null, first);
	first.host.files.put(folderPath, { 'a.txt': file('aaaa'), trip: { 'b.txt': file('bbbb'), 'c.txt': file('cccc') } });
	await first.add(folderPath);
	await first.read(true);
	for (const other of all) if (other !== first) await meet(first, other);
	return all;
}

/** How often files were read for what they are. */
function readsOf(device: Device): { count: number } {
	const reads = { count: 0 };
	device.host.files.beforeRead = () => void reads.count++;
	return reads;
}

describe('a disk that changes devices', () => {
	test('goes on at the other one, with what was known and said of its files; everybody shows it there, once', async () => {
		const [a, b, c] = (await withStick(3)) as [Device, Device, Device];
		await tag(a, '/trip', '1');
		await tag(a, '/a.txt', '2');
		await meet(a, b);
		carryStick(a, b);
		const reads = readsOf(b);
		await b.add(folderPath);
		await b.read(true);
		expect(reads.count, 'nothing is read that is known').toBe(0);
		const there = ['2  []', '2 /a.txt [2]', '2 /trip [1]', '2 /trip/b.txt []', '2 /trip/c.txt []'];
		expect(shown(b)).toEqual(there);
		await heal([a, b, c]);
		for (const device of [a, b, c]) {
			expect(shown(device)).toEqual(there);
			expect(device.flaws()).toEqual([]);
			expect(device.dump(b.id)).toBe(b.dump(b.id));
			expect(device.dump(a.id)).toBe('');
		}
		for (const device of [a, b, c]) await device.close();
	});

	test(
		'carried between three by chance, while these are apart and tag what is on it: all show it at one of them, whole',
		async () => {
			const counts = { carried: 0, taken: 0, tagged: 0, met: 0, changed: 0 };
			for (let at = 0; at < schedules; at++) {
				const seed = at < fixed.length ? (fixed[at] ?? 0) : testSeed('disk-moves') + at;
				const walk = new DiskWalk(createSimRandom(seed));
				try {
					await walk.begin(3);
					for (let steps = 0; steps < stepsOf; steps++) await walk.step();
					await walk.heal();
				} catch (thrown) {
					throw new Error(`seed ${seed}`, { cause: thrown });
				}
				await walk.end();
				for (const name of ['carried', 'taken', 'tagged', 'met', 'changed'] as const) counts[name] += walk.counts[name];
			}
			for (const count of Object.values(counts)) expect(count).toBeGreaterThan(schedules / 2);
		},
		isNightly ? 3_600_000 : 60_000
	);
});
