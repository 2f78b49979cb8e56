import { describe, expect, test } from 'vitest';
import { aheadMs, driftMaxMs, stampOf, tagId } from '#core/kernel';
import { isNightly } from '../tier.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { act, ask, settled, statusOf } from './peer-commands.ts';
import { checkConverged, findFault } from './peer-checks.ts';
import { drawPoisoned, runSchedule } from './peer-schedule.ts';
import { PeerWorld } from './peer-world.ts';

const yearMs = 365 * 24 * 3_600_000;
/** What was refused for its time is asked for again within this. */
const againMs = 20 * 60_000;

const people = (peers: number, seed: number) => settled(new PeerWorld({ seed, peers, hasPeople: true }));
const tags = ({ peers }: PeerWorld, peer: number) =>
	peers[peer]?.database?.prepare('SELECT name FROM tag ORDER BY name').column() ?? [];

describe('poisoned clocks (T20)', () => {
	test.each([
		['ten years ahead', 10 * yearMs],
		['in the year 2105', 80 * yearMs],
		['ten years behind', -10 * yearMs]
	])('of a clock %s the others take no stamp; they go on, and once it is right nothing is lost', async (_, skewMs) => {
		const world = await people(3, 4);
		const [odd, ...others] = world.peers;
		odd?.clock.setNow(world.clock.nowMs() + skewMs);
		await world.take({ do: 'act', peer: 0, deed: 'create-tag', which: 1 });
		await world.take({ do: 'act', peer: 1, deed: 'create-tag', which: 2 });
		await world.take({ do: 'wait', ms: 5_000 });
		for (const { database, clock } of others) {
			const [latest] = database?.prepare('SELECT max(heardStamp) FROM device').column() ?? [];
			expect(aheadMs(stampOf(latest), clock.nowMs())).toBeLessThanOrEqual(driftMaxMs);
		}
		expect(tags(world, 2)).toContain('tag 2');
		expect(checkConverged(others)).toBeNull();
		// Whoever refuses says why.
		const [sees, seen] = skewMs > 0 ? [1, 0] : [0, 1];
		const status = await statusOf(world, sees, seen);
		expect(status?.domains.find(({ domain }) => domain === 'metadata')?.pull).toMatchObject(
			skewMs > 73 * yearMs ? {} : { type: 'refused', why: { type: 'BatchFromTheFuture' } }
		);
		await world.settle();
		await world.take({ do: 'wait', ms: againMs });
		expect(await findFault(world)).toBeNull();
		expect(tags(world, 2)).toEqual(['tag 1', 'tag 2']);
		await world.close();
	});

	test('a clock that is set back an hour holds back nothing that is said from then on', async () => {
		const { fault } = await runSchedule({
			seed: 3125816835,
			peers: 3,
			hasPeople: true,
			links: [
				[0, 1],
				[0, 2]
			],
			// The first has told what it is by then, and the others nothing yet.
			steps: [
				{ do: 'wait', ms: 550 },
				{ do: 'skew', peer: 0, aheadMs: -3_600_000 },
				{ do: 'wait', ms: 30_000 },
				{ do: 'act', peer: 0, deed: 'create-tag', which: 91 }
			],
			calmMs: againMs
		});
		expect(fault).toBeNull();
	});

	test('a clock that jumps years to and fro, while people work and lines break, loses nothing', async () => {
		const random = createSimRandom(testSeed('poisoned'));
		for (let n = 0; n < (isNightly ? 500 : 2); n++) {
			const schedule = drawPoisoned(random.integer(2 ** 32));
			expect((await runSchedule(schedule)).fault, JSON.stringify(schedule)).toBeNull();
		}
	}, 3_600_000);
});

describe('a disk that is full or broken while it merges', () => {
	test('ends the session, which says so on both sides; later it goes on where it was', async () => {
		const world = await people(2, 8);
		const [, narrow] = world.peers;
		if (narrow === undefined) throw new Error('a world has devices');
		const used = [...narrow.disk.contents().values()].reduce((sum, { length }) => sum + length, 0);
		narrow.disk.capacityBytes = used;
		await world.take({ do: 'act', peer: 0, deed: 'create-tag', which: 1 });
		for (let n = 0; n < 60; n++) await world.take({ do: 'write', peer: 0, key: `k${n}`, value: 'v'.repeat(5_000) });
		const ends = new Set<string>();
		const told = new Set<string>();
		for (let turns = 0; turns < 40; turns++) {
			await world.take({ do: 'wait', ms: 500 });
			const [here, there] = [await statusOf(world, 1, 0), await statusOf(world, 0, 1)];
			if (here?.ended?.type === 'StorageFailed') ends.add(here.ended.why.type);
			if (there?.ended?.type === 'PeerEnded') told.add(there.ended.code);
		}
		expect([[...ends], [...told]]).toEqual([['DiskFull'], ['storage']]);
		narrow.disk.capacityBytes = Infinity;
		await world.settle();
		expect(await findFault(world)).toBeNull();
		expect(tags(world, 1)).toEqual(['tag 1']);
		await world.close();
	});

	test('so does an error of the device, at whichever of its operations', async () => {
		const seen = new Set<string>();
		for (let operation = 0; operation < (isNightly ? 60 : 6); operation++) {
			const world = await people(2, 9);
			const disk = world.peers[1]?.disk;
			if (disk === undefined) throw new Error('a world has devices');
			disk.failAt = disk.operations + operation;
			await world.take({ do: 'act', peer: 0, deed: 'create-tag', which: 1 });
			for (let turns = 0; turns < 10; turns++) {
				await world.take({ do: 'wait', ms: 100 });
				const ended = (await statusOf(world, 1, 0))?.ended;
				if (ended !== null && ended !== undefined) seen.add(ended.type);
			}
			await world.settle();
			expect(await findFault(world)).toBeNull();
			await world.close();
		}
		expect([...seen]).toEqual(['StorageFailed']);
	});
});

describe('much that was deleted (T18, F61)', () => {
	/** Two people with a tag on thirty files, which one of them deletes. */
	async function deleted(before: (world: PeerWorld) => Promise<void> = () => Promise.resolve()): Promise<PeerWorld> {
		const world = await people(2, 21);
		const tag = tagId('7'.repeat(32));
		await act(world, 0, 'metadata.create-tag', { id: tag, name: 'holiday' });
		world.peers[0]?.person?.fill('many', 30);
		await world.take({ do: 'act', peer: 0, deed: 'write', which: 0 });
		const files = world.peers[0]?.database?.prepare(`SELECT id FROM entry WHERE name LIKE 'many%'`).column();
		await act(world, 0, 'metadata.tag-files', { tag, files: { entries: files } });
		// What comes within a minute counts together.
		await world.take({ do: 'wait', ms: 61_000 });
		expect(tags(world, 1)).toEqual(['holiday']);
		await before(world);
		await act(world, 0, 'metadata.delete-tag', { tag });
		await world.take({ do: 'write', peer: 0, key: 'a', value: 'goes on' });
		await world.take({ do: 'wait', ms: 3_000 });
		expect(tags(world, 1)).toEqual(['holiday']);
		return world;
	}
	const heldOf = async (world: PeerWorld) => (await statusOf(world, 1, 0))?.held;

	test('waits, is shown, and goes once a person has said so; all else of that device goes on meanwhile', async () => {
		const world = await deleted();
		expect(await heldOf(world)).toEqual([{ domain: 'metadata', deleted: 31, of: 31, isDeclined: false, folders: [] }]);
		expect(world.peers[1]?.registers?.rows()).toMatchObject([{ key: 'a', value: 'goes on' }]);
		const device = world.peers[0]?.device;
		if (device === undefined) throw new Error('a world has devices');
		await ask(world, 1, 'sync.accept-deletions', { device, accepts: true });
		await world.settle();
		expect(tags(world, 1)).toEqual([]);
		expect(await heldOf(world)).toEqual([]);
		expect(await findFault(world)).toBeNull();
		await world.close();
	});

	test('waits whatever was answered while nothing was held', async () => {
		const world = await deleted(async (at) => {
			const device = at.peers[0]?.device;
			if (device === undefined) throw new Error('a world has devices');
			await ask(at, 1, 'sync.accept-deletions', { device, accepts: true });
			await at.take({ do: 'cut', link: 0 });
			await ask(at, 1, 'sync.accept-deletions', { device, accepts: true });
			await at.take({ do: 'wait', ms: 61_000 });
		});
		expect(await heldOf(world)).toHaveLength(1);
		await world.close();
	});

	test('is put back on all devices where a person refuses it', async () => {
		const world = await deleted();
		const device = world.peers[0]?.device;
		if (device === undefined) throw new Error('a world has devices');
		await ask(world, 1, 'sync.accept-deletions', { device, accepts: false });
		await world.settle();
		expect(await heldOf(world)).toEqual([]);
		for (const { database } of world.peers)
			expect(database?.prepare('SELECT (SELECT name FROM tag), count(*) FROM assignment').get()).toEqual({
				'(SELECT name FROM tag)': 'holiday',
				'count(*)': 30
			});
		expect(await findFault(world)).toBeNull();
		await world.close();
	});

	test('of a folder waits as well, and what is new of that device comes', async () => {
		const world = await people(2, 22);
		world.peers[0]?.person?.fill('many', 30);
		await world.take({ do: 'act', peer: 0, deed: 'write', which: 0 });
		await world.take({ do: 'wait', ms: 3_000 });
		world.peers[0]?.person?.clear('many');
		await world.take({ do: 'act', peer: 0, deed: 'write', which: 4 });
		await world.take({ do: 'wait', ms: 3_000 });
		const device = world.peers[0]?.device;
		if (device === undefined) throw new Error('a world has devices');
		expect(await heldOf(world)).toMatchObject([{ domain: 'index', deleted: 30, isDeclined: false }]);
		const named = (name: string) =>
			world.peers[1]?.database?.prepare('SELECT count(*) FROM entry WHERE name LIKE ?').column([name])[0];
		expect([named('many%'), named('e')]).toEqual([30, 1]);
		await ask(world, 1, 'sync.accept-deletions', { device, accepts: false });
		expect(await heldOf(world)).toMatchObject([{ isDeclined: true }]);
		await ask(world, 1, 'sync.accept-deletions', { device, accepts: true });
		expect([named('many%'), await heldOf(world)]).toEqual([0, []]);
		expect(await findFault(world)).toBeNull();
		await world.close();
	});
});

describe('removed devices', () => {
	test('two that remove each other at one time are both out, for all who hear of it; the rest goes on', async () => {
		const world = await people(4, 31);
		const [first, second] = world.peers.map(({ device }) => device);
		if (first === undefined || second === undefined) throw new Error('a world has devices');
		await world.take({ do: 'part', bits: 0b0101 });
		await ask(world, 0, 'devices.revoke', { device: second });
		await ask(world, 1, 'devices.revoke', { device: first });
		await world.take({ do: 'wait', ms: 25_000 });
		await world.take({ do: 'heal' });
		await world.take({ do: 'wait', ms: 5_000 });
		await world.take({ do: 'act', peer: 2, deed: 'create-tag', which: 5 });
		await world.take({ do: 'wait', ms: 5_000 });
		const removed = async (peer: number) =>
			(await ask(world, peer, 'devices.list', {})).filter(({ revokedMs }) => revokedMs !== null).map(({ id }) => id);
		for (const peer of [2, 3]) expect(new Set(await removed(peer))).toEqual(new Set([first, second]));
		// Each hears that it is out itself, stops, and gets nothing of what is said from then on.
		expect([await removed(0), await removed(1)]).toEqual([
			expect.arrayContaining([first]),
			expect.arrayContaining([second])
		]);
		expect([0, 1, 3].map((peer) => tags(world, peer).length)).toEqual([0, 0, 1]);
		for (const peer of [0, 1])
			expect((await ask(world, peer, 'sync.status', {})).every(({ link }) => link === 'none')).toBe(true);
		expect(checkConverged(world.peers.slice(2))).toBeNull();
		await world.close();
	});
});
