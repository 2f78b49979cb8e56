import { describe, expect, test } from 'vitest';
import { isReplica } from '#core/kernel';
import { isNightly } from '../tier.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { ReplicaWalk } from './replica-walk.ts';
import { createDevice, entryNamed, pull, type Device } from './replica-world.ts';

const file = (text: string) => new TextEncoder().encode(text);
const tree = {
	notes: { 'a.txt': file('aaaa'), 'b.txt': file('bbbb'), deep: { er: { 'c.txt': file('cccc') } } },
	other: { 'd.txt': file('dddd') },
	'e.txt': file('aaaa')
};

async function pair(): Promise<[Device, Device]> {
	const [one, two] = [await createDevice(1, 11), await createDevice(2, 22)];
	one.host.files.put('/disk/home', tree);
	two.host.files.put('/disk/work', { 'f.txt': file('aaaa'), own: { 'g.txt': file('gggg') } });
	for (const device of [one, two]) device.share();
	return [one, two];
}

function isSame(one: Device, other: Device): void {
	expect(other.dump(one.id)).toBe(one.dump(one.id));
	expect(other.dump(one.id)).not.toBe('');
	expect(other.flaws()).toEqual([]);
}

describe('replicas', () => {
	test('what one device has is on the other, and its own stays as it was', async () => {
		const [one, two] = await pair();
		await one.add('/disk/home');
		await two.add('/disk/work');
		for (const device of [one, two]) await device.read(true);
		const before = two.dump(two.id);
		expect(pull(two, one)).toBeNull();
		expect(pull(one, two)).toBeNull();
		isSame(one, two);
		isSame(two, one);
		expect(two.dump(two.id)).toBe(before);
		// The same bytes, wherever they are.
		const copies = entryNamed(two, 'f.txt');
		expect(copies).not.toBeNull();
		const contents = two.database.prepare(
			`SELECT DISTINCT content FROM entry WHERE name IN ('a.txt', 'e.txt', 'f.txt')`
		);
		expect(contents.column()).toEqual([expect.any(Number)]);
		for (const device of [one, two]) await device.close();
	});

	test('new entries get numbers of this device, however high those of replicas are', async () => {
		const [one, two] = await pair();
		await one.add('/disk/home');
		pull(two, one);
		await two.add('/disk/work');
		expect(isReplica(entryNamed(two, 'g.txt') ?? 0)).toBe(false);
		expect(isReplica(entryNamed(two, 'c.txt') ?? 0)).toBe(true);
		pull(one, two);
		isSame(two, one);
		for (const device of [one, two]) await device.close();
	});

	test('moves, renames, changes and removals follow, each told once', async () => {
		const [one, two] = await pair();
		await one.add('/disk/home');
		pull(two, one);
		const { files } = one.host;
		files.move('/disk/home/notes/deep', '/disk/home/other/deep');
		files.move('/disk/home/notes/a.txt', '/disk/home/notes/b2.txt');
		files.remove('/disk/home/e.txt');
		files.put('/disk/home/other', { 'd.txt': file('another'), 'n.txt': file('new') });
		await one.read(true);
		expect(pull(two, one)).toBeNull();
		isSame(one, two);
		expect(one.rooms.indexSync.domain.next(two.rooms.indexSync.domain.have(), 1_000)).toBeNull();
		for (const device of [one, two]) await device.close();
	});

	test(
		'by chance: cut off, lost, late, twice, killed; after healing all is as its owner has it',
		async () => {
			const first = testSeed('replicas');
			for (let seed = first; seed < first + (isNightly ? 100 : 3); seed++) {
				const random = createSimRandom(seed);
				const walk = new ReplicaWalk(random);
				try {
					await walk.begin(2 + random.integer(isNightly ? 3 : 2));
					for (let rounds = 2; rounds > 0; rounds--) {
						for (let steps = 60; steps > 0; steps--) await walk.step();
						walk.heal();
					}
				} catch (cause) {
					throw new Error(`seed ${seed}`, { cause });
				}
				await walk.end();
			}
		},
		isNightly ? 1_800_000 : 60_000
	);

	test('control: a change that nobody was told of is found by what looks after healing', async () => {
		const walk = new ReplicaWalk(createSimRandom(7));
		await walk.begin(2);
		walk.heal();
		const [owner] = walk.devices;
		owner?.host.files.put('/disk/home', { 'untold.txt': file('untold') });
		await owner?.read(true);
		owner?.database.connection.exec('DELETE FROM index_change WHERE entry = (SELECT max(entry) FROM index_change)');
		expect(() => walk.heal()).toThrow();
		await walk.end();
	});
});
