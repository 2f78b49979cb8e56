import { bytesToHex } from '@noble/hashes/utils.js';
import type { SqlRow } from '#core/ports';
import { deviceId, stampOf } from '#core/kernel';
import { splitNumber } from '#core/sync';
import { bytesToBody } from '../../src/lib/core/sayings/fact-bytes.ts';
import { emptyBody, type Fact } from '../../src/lib/core/sayings/fact.ts';
import {
	isThere,
	latestFields,
	latestMarks,
	liveTargets,
	liveTies,
	tieText
} from '../../src/lib/core/sayings/merge.ts';
import type { Peer } from './sayings-world.ts';

function bytesIn(row: SqlRow, name: string): Uint8Array {
	const value = row[name];
	if (!(value instanceof Uint8Array)) throw new Error(`${name} is bytes`);
	return value;
}

/** Every fact of a library's log. */
export function factsOf({ database }: Peer): Fact[] {
	return database
		.prepare('SELECT id, stamp, kind, subject, body FROM (SELECT device.id, fact.* FROM fact JOIN device USING (slot))')
		.all()
		.map((row) => ({
			device: deviceId(row['id']),
			stamp: stampOf(row['stamp']),
			kind: Number(row['kind']),
			subject: bytesIn(row, 'subject'),
			body: bytesToBody(bytesIn(row, 'body')) ?? emptyBody
		}));
}

const identities = `SELECT content.id, hex(identity) || split AS name FROM content
	UNION SELECT kept_number.content, hex(identity) || '0' FROM kept_number`;

/** The rows of a library as text, with names that all devices have for their targets. */
function rowsOf({ database }: Peer): string[] {
	const contents = new Map(
		database
			.prepare(identities)
			.all()
			.map((row) => [Number(row['id']), `c${String(row['name']).toLowerCase()}`])
	);
	const devices = new Map(
		database
			.prepare('SELECT slot, id FROM device')
			.all()
			.map((row) => [Number(row['slot']), String(row['id'])])
	);
	const name = (target: unknown) => {
		const number = Number(target);
		if (number < 0) return contents.get(-number);
		const split = splitNumber(number);
		return `e${devices.get(split.slot)}${split.number}`;
	};
	const read = (sql: string) => database.prepare(sql).all();
	return [
		...read('SELECT key, name, colour, icon, privacy FROM tag').map((row) => `tag ${Object.values(row).join(' ')}`),
		...read('SELECT key, name FROM collection').map((row) => `collection ${Object.values(row).join(' ')}`),
		...read('SELECT tag.key, target FROM assignment JOIN tag ON tag.id = assignment.tag').map(
			(row) => `on ${String(row['key'])} ${name(row['target'])}`
		),
		...read(
			'SELECT collection.key, target, position FROM collection_member AS m JOIN collection ON collection.id = m.collection'
		).map((row) => `in ${String(row['key'])} ${name(row['target'])} ${Number(row['position'])}`),
		...read('SELECT * FROM mark').flatMap((row) =>
			['favourite', 'rating', 'colour', 'note'].flatMap((mark) =>
				row[mark] === 0 || row[mark] === '' ? [] : [`${mark} ${name(row['target'])} ${String(row[mark])}`]
			)
		),
		...read(
			`SELECT relation, mine.key AS tag, other.key AS other FROM tag_relation AS tie
			JOIN tag AS mine ON mine.id = tie.tag JOIN tag AS other ON other.id = tie.other
			WHERE relation = 'parent' OR mine.key < other.key`
		).map((row) => `tie ${Object.values(row).join(' ')}`)
	].toSorted();
}

function groupBySubject(facts: readonly Fact[]): Map<string, Fact[]> {
	const groups = new Map<string, Fact[]>();
	for (const fact of facts) {
		const key = bytesToHex(fact.subject);
		groups.set(key, [...(groups.get(key) ?? []), fact]);
	}
	return groups;
}

const marks = ['favourite', 'rating', 'colour', 'note'];

/** What all facts together come to, worked out at once from the set of them, as the rules say it. */
function meantBy(facts: readonly Fact[]): string[] {
	const lines: string[] = [];
	const groups = groupBySubject(facts);
	const there = new Set<string>();
	const drops: (readonly [string, Fact])[] = [];
	for (const [key, group] of groups) {
		const [letter, id] = [key.slice(0, 2), key.slice(2)];
		if (letter === '6d') {
			for (const [target, { body }] of latestMarks(group)) {
				const value = body.fields[0]?.[1] ?? '';
				if (value !== '' && value !== '0') lines.push(`${marks[Number(id)]} ${target} ${value}`);
			}
		}
		if (letter !== '74' && letter !== '63') continue;
		for (const fact of group) if (fact.kind === 8) drops.push([id, fact]);
		if (!isThere(group)) continue;
		there.add(id);
		const fields = latestFields(group);
		const values = [...fields.keys()].toSorted((a, b) => a - b).map((at) => fields.get(at)?.value);
		lines.push(`${letter === '74' ? 'tag' : 'collection'} ${id} ${values.join(' ')}`);
		for (const [target, { body }] of liveTargets(group))
			lines.push(
				letter === '74'
					? `on ${id} ${target}`
					: `in ${id} ${target} ${body.positions[body.targets.indexOf(target)] ?? 0}`
			);
	}
	const next = new Map<string, Set<string>>();
	const below = (tag: string) => {
		const found = new Set([tag]);
		for (const one of found) for (const child of next.get(one) ?? []) found.add(child);
		return found;
	};
	for (const tie of liveTies(groups.get('72') ?? [], drops)) {
		const { relation, tag, other } = tie;
		if (!there.has(tag) || !there.has(other) || below(tag).has(other)) continue;
		if (relation === 'synonym' && below(other).has(tag)) continue;
		next.set(other, (next.get(other) ?? new Set()).add(tag));
		if (relation === 'synonym') next.set(tag, (next.get(tag) ?? new Set()).add(other));
		lines.push(`tie ${tieText(tie)}`);
	}
	return lines.toSorted();
}

/** Where the rows of a library differ from what its facts mean, or other `facts`: none. */
export function findLies(peer: Peer, facts: readonly Fact[] = factsOf(peer)): string[] {
	const [rows, meant] = [rowsOf(peer), meantBy(facts)];
	return [
		...rows.filter((line) => !meant.includes(line)).map((line) => `said by nobody: ${line}`),
		...meant.filter((line) => !rows.includes(line)).map((line) => `not shown: ${line}`)
	];
}
