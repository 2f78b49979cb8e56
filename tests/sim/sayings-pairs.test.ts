import { describe, expect, test } from 'vitest';
import { collectionId, tagId } from '#core/kernel';
import type { SqlValue } from '#core/ports';
import { isNightly } from '../tier.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { findLies } from './sayings-oracle.ts';
import { bring, bringAll, createPeer, idOf, type Peer } from './sayings-world.ts';

type Operation = Parameters<Peer['act']>[0];

const [one, two, three] = [tagId(idOf('1')), tagId(idOf('2')), tagId(idOf('3'))];
const collection = collectionId(idOf('5'));
const look = (name: string) => ({ name, colour: 'red', icon: 'tag', privacy: 'normal' }) as const;
const parentOf = (tag = one, other = two) => ({ relation: 'parent', tag, other }) as const;
const make = (id: typeof one): Operation => ({
	kind: 'metadata.restore-tag',
	tag: { id, ...look('Red') },
	relations: [],
	targets: []
});

function ask({ database }: Peer, sql: string): readonly SqlValue[] {
	return database.prepare(sql).column();
}

const onFile = (peer: Peer, file: number) =>
	ask(
		peer,
		`SELECT 1 FROM assignment JOIN tag ON tag.id = tag JOIN entry ON -content = target WHERE key = '${one}' AND entry.id = ${file}`
	).length > 0;
const inCollection = (peer: Peer, file: number) =>
	ask(peer, `SELECT 1 FROM collection_member JOIN entry ON -content = target WHERE entry.id = ${file}`).length > 0;
const tied = (peer: Peer, first: string, second: string) =>
	ask(
		peer,
		`SELECT 1 FROM tag_relation AS tie JOIN tag AS mine ON mine.id = tie.tag JOIN tag AS other ON other.id = tie.other
		WHERE mine.key = '${first}' AND other.key = '${second}'`
	).length > 0;

type Deed = {
	readonly say: (by: string) => readonly Operation[];
	/** Whether what was meant is so. */
	readonly holds: (peer: Peer) => boolean;
	/** What it gives way to where neither has seen the other. */
	readonly yields?: readonly string[];
};

const touching = ['rename a tag', 'tag', 'tag anew'];

/** Twelve things that people say of a tag, a collection and two files. */
const deeds: Readonly<Record<string, Deed>> = {
	'rename a tag': {
		say: (by) => [
			{ kind: 'metadata.edit-tag', tag: one, from: look('Red'), to: look(`of ${by}`), ties: [], unties: [] }
		],
		holds: (peer) => String(ask(peer, `SELECT name FROM tag WHERE key = '${one}'`)[0]).startsWith('of ')
	},
	'delete a tag': {
		say: () => [{ kind: 'metadata.delete-tag', tag: { id: one, ...look('Red') }, relations: [], targets: 0 }],
		holds: (peer) => ask(peer, `SELECT 1 FROM tag WHERE key = '${one}'`).length === 0,
		yields: touching
	},
	tag: {
		say: () => [{ kind: 'metadata.tag-entries', tag: one, entries: [2] }],
		holds: (peer) => onFile(peer, 2)
	},
	untag: {
		say: () => [{ kind: 'metadata.untag-entries', tag: one, entries: [3] }],
		holds: (peer) => !onFile(peer, 3),
		yields: ['tag anew']
	},
	'tag anew': {
		say: () => [
			{ kind: 'metadata.untag-entries', tag: one, entries: [3] },
			{ kind: 'metadata.tag-entries', tag: one, entries: [3] }
		],
		holds: (peer) => onFile(peer, 3)
	},
	'put a tag below another': {
		say: () => [{ kind: 'metadata.relate-tags', ...parentOf(one, two) }],
		holds: (peer) => tied(peer, one, two),
		yields: ['delete a tag', 'put the other below it']
	},
	'put the other below it': {
		say: () => [{ kind: 'metadata.relate-tags', ...parentOf(two, one) }],
		holds: (peer) => tied(peer, two, one),
		yields: ['delete a tag', 'put a tag below another']
	},
	'take a tag out': {
		say: () => [{ kind: 'metadata.unrelate-tags', ...parentOf(one, three) }],
		holds: (peer) => !tied(peer, one, three)
	},
	note: {
		say: (by) => [{ kind: 'metadata.mark-entries', mark: 'note', from: '', to: `of ${by}`, entries: [2] }],
		holds: (peer) => String(ask(peer, 'SELECT note FROM mark')[0]).startsWith('of ')
	},
	collect: {
		say: () => [{ kind: 'metadata.collect-entries', collection, members: [[2, 7]] }],
		holds: (peer) => inCollection(peer, 2)
	},
	'take out of a collection': {
		say: () => [{ kind: 'metadata.uncollect-entries', collection, members: [[3, 1]] }],
		holds: (peer) => !inCollection(peer, 3)
	},
	'delete a collection': {
		say: () => [{ kind: 'metadata.delete-collection', collection: { id: collection, name: 'Trip' }, members: 1 }],
		holds: (peer) => ask(peer, 'SELECT 1 FROM collection').length === 0,
		yields: ['collect']
	}
};
const names = Object.keys(deeds);

/** A and B act (`a`, `b`), and what one lacks is brought to it: `>` to B, `<` to A. */
const orders = ['ab><', 'ab<>', 'a>b<', 'b<a>', 'a><b', 'b<>a'] as const;

/** Two devices that have met, whose first two files have the same bytes, with something to take away on all of them. */
function met(): [Peer, Peer] {
	const [a, b] = [createPeer('a', 3), createPeer('b', 3)];
	for (const peer of [a, b]) for (const [at, content] of ['x', 'y'].entries()) peer.identify(at + 2, content);
	for (const tag of [one, two, three]) a.act(make(tag));
	a.act({ kind: 'metadata.tag-entries', tag: one, entries: [3] });
	a.act({ kind: 'metadata.relate-tags', ...parentOf(one, three) });
	a.act({ kind: 'metadata.restore-collection', collection: { id: collection, name: 'Trip' }, members: [] });
	a.act({ kind: 'metadata.collect-entries', collection, members: [[3, 1]] });
	bringAll([a, b]);
	return [a, b];
}

/** What is wrong once A has done `first` and B `second` and all was told, some of it again; null where nothing is. */
function findWrong(first: string, second: string, order: string): string | null {
	const [a, b] = met();
	let isDone = { a: false, b: false };
	for (const step of order) {
		if (step === '>') bring(a, b);
		else if (step === '<') bring(b, a);
		else {
			const [peer, name] = step === 'a' ? [a, first] : [b, second];
			const backs = (deeds[name]?.say(step) ?? []).map((operation) => peer.act(operation));
			isDone = { ...isDone, [step]: backs.every((back) => back !== null) };
		}
	}
	const late = [a, b].map((peer) => peer.domain.next({}, 1_000_000));
	bringAll([a, b]);
	const [said, other] = [a.dump(), b.dump()];
	for (const [at, to] of [b, a].entries()) {
		const batch = late[at];
		if (batch?.ok) to.domain.merge(at === 0 ? a.device : b.device, batch.value.batch);
	}
	const lies = [...findLies(a), ...findLies(b)];
	const isApart = order.startsWith('ab') || order.startsWith('ba');
	const yields = (name: string, to: string) => isApart && (deeds[name]?.yields ?? []).includes(to);
	// Who comes last has the last word; where neither has seen the other, both have theirs, but for what gives way.
	const lastIs = order.lastIndexOf('a') > order.lastIndexOf('b') ? 'a' : 'b';
	const counts = (by: 'a' | 'b') => isDone[by] && (isApart || lastIs === by);
	const broken = [
		counts('a') && !yields(first, second) && deeds[first]?.holds(a) !== true && `A: ${first}`,
		counts('b') && !yields(second, first) && deeds[second]?.holds(b) !== true && `B: ${second}`
	].filter((text) => text !== false);
	const isSame = said === other && a.dump() === said && b.dump() === said;
	for (const { database } of [a, b]) database.connection.close();
	if (!isSame) return 'they differ';
	return lies.length + broken.length > 0 ? JSON.stringify({ lies, broken }) : null;
}

describe('every two of twelve things that two people do, in every order in which they can hear of each other (T19)', () => {
	const pairs = names.flatMap((first) => names.map((second) => [first, second] as const));

	test('lose nothing that was said and leave both the same', () => {
		const random = createSimRandom(testSeed('pairs'));
		const cases = pairs.flatMap(([first, second]) => orders.map((order) => [first, second, order] as const));
		// Each takes two libraries.
		const some = isNightly ? cases : Array.from({ length: 12 }, () => cases[random.integer(cases.length)]);
		const wrong = some.flatMap((one) => {
			const fault = one === undefined ? 'no case' : findWrong(...one);
			return fault === null ? [] : [`${String(one)}: ${fault}`];
		});
		expect(cases).toHaveLength(144 * 6);
		expect(wrong).toEqual([]);
	}, 600_000);
});
