import { expect, test } from 'vitest';
import { tagId } from '#core/kernel';
import { readHappenings } from '#core/sync';
import { bring, bringAll, createPeer, idOf, type Peer } from './sayings-world.ts';

const tag = tagId(idOf('1'));
const files = 600;
/** A batch of a fact or two. */
const smallBytes = 500;

/** Two devices that have the same tag on all files of the first one. */
function tagged(): readonly [Peer, Peer] {
	const [nas, laptop] = [createPeer('a', files), createPeer('b', 0)];
	const look = { name: 'Holiday', colour: 'red', icon: 'tag', privacy: 'normal' } as const;
	nas.act({ kind: 'metadata.restore-tag', tag: { id: tag, ...look }, relations: [], targets: [] });
	nas.act({ kind: 'metadata.tag-entries', tag, entries: [...nas.entries] });
	bringAll([nas, laptop]);
	for (const { clock } of [nas, laptop]) clock.setNow(clock.nowMs() + 3_600_000);
	return [nas, laptop];
}

/** Takes the tag off as many files, a few at a time: each time is a fact of its own. */
function untag(nas: Peer, from: number, to: number): void {
	for (let at = from; at < to; at += 20)
		nas.act({ kind: 'metadata.untag-entries', tag, entries: nas.entries.slice(at, at + 20) });
}

function left({ database }: Peer): number {
	return Number(database.prepare('SELECT count(*) FROM assignment').column()[0]);
}

test('F61: many small deletions are one question, answered once, for all that was deleted until then', () => {
	const [nas, laptop] = tagged();
	untag(nas, 0, 500);
	expect(bring(nas, laptop, smallBytes)).toMatchObject({ type: 'BatchDeletesMuch' });
	expect(left(laptop)).toBeGreaterThan(files - 100);
	laptop.clock.setNow(laptop.clock.nowMs() + 1_000);
	laptop.domain.answerDeletions(nas.device, true);
	expect(bring(nas, laptop, smallBytes)).toBeNull();
	expect(left(laptop)).toBe(files - 500);
	const happened = laptop.database.read(() => readHappenings(laptop.database, 10));
	if (!happened.ok) throw new Error(happened.failure.type);
	expect(happened.value.map(({ kind }) => kind)).toEqual(['released', 'held']);
	// Control: of what is deleted after the answer nobody was asked.
	nas.clock.setNow(nas.clock.nowMs() + 10_000);
	laptop.clock.setNow(nas.clock.nowMs());
	untag(nas, 500, 600);
	expect(bring(nas, laptop, smallBytes)).toMatchObject({ type: 'BatchDeletesMuch' });
});

test('F61: put back, all of it is there again on both, the last few among it', () => {
	const [nas, laptop] = tagged();
	untag(nas, 0, 500);
	expect(bring(nas, laptop, smallBytes)).not.toBeNull();
	const before = left(laptop);
	laptop.clock.setNow(laptop.clock.nowMs() + 1_000);
	laptop.domain.answerDeletions(nas.device, false);
	expect(bring(nas, laptop, smallBytes)).toBeNull();
	expect(left(laptop)).toBe(before);
	bringAll([nas, laptop]);
	expect(left(nas)).toBe(before);
});

test('F61: an answer is for what was asked, also where the other clock is ahead; a minute later it is none any more', () => {
	const [nas, laptop] = tagged();
	nas.clock.setNow(nas.clock.nowMs() + 120_000);
	untag(nas, 0, 200);
	expect(bring(nas, laptop)).toMatchObject({ type: 'BatchDeletesMuch' });
	laptop.domain.answerDeletions(nas.device, true);
	laptop.clock.setNow(laptop.clock.nowMs() + 61_000);
	expect(bring(nas, laptop)).toMatchObject({ type: 'BatchDeletesMuch' });
	laptop.domain.answerDeletions(nas.device, true);
	expect(bring(nas, laptop)).toBeNull();
	expect(left(laptop)).toBe(files - 200);
});
