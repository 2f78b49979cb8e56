import { invariant, nextStamp, type Stamp } from '#core/kernel';
import { markNames } from '#core/metadata';
import type { SqlValue } from '#core/ports';
import type { Database } from '#core/schema';
import { collectionFields, forgetTouched, tagFields, touchedKinds } from './capture.ts';
import { bodyToBytes } from './fact-bytes.ts';
import {
	emptyBody,
	factKinds,
	takingKinds,
	targetsMax,
	type FactBody,
	type FactKind,
	type TargetKey,
	type Tie
} from './fact.ts';
import { thisDevice } from '#core/sync';
import { targetKeySql } from './local-targets.ts';
import { tieText } from './merge.ts';
import { insertFact, readHeard, readLatest, writeHeard } from './store.ts';
import { collectionSubject, markSubject, tagSubject, tiesSubject } from './subjects.ts';

/** Adds facts of this device to its log, each with the next stamp. */
type Telling = {
	readonly database: Database;
	/** Says it; what takes away has seen all that is here. */
	readonly say: (kind: FactKind, subject: Uint8Array, body: Partial<FactBody>) => void;
};

function createTelling(database: Database, nowMs: number): Telling & { readonly end: () => void } {
	const context = readHeard(database);
	// Of its own a device has seen all that is before.
	const self = thisDevice(database);
	if (self !== null) context.delete(self);
	let [latest, hasSaid]: [Stamp, boolean] = [readLatest(database), false];
	return {
		database,
		say: (kind, subject, said) => {
			[latest, hasSaid] = [nextStamp(latest, nowMs), true];
			const body = bodyToBytes({ ...emptyBody, ...said, ...(takingKinds.has(kind) ? { context } : {}) });
			insertFact(database, 0, { stamp: latest, kind, subject, body });
		},
		end: () => {
			if (hasSaid) writeHeard(database, 0, latest);
		}
	};
}

type Said = Pick<FactBody, 'targets'> & Partial<Pick<FactBody, 'positions' | 'fields'>>;

/** Says the same of many targets, so many at a time. */
function sayOf(
	{ say }: Telling,
	kind: FactKind,
	subject: Uint8Array,
	{ targets, positions = [], fields = [] }: Said
): void {
	for (let from = 0; from < targets.length; from += targetsMax) {
		const to = from + targetsMax;
		say(kind, subject, { targets: targets.slice(from, to), positions: positions.slice(from, to), fields });
	}
}

function groupBy<T>(items: Iterable<T>, toKey: (item: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const item of items) {
		const key = toKey(item);
		const group = groups.get(key);
		if (group === undefined) groups.set(key, [item]);
		else group.push(item);
	}
	return groups;
}

const key = targetKeySql('touched');
/** One column at a time: of 100,000 rows as objects the objects cost more than the rows. */
type Rows = { readonly from: string; readonly parameters: readonly SqlValue[] };

function readKeys({ database }: Telling, { from, parameters }: Rows): TargetKey[] {
	// A content that nobody knows any more has nothing that hangs on it anywhere.
	return database
		.prepare(`SELECT ${key} AS targetKey ${from} AND targetKey IS NOT NULL`)
		.column(parameters)
		.map(String);
}

type Membership = {
	readonly kind: number;
	readonly table: 'assignment' | 'collection_member';
	readonly thing: 'tag' | 'collection';
	readonly came: FactKind;
	readonly went: FactKind;
	readonly toSubject: (key: string) => Uint8Array;
};

/** What has come to tags or collections that are there, and what has gone from them. */
function sayMembers(telling: Telling, { kind, table, thing, came, went, toSubject }: Membership): void {
	const { database } = telling;
	const touched = `SELECT DISTINCT thing.id, thing.key FROM touched JOIN ${thing} AS thing ON thing.id = touched.subject
		WHERE touched.kind = ${kind} ORDER BY thing.key`;
	const is = `SELECT 1 FROM ${table} AS member WHERE member.target = touched.target AND member.${thing} = touched.subject`;
	for (const row of database.prepare(touched).all()) {
		const parameters = [Number(row['id'])];
		const from = `FROM touched WHERE touched.kind = ${kind} AND touched.subject = ?`;
		const subject = toSubject(String(row['key']));
		sayOf(telling, went, subject, {
			targets: readKeys(telling, { from: `${from} AND NOT EXISTS (${is})`, parameters })
		});
		if (table === 'assignment')
			sayOf(telling, came, subject, { targets: readKeys(telling, { from: `${from} AND EXISTS (${is})`, parameters }) });
		else {
			const places = database
				.prepare(
					`SELECT ${key} AS targetKey, member.position AS position FROM touched
					JOIN collection_member AS member ON member.target = touched.target AND member.collection = touched.subject
					WHERE touched.kind = ${kind} AND touched.subject = ? AND targetKey IS NOT NULL ORDER BY member.position`
				)
				.all(parameters);
			sayOf(telling, came, subject, {
				targets: places.map((place) => String(place['targetKey'])),
				positions: places.map((place) => Number(place['position']))
			});
		}
	}
}

const memberships: readonly Membership[] = [
	{
		kind: touchedKinds.assignment,
		table: 'assignment',
		thing: 'tag',
		came: factKinds.tag,
		went: factKinds.untag,
		toSubject: tagSubject
	},
	{
		kind: touchedKinds.member,
		table: 'collection_member',
		thing: 'collection',
		came: factKinds.collect,
		went: factKinds.uncollect,
		toSubject: collectionSubject
	}
];

function sayMarks(telling: Telling): void {
	for (const [at, mark] of markNames.entries()) {
		const nothing = mark === 'favourite' || mark === 'rating' ? '0' : `''`;
		const value = `coalesce((SELECT ${mark} FROM mark WHERE mark.target = touched.target), ${nothing})`;
		const from = `FROM touched WHERE touched.kind = ${touchedKinds.mark} AND touched.subject = ${at}`;
		for (const said of telling.database.prepare(`SELECT DISTINCT ${value} ${from}`).column())
			sayOf(telling, factKinds.mark, markSubject(mark), {
				targets: readKeys(telling, { from: `${from} AND ${value} = ?`, parameters: [said] }),
				fields: [[0, String(said)]]
			});
	}
}

type Thing = {
	readonly kind: number;
	readonly table: 'tag' | 'collection';
	readonly fields: readonly string[];
	readonly describe: FactKind;
	readonly drop: FactKind;
	readonly toSubject: (key: string) => Uint8Array;
};

const things: readonly Thing[] = [
	{
		kind: touchedKinds.tag,
		table: 'tag',
		fields: tagFields,
		describe: factKinds.describeTag,
		drop: factKinds.dropTag,
		toSubject: tagSubject
	},
	{
		kind: touchedKinds.collection,
		table: 'collection',
		fields: collectionFields,
		describe: factKinds.describeCollection,
		drop: factKinds.dropCollection,
		toSubject: collectionSubject
	}
];

/** What tags and collections are called, and which are gone. They come before what hangs on them. */
function sayThings({ database, say }: Telling, { kind, table, fields, describe, drop, toSubject }: Thing): void {
	const rows = database
		.prepare(
			`SELECT touched.key, touched.target AS field, thing.id AS isThere, ${fields.map((name) => `thing.${name}`).join(', ')}
			FROM touched LEFT JOIN ${table} AS thing ON thing.id = touched.subject WHERE touched.kind = ${kind}`
		)
		.all();
	for (const [key, group] of groupBy(rows, (row) => String(row['key']))) {
		const [first] = group;
		if (first === undefined || first['isThere'] === null) say(drop, toSubject(key), {});
		else {
			const due = group.map((row) => Number(row['field']));
			say(describe, toSubject(key), { fields: due.map((at) => [at, String(first[fields[at] ?? ''])] as const) });
		}
	}
}

function isRelation(text: unknown): text is Tie['relation'] {
	return text === 'parent' || text === 'synonym';
}

/** Those of tags that are gone went with them. */
function sayTies({ database, say }: Telling): void {
	const rows = database
		.prepare(
			`SELECT kinds.relation, mine.key AS tag, other.key AS other, tag_relation.tag AS isThere
			FROM touched
			JOIN (SELECT 'parent' AS relation, ${touchedKinds.parent} AS kind
				UNION ALL SELECT 'synonym', ${touchedKinds.synonym}) AS kinds ON kinds.kind = touched.kind
			JOIN tag AS mine ON mine.id = touched.subject JOIN tag AS other ON other.id = touched.target
			LEFT JOIN tag_relation ON tag_relation.tag = touched.subject AND tag_relation.relation = kinds.relation
				AND tag_relation.other = touched.target
			ORDER BY touched.kind, mine.key, other.key`
		)
		.all();
	const ties = new Map<string, { tie: Tie; isThere: boolean }>();
	for (const { relation, tag, other, isThere } of rows) {
		invariant(isRelation(relation), 'a tie is of a kind that is known');
		const tie = { relation, tag: String(tag), other: String(other) };
		ties.set(tieText(tie), { tie, isThere: isThere !== null });
	}
	const all = [...ties.values()];
	for (const [kind, isThere] of [[factKinds.untie, false] as const, [factKinds.tie, true] as const]) {
		const due = all.filter((one) => one.isThere === isThere).map(({ tie }) => tie);
		for (let at = 0; at < due.length; at += targetsMax)
			say(kind, tiesSubject, { ties: due.slice(at, at + targetsMax) });
	}
}

/** What has happened to ties and tags: where it is true, which ties are shown has to be looked at again. */
export type WrittenFacts = { readonly hasTies: boolean };

/**
 * Says as facts of this device what has changed in the transaction that goes on: the same in as few as there are
 * subjects, each thousand targets.
 */
export function writeFacts(database: Database, nowMs: number, isFirst = false): WrittenFacts {
	const telling = createTelling(database, nowMs);
	if (isFirst) telling.say(factKinds.begin, new Uint8Array(), {});
	for (const thing of things) sayThings(telling, thing);
	sayTies(telling);
	for (const membership of memberships) sayMembers(telling, membership);
	sayMarks(telling);
	telling.end();
	const hasTies =
		database
			.prepare(
				`SELECT 1 FROM touched WHERE kind IN (${touchedKinds.tag}, ${touchedKinds.parent}, ${touchedKinds.synonym}) LIMIT 1`
			)
			.get([]) !== undefined;
	forgetTouched(database);
	return { hasTies };
}
