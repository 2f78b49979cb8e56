import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { collectionId, driftMaxMs, stampMs, tagId, type WireValue } from '#core/kernel';
import { carrySayings } from '#core/metadata';
import { readOverwritten } from '#core/sayings';
import { bytesToBody } from '../../src/lib/core/sayings/fact-bytes.ts';
import { isNightly } from '../tier.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { factsOf, findLies } from './sayings-oracle.ts';
import { bring, bringAll, createPeer, idOf, runSchedule, written, type Peer } from './sayings-world.ts';

type Operation = Parameters<Peer['act']>[0];

type Wire = { since: WireValue[]; facts: WireValue[][] };
function isWire(batch: unknown): batch is Wire {
	return typeof batch === 'object' && batch !== null && 'since' in batch && 'facts' in batch;
}

const [one, two] = [tagId(idOf('1')), tagId(idOf('2'))];
const collection = collectionId(idOf('5'));
const look = (name: string) => ({ name, colour: 'red', icon: 'tag', privacy: 'normal' }) as const;
const make = (id = one, name = 'Red'): Operation => ({
	kind: 'metadata.restore-tag',
	tag: { id, ...look(name) },
	relations: [],
	targets: []
});
const drop = (id = one, name = 'Red'): Operation => ({
	kind: 'metadata.delete-tag',
	tag: { id, ...look(name) },
	relations: [],
	targets: 0
});
const rename = (from: string, to: string): Operation => ({
	kind: 'metadata.edit-tag',
	tag: one,
	from: look(from),
	to: look(to),
	ties: [],
	unties: []
});
const put = (...entries: number[]): Operation => ({ kind: 'metadata.tag-entries', tag: one, entries });
const take = (...entries: number[]): Operation => ({ kind: 'metadata.untag-entries', tag: one, entries });
const note = (from: string, to: string): Operation => ({
	kind: 'metadata.mark-entries',
	mark: 'note',
	from,
	to,
	entries: [2]
});
const collect = (entry: number, position: number): Operation => ({
	kind: 'metadata.collect-entries',
	collection,
	members: [[entry, position]]
});

function world(count: number): Peer[] {
	return Array.from({ length: count }, (_, at) => createPeer('abcde'.charAt(at), 4));
}

/** Two devices that have met, with a tag; the first two files of both have the same bytes. */
function met(): [Peer, Peer] {
	const [a, b] = [createPeer('a', 4), createPeer('b', 4)];
	for (const peer of [a, b]) for (const [at, content] of ['x', 'y'].entries()) peer.identify(at + 2, content);
	a.act(make());
	bringAll([a, b]);
	return [a, b];
}

function agree(peers: readonly Peer[]): string {
	bringAll(peers);
	for (const peer of peers) {
		expect(peer.dump()).toBe(peers[0]?.dump());
		expect(findLies(peer)).toEqual([]);
	}
	return peers[0]?.dump() ?? '';
}

function count({ database }: Peer, table: string): number {
	return Number(database.prepare(`SELECT count(*) FROM ${table}`).column()[0]);
}

describe('devices that say things of files', () => {
	test(
		'all say the same once they have met, and what the facts mean; what comes again later changes nothing',
		() => {
			const seed = testSeed('sayings');
			for (let schedule = 0; schedule < (isNightly ? 10_000 : 50); schedule++) {
				const random = createSimRandom(seed + schedule);
				const peers = world(schedule % 10 === 0 ? 5 : 2 + random.integer(2));
				const sent = runSchedule(random, peers, 80);
				bringAll(peers);
				const said = peers[0]?.dump();
				for (const peer of peers) {
					expect(peer.dump(), `seed ${seed + schedule}`).toBe(said);
					expect(findLies(peer), `seed ${seed + schedule}`).toEqual([]);
				}
				for (const { from, to, batch } of sent) expect(to.domain.merge(from.device, batch).ok).toBe(true);
				for (const peer of peers) expect(peer.dump(), `seed ${seed + schedule}, again`).toBe(said);
				for (const { database } of peers) database.connection.close();
			}
		},
		isNightly ? 3_600_000 : 60_000
	);

	test('keep what one has tagged while another took the tag off, or deleted it', () => {
		const [a, b] = met();
		a.act(put(2, 3));
		bringAll([a, b]);
		a.act(take(2, 3));
		b.act(take(2));
		b.act(put(2));
		expect(agree([a, b])).toContain(`assignment ["c${'78'.padEnd(64, '0')}0"`);
		expect(count(a, 'assignment')).toBe(1);
		a.act(drop());
		b.act(put(3));
		expect(agree([a, b])).toContain('"Red"');
		expect(count(a, 'assignment')).toBe(1);
		a.act(drop());
		b.act(rename('Red', 'Rose'));
		expect(agree([a, b])).toContain('"Rose"');
		expect(count(a, 'assignment')).toBe(0);
	});

	test('do not bring back what was deleted where that was seen, nor by what comes late', () => {
		const [a, b] = met();
		const c = createPeer('c', 4);
		a.act(put(2));
		bringAll([a, b, c]);
		const old = a.domain.next({}, 1_000_000);
		b.act(drop());
		bring(b, c);
		expect(count(c, 'tag')).toBe(0);
		bring(a, c);
		bring(c, a);
		expect(count(a, 'tag')).toBe(0);
		if (!old?.ok) throw new Error('a has something to say');
		for (const peer of [b, c]) expect(peer.domain.merge(a.device, old.value.batch).ok).toBe(true);
		expect(agree([a, b, c])).toBe('');
	});

	test('take back what they did, also after it went round', () => {
		const [a, b] = met();
		a.act(put(2, 3));
		bringAll([a, b]);
		const back = a.act(drop());
		expect(agree([a, b])).toBe('');
		if (back === null) throw new Error('what was done can be taken back');
		a.act(back);
		agree([a, b]);
		expect([count(b, 'tag'), count(b, 'assignment')]).toEqual([1, 2]);
	});

	test('of a field have what was said last, and show what it has taken the place of', () => {
		const [a, b] = met();
		a.act(note('', 'from a'));
		b.clock.setNow(b.clock.nowMs() + 1_000);
		b.act(note('', 'from b'));
		expect(agree([a, b])).toContain('from b');
		for (const peer of [a, b])
			expect(readOverwritten(peer.database, 10)).toMatchObject([
				{
					field: 'note',
					lost: 'from a',
					kept: 'from b',
					now: 'from b',
					by: b.device,
					atMs: b.clock.nowMs(),
					lostBy: a.device,
					lostMs: b.clock.nowMs() - 1_000,
					on: { is: 'file' }
				}
			]);
		// Set again, it is what counts, and the other one can be looked up.
		b.clock.setNow(b.clock.nowMs() + 1_000);
		b.act(note('from b', 'from a'));
		expect(agree([a, b])).toContain('from a');
		expect(readOverwritten(b.database, 10)).toMatchObject([{ now: 'from a' }]);
		b.act(note('from a', 'from b'));
		expect(agree([a, b])).toContain('from b');
		// A clock that was set back does not make it older.
		b.clock.setNow(b.clock.nowMs() - 60_000);
		b.act(rename('Red', 'Rose'));
		b.act(note('from b', ''));
		expect(agree([a, b])).toContain('Rose');
		expect(count(a, 'mark')).toBe(0);
		expect([count(a, 'overwritten'), count(b, 'overwritten')]).toEqual([2, 1]);
	});

	test('say of bytes what was said of a file before they were known, and of files that nobody has seen here', () => {
		const [a, b] = met();
		a.act(put(4));
		bringAll([a, b]);
		expect(b.dump()).toContain(`assignment ["e${a.device}4"`);
		b.act({ kind: 'metadata.tag-entries', tag: one, entries: [5] });
		a.identify(4, 'z');
		agree([a, b]);
		b.identify(5, 'z');
		agree([a, b]);
		const [target] = b.database.prepare('SELECT DISTINCT -content FROM entry WHERE id = 5').column();
		expect(b.database.prepare('SELECT target FROM assignment').column()).toEqual([target]);
		a.identify(4, 'other');
		expect(
			agree([a, b])
				.split('\n')
				.filter((line) => line.startsWith('assignment'))
		).toHaveLength(2);
	});

	test('that say something of an entry whose bytes its own device knows by now, say it of these', () => {
		const [a, b] = met();
		a.act(put(4));
		bringAll([a, b]);
		a.identify(4, 'z');
		const there = b.database.prepare('SELECT target FROM assignment').column().map(Number);
		written(b.database, () =>
			b.database.prepare('INSERT INTO mark (target, note) VALUES (?, ?)').run([there[0] ?? 0, 'by b'])
		);
		expect(agree([a, b])).toContain(`mark ["c${'7a'.padEnd(64, '0')}0",0,0,"","by b"]`);
		expect(agree([a, b])).not.toContain(`["e${a.device}4"`);
	});

	test('leave it to the device of an entry to carry what hangs on it, and bring nothing back that it has taken off since', () => {
		const [a, b] = met();
		a.act(put(4));
		bringAll([a, b]);
		const [there] = b.database.prepare('SELECT target FROM assignment').column().map(Number);
		a.identify(4, 'z');
		a.act(take(4));
		b.identify(4, 'z');
		const [content] = b.database.prepare('SELECT content FROM entry WHERE id = 4').column().map(Number);
		// What the index of the other device tells comes first.
		written(b.database, () => carrySayings(b.database, there ?? 0, -(content ?? 0)));
		expect(agree([a, b])).not.toContain('assignment');
	});

	test('show the same half of a circle of tags, and the other half once that is gone', () => {
		const [a, b] = met();
		a.act(make(two, 'Two'));
		bringAll([a, b]);
		const tie = (first = one, second = two) =>
			({ kind: 'metadata.relate-tags', relation: 'parent', tag: first, other: second }) as const;
		a.act(tie(one, two));
		b.clock.setNow(b.clock.nowMs() + 1_000);
		b.act(tie(two, one));
		expect(agree([a, b])).toContain(`tie parent ${one} ${two}`);
		expect(count(b, 'tag_relation')).toBe(1);
		b.act({ ...tie(one, two), kind: 'metadata.unrelate-tags' });
		expect(agree([a, b])).toContain(`tie parent ${two} ${one}`);
	});

	test('lose the ties of a tag that is deleted, also where it stays for what was put on it meanwhile', () => {
		const [a, b] = met();
		a.act(make(two, 'Two'));
		a.act({ kind: 'metadata.relate-tags', relation: 'parent', tag: one, other: two });
		expect(agree([a, b])).toContain('tie');
		b.act(drop());
		a.act(put(2));
		const said = agree([a, b]);
		expect(said).toContain('"Red"');
		expect(said).not.toContain('tie');
	});

	test('have the members of a collection in one order', () => {
		const [a, b] = met();
		for (const [at, content] of ['q', 'p'].entries()) {
			a.identify(4 + at, content);
			b.identify(5 - at, content);
		}
		a.act({ kind: 'metadata.restore-collection', collection: { id: collection, name: 'Trip' }, members: [] });
		bringAll([a, b]);
		a.act(collect(2, 1));
		b.act(collect(3, 1));
		bringAll([a, b]);
		a.act(collect(4, 2));
		b.act(collect(5, 7));
		b.act(collect(4, 2));
		expect(agree([a, b]).match(/^member.*$/gm)).toHaveLength(4);
		const leave = { kind: 'metadata.uncollect-entries', collection, members: [[2, 0]] } as const;
		a.act({ ...leave, members: [[2, 0]] });
		b.act({ ...leave, members: [[2, 0]] });
		b.act(collect(2, 8));
		expect(agree([a, b]).match(/^member.*,8\]$/gm)).toHaveLength(1);
		a.act({ kind: 'metadata.delete-collection', collection: { id: collection, name: 'Trip' }, members: 4 });
		b.act({ kind: 'metadata.uncollect-entries', collection, members: [[2, 0]] });
		b.act(collect(2, 9));
		expect(agree([a, b]).match(/^member.*$/gm)).toHaveLength(1);
	});

	test('say once what was said before they met, and nothing is kept before', () => {
		const [a, b] = [createPeer('a', 4), createPeer('b', 4)];
		for (const peer of [a, b]) {
			peer.identify(2, 'x');
			peer.act(make());
			peer.act(put(2, 3));
			peer.act(note('', `of ${peer.device}`));
		}
		a.act(collect(2, 1));
		expect([count(a, 'fact'), count(b, 'fact')]).toEqual([0, 0]);
		agree([a, b]);
		expect([count(a, 'assignment'), count(a, 'mark'), count(a, 'tag')]).toEqual([3, 1, 1]);
		const facts = count(a, 'fact');
		agree([a, b]);
		expect(count(a, 'fact')).toBe(facts);
		a.act(take(2));
		expect(agree([a, b])).not.toContain(`["c${'78'.padEnd(64, '0')}0","${one}"`);
	});

	test('pass on what others have said, and what they do not understand', () => {
		const [a, b] = met();
		const c = createPeer('c', 4);
		b.act(put(2));
		bring(b, a);
		written(a.database, () => {
			const stamp = Number(a.database.prepare('SELECT heardStamp FROM device WHERE slot = 0').column()[0]) + 1;
			const later = [stamp, Uint8Array.of(0x7a), Uint8Array.of(1, 2, 3)];
			a.database.prepare('INSERT INTO fact (stamp, slot, kind, subject, body) VALUES (?, 0, 900, ?, ?)').run(later);
			a.database.prepare('UPDATE device SET heardStamp = ? WHERE slot = 0').run([stamp]);
		});
		bring(a, c);
		bring(c, b);
		expect(factsOf(b).filter(({ kind }) => kind === 900)).toHaveLength(1);
		agree([a, b, c]);
		expect(count(c, 'assignment')).toBe(1);
	});
});

describe('a merge that does not keep the rules is found out:', () => {
	/** Whether some of a few schedules end with devices that say different things, the first one merging in a way of its own. */
	const isFoundOut = (bend: (peer: Peer) => Peer['domain']): boolean => {
		for (let seed = 1; seed <= 20; seed++) {
			const random = createSimRandom(seed);
			const peers = world(2);
			const [first] = peers;
			if (first !== undefined) first.domain = bend(first);
			runSchedule(random, peers, 150);
			bringAll(peers);
			if (peers[0]?.dump() !== peers[1]?.dump()) return true;
		}
		return false;
	};

	test('one as it is, is not', () => {
		expect(isFoundOut(({ domain }) => domain)).toBe(false);
	});

	test('one that takes away without looking at what was seen', () => {
		const bent = isFoundOut(({ domain, database }) => ({
			...domain,
			merge: (from, batch) => {
				const merged = domain.merge(from, batch);
				if (!isWire(batch)) return merged;
				written(database, () => {
					const remove = database.prepare(
						`DELETE FROM assignment WHERE tag = (SELECT id FROM tag WHERE key = ?)
						AND -target IN (SELECT id FROM content WHERE lower(hex(identity)) = ?)`
					);
					for (const [, , kind, subject, body] of batch.facts)
						if (kind === 2 && subject instanceof Uint8Array && body instanceof Uint8Array)
							for (const key of bytesToBody(body)?.targets ?? [])
								remove.run([bytesToHex(subject.subarray(1)), key.slice(1, 65)]);
					database.prepare('DELETE FROM touched').run();
				});
				return merged;
			}
		}));
		expect(bent).toBe(true);
	});

	test('one that has the value that came last', () => {
		const bent = isFoundOut(({ domain, database }) => ({
			...domain,
			merge: (from, batch) => {
				const merged = domain.merge(from, batch);
				if (!isWire(batch)) return merged;
				written(database, () => {
					for (const [, , kind, subject, body] of batch.facts) {
						const read = body instanceof Uint8Array ? bytesToBody(body) : null;
						// The note of a mark: its number is 3.
						if (kind !== 5 || read === null || !(subject instanceof Uint8Array) || subject[1] !== 3) continue;
						const write = database.prepare(
							'UPDATE mark SET note = ? WHERE -target IN (SELECT id FROM content WHERE lower(hex(identity)) = ?)'
						);
						for (const key of read.targets) write.run([read.fields[0]?.[1] ?? '', key.slice(1, 65)]);
					}
					database.prepare('DELETE FROM touched').run();
				});
				return merged;
			}
		}));
		expect(bent).toBe(true);
	});
});

describe('what harms is refused as a whole, and changes nothing', () => {
	const batchOf = (peer: Peer): Wire => {
		const next = peer.domain.next({}, 1_000_000);
		const batch = next?.ok ? structuredClone(next.value.batch) : null;
		if (!isWire(batch)) throw new Error('there is a batch');
		return batch;
	};

	test.each<[string, (batch: Wire) => WireValue]>([
		['nothing', () => null],
		['a fact less in its middle and one out of order', ({ since, facts }) => ({ since, facts: facts.toReversed() })],
		[
			'a device that is not named',
			({ since, facts }) => ({ since, facts: facts.map((fact) => [9, ...fact.slice(1)]) })
		],
		['a device named twice', ({ since, facts }) => ({ since: [...since, ...since], facts })],
		['a stamp of no number', ({ since, facts }) => ({ since, facts: facts.map((fact) => fact.with(1, 1.5)) })],
		[
			'a body that is cut',
			({ since, facts }) => ({ since, facts: facts.map((fact) => fact.with(4, new Uint8Array(3))) })
		],
		[
			'a huge body',
			({ since, facts }) => ({ since, facts: facts.map((fact) => fact.with(4, new Uint8Array(2 ** 21))) })
		],
		['too many facts', ({ since, facts }) => ({ since, facts: Array.from({ length: 5_000 }, () => facts[0] ?? []) })],
		['a kind with another subject', ({ since, facts }) => ({ since, facts: facts.map((fact) => fact.with(2, 5)) })],
		['something more', (batch) => ({ ...batch, more: 1 })]
	])('%s', (_, harm) => {
		const [a, b] = met();
		a.act(put(2));
		b.act(take(3));
		const batch = batchOf(a);
		const fresh = createPeer('c', 2);
		fresh.domain.have();
		const [before, devices] = [fresh.dump(), count(fresh, 'device')];
		expect(fresh.domain.merge(a.device, harm(batch))).toMatchObject({ ok: false, failure: { type: 'BatchWrong' } });
		expect([fresh.dump(), count(fresh, 'device'), count(fresh, 'fact')]).toEqual([before, devices, 1]);
		expect(bring(a, fresh)).toBeNull();
	});

	test('stamps from the future', () => {
		const [a, b] = met();
		a.clock.setNow(b.clock.nowMs() + driftMaxMs + 1_000);
		a.act(put(2));
		const before = b.dump();
		expect(bring(a, b)).toEqual({ type: 'BatchFromTheFuture', aheadMs: driftMaxMs + 1_000 });
		expect(b.dump()).toBe(before);
		b.clock.setNow(b.clock.nowMs() + 1_000);
		expect(bring(a, b)).toBeNull();
		agree([a, b]);
	});

	test('stamps of a clock that was years ahead; once it is set back they are from now, and what is said goes on', () => {
		const [a, b] = met();
		const c = createPeer('c', 2);
		const nowMs = a.clock.nowMs();
		a.clock.setNow(Date.UTC(2036, 0, 1));
		a.act(put(2));
		expect(bring(a, b)).toMatchObject({ type: 'BatchFromTheFuture' });
		const sent = a.domain.next(b.domain.have(), 1);
		// A session that goes on without waiting for an answer says nothing of what the other one has.
		if (sent?.ok) expect(a.domain.next(sent.value.have, 1)).toBeNull();
		a.clock.setNow(nowMs);
		a.act(note('', 'later'));
		a.act(take(2));
		a.act(put(2));
		agree([a, b, c]);
		b.act(note('later', 'of b'));
		expect(agree([a, b, c])).toContain('of b');
		expect(Math.max(...factsOf(a).map(({ stamp }) => stampMs(stamp)))).toBeLessThanOrEqual(nowMs + 1);
	});

	/** A day after they have met, of which nothing was said, A says something, which B takes; nobody tells A so. */
	const taken = () => {
		const [a, b] = met();
		const nowMs = a.clock.nowMs() + 86_400_000;
		for (const { clock } of [a, b]) clock.setNow(nowMs);
		a.act(put(2));
		const next = a.domain.next(b.domain.have(), 1_000_000);
		if (!next?.ok) throw new Error('a has something to say');
		expect(b.domain.merge(a.device, next.value.batch).ok).toBe(true);
		return { a, b, nowMs, have: next.value.have };
	};

	test('no stamps of a clock that was right and is set back: others may have what was said, and not have told', () => {
		const { a, b, nowMs } = taken();
		const c = createPeer('c', 2);
		c.clock.setNow(nowMs);
		a.clock.setNow(nowMs - 3_600_000);
		a.act(note('', 'later'));
		bring(a, c);
		a.clock.setNow(nowMs);
		expect(agree([a, b, c])).toContain('later');
	});

	test('nor of what was taken, where another one refuses what a clock that was ahead has said after it', () => {
		const { a, b, nowMs, have } = taken();
		const c = createPeer('c', 2);
		c.clock.setNow(nowMs);
		a.domain.answered?.(have, null);
		a.clock.setNow(Date.UTC(2036, 0, 1));
		a.act(put(3));
		expect(bring(a, c)).toMatchObject({ type: 'BatchFromTheFuture' });
		a.clock.setNow(nowMs - 3_600_000);
		bring(a, c);
		a.clock.setNow(nowMs);
		agree([a, b, c]);
		expect(count(b, 'assignment')).toBe(2);
	});

	test('stamps of such a clock stay where another device, as wrong, has taken what was said', () => {
		const [a, b] = met();
		const nowMs = a.clock.nowMs();
		for (const { clock } of [a, b]) clock.setNow(Date.UTC(2036, 0, 1));
		a.act(put(2));
		expect(bring(a, b)).toBeNull();
		for (const { clock } of [a, b]) clock.setNow(nowMs);
		a.act(note('', 'later'));
		const before = factsOf(a).map(({ stamp }) => stamp);
		expect(bring(a, createPeer('c', 2))).toMatchObject({ type: 'BatchFromTheFuture' });
		expect(factsOf(a).map(({ stamp }) => stamp)).toEqual(before);
	});

	test('what is said in the name of this device; and to speak with the id of a device that has said more', () => {
		const [a, b] = met();
		a.act(put(2));
		bringAll([a, b]);
		const again = createPeer('a', 2);
		const refused = { type: 'BatchNotTheirs', owner: a.device };
		expect(bring(b, again)).toEqual(refused);
		again.act(make(two, 'Two'));
		expect(bring(again, b)).toEqual(refused);
		expect([count(again, 'assignment'), count(b, 'tag')]).toEqual([0, 1]);
	});

	test('what begins after something that is missing waits until that has come', () => {
		const [a, b] = met();
		const c = createPeer('c', 2);
		a.act(put(2));
		const have = b.domain.have();
		const late = a.domain.next(have, 1_000_000);
		if (!late?.ok) throw new Error('a has something to say');
		c.domain.have();
		expect(c.domain.merge(a.device, late.value.batch).ok).toBe(true);
		expect(count(c, 'fact')).toBe(1);
		agree([a, b, c]);
	});
});
