import { invariant, nextStamp, type DeviceId, type Stamp } from '#core/kernel';
import { markNames } from '#core/metadata';
import type { SqlRow } from '#core/ports';
import type { Database } from '#core/schema';
import { collectionFields, forgetTouched, tagFields, touchedKinds } from './capture.ts';
import { bodyToBytes } from './fact-bytes.ts';
import { emptyBody, factKinds, targetsMax, type FactBody, type FactKind, type TargetKey, type Tie } from './fact.ts';
import { createLocalTargets, namedTargets, rowToTarget } from './local-targets.ts';
import { tieText } from './merge.ts';
import { insertFact, readHeard, readLatest, writeHeard } from './store.ts';
import { collectionSubject, markSubject, tagSubject, tiesSubject } from './subjects.ts';

/** Adds facts of this device to its log, each with the next stamp. */
type Telling = {
	readonly database: Database;
	readonly owner: (slot: number) => DeviceId;
	/** Says it; what takes away has seen all that is here. */
	readonly say: (kind: FactKind, subject: Uint8Array, body: Partial<FactBody>) => void;
};

const taking: ReadonlySet<FactKind> = new Set([
	factKinds.untag,
	factKinds.uncollect,
	factKinds.untie,
	factKinds.dropTag,
	factKinds.dropCollection
]);

function createTelling(database: Database, nowMs: number): Telling & { readonly end: () => void } {
	const context = readHeard(database);
	let [latest, hasSaid]: [Stamp, boolean] = [readLatest(database), false];
	return {
		database,
		owner: createLocalTargets(database, nowMs).owner,
		say: (kind, subject, said) => {
			[latest, hasSaid] = [nextStamp(latest, nowMs), true];
			const body = bodyToBytes({ ...emptyBody, ...said, ...(taking.has(kind) ? { context } : {}) });
			insertFact(database, 0, { stamp: latest, kind, subject, body });
		},
		end: () => {
			if (hasSaid) writeHeard(database, 0, latest);
		}
	};
}

type Told = { readonly target: TargetKey; readonly position: number; readonly value: string };

/** Says the same of many targets, so many at a time. */
function sayOf({ say }: Telling, kind: FactKind, subject: Uint8Array, told: readonly Told[]): void {
	for (let at = 0; at < told.length; at += targetsMax) {
		const some = told.slice(at, at + targetsMax);
		const positions = kind === factKinds.collect ? some.map(({ position }) => position) : [];
		const fields = kind === factKinds.mark ? [[0, some[0]?.value ?? ''] as const] : [];
		say(kind, subject, { targets: some.map(({ target }) => target), positions, fields });
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

type Row = Told & { readonly subject: string; readonly isThere: boolean };

function toRow(row: SqlRow, owner: Telling['owner']): Row | null {
	const target = rowToTarget(row, owner);
	if (target === null) return null;
	const { subject, isThere, position, value } = row;
	return {
		target,
		subject: String(subject),
		isThere: isThere !== null,
		position: Number(position ?? 0),
		value: String(value ?? '')
	};
}

const { columns, joins } = namedTargets('touched');

/** What changed of the rows of a table that tie targets to a tag or to a collection which is there. */
function sayMembers(
	telling: Telling,
	sql: string,
	toSubject: (key: string) => Uint8Array,
	kinds: readonly [FactKind, FactKind]
) {
	const rows = telling.database
		.prepare(sql)
		.all()
		.map((row) => toRow(row, telling.owner));
	const known = rows.filter((row) => row !== null);
	for (const [key, group] of groupBy(known, ({ subject }) => subject)) {
		const subject = toSubject(key);
		const [came, went] = [group.filter(({ isThere }) => isThere), group.filter(({ isThere }) => !isThere)];
		sayOf(
			telling,
			kinds[0],
			subject,
			came.toSorted((a, b) => a.position - b.position)
		);
		sayOf(telling, kinds[1], subject, went);
	}
}

function sayAssignments(telling: Telling): void {
	const sql = `SELECT ${columns}, tag.key AS subject, assignment.target AS isThere, 0 AS position, '' AS value
		FROM touched JOIN tag ON tag.id = touched.subject ${joins}
		LEFT JOIN assignment ON assignment.target = touched.target AND assignment.tag = touched.subject
		WHERE touched.kind = ${touchedKinds.assignment}`;
	sayMembers(telling, sql, tagSubject, [factKinds.tag, factKinds.untag]);
}

function sayCollected(telling: Telling): void {
	const sql = `SELECT ${columns}, collection.key AS subject, member.target AS isThere, member.position, '' AS value
		FROM touched JOIN collection ON collection.id = touched.subject ${joins}
		LEFT JOIN collection_member AS member
			ON member.target = touched.target AND member.collection = touched.subject
		WHERE touched.kind = ${touchedKinds.member}`;
	sayMembers(telling, sql, collectionSubject, [factKinds.collect, factKinds.uncollect]);
}

function sayMarks(telling: Telling): void {
	for (const [at, mark] of markNames.entries()) {
		const rows = telling.database
			.prepare(
				`SELECT ${columns}, ${at} AS subject, mark.target AS isThere, 0 AS position, mark.${mark} AS value
				FROM touched ${joins} LEFT JOIN mark ON mark.target = touched.target
				WHERE touched.kind = ${touchedKinds.mark} AND touched.subject = ${at}`
			)
			.all()
			.map((row) => toRow(row, telling.owner))
			.filter((row) => row !== null);
		const nothing = mark === 'favourite' || mark === 'rating' ? '0' : '';
		const said = rows.map((row) => (row.isThere ? row : { ...row, value: nothing }));
		for (const group of groupBy(said, ({ value }) => value).values())
			sayOf(telling, factKinds.mark, markSubject(mark), group);
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
	sayAssignments(telling);
	sayCollected(telling);
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
