import { expect, test, describe } from 'vitest';
import { tagId } from '#core/kernel';
import type { Fact } from '../../src/lib/core/sayings/fact.ts';
import { factOrder } from '../../src/lib/core/sayings/merge.ts';
import { isNightly } from '../tier.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { factsOf, findLies } from './sayings-oracle.ts';
import { findFault } from './peer-checks.ts';
import type { Deed } from './peer-person.ts';
import { PeerWorld } from './peer-world.ts';
import { createPeer, idOf, live, type Peer } from './sayings-world.ts';

const dayMs = 24 * 60 * 60 * 1000;
const files = 6;
const tag = tagId(idOf('1'));
const look = { name: 'Red', colour: 'red', icon: 'tag', privacy: 'normal' } as const;
type Operation = Parameters<Peer['act']>[0];

const make: Operation = { kind: 'metadata.restore-tag', tag: { id: tag, ...look }, relations: [], targets: [] };
const drop: Operation = { kind: 'metadata.delete-tag', tag: { id: tag, ...look }, relations: [], targets: 0 };
const put = (entry: number): Operation => ({ kind: 'metadata.tag-entries', tag, entries: [entry] });
const take = (entry: number): Operation => ({ kind: 'metadata.untag-entries', tag, entries: [entry] });
const note = (entry: number, from: string, to: string): Operation => ({
	kind: 'metadata.mark-entries',
	mark: 'note',
	from,
	to,
	entries: [entry]
});

/** As a session does: from one batch to the next it knows what it has promised. Cut off after `batchesMax`. */
function catchUp(from: Peer, to: Peer, batchesMax = Infinity, bytesMax = 10_000): void {
	let have = to.domain.have();
	for (let batches = 0; batches < batchesMax; batches++) {
		const next = from.domain.next(have, bytesMax);
		if (next === null) return;
		if (!next.ok) throw new Error(JSON.stringify(next.failure));
		have = next.value.have;
		const merged = to.domain.merge(from.device, structuredClone(next.value.batch));
		if (!merged.ok) throw new Error(JSON.stringify(merged.failure));
	}
}

/** All of them have all by then: the first hears it from the others, and tells them. */
function meet(first: Peer, ...others: readonly Peer[]): void {
	for (const other of others) catchUp(other, first);
	for (const other of others) catchUp(first, other);
}

function facts({ database }: Peer): number {
	return Number(database.prepare('SELECT count(*) FROM fact').column()[0]);
}

/** How many facts it has left out. */
function tend({ domain }: Peer): number {
	const tended = domain.tend();
	if (!tended.ok) throw new Error(tended.failure.type);
	return tended.value;
}

function pass(peers: readonly Peer[], days: number): void {
	for (const { clock } of peers) clock.setNow(clock.nowMs() + days * dayMs);
}

function expectSame(peers: readonly Peer[]): void {
	for (const peer of peers) {
		expect(peer.dump()).toBe(peers[0]?.dump());
		expect(findLies(peer)).toEqual([]);
		expect(peer.domain.have()).toEqual(peers[0]?.domain.have());
		for (const other of peers) expect(other.domain.next(peer.domain.have(), 1_000)).toBeNull();
	}
}

/** Three that know the same files, and have met. */
function three(count = files): [Peer, Peer, Peer] {
	const peers: [Peer, Peer, Peer] = [createPeer('a', count), createPeer('b', count), createPeer('c', count)];
	for (const peer of peers) for (const entry of peer.entries) peer.identify(entry, `x${entry}`);
	peers[0].act(make);
	meet(...peers);
	return peers;
}

/** The first two go on with each other for so many days, and look after their logs on each. */
function goOn(
	[a, b, c]: readonly [Peer, Peer, Peer],
	days: number,
	act: (day: number) => void = () => undefined
): number {
	let left = 0;
	for (let day = 0; day < days; day++) {
		pass([a, b, c], 1);
		act(day);
		meet(a, b);
		left += tend(a) + tend(b);
	}
	return left;
}

function hexOf(entry: number): string {
	return Buffer.from(`x${entry}`).toString('hex').padEnd(64, '0');
}

function hasTag(peer: Peer, entry: number): boolean {
	return peer.dump().includes(`assignment ["c${hexOf(entry)}0","${tag}",0]`);
}

function tagged({ dump }: Peer): number {
	return dump().split('assignment [').length - 1;
}

describe('a device that was away (T21)', () => {
	test.each([1, 8, 24, 40, 100])(
		'for %i days: nothing that was taken away is back, and nothing that it has said is lost',
		(days) => {
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
			const left = goOn([a, b, c], days, (day) => a.act(day % 2 === 0 ? put(7) : take(7)));
			expect(left > 0).toBe(days > 30);
			// On each 40 days in which the same is said again and again are no more than the last 30 of them.
			expect(facts(a)).toBeLessThan(60);
			meet(a, b, c);
			expectSame([a, b, c]);
			expect([2, 3, 4, 6].map((entry) => hasTag(c, entry))).toEqual([false, true, false, true]);
			expect(a.dump()).toContain('of c');
			expect(c.dump()).toContain('second');
			expect(c.dump()).not.toContain('first');
			// And it goes on as before.
			c.act(take(6));
			meet(a, b, c);
			expectSame([a, b, c]);
			expect(hasTag(c, 6)).toBe(false);
		}
	);

	test('what means nothing is left out by each by itself, and who is new or still has it comes to the same', () => {
		const [a, b, c] = three();
		for (let round = 0; round < 10; round++) {
			a.act(put(2));
			b.act(put(2));
			meet(a, b, c);
			b.act(take(2));
			meet(a, b, c);
		}
		const before = facts(a);
		pass([a, b, c], 29);
		expect(tend(a)).toBe(0);
		pass([a, b, c], 2);
		expect(tend(a)).toBeGreaterThan(before / 2);
		expect(tend(a)).toBe(0);
		meet(a, b, c);
		expectSame([a, b, c]);
		const d = createPeer('d', files, a.clock.nowMs());
		for (const entry of d.entries) d.identify(entry, `x${entry}`);
		catchUp(a, d);
		expect(facts(d)).toBeLessThan(before / 2);
		// From one that has left out nothing it gets what it has no use for, or it does not.
		meet(c, d, a, b);
		expectSame([a, b, c, d]);
	});

	test.each([false, true])(
		'a tag that was deleted is back where it has said something of it meanwhile, and only there: %s',
		(isSaid) => {
			const [a, b, c] = three();
			a.act(put(2));
			a.act(put(4));
			meet(a, b, c);
			if (isSaid) c.act(put(3));
			b.act(drop);
			expect(goOn([a, b, c], 40)).toBeGreaterThan(0);
			meet(a, b, c);
			expectSame([a, b, c]);
			expect(a.dump().includes('Red')).toBe(isSaid);
			expect([2, 3, 4].map((entry) => hasTag(a, entry))).toEqual([false, isSaid, false]);
		}
	);

	test('what was taken away may come after what took it away, from who has it still, and stays away', () => {
		const [a, b, c] = three();
		const d = createPeer('d', files, a.clock.nowMs());
		for (const entry of d.entries) d.identify(entry, `x${entry}`);
		a.act(put(2));
		meet(a, b, c);
		b.act(take(2));
		meet(a, b);
		a.act(put(3));
		pass([a, b, c, d], 40);
		expect(tend(a)).toBe(1);
		const says = (kind: number) => factsOf(d).some((fact) => fact.kind === kind);
		for (let batches = 0; !says(2) && batches < 20; batches++) catchUp(a, d, 1, 1);
		expect([1, 2].map(says)).toEqual([false, true]);
		catchUp(c, d);
		expect([1, 2].map(says)).toEqual([true, true]);
		expect(findLies(d)).toEqual([]);
		meet(a, b, c, d);
		expectSame([a, b, c, d]);
		expect([2, 3].map((entry) => hasTag(d, entry))).toEqual([false, true]);
	});

	test('cut off wherever it may be in what one tells, and told the rest by one that has left out nothing, it has the same', () => {
		for (let batches = 0; batches < 9; batches++) {
			const [a, b, c] = three();
			a.act(put(2));
			meet(a, b);
			b.act(take(2));
			b.act(note(3, '', 'of b'));
			meet(a, b);
			a.act(put(4));
			meet(a, b);
			pass([a, b, c], 40);
			expect(tend(a)).toBe(1);
			catchUp(a, c, batches, 1);
			catchUp(b, c);
			meet(a, b, c);
			expectSame([a, b, c]);
			expect(
				[2, 4].map((entry) => hasTag(c, entry)),
				`after ${batches}`
			).toEqual([false, true]);
		}
	});

	test('who is new has heard as far of each device as others have, also where its last word means nothing', () => {
		const [a, b, c] = three();
		c.act(note(2, '', 'of c'));
		meet(a, b, c);
		a.act(note(2, 'of c', 'of a'));
		a.act(note(2, 'of a', 'of a again'));
		pass([a, b, c], 40);
		expect(tend(a)).toBe(1);
		const d = createPeer('d', files, a.clock.nowMs());
		for (const entry of d.entries) d.identify(entry, `x${entry}`);
		catchUp(a, d);
		expect(d.domain.have()).toMatchObject(a.domain.have() as object);
		meet(c, d, a, b);
		expectSame([a, b, c, d]);
	});

	test('a device goes on with others that have of it what it has left out itself', () => {
		const [a, b, c] = three();
		a.act(note(2, '', 'first'));
		meet(a, b, c);
		a.act(note(2, 'first', 'second'));
		pass([a, b, c], 40);
		expect(tend(a)).toBe(1);
		meet(a, c, b);
		expectSame([a, b, c]);
		expect(c.dump()).toContain('second');
	});

	test('control: a deletion that is forgotten is found out', () => {
		const [a, b, c] = three();
		c.act(put(2));
		meet(a, b, c);
		b.act(take(2));
		for (const peer of [a, b]) peer.act(note(3, '', `of ${peer.device}`));
		meet(a, b);
		for (const { database } of [a, b])
			database.connection.exec(
				'DELETE FROM fact WHERE kind IN (1, 2) AND subject = (SELECT subject FROM fact WHERE kind = 2)'
			);
		meet(a, b, c);
		expect(c.dump()).not.toBe(a.dump());
	});
});

describe('much that was taken away while a device was away (F61)', () => {
	/** What is said of 40 files, slowly enough for those that are there; the third has what was said before. */
	const whileAway = (say: (a: Peer, entry: number) => void): [Peer, Peer, Peer] => {
		const [a, b, c] = three(40);
		for (const entry of a.entries) {
			a.act(put(entry));
			a.act(note(entry, '', 'first'));
		}
		meet(a, b, c);
		pass([a, b, c], 1);
		for (const entry of a.entries) {
			say(a, entry);
			pass([a, b, c], 0.01);
			catchUp(a, b);
		}
		expect(goOn([a, b, c], 40)).toBeGreaterThan(0);
		return [a, b, c];
	};

	test('is none where it was said otherwise, however much it is', () => {
		const [a, b, c] = whileAway((peer, entry) => peer.act(note(entry, 'first', 'second')));
		meet(a, b, c);
		expectSame([a, b, c]);
		expect(c.dump()).not.toContain('first');
	});

	test.each([true, false])('waits for a person, whoever tells it, and she may say %s', (accepts) => {
		const [a, b, c] = whileAway((peer, entry) => peer.act(take(entry)));
		for (let time = 0; time < 3; time++) expect(() => catchUp(a, c)).toThrow('"BatchDeletesMuch"');
		expect(() => catchUp(b, c)).toThrow('BatchDeletesMuch');
		const before = tagged(c);
		expect(before).toBeGreaterThan(29);
		c.domain.answerDeletions(a.device, accepts);
		meet(c, a, b);
		expectSame([a, b, c]);
		expect(tagged(a)).toBe(accepts ? 0 : before);
	});
});

type Said = Map<string, Fact>;

/** Everything that was ever said, whether or not it is left out by now. */
function noteSaid(said: Said, peers: readonly Peer[]): void {
	for (const peer of peers)
		for (const fact of factsOf(peer)) if (fact.device === peer.device) said.set(factOrder(fact), fact);
}

/** Devices that come, and are away for any time, and meet; each leaves facts out by itself. Answers how many were. */
function runAway(seed: number, prune: (peer: Peer) => number): number {
	const random = createSimRandom(seed);
	const peers = ['a', 'b', 'c'].map((name) => createPeer(name, 4));
	const undoable = new Map<Peer, Operation[]>();
	const said: Said = new Map();
	let there: readonly Peer[] = peers;
	let left = 0;
	const bring = (from: Peer, to: Peer, batchesMax?: number) => {
		// Whoever is asked has much that was taken away go.
		to.domain.answerDeletions(from.device, true);
		catchUp(from, to, batchesMax, 100 + random.integer(1_000));
		expect(findLies(to), `seed ${seed}`).toEqual([]);
	};
	for (let step = 0; step < 16; step++) {
		for (const peer of peers) {
			const undos = undoable.get(peer) ?? [];
			undoable.set(peer, undos);
			for (let acts = random.integer(4); acts > 0; acts--) live(random, peer, undos);
		}
		noteSaid(said, peers);
		// Some are cut off from each other in the midst of it.
		for (const from of there)
			for (const to of there) if (from !== to && random.chance(0.4)) bring(from, to, random.integer(4));
		for (const peer of peers) if (random.chance(0.4)) left += prune(peer);
		if (random.chance(0.2)) there = peers.filter(() => random.chance(0.6));
		if (peers.length < 5 && random.chance(0.1)) {
			peers.push(createPeer('abcde'.charAt(peers.length), 4, peers[0]?.clock.nowMs()));
			there = peers;
		}
		pass(peers, 1 + random.integer(25));
	}
	for (let round = 0; round < 2; round++) {
		for (const from of peers) for (const to of peers) if (from !== to) bring(from, to);
		// Whoever hears what is said of its own files may say something itself.
		noteSaid(said, peers);
		for (const peer of peers) left += prune(peer);
	}
	for (const peer of peers) {
		expect(peer.dump(), `seed ${seed}`).toBe(peers[0]?.dump());
		// Nothing is back and nothing is lost: it is as if nobody had left anything out.
		expect(findLies(peer, [...said.values()]), `seed ${seed}`).toEqual([]);
	}
	for (const { database } of peers) database.connection.close();
	return left;
}

describe('by chance devices come, are away for any time, and are cut off; each leaves facts out when it likes (T21)', () => {
	test(
		'and all come to what was said, as if nothing was left out',
		() => {
			const seed = testSeed('away');
			let left = 0;
			for (let run = 0; run < (isNightly ? 2_000 : 8); run++) left += runAway(seed + run, tend);
			expect(left).toBeGreaterThan(0);
		},
		isNightly ? 3_600_000 : 60_000
	);

	test('control: where a device leaves out what takes away as soon as nothing is left of it, it is found out', () => {
		const forget = (peer: Peer) => {
			const left = tend(peer);
			// Tags, ties and members that nobody has now, with what took them away.
			peer.database.connection.exec('DELETE FROM fact WHERE kind IN (2, 4, 11)');
			return left;
		};
		const isFoundOut = (seed: number) => {
			try {
				runAway(seed, forget);
				return false;
			} catch {
				return true;
			}
		};
		expect([1, 2, 3, 4, 5].some(isFoundOut)).toBe(true);
	});
});

test('over sessions: one of three is away for six weeks, and all is as it was said when it is back', async () => {
	const world = new PeerWorld({ seed: 41, peers: 3, hasPeople: true });
	await world.begin();
	const act = (peer: number, deed: Deed, which: number) => world.take({ do: 'act', peer, deed, which });
	const wait = () => world.take({ do: 'wait', ms: 3_000 });
	await act(0, 'create-tag', 1);
	await wait();
	for (let file = 0; file < 6; file++) await act(0, 'tag', 4 * file);
	await wait();
	await act(2, 'note', 3);
	await world.take({ do: 'stop', peer: 2, how: 'kill' });
	for (let file = 0; file < 6; file++) await act(1, 'untag', 4 * file);
	await wait();
	for (let day = 6; day <= 42; day += 6) {
		for (const peer of [0, 1, 2]) await world.take({ do: 'skew', peer, aheadMs: day * dayMs });
		// Whoever reads a folder again looks after its logs as well.
		for (const peer of [0, 1]) await act(peer, 'write', day);
		await wait();
	}
	const [first] = world.peers.map(
		({ database }) => database?.prepare('SELECT max(prunedStamp) FROM device').column()[0]
	);
	expect(Number(first)).toBeGreaterThan(0);
	await world.take({ do: 'start', peer: 2 });
	await world.take({ do: 'wait', ms: 30_000 });
	expect(await findFault(world)).toBeNull();
	await world.close();
});
