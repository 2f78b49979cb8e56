import { describe, expect, test } from 'vitest';
import {
	carryStick,
	createStickDevice,
	entryAt,
	folderPath,
	heal,
	look,
	meet,
	shown,
	stick,
	tag,
	unplugStick
} from './disk-world.ts';
import { DiskWalk } from './disk-walk.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { valueOf, type Device } from './replica-world.ts';
import type { LocationId } from '#core/kernel';
import { revokeDevice } from '#core/devices';
import { isNightly } from '../tier.ts';

/** In every run the same ones; at night fresh ones as well. */
const fixed = [100, 101];
const schedules = isNightly ? 150 : fixed.length;
const walks = [
	{ devices: 3, removes: false },
	{ devices: 3, removes: true },
	{ devices: 2, removes: false }
];
const stepsOf = 60;

const dayMs = 24 * 60 * 60_000;
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

/** By whom the stick is told, as a device shows it. */
function ownersOf(device: Device): string[] {
	return [...new Set(shown(device).map((line) => line.split(' ', 1)[0] ?? ''))];
}

function ownLocation({ rooms }: Device): LocationId | null {
	return valueOf(rooms.locations.list())[0]?.id ?? null;
}

async function close(...all: readonly Device[]): Promise<void> {
	for (const device of all) await device.close();
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
		await close(a, b, c);
	});

	test('two that claim it at once, having copies of it or not, come to one; who has it lets go of nothing', async () => {
		const [a, b, c] = (await withStick(3)) as [Device, Device, Device];
		// What nobody can tell apart from it is at the third one.
		unplugStick(a);
		c.host.volumes.copyFrom(a.host.volumes, stick);
		b.host.volumes.carryFrom(a.host.volumes, stick);
		carryStick(null, b);
		await tag(a, '/trip', '1');
		await b.add(folderPath);
		carryStick(null, c);
		await c.add(folderPath);
		await tag(b, '/trip', '2');
		await tag(c, '/trip', '3');
		expect([ownersOf(b), ownersOf(c)]).toEqual([['2'], ['3']]);
		unplugStick(b);
		await heal([a, b, c]);
		for (const device of [a, b, c]) {
			expect(ownersOf(device)).toEqual(['3']);
			expect(shown(device)).toContain('3 /trip [1,2,3]');
		}
		await close(a, b, c);
	});

	test('who comes late, with changes of before, changes nothing of what the one tells that has it', async () => {
		const [a, b, c] = (await withStick(3)) as [Device, Device, Device];
		carryStick(a, b);
		await b.add(folderPath);
		b.host.files.put(folderPath, { 'new.txt': file('new') });
		b.host.files.remove(`${folderPath}/a.txt`);
		await b.read(true);
		await meet(b, c);
		const there = shown(c);
		expect(there).toEqual(['2  []', '2 /new.txt []', '2 /trip []', '2 /trip/b.txt []', '2 /trip/c.txt []']);
		// It has not heard of it, says something of what it has, and tells all that anew.
		await tag(a, '/trip', '1');
		await a.act('locations.rename', { location: ownLocation(a), name: 'mine' });
		await meet(a, c);
		expect(shown(c)).toEqual(there.map((line) => line.replace('/trip []', '/trip [1]')));
		await heal([a, b, c]);
		for (const device of [a, b, c]) expect(shown(device)).toEqual(shown(c));
		await close(a, b, c);
	});

	test('back at the first one it goes on there by itself, under its name of before, and as the second one left it', async () => {
		const [a, b, c] = (await withStick(3)) as [Device, Device, Device];
		await a.act('locations.rename', { location: ownLocation(a), name: 'Holidays' });
		carryStick(a, b);
		await b.add(folderPath);
		b.host.files.put(folderPath, { 'new.txt': file('new') });
		await b.read(true);
		await tag(b, '/trip', '1');
		await heal([a, b, c]);
		expect(ownersOf(a)).toEqual(['2']);
		carryStick(b, a);
		const reads = readsOf(a);
		await heal([a, b, c]);
		expect(reads.count, 'nothing is read that is known').toBe(0);
		const there = ['1  []', '1 /a.txt []', '1 /new.txt []', '1 /trip [1]', '1 /trip/b.txt []', '1 /trip/c.txt []'];
		for (const device of [a, b, c]) {
			expect(shown(device)).toEqual(there);
			expect(valueOf(device.rooms.locations.listEverywhere()).map(({ name }) => name)).toEqual(['Holidays']);
		}
		await close(a, b, c);
	});

	test('who takes it over and then takes it out of the library again gives it back, with what was said of it', async () => {
		const [a, b, c] = (await withStick(3)) as [Device, Device, Device];
		await tag(a, '/trip', '1');
		await meet(a, b);
		carryStick(a, b);
		await b.add(folderPath);
		await b.read(true);
		await tag(b, '/trip', '2');
		await meet(b, c);
		await b.act('locations.remove', { location: ownLocation(b) });
		for (const device of [a, b, c]) expect(device.flaws()).toEqual([]);
		for (let rounds = 0; rounds < 3; rounds++) for (const one of [a, c]) await meet(one, b);
		await meet(a, c);
		for (const device of [a, b, c]) expect(shown(device)).toContain('1 /trip [1,2]');
		await close(a, b, c);
	});

	test.each(isNightly ? [8, 24, 40] : [40])(
		'a first device that was away for %i days while it went on elsewhere comes to the same',
		async (days) => {
			const [a, b, c] = (await withStick(3)) as [Device, Device, Device];
			await tag(a, '/trip', '1');
			await meet(a, b);
			carryStick(a, b);
			await b.add(folderPath);
			for (let day = 0; day < days; day++) {
				for (const { host } of [a, b, c]) host.clock.setNow(host.clock.nowMs() + dayMs);
				if (day === 3) b.host.files.put(`${folderPath}/trip`, { 'late.txt': file('late') });
				if (day === 4) await tag(b, '/trip', '2');
				if (day === 5) await tag(b, '/trip', '1', false);
				if (day === 6) b.host.files.remove(`${folderPath}/a.txt`);
				// It says these of what it has seen, and meets nobody.
				if (day === 5) await tag(a, '/trip', '3');
				await b.read(true);
				await meet(b, c);
				for (const { rooms } of [a, b, c]) valueOf(rooms.sync.tend());
			}
			const before = shown(c);
			await heal([a, c]);
			await heal([a, b, c]);
			const there = ['2  []', '2 /trip [2,3]', '2 /trip/b.txt []', '2 /trip/c.txt []', '2 /trip/late.txt []'];
			expect(before).toEqual(there.map((line) => line.replace('2,3', '2')));
			for (const device of [a, b, c]) {
				expect(shown(device)).toEqual(there);
				expect(device.flaws()).toEqual([]);
				expect(device.dump(a.id)).toBe('');
			}
			await close(a, b, c);
		}
	);

	test('what was put into the trash on it can be put back once it is back, wherever it was meanwhile', async () => {
		const [a, b, c] = (await withStick(3)) as [Device, Device, Device];
		const trashed = entryAt(a, '/a.txt');
		await a.act('files.trash', { entries: [trashed] });
		await meet(a, c);
		expect(shown(a)).not.toContain('1 /a.txt []');
		carryStick(a, b);
		await b.add(folderPath);
		b.host.files.put(folderPath, { 'new.txt': file('new') });
		await b.read(true);
		await heal([a, b, c]);
		expect([ownersOf(a), ownersOf(b), ownersOf(c)]).toEqual([['1', '2'], ['2'], ['2']]);
		carryStick(b, a);
		await heal([a, b, c]);
		await a.undo();
		await heal([a, b, c]);
		const there = ['1  []', '1 /a.txt []', '1 /new.txt []', '1 /trip []', '1 /trip/b.txt []', '1 /trip/c.txt []'];
		for (const device of [a, b, c]) expect(shown(device)).toEqual(there);
		await close(a, b, c);
	});

	test('a device that says it has the disk hides what another one has only for as long as it is a member', async () => {
		const [a, b, c] = (await withStick(3)) as [Device, Device, Device];
		unplugStick(a);
		b.host.volumes.copyFrom(a.host.volumes, stick);
		carryStick(null, b);
		await b.add(folderPath);
		await meet(b, c);
		await look(c);
		expect(ownersOf(c)).toEqual(['2']);
		valueOf(c.database.write(() => revokeDevice(c.database, b.id, c.host.clock.nowMs())));
		await look(c);
		expect(ownersOf(c)).toContain('1');
		expect(c.flaws()).toEqual([]);
		await close(a, b, c);
	});

	test.each(walks)(
		'carried by chance between $devices that are apart, change and tag it (removes: $removes): one shows it, whole',
		async (options) => {
			const counts: Record<string, number> = {};
			for (let at = 0; at < schedules; at++) {
				const seed = at < fixed.length ? (fixed[at] ?? 0) : testSeed('disk-moves') + at;
				const walk = new DiskWalk(createSimRandom(seed), options);
				try {
					await walk.begin();
					for (let steps = 0; steps < stepsOf; steps++) await walk.step();
					await walk.heal();
				} catch (thrown) {
					throw new Error(`seed ${seed}`, { cause: thrown });
				}
				await walk.end();
				for (const [name, count] of Object.entries(walk.counts)) counts[name] = (counts[name] ?? 0) + count;
			}
			const { removed, ...others } = counts;
			for (const count of Object.values(others)) expect(count).toBeGreaterThan(schedules / 2);
			if (options.removes) expect(removed).toBeGreaterThan(schedules / 2);
		},
		isNightly ? 3_600_000 : 60_000
	);

	test('negative control: where claims are not counted, they do not come to the one that has it', async () => {
		const walk = new DiskWalk(createSimRandom(fixed[0] ?? 0), { devices: 3, removes: false });
		await walk.begin();
		for (const { database } of walk.devices)
			database
				.prepare(
					`CREATE TRIGGER uncounted AFTER UPDATE OF claim ON location WHEN NEW.claim > 0
					BEGIN UPDATE location SET claim = 0 WHERE id = NEW.id; END`
				)
				.run();
		const healed = async () => {
			for (let steps = 0; steps < stepsOf; steps++) await walk.step();
			await walk.heal();
		};
		await expect(healed()).rejects.toThrow('expected');
		await walk.end();
	});
});
