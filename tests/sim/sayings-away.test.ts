import { describe, expect, test } from 'vitest';
import { stampOf, tagId, type WireValue } from '#core/kernel';
import { parseKept, type Kept } from '../../src/lib/core/sayings/check-batch.ts';
import { beginTelling, tellKept } from '../../src/lib/core/sayings/state.ts';
import { resyncAgeMs } from '../../src/lib/core/sayings/settled.ts';
import { isNightly } from '../tier.ts';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';
import { findLies } from './sayings-oracle.ts';
import { findFault } from './peer-checks.ts';
import type { Deed } from './peer-person.ts';
import { PeerWorld } from './peer-world.ts';
import { createPeer, idOf, type Peer } from './sayings-world.ts';

const dayMs = 24 * 60 * 60 * 1000;
const files = 6;
const tags = [tagId(idOf('1')), tagId(idOf('2'))];
const look = { name: 'Red', colour: 'red', icon: 'tag', privacy: 'normal' } as const;
type Operation = Parameters<Peer['act']>[0];

const make = (tag = tags[0]): Operation => ({
	kind: 'metadata.restore-tag',
	tag: { id: tag ?? tagId(idOf('1')), ...look },
	relations: [],
	targets: []
});
const drop = (tag = tags[0]): Operation => ({
	kind: 'metadata.delete-tag',
	tag: { id: tag ?? tagId(idOf('1')), ...look },
	relations: [],
	targets: 0
});
const put = (entry: number, tag = tags[0]): Operation => ({
	kind: 'metadata.tag-entries',
	tag: tag ?? tagId(idOf('1')),
	entries: [entry]
});
const take = (entry: number, tag = tags[0]): Operation =>
	({ ...put(entry, tag), kind: 'metadata.untag-entries' }) as Operation;
const note = (entry: number, from: string, to: string): Operation => ({
	kind: 'metadata.mark-entries',
	mark: 'note',
	from,
	to,
	entries: [entry]
});

type Counts = { states: number; changes: number };

/** As a session does: from one batch to the next it knows what it has promised. */
function catchUp(from: Peer, to: Peer, batchesMax = Infinity): Counts {
	const counts: Counts = { states: 0, changes: 0 };
	let have = to.domain.have();
	for (let batches = 0; ; batches++) {
		const next = from.domain.next(have, 400);
		if (next === null || batches >= batchesMax) return counts;
		if (!next.ok) throw new Error(JSON.stringify(next.failure));
		have = next.value.have;
		const { batch } = next.value;
		if (isState(batch)) counts.states++;
		else counts.changes++;
		const merged = to.domain.merge(from.device, structuredClone(batch));
		if (!merged.ok) throw new Error(JSON.stringify(merged.failure));
	}
}

function isState(batch: WireValue): boolean {
	return typeof batch === 'object' && batch !== null && ('kept' in batch || 'floors' in batch);
}

function meet(...peers: readonly Peer[]): void {
	for (let round = 0; round < peers.length; round++)
		for (const from of peers) for (const to of peers) if (from !== to) catchUp(from, to);
}

function facts({ database }: Peer): number {
	return Number(database.prepare('SELECT count(*) FROM fact').column()[0]);
}

function tend({ domain }: Peer): void {
	expect(domain.tend()).toHaveProperty('ok', true);
}

async function pass(peers: readonly Peer[], days = 1): Promise<void> {
	for (const { clock } of peers) await clock.advance(days * dayMs);
}

function expectSame(peers: readonly Peer[]): void {
	for (const peer of peers) {
		expect(peer.dump()).toBe(peers[0]?.dump());
		expect(findLies(peer)).toEqual([]);
		for (const other of peers) expect(other.domain.next(peer.domain.have(), 1_000)).toBeNull();
	}
}

/** Three that know the same files, and have met. */
function three(count = files): [Peer, Peer, Peer] {
	const peers: [Peer, Peer, Peer] = [createPeer('a', count), createPeer('b', count), createPeer('c', count)];
	for (const peer of peers) for (const entry of peer.entries) peer.identify(entry, `x${entry}`);
	peers[0].act(make());
	meet(...peers);
	return peers;
}

/** What is said of 40 files while one of three is away for longer than anybody waits; it has what was said before. */
async function whileAway(say: (a: Peer, entry: number) => void): Promise<[Peer, Peer, Peer]> {
	const [a, b, c] = three(40);
	for (const entry of a.entries) {
		a.act(put(entry));
		a.act(note(entry, '', 'first'));
	}
	meet(a, b, c);
	// What goes at once on those that are there waits for nobody.
	await pass([a, b, c]);
	for (const entry of a.entries) {
		say(a, entry);
		await a.clock.advance(120_000);
		await b.clock.advance(120_000);
		await c.clock.advance(120_000);
		catchUp(a, b);
	}
	for (let day = 0; day < 40; day++) {
		await pass([a, b, c]);
		for (const peer of [a, b]) tend(peer);
		meet(a, b);
	}
	return [a, b, c];
}

function untagged({ dump }: Peer): number {
	return 40 - dump().split('assignment [').length + 1;
}

describe('a state that takes much away (F61)', () => {
	test('what was left out of the log and is said otherwise by now is no deletion, however much it is', async () => {
		const [a, b, c] = await whileAway((peer, entry) => peer.act(note(entry, 'first', 'second')));
		const before = facts(c);
		// In the midst of it nothing is gone.
		expect(catchUp(a, c, 1)).toEqual({ states: 1, changes: 0 });
		expect(facts(c)).toBeLessThanOrEqual(before - 40);
		expect(c.dump().split('first').length).toBe(41);
		expect(catchUp(a, c).states).toBeGreaterThan(1);
		meet(a, b, c);
		expectSame([a, b, c]);
		expect(c.dump()).not.toContain('first');
	});

	test.each([true, false])('what nobody has said anew waits for a person, who may say %s', async (accepts) => {
		const [a, b, c] = await whileAway((peer, entry) => peer.act(take(entry)));
		for (let time = 0; time < 3; time++) expect(() => catchUp(a, c)).toThrow('"BatchDeletesMuch","deleted":40');
		// Nor does it get through with what another one tells.
		expect(() => catchUp(b, c)).toThrow('BatchDeletesMuch');
		// Of the last one it is still told as ever, and one goes unasked.
		expect(untagged(c)).toBe(1);
		c.domain.answerDeletions(a.device, accepts);
		meet(a, b, c);
		expectSame([a, b, c]);
		expect(untagged(a)).toBe(accepts ? 40 : 1);
	});
});

describe('a device that was away (T21)', () => {
	test.each([1, 8, 24, 40])(
		'for %i days: nothing that was taken away is back, and nothing that it has said is lost',
		async (days) => {
			const [a, b, c] = three();
			for (const entry of [2, 3, 4]) a.act(put(entry));
			a.act(note(5, '', 'first'));
			meet(a, b, c);
			// It says these while it is away, of what it has seen.
			c.act(put(6));
			c.act(note(6, '', 'of c'));
			c.act(take(4));
			b.act(take(2));
			b.act(note(5, 'first', 'second'));
			for (let day = 0; day < days; day++) {
				await pass([a, b, c]);
				a.act(day % 2 === 0 ? put(7) : take(7));
				for (const peer of [a, b]) tend(peer);
				meet(a, b);
			}
			// Of its own facts it has what others leave out.
			const pruned = a.database.prepare('SELECT max(prunedStamp) FROM device WHERE id <> ?').column([c.device]);
			const isPruned = pruned[0] !== 0;
			expect(isPruned).toBe(days * dayMs > resyncAgeMs);
			const counts = catchUp(a, c);
			expect(counts.states > 0).toBe(isPruned);
			meet(a, b, c);
			expectSame([a, b, c]);
			const hasTag = (entry: number) => c.dump().includes(`assignment ["c${hexOf(entry)}0","${tags[0]}",0]`);
			expect([2, 3, 4, 6].map(hasTag)).toEqual([false, true, false, true]);
			expect(a.dump()).toContain('of c');
			expect(c.dump()).toContain('second');
			expect(c.dump()).not.toContain('first');
			// And it goes on as before.
			c.act(take(6));
			meet(a, b, c);
			expectSame([a, b, c]);
			expect(hasTag(6)).toBe(false);
		}
	);

	test('what nobody misses is left out once all living devices have said that they have it, and no sooner', async () => {
		const [a, b, c] = three();
		for (let round = 0; round < 10; round++) {
			a.act(put(2));
			b.act(put(2));
			meet(a, b, c);
			b.act(take(2));
			meet(a, b, c);
		}
		const before = facts(a);
		for (const peer of [a, b]) tend(peer);
		meet(a, b, c);
		await pass([a, b, c]);
		for (const peer of [a, b]) tend(peer);
		// The third has not said so.
		expect(facts(a)).toBeGreaterThanOrEqual(before);
		tend(c);
		meet(a, b, c);
		await pass([a, b, c]);
		for (const peer of [a, b, c]) tend(peer);
		meet(a, b, c);
		await pass([a, b, c]);
		for (const peer of [a, b, c]) tend(peer);
		expect(facts(a)).toBeLessThan(before / 2);
		meet(a, b, c);
		expectSame([a, b, c]);
		// Who is new has the same.
		const d = createPeer('d', files, a.clock.nowMs());
		for (const entry of d.entries) d.identify(entry, `x${entry}`);
		catchUp(b, d);
		meet(a, b, c, d);
		expectSame([a, b, c, d]);
	});

	test('a tag that was deleted stays deleted for one that has it still, and is back where that says something of it', async () => {
		for (const isSaid of [false, true]) {
			const [a, b, c] = three();
			a.act(put(2));
			meet(a, b, c);
			if (isSaid) c.act(put(3));
			b.act(drop());
			for (let day = 0; day < 40; day++) {
				await pass([a, b, c]);
				for (const peer of [a, b]) tend(peer);
				meet(a, b);
			}
			meet(a, b, c);
			expectSame([a, b, c]);
			expect(a.dump().includes('Red')).toBe(isSaid);
		}
	});

	test('where the last word of one that is gone for good was left out, who is new has all the same', async () => {
		const [a, b, c] = three();
		a.act(put(2));
		meet(a, b, c);
		c.act(take(2));
		meet(a, b, c);
		a.act(put(3));
		for (let day = 0; day < 40; day++) {
			await pass([a, b]);
			for (const peer of [a, b]) tend(peer);
			meet(a, b);
		}
		const [slot] = a.database.prepare('SELECT slot FROM device WHERE id = ?').column([c.device]);
		expect(a.database.prepare('SELECT kind FROM fact WHERE slot = ?').column([slot ?? null])).toEqual([]);
		const d = createPeer('d', files, a.clock.nowMs());
		for (const entry of d.entries) d.identify(entry, `x${entry}`);
		expect(catchUp(b, d).states).toBeGreaterThan(0);
		meet(a, b, d);
		expectSame([a, b, d]);
	});

	test('by chance: any of four is away for any time, and all are the same whenever they have met', async () => {
		const random = createSimRandom(testSeed('away'));
		let states = 0;
		for (let runs = isNightly ? 500 : 6; runs > 0; runs--) states += await runAway(random);
		expect(states).toBeGreaterThan(0);
	});

	test('what is left of very many is told a part at a time, and none of it is left out', () => {
		const [a, b] = three();
		for (let round = 0; round < 4; round++) {
			a.act(put(2));
			a.act(take(2));
		}
		meet(a, b);
		const { database, device } = a;
		const all = database.prepare('SELECT stamp FROM fact WHERE slot = 0 ORDER BY stamp').column();
		const floors = new Map([[device, stampOf(all.at(-2))]]);
		const told: Kept[] = [];
		for (let telling = beginTelling(floors, floors); telling !== null;) {
			const { batch, next } = tellKept(database, telling, floors, floors, 3);
			told.push(parseKept(batch) as Kept);
			telling = next;
		}
		expect(told.flatMap(({ stamps }) => stamps)).toEqual(all.slice(0, -1));
		expect(told.slice(1).map(({ after }) => after)).toEqual(told.slice(0, -1).map(({ upTo }) => upTo));
	});

	test('control: a deletion that is forgotten while one has not heard of it is found out', async () => {
		const [a, b, c] = three();
		c.act(put(2));
		meet(a, b, c);
		b.act(take(2));
		for (const peer of [a, b]) peer.act(note(3, '', `of ${peer.device}`));
		meet(a, b);
		await pass([a, b, c]);
		for (const { database } of [a, b])
			database.connection.exec(
				'DELETE FROM fact WHERE kind IN (1, 2) AND subject = (SELECT subject FROM fact WHERE kind = 2)'
			);
		meet(a, b, c);
		expect(c.dump()).not.toBe(a.dump());
	});

	test('control: so is one that would be sent again without the state that comes before it', async () => {
		const [a, b, c] = three();
		a.act(put(2));
		meet(a, b, c);
		b.act(take(2));
		for (let day = 0; day < 40; day++) {
			await pass([a, b, c]);
			for (const peer of [a, b]) tend(peer);
			meet(a, b);
		}
		for (const { database } of [a, b]) database.connection.exec('UPDATE device SET prunedStamp = 0');
		expect(() => {
			meet(a, b, c);
			expectSame([a, b, c]);
		}).toThrow();
	});
});

function hexOf(entry: number): string {
	return Buffer.from(`x${entry}`).toString('hex').padEnd(64, '0');
}

/** Answers how often a state was told. */
async function runAway(random: SimRandom): Promise<number> {
	const peers = ['a', 'b', 'c', 'd'].map((name) => createPeer(name, files));
	for (const peer of peers) for (const entry of peer.entries) peer.identify(entry, `x${entry}`);
	let there = new Set(peers);
	let states = 0;
	for (let step = 0; step < 30; step++) {
		for (const peer of peers) {
			if (random.chance(0.4)) continue;
			const entry = 2 + random.integer(files);
			const tag = tags[random.integer(tags.length)];
			const isKnown = peer.database.prepare('SELECT 1 FROM tag WHERE key = ?').get([tag ?? '']) !== undefined;
			if (!isKnown) peer.act(make(tag));
			else if (random.chance(0.05)) peer.act(drop(tag));
			else peer.act(random.chance(0.5) ? put(entry, tag) : take(entry, tag));
			if (random.chance(0.3)) peer.act(note(entry, '', `note ${random.integer(100)}`));
		}
		const present = [...there];
		// Some are cut off from each other in the midst of it.
		for (const from of present)
			for (const to of present)
				if (from !== to && random.chance(0.5)) states += catchUp(from, to, random.integer(4)).states;
		meet(...present);
		for (const peer of present) tend(peer);
		await pass(peers, 1 + random.integer(20));
		if (random.chance(0.3)) there = new Set(peers.filter(() => random.chance(0.6)));
	}
	meet(...peers);
	for (const peer of peers) tend(peer);
	meet(...peers);
	expectSame(peers);
	return states;
}

test('over sessions: one of three is away for six weeks, and is told the state by the others when it is back', async () => {
	const world = new PeerWorld({ seed: 41, peers: 3, hasPeople: true });
	await world.begin();
	const act = (peer: number, deed: Deed, which: number) => world.take({ do: 'act', peer, deed, which });
	const wait = () => world.take({ do: 'wait', ms: 3_000 });
	await act(0, 'create-tag', 1);
	await wait();
	for (let which = 0; which < 16; which++) await act(0, 'tag', which);
	await wait();
	await act(2, 'note', 3);
	await world.take({ do: 'stop', peer: 2, how: 'kill' });
	for (let which = 0; which < 12; which++) await act(1, 'untag', which);
	await wait();
	for (let day = 3; day <= 42; day += 3) {
		for (const peer of [0, 1, 2]) await world.take({ do: 'skew', peer, aheadMs: day * dayMs });
		// Whoever reads a folder again looks after its logs as well.
		for (const peer of [0, 1]) await act(peer, 'write', day);
		await wait();
	}
	await world.take({ do: 'start', peer: 2 });
	await world.take({ do: 'wait', ms: 30_000 });
	expect(await findFault(world)).toBeNull();
	const [first, , last] = world.peers.map(
		({ database }) => database?.prepare('SELECT max(prunedStamp) FROM device').column()[0]
	);
	expect(Number(first)).toBeGreaterThan(0);
	expect(Number(last)).toBeGreaterThan(0);
	await world.close();
});
