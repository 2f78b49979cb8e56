import * as v from 'valibot';
import { markSchemas, nameSchema, tagLookSchema, type MarkName } from '#core/metadata';
import { collectionFields, tagFields } from './capture.ts';
import { bytesToBody } from './fact-bytes.ts';
import { emptyBody, factKinds, type Fact, type FactBody, type FactKind } from './fact.ts';
import { isTaking } from './merge.ts';
import type { StoredFact } from './store.ts';
import { toSubject, type Subject } from './subjects.ts';

type Part = 'targets' | 'positions' | 'fields' | 'ties';

/** What a fact of each kind is about, and what it holds; of nothing else it has anything. */
const shapes: Readonly<Record<FactKind, { readonly about: Subject['is'] | null; readonly parts: readonly Part[] }>> = {
	[factKinds.tag]: { about: 'tag', parts: ['targets'] },
	[factKinds.untag]: { about: 'tag', parts: ['targets'] },
	[factKinds.collect]: { about: 'collection', parts: ['targets', 'positions'] },
	[factKinds.uncollect]: { about: 'collection', parts: ['targets'] },
	[factKinds.mark]: { about: 'mark', parts: ['targets', 'fields'] },
	[factKinds.describeTag]: { about: 'tag', parts: ['fields'] },
	[factKinds.describeCollection]: { about: 'collection', parts: ['fields'] },
	[factKinds.dropTag]: { about: 'tag', parts: [] },
	[factKinds.dropCollection]: { about: 'collection', parts: [] },
	[factKinds.tie]: { about: 'ties', parts: ['ties'] },
	[factKinds.untie]: { about: 'ties', parts: ['ties'] },
	[factKinds.begin]: { about: null, parts: [] }
};

const known: ReadonlySet<number> = new Set(Object.values(factKinds));

function isKnown(kind: number): kind is FactKind {
	return known.has(kind);
}

/** As a library has it: numbers as numbers. */
export function markValue(mark: MarkName, text: string): string | number {
	return mark === 'favourite' || mark === 'rating' ? Number(text) : text;
}

/** Whether a schema lets a value through as it is. */
function isAs(schema: v.GenericSchema, value: unknown): boolean {
	const parsed = v.safeParse(schema, value);
	return parsed.success && parsed.output === value;
}

function isField(subject: Subject, [field, text]: readonly [number, string]): boolean {
	if (subject.is === 'mark') {
		const value = markValue(subject.mark, text);
		return field === 0 && String(value) === text && isAs(markSchemas[subject.mark], value);
	}
	if (subject.is === 'collection') return collectionFields[field] !== undefined && isAs(nameSchema, text);
	const name = tagFields[field];
	return subject.is === 'tag' && name !== undefined && isAs(tagLookSchema.entries[name], text);
}

function isShaped(kind: FactKind, subject: Subject | null, body: FactBody): boolean {
	const { about, parts } = shapes[kind];
	if ((subject?.is ?? null) !== about) return false;
	const empty = (['targets', 'positions', 'fields', 'ties'] as const).filter((part) => body[part].length === 0);
	if (empty.length + parts.length !== 4 || parts.some((part) => empty.includes(part))) return false;
	if (subject === null) return true;
	if (kind === factKinds.mark && body.fields.length !== 1) return false;
	return body.fields.every((field) => isField(subject, field));
}

/**
 * A fact as it came, where it is one; else null. It may be of a kind that this version does not know: then nothing is
 * read of it. What takes something away has seen only what came before it.
 */
export function checkFact({ body: bytes, ...head }: StoredFact): Fact | null {
	const body = bytesToBody(bytes);
	if (!isKnown(head.kind)) return { ...head, body: emptyBody };
	if (body === null || !isShaped(head.kind, toSubject(head.subject), body)) return null;
	const fact = { ...head, body };
	if (!isTaking(fact)) return body.context.size === 0 ? fact : null;
	return [...body.context.values()].every((seen) => seen < head.stamp) ? fact : null;
}
