import { expect, test } from 'vitest';
import { tagId } from '#core/kernel';
import { beginComingBack } from '#core/sayings';
import { takeOwnNumber } from '#core/schema';
import { isNightly } from '../tier.ts';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';
import { bring, createPeer, drawOperation, idOf, written, type Peer } from './sayings-world.ts';

const startMs = Date.UTC(2026, 0, 1);
const dayMs = 86_400_000;

/** What a device is that came to the library anew: with nothing of what it has said before. */
function comeBack(name: string, at: number, isMarked = true): Peer {
	const peer = createPeer(name, 4, at);
	if (isMarked) written(peer.database, () => beginComingBack(peer.database));
	return peer;
}

type Operation = Parameters<Peer['act']>[0];

const make = (digit: string, name: string): Operation => ({
	kind: 'metadata.restore-tag',
	tag: { id: tagId(idOf(digit)), name, colour: 'red', icon: 'tag', privacy: 'normal' },
	relations: [],
	targets: []
});

function meet(one: Peer, other: Peer): void {
	for (let round = 0; round < 3; round++)
		for (const [from, to] of [[one, other] as const, [other, one] as const]) expect(bring(from, to)).toBeNull();
}

test('a device that comes again with a new copy has its own words back, and is heard from then on', () => {
	const [first, other] = [createPeer('a', 4, startMs), createPeer('b', 4, startMs)];
	for (const { domain } of [first, other]) domain.have();
	first.act(make('1', 'Before'));
	bring(first, other);
	const again = comeBack('a', startMs + dayMs);
	other.clock.setNow(startMs + dayMs);
	again.domain.have();
	again.act(make('2', 'Since'));
	// What it says is held back while another one has more of it; the others take no harm in between.
	expect(again.domain.next(other.domain.have(), 4_096)).toBeNull();
	meet(again, other);
	expect(again.dump()).toBe(other.dump());
	expect(other.dump()).toContain('Before');
	expect(other.dump()).toContain('Since');
	again.act(make('3', 'Later'));
	meet(again, other);
	expect(other.dump()).toContain('Later');
	// No number is given that stands for another file in what it said before.
	expect(written(again.database, () => takeOwnNumber(again.database, 'entry'))).toBeGreaterThan(1_000_000);

	// Control: a copy that does not know that it may have been here before tells nobody anything.
	const unmarked = comeBack('a', startMs + 2 * dayMs, false);
	unmarked.domain.have();
	unmarked.act(make('4', 'Never'));
	expect(bring(unmarked, other)).toMatchObject({ type: 'BatchNotTheirs' });
});

test('a device that was never here says at once what it has to say', () => {
	const [fresh, other] = [comeBack('a', startMs), createPeer('b', 4, startMs)];
	other.domain.have();
	fresh.domain.have();
	fresh.act(make('1', 'First'));
	expect(bring(fresh, other)).toBeNull();
	expect(other.dump()).toContain('First');
	expect(written(fresh.database, () => takeOwnNumber(fresh.database, 'entry'))).toBeLessThan(100);
});

/** Three say things and meet by chance; one of them comes again now and then, once somebody has all that it said. */
function walk(random: SimRandom): readonly Peer[] {
	const peers = ['a', 'b', 'c'].map((name) => createPeer(name, 4, startMs));
	for (const { domain } of peers) domain.have();
	const [, other, third] = peers;
	if (other === undefined || third === undefined) throw new Error('three');
	let nowMs = startMs;
	for (let step = 0; step < 40; step++) {
		nowMs += random.integer(3_600_000);
		for (const { clock } of peers) clock.setNow(nowMs);
		const at = random.integer(3);
		const [one, next] = [peers[at], peers[(at + 1 + random.integer(2)) % 3]];
		if (one === undefined || next === undefined) throw new Error('one of three');
		const drawn = drawOperation(random, one);
		if (random.chance(0.6) && typeof drawn === 'object' && drawn !== null) one.act(drawn as Operation);
		if (random.chance(0.4)) meet(one, next);
		if (random.chance(0.2)) one.domain.tend();
		if (random.chance(0.1) && peers[0] !== undefined) {
			meet(peers[0], other);
			meet(other, third);
			peers[0] = comeBack('a', nowMs);
			peers[0].domain.have();
		}
	}
	for (let round = 0; round < 3; round++)
		for (const one of peers) for (const next of peers) if (one !== next) meet(one, next);
	return peers;
}

test('whoever comes again, whenever, all come to the same', { timeout: isNightly ? 3_600_000 : 60_000 }, () => {
	const seed = testSeed('coming back');
	for (let run = 0; run < (isNightly ? 2_000 : 10); run++) {
		const [a, b, c] = walk(createSimRandom(seed + run));
		expect(a?.dump(), `seed ${seed + run}`).toBe(b?.dump());
		expect(c?.dump(), `seed ${seed + run}`).toBe(b?.dump());
	}
});
