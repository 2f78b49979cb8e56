import type { MetadataDomain } from '#core/metadata';
import type { Driver } from '../conformance/core-driver.ts';

type Operation = MetadataDomain['operation'];
type Mark = 'favourite' | 'rating' | 'colour' | 'note';
type Marks = Record<Mark, string | number>;

/** What a library says, as far as a person can see it: the simplest thing that plans can be tried on. */
export type Seen = {
	/** Of each tag how it looks, and its ties, each once. */
	readonly tags: Map<string, string>;
	readonly ties: Set<string>;
	/** Of each entry its tags, and what else is said of it. */
	readonly tagsOf: Map<number, Set<string>>;
	readonly marksOf: Map<number, Marks>;
	/** Of each collection its name and its members in order. */
	readonly collections: Map<string, { name: string; members: number[] }>;
};

function tie(relation: string, tag: string, other: string): string {
	return [relation, ...(relation === 'synonym' ? [tag, other].toSorted() : [tag, other])].join(' ');
}

function look({
	name,
	colour,
	icon,
	privacy
}: {
	name: string;
	colour: string;
	icon: string;
	privacy: string;
}): string {
	return [name, colour, icon, privacy].join(' ');
}

/** What `driver` says of `entries`, asked through the commands. */
export async function see(driver: Driver, entries: readonly number[]): Promise<Seen> {
	const [tags, ties] = [new Map<string, string>(), new Set<string>()];
	for (const tag of await driver.value('metadata.tags', {})) {
		tags.set(tag.id, look(tag));
		for (const parent of tag.parents) ties.add(tie('parent', tag.id, parent));
		for (const synonym of tag.synonyms) ties.add(tie('synonym', tag.id, synonym));
	}
	const [tagsOf, marksOf] = [new Map<number, Set<string>>(), new Map<number, Marks>()];
	for (const { entry, tags: has, favourite, rating, colour, note } of await driver.value('metadata.of', { entries })) {
		tagsOf.set(entry, new Set(has.map(({ id }) => id)));
		marksOf.set(entry, { favourite: favourite ? 1 : 0, rating, colour: colour ?? '', note });
	}
	const collections: Seen['collections'] = new Map();
	for (const { id, name } of await driver.value('metadata.collections', {}))
		collections.set(id, { name, members: [...(await driver.value('metadata.collected', { collection: id }))] });
	return { tags, ties, tagsOf, marksOf, collections };
}

/** As text, so that two can be compared; what has no order is sorted. */
export function shownAs({ tags, ties, tagsOf, marksOf, collections }: Seen): string[] {
	return [
		...[...tags].map(([id, text]) => `tag ${id} ${text}`),
		...[...ties].map((text) => `tie ${text}`),
		...[...tagsOf].map(([entry, has]) => `entry ${entry} tags ${[...has].toSorted().join(' ')}`),
		...[...marksOf].map(([entry, { favourite, rating, colour, note }]) =>
			JSON.stringify([entry, favourite, rating, colour, note])
		),
		...[...collections].map(([id, { name, members }]) => `collection ${id} ${name} ${members.join(' ')}`)
	].toSorted();
}

function without(tag: string, { tags, ties, tagsOf }: Seen): Set<number> {
	tags.delete(tag);
	for (const text of ties) if (text.includes(tag)) ties.delete(text);
	return new Set([...tagsOf].filter(([, has]) => has.delete(tag)).map(([entry]) => entry));
}

/** Does to what was seen what an operation says, and nothing else; `copies` are the entries that share what is said. */
export function applyTo(seen: Seen, operation: Operation, copies: (entry: number) => readonly number[]): void {
	const all = (entries: readonly number[]) => entries.flatMap((entry) => copies(entry));
	switch (operation.kind) {
		case 'metadata.restore-tag':
			seen.tags.set(operation.tag.id, look(operation.tag));
			for (const { relation, tag, other } of operation.relations) seen.ties.add(tie(relation, tag, other));
			return;
		case 'metadata.delete-tag':
			without(operation.tag.id, seen);
			return;
		case 'metadata.edit-tag':
			seen.tags.set(operation.tag, look(operation.to));
			for (const { relation, tag, other } of operation.unties) seen.ties.delete(tie(relation, tag, other));
			for (const { relation, tag, other } of operation.ties) seen.ties.add(tie(relation, tag, other));
			return;
		case 'metadata.merge-tags':
			for (const entry of without(operation.tag.id, seen)) seen.tagsOf.get(entry)?.add(operation.into);
			for (const { relation, tag, other } of operation.adds) seen.ties.add(tie(relation, tag, other));
			return;
		case 'metadata.relate-tags':
			seen.ties.add(tie(operation.relation, operation.tag, operation.other));
			return;
		case 'metadata.unrelate-tags':
			seen.ties.delete(tie(operation.relation, operation.tag, operation.other));
			return;
		case 'metadata.tag-entries':
			for (const entry of all(operation.entries)) seen.tagsOf.get(entry)?.add(operation.tag);
			return;
		case 'metadata.untag-entries':
			for (const entry of all(operation.entries)) seen.tagsOf.get(entry)?.delete(operation.tag);
			return;
		case 'metadata.mark-entries':
			for (const entry of all(operation.entries)) {
				const marks = seen.marksOf.get(entry);
				if (marks !== undefined) marks[operation.mark] = operation.to;
			}
			return;
		case 'metadata.restore-collection':
			seen.collections.set(operation.collection.id, { name: operation.collection.name, members: [] });
			return;
		case 'metadata.delete-collection':
			seen.collections.delete(operation.collection.id);
			return;
		case 'metadata.rename-collection': {
			const collection = seen.collections.get(operation.collection);
			if (collection !== undefined) collection.name = operation.to;
			return;
		}
		case 'metadata.collect-entries': {
			const members = seen.collections.get(operation.collection)?.members;
			for (const [entry] of operation.members) {
				const first = Math.min(...copies(entry));
				if (members !== undefined && !members.includes(first)) members.push(first);
			}
			return;
		}
		case 'metadata.uncollect-entries': {
			const collection = seen.collections.get(operation.collection);
			const gone = new Set(all(operation.members.map(([entry]) => entry)));
			if (collection !== undefined) collection.members = collection.members.filter((entry) => !gone.has(entry));
			return;
		}
		case 'metadata.unmerge-tags':
			throw new Error('no action plans that but undoing');
	}
}
