import { entryId, type EntryId } from '#core/kernel';
import type { Database } from '#core/schema';
import { fold, spellings } from './fold.ts';
import type { Query, Span } from './query.ts';
import type { Why } from './schema.ts';
import { beginsWordIn, type World } from './terms.ts';

/** Letters shown before what matches in a note, and of it all. */
const noteBefore = 30;
const noteShown = 120;

/** The folded text, and for each of its letters where the letter stands that it comes from. */
function foldWithOrigin(text: string): { readonly folded: string; readonly origin: readonly number[] } {
	let folded = '';
	const origin: number[] = [];
	let at = 0;
	for (const letter of text) {
		const piece = fold(letter);
		for (let index = 0; index < piece.length; index++) origin.push(at);
		folded += piece;
		at += letter.length;
	}
	origin.push(text.length);
	return { folded, origin };
}

/** Where words stand in a text as it is shown: spans that do not touch, from its beginning on. */
export function spansOf(text: string, words: readonly string[]): readonly Span[] {
	const { folded, origin } = foldWithOrigin(text);
	const found: Span[] = [];
	for (const word of words)
		for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1))
			found.push({ from: origin[at] ?? 0, to: origin[at + word.length] ?? text.length });
	const joined: Span[] = [];
	for (const span of found.toSorted((a, b) => a.from - b.from)) {
		const last = joined.at(-1);
		if (last === undefined || span.from > last.to) joined.push(span);
		else joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
	}
	return joined;
}

/** For each word that is asked for, the ways in which it may stand there. */
function wordsOf(query: Query): readonly (readonly string[])[] {
	return query.flat().flatMap(({ not, want }) => (want.is === 'text' && !not ? [spellings(want.text)] : []));
}

function noteOf(note: string, words: readonly string[]): Why['note'] {
	const [first] = spansOf(
		note,
		words.filter((word) => beginsWordIn(fold(note), word))
	);
	if (first === undefined) return null;
	const from = Math.max(0, first.from - noteBefore);
	const text = note.slice(from, from + noteShown);
	return { text, spans: spansOf(text, words) };
}

/** Why each of `entries` is found by the query, where it is there. Run inside `read`. */
export function explain(
	database: Database,
	{ columns, places, said }: World,
	query: Query,
	entries: readonly number[]
): Why[] {
	const words = wordsOf(query);
	const all = words.flat();
	const ways = all.filter((word) => word.includes('/'));
	const asked = query.flat().flatMap(({ not, want }) => (want.is === 'note' && !not ? [fold(want.name)] : []));
	const nameOf = database.prepare('SELECT name FROM entry WHERE id = ?');
	const readNote = database.prepare('SELECT note FROM mark WHERE target = ?');
	return entries.flatMap((id): Why[] => {
		const row = columns.rowOf(id);
		const [name] = nameOf.column([id]);
		if (row < 0 || typeof name !== 'string') return [];
		const target = columns.targets[row] ?? 0;
		const entry: EntryId = entryId(id);
		const on = new Set(said.tagsOf.get(target));
		const tags = said.tags.filter(
			({ tag, folded, below }) =>
				tag.privacy !== 'hidden' &&
				all.some((word) => beginsWordIn(folded, word)) &&
				[...below].some((one) => on.has(one))
		);
		const note = said.marks.get(target)?.note ?? '';
		const path = ways.length === 0 ? '' : `${places.paths[columns.parents[row] ?? -1] ?? ''}/${columns.names.at(row)}/`;
		return [
			{
				entry,
				name: spansOf(name, all),
				tags: tags.map(({ tag }) => tag.name),
				note: note === '' ? null : noteOf(String(readNote.column([target])[0] ?? ''), [...all, ...asked]),
				path: ways.filter((word) => path.includes(word))
			}
		];
	});
}
