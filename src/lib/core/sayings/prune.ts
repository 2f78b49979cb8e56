import { nextStamp, stampMs, type DeviceId } from '#core/kernel';
import type { Database } from '#core/schema';
import { thisDevice } from '#core/sync';
import { deadMarks, deadMembers } from './dead-facts.ts';
import { bodyToBytes } from './fact-bytes.ts';
import { emptyBody, factKinds, type Fact } from './fact.ts';
import { factOrder, isDropping } from './merge.ts';
import { nobody, readAcknowledged, readSettled } from './settled.ts';
import {
	deleteFact,
	insertFact,
	readFacts,
	readFactsOfKind,
	readHeard,
	readLatest,
	readSubjects,
	writeHeard,
	writePruned
} from './store.ts';
import { tagSubject, toSubject } from './subjects.ts';

/** A word a day, and one a day too many does no harm. */
const acknowledgeEachMs = 20 * 60 * 60 * 1000;

/** Says what this device has heard of others, once a day; run inside `write`. Whether it has. */
export function acknowledge(database: Database, nowMs: number): boolean {
	const self = thisDevice(database);
	const context = readHeard(database);
	const last = self === null ? undefined : readAcknowledged(database).get(self);
	const isDue = last === undefined || nowMs - stampMs(last.stamp) >= acknowledgeEachMs;
	if (self === null || !context.delete(self) || context.size === 0 || !isDue) return false;
	const stamp = nextStamp(readLatest(database), nowMs);
	const body = bodyToBytes({ ...emptyBody, context });
	insertFact(database, 0, { stamp, kind: factKinds.acknowledge, subject: nobody, body });
	writeHeard(database, 0, stamp);
	return true;
}

/** Deletions of the tags that ties are between, each with its tag. */
function dropsOfTies(database: Database, facts: readonly Fact[]): { readonly tag: string; readonly fact: Fact }[] {
	const tags = new Set(facts.flatMap(({ body }) => body.ties.flatMap(({ tag, other }) => [tag, other])));
	return [...tags].flatMap((tag) =>
		readFactsOfKind(database, tagSubject(tag), factKinds.dropTag).map((fact) => ({ tag, fact }))
	);
}

/** Words of who takes part and has heard what, but for the last one of each device. */
function pastWords(database: Database, facts: readonly Fact[], isSettled: (fact: Fact) => boolean): readonly Fact[] {
	const latest = new Set([...readAcknowledged(database).values()].map(factOrder));
	const words: readonly number[] = [factKinds.begin, factKinds.acknowledge];
	return facts.filter((fact) => words.includes(fact.kind) && isSettled(fact) && !latest.has(factOrder(fact)));
}

function readDead(database: Database, subject: Uint8Array, isSettled: (fact: Fact) => boolean): readonly Fact[] {
	const facts = readFacts(database, subject);
	if (subject.length === 0) return pastWords(database, facts, isSettled);
	switch (toSubject(subject)?.is) {
		case 'tag':
		case 'collection': {
			const drops = facts.filter(isDropping).map((fact) => ({ fact, tag: null }));
			return deadMembers(facts, drops, isSettled);
		}
		case 'ties':
			return deadMembers(facts, dropsOfTies(database, facts), isSettled);
		case 'mark':
			return deadMarks(facts, isSettled);
		case undefined:
			return [];
	}
}

/**
 * Leaves out of the log what means nothing any more and all living devices have heard; says how much. Whoever has not
 * heard it is told the state instead, from then on. Run inside `write`.
 */
export function pruneLog(database: Database, nowMs: number): number {
	const settled = readSettled(database, nowMs);
	const isSettled = ({ device, stamp }: { readonly device: DeviceId; readonly stamp: Fact['stamp'] }) =>
		stamp <= (settled.get(device) ?? 0);
	let pruned = 0;
	for (const subject of readSubjects(database))
		for (const fact of readDead(database, subject, isSettled)) {
			deleteFact(database, fact);
			writePruned(database, fact.device, fact.stamp);
			pruned++;
		}
	return pruned;
}
