import { stampMs, type CollectionId, type DeviceId, type TagId } from '#core/kernel';
import { numberOf, type MarkName } from '#core/metadata';
import type { Database } from '#core/schema';
import { findFile, type FoundFile } from './find-file.ts';
import { factKinds, type Fact } from './fact.ts';
import { createLocalTargets } from './local-targets.ts';
import { readLatestOfOthers } from './store.ts';
import { toSubject } from './subjects.ts';

/** The same said of more files within this is one thing that was said. */
const togetherMs = 60 * 60_000;
/** What a device that begins to take part says within this, it had said long before. */
const beginningMs = 1_000;

export type SaidVerb = 'put on' | 'taken off' | 'set' | 'described' | 'deleted' | 'tied';

/** What another device has said of files: so many of them, at the latest. */
export type Said = {
	readonly device: DeviceId;
	readonly atMs: number;
	readonly verb: SaidVerb;
	readonly about:
		| { readonly is: 'tag'; readonly tag: TagId; readonly name: string | null }
		| { readonly is: 'collection'; readonly collection: CollectionId; readonly name: string | null }
		| { readonly is: 'mark'; readonly mark: MarkName }
		| { readonly is: 'ties' };
	/** How many files and folders; 0 where it is none of these that it was said of. */
	readonly targets: number;
	/** Where it is one, and that is here. */
	readonly file: FoundFile | null;
};

const verbs: Readonly<Record<number, SaidVerb>> = {
	[factKinds.tag]: 'put on',
	[factKinds.untag]: 'taken off',
	[factKinds.collect]: 'put on',
	[factKinds.uncollect]: 'taken off',
	[factKinds.mark]: 'set',
	[factKinds.describeTag]: 'described',
	[factKinds.describeCollection]: 'described',
	[factKinds.dropTag]: 'deleted',
	[factKinds.dropCollection]: 'deleted',
	[factKinds.tie]: 'tied',
	[factKinds.untie]: 'tied'
};

type Group = {
	readonly latest: Fact;
	readonly verb: SaidVerb;
	targets: number;
	readonly keys: Set<string>;
	fromMs: number;
};

/** Facts from the latest on, the same of the same device put together. */
function groupFacts(facts: readonly Fact[]): Group[] {
	const open = new Map<string, Group>();
	const groups: Group[] = [];
	for (const fact of facts) {
		const verb = verbs[fact.kind];
		if (verb === undefined) continue;
		const name = `${fact.device} ${fact.kind} ${fact.subject.join()}`;
		const atMs = stampMs(fact.stamp);
		let group = open.get(name);
		if (group === undefined || group.fromMs - atMs >= togetherMs) {
			group = { latest: fact, verb, targets: 0, keys: new Set(), fromMs: atMs };
			open.set(name, group);
			groups.push(group);
		}
		group.fromMs = atMs;
		for (const key of fact.body.targets) group.keys.add(key);
		group.targets = group.keys.size;
	}
	return groups;
}

function nameOf(database: Database, table: 'tag' | 'collection', id: TagId | CollectionId): string | null {
	const [name] = database.prepare(`SELECT name FROM ${table} WHERE id = ?`).column([numberOf(id)]);
	return name === undefined ? null : String(name);
}

function aboutOf(database: Database, subject: Uint8Array): Said['about'] | null {
	const about = toSubject(subject);
	if (about?.is === 'tag') return { ...about, name: nameOf(database, 'tag', about.tag) };
	return about?.is === 'collection' ? { ...about, name: nameOf(database, 'collection', about.collection) } : about;
}

/**
 * What other devices have said lately, the latest first: of at most `limit` facts. What a device had said before it met
 * any other is left out: it says all that at once when it begins to. Run inside `read`.
 */
export function readSaid(database: Database, limit: number): Said[] {
	const facts = readLatestOfOthers(database, limit, beginningMs);
	const targets = createLocalTargets(database, 0);
	return groupFacts(facts).flatMap(({ latest, verb, targets: count, keys }) => {
		const about = aboutOf(database, latest.subject);
		if (about === null) return [];
		const [only] = count === 1 ? keys : [];
		const target = only === undefined ? null : targets.find(only);
		const file = target === null ? null : findFile(database, target);
		return [{ device: latest.device, atMs: stampMs(latest.stamp), verb, about, targets: count, file }];
	});
}
