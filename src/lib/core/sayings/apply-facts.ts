import { invariant, stampOf, type CollectionId, type Stamp, type TagId } from '#core/kernel';
import { numberOf, type MarkName } from '#core/metadata';
import type { Database } from '#core/schema';
import { tagFields } from './capture.ts';
import { markValue } from './check-fact.ts';
import { factKinds, type Fact, type TargetKey } from './fact.ts';
import type { LocalTargets } from './local-targets.ts';
import { hasSeen, isDropping, isLater, isThere, latestFields, latestMarks, liveTargets } from './merge.ts';
import { noteLostField, noteLostMarks } from './overwritten.ts';
import { readFacts, readFactsOfKind, readTakings, type Heard } from './store.ts';
import { toSubject } from './subjects.ts';

/** What is lent to whoever brings the rows in step with a fact that has come into the log. */
export type Applying = {
	readonly database: Database;
	readonly targets: LocalTargets;
	/** What is here of each device by now. */
	readonly heard: Heard;
	/** Numbers of entries that something was said of. */
	readonly entries: Set<number>;
	/** Whether there are other tags, or other ties between them. */
	hasOtherTies: boolean;
};

/**
 * The facts of a subject that a fact which takes away has not seen, with all that may have taken those: what has seen a
 * fact has a higher stamp. None where it has seen all that is here.
 */
function readUnseen({ database, heard }: Applying, { subject, device, body }: Fact): Fact[] {
	const behind: Stamp[] = [];
	for (const [other, stamp] of heard) {
		const seen = body.context.get(other) ?? stampOf(0);
		if (other !== device && seen < stamp) behind.push(seen);
	}
	return behind.length === 0 ? [] : readFacts(database, subject, stampOf(Math.min(...behind)));
}

/**
 * The targets of a fact that nothing here has taken away that had seen it, or null where what it is about was deleted: from
 * whoever has not left it out of its log yet it may come after that.
 */
function standingTargets({ database }: Applying, fact: Fact): readonly TargetKey[] | null {
	const seenBy = readTakings(database, fact.subject, fact.stamp).filter((taking) => hasSeen(taking, fact));
	if (seenBy.length === 0) return fact.body.targets;
	const taken = new Set(seenBy.flatMap(({ body }) => body.targets));
	return seenBy.some(isDropping) ? null : fact.body.targets.filter((key) => !taken.has(key));
}

const looks = { colour: 'grey', icon: 'tag', privacy: 'normal' } as const;

/** A tag or collection that was said something of is there, as it was described last. */
function ensureThing(
	applying: Applying,
	is: 'tag' | 'collection',
	id: TagId | CollectionId,
	subject: Uint8Array
): void {
	const { database } = applying;
	if (database.prepare(`SELECT 1 FROM ${is} WHERE id = ?`).get([numberOf(id)]) !== undefined) return;
	applying.hasOtherTies ||= is === 'tag';
	const kind = is === 'tag' ? factKinds.describeTag : factKinds.describeCollection;
	const fields = latestFields(readFactsOfKind(database, subject, kind));
	const field = (at: number, otherwise: string) => fields.get(at)?.value ?? otherwise;
	// Whoever says something of a tag has heard its name; without one it is shown by its id.
	const name = field(0, id.slice(0, 8));
	if (is === 'collection')
		database.prepare('INSERT INTO collection (id, key, name) VALUES (?, ?, ?)').run([numberOf(id), id, name]);
	else
		database
			.prepare('INSERT INTO tag (id, key, name, colour, icon, privacy) VALUES (?, ?, ?, ?, ?, ?)')
			.run([numberOf(id), id, name, field(1, looks.colour), field(2, looks.icon), field(3, looks.privacy)]);
}

function describe(applying: Applying, is: 'tag' | 'collection', id: TagId | CollectionId, fact: Fact): void {
	const { database } = applying;
	if (standingTargets(applying, fact) === null) return;
	ensureThing(applying, is, id, fact.subject);
	const later = latestFields(readFacts(database, fact.subject, fact.stamp).filter((other) => isLater(other, fact)));
	for (const [at, value] of fact.body.fields) {
		const name = is === 'tag' ? tagFields[at] : 'name';
		invariant(name !== undefined, 'a field was checked');
		const winner = later.get(at);
		noteLostField(database, { fact, at, name, value, winner: winner ?? null });
		if (winner === undefined)
			database.prepare(`UPDATE ${is} SET ${name} = ? WHERE id = ? AND ${name} <> ?`).run([value, numberOf(id), value]);
	}
}

/** The number here of a target that something is said of, remembered where it is an entry. */
function give({ targets, entries }: Applying, key: TargetKey): number {
	const number = targets.give(key);
	if (number > 0) entries.add(number);
	return number;
}

function tag(applying: Applying, id: TagId, fact: Fact): void {
	const { database } = applying;
	const standing = standingTargets(applying, fact);
	if (standing === null) return;
	ensureThing(applying, 'tag', id, fact.subject);
	const insert = database.prepare('INSERT OR IGNORE INTO assignment (target, tag, source) VALUES (?, ?, 0)');
	for (const key of standing) insert.run([give(applying, key), numberOf(id)]);
}

function positionIn({ body }: Fact, key: TargetKey): number {
	return body.positions[body.targets.indexOf(key)] ?? 0;
}

function placeMember(applying: Applying, id: CollectionId, key: TargetKey, position: number): void {
	const { database } = applying;
	const member = [position, numberOf(id), give(applying, key)];
	const insert = 'INSERT OR IGNORE INTO collection_member (position, collection, target) VALUES (?, ?, ?)';
	if (database.prepare(insert).run(member).changes > 0) return;
	database.prepare('UPDATE collection_member SET position = ? WHERE collection = ? AND target = ?').run(member);
}

function collect(applying: Applying, id: CollectionId, fact: Fact): void {
	const standing = standingTargets(applying, fact);
	if (standing === null) return;
	ensureThing(applying, 'collection', id, fact.subject);
	const live = liveTargets(readFacts(applying.database, fact.subject, fact.stamp));
	for (const key of standing) {
		const latest = live.get(key) ?? fact;
		placeMember(applying, id, key, positionIn(latest, key));
	}
}

function untag(applying: Applying, id: TagId, fact: Fact): void {
	const live = liveTargets(readUnseen(applying, fact));
	const remove = applying.database.prepare('DELETE FROM assignment WHERE target = ? AND tag = ?');
	for (const key of fact.body.targets) {
		const target = live.has(key) ? null : applying.targets.find(key);
		if (target !== null) remove.run([target, numberOf(id)]);
	}
}

function uncollect(applying: Applying, id: CollectionId, fact: Fact): void {
	const live = liveTargets(readUnseen(applying, fact));
	const remove = applying.database.prepare('DELETE FROM collection_member WHERE target = ? AND collection = ?');
	for (const key of fact.body.targets) {
		const keeper = live.get(key);
		if (keeper !== undefined) placeMember(applying, id, key, positionIn(keeper, key));
		else {
			const target = applying.targets.find(key);
			if (target !== null) remove.run([target, numberOf(id)]);
		}
	}
}

function dropTag(applying: Applying, id: TagId, fact: Fact): void {
	const { database } = applying;
	// Also where it stays: what it was tied to before is not.
	applying.hasOtherTies = true;
	const unseen = readUnseen(applying, fact);
	const number = numberOf(id);
	database.prepare('DELETE FROM assignment WHERE tag = ?').run([number]);
	if (isThere(unseen)) {
		const insert = database.prepare('INSERT OR IGNORE INTO assignment (target, tag, source) VALUES (?, ?, 0)');
		for (const key of liveTargets(unseen).keys()) insert.run([applying.targets.give(key), number]);
		return;
	}
	database.prepare('DELETE FROM tag_relation WHERE tag = ? OR other = ?').run([number, number]);
	database.prepare('DELETE FROM tag WHERE id = ?').run([number]);
}

function dropCollection(applying: Applying, id: CollectionId, fact: Fact): void {
	const { database } = applying;
	const unseen = readUnseen(applying, fact);
	database.prepare('DELETE FROM collection_member WHERE collection = ?').run([numberOf(id)]);
	if (!isThere(unseen)) database.prepare('DELETE FROM collection WHERE id = ?').run([numberOf(id)]);
	else for (const [key, keeper] of liveTargets(unseen)) placeMember(applying, id, key, positionIn(keeper, key));
}

function setMark(applying: Applying, mark: MarkName, fact: Fact): void {
	const { database } = applying;
	const text = fact.body.fields[0]?.[1] ?? '';
	const later = latestMarks(readFacts(database, fact.subject, fact.stamp).filter((other) => isLater(other, fact)));
	noteLostMarks(applying, { fact, mark, value: text, later });
	const value = markValue(mark, text);
	const write = database.prepare(
		`INSERT INTO mark (target, ${mark}) VALUES (?, ?) ON CONFLICT (target) DO UPDATE SET ${mark} = excluded.${mark}`
	);
	const tidy = database.prepare(
		`DELETE FROM mark WHERE target = ? AND favourite = 0 AND rating = 0 AND colour = '' AND note = ''`
	);
	for (const key of fact.body.targets) {
		if (later.has(key)) continue;
		const target = give(applying, key);
		write.run([target, value]);
		tidy.run([target]);
	}
}

/** Brings the rows in step with a fact that is in the log by now, and with all before it there. Ties are settled later. */
export function applyFact(applying: Applying, fact: Fact): void {
	const subject = toSubject(fact.subject);
	if (subject?.is === 'ties') applying.hasOtherTies = true;
	if (subject?.is === 'mark' && fact.kind === factKinds.mark) setMark(applying, subject.mark, fact);
	if (subject?.is === 'tag') {
		const { tag: id } = subject;
		if (fact.kind === factKinds.describeTag) describe(applying, 'tag', id, fact);
		if (fact.kind === factKinds.tag) tag(applying, id, fact);
		if (fact.kind === factKinds.untag) untag(applying, id, fact);
		if (fact.kind === factKinds.dropTag) dropTag(applying, id, fact);
	}
	if (subject?.is === 'collection') {
		const { collection: id } = subject;
		if (fact.kind === factKinds.describeCollection) describe(applying, 'collection', id, fact);
		if (fact.kind === factKinds.collect) collect(applying, id, fact);
		if (fact.kind === factKinds.uncollect) uncollect(applying, id, fact);
		if (fact.kind === factKinds.dropCollection) dropCollection(applying, id, fact);
	}
}
