import { lastStampAt } from '#core/kernel';
import type { Database } from '#core/schema';
import { deadMarks, deadMembers, type Drop } from './dead-facts.ts';
import { factKinds, type Fact } from './fact.ts';
import { isDropping } from './merge.ts';
import { leaveOut, readFacts, readFactsOfKind, readHeard, readSubjects } from './store.ts';
import { tagSubject, toSubject } from './subjects.ts';

/** Who was away for less is told all, also the values that others have overwritten, so that a person finds them there. */
export const keptWholeMs = 30 * 24 * 60 * 60 * 1000;

/** Deletions of the tags that ties are between, each with its tag. */
function dropsOfTies(database: Database, facts: readonly Fact[]): readonly Drop[] {
	const tags = new Set(facts.flatMap(({ body }) => body.ties.flatMap(({ tag, other }) => [tag, other])));
	return [...tags].flatMap((tag) =>
		readFactsOfKind(database, tagSubject(tag), factKinds.dropTag).map((fact) => ({ tag, fact }))
	);
}

function readDead(database: Database, subject: Uint8Array): readonly Fact[] {
	const facts = readFacts(database, subject);
	switch (toSubject(subject)?.is) {
		case 'tag':
		case 'collection':
			return deadMembers(
				facts,
				facts.filter(isDropping).map((fact) => ({ fact, tag: null }))
			);
		case 'ties':
			return deadMembers(facts, dropsOfTies(database, facts));
		case 'mark':
			return deadMarks(facts);
		case undefined:
			return [];
	}
}

/**
 * Leaves out of the log what means nothing any more and is older than `keptWholeMs`; answers how much. The last fact of each
 * device stays: it says how far that was heard. Run inside `write`.
 */
export function pruneLog(database: Database, nowMs: number): number {
	const heard = readHeard(database);
	const upTo = lastStampAt(Math.max(0, nowMs - keptWholeMs));
	const due = readSubjects(database, upTo)
		.flatMap((subject) => readDead(database, subject))
		.filter(({ device, stamp }) => stamp <= upTo && stamp !== heard.get(device));
	for (const fact of due) leaveOut(database, fact);
	return due.length;
}
