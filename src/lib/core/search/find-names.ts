import { entryId, foldName } from '#core/kernel';
import { hasTrash, isInTrash, readLocated } from '#core/index';
import type { Database } from '#core/schema';
import { typedWords, type Anchor } from './pieces.ts';
import { readCandidates, type Candidate } from './store.ts';
import type { FindAnswer, FindInput } from './schema.ts';

/** Candidates compared in one search: bounds the time of a word that is everywhere. */
const candidatesMax = 2_000;
/** Words beyond these change nothing that a person would notice. */
const wordsMax = 16;

type Scored = Candidate & { readonly folded: string; readonly score: number };

const isLetter = /[\p{L}\p{N}]/u;

function beginsWord(folded: string, at: number): boolean {
	return at === 0 || !isLetter.test(folded[at - 1] ?? '');
}

/** Lower is better: the whole name, its stem, its start, a word's start, anywhere. Null where a word is missing. */
function scoreName(folded: string, words: readonly string[]): number | null {
	let score = 0;
	for (const word of words) {
		const at = folded.indexOf(word);
		if (at < 0) return null;
		if (folded === word) score += 0;
		else if (at === 0 && folded[word.length] === '.') score += 1;
		else if (at === 0) score += 2;
		else score += beginsWord(folded, at) ? 3 : 4;
	}
	return score;
}

function compare(a: Scored, b: Scored): number {
	return (
		a.score - b.score ||
		a.folded.length - b.folded.length ||
		(a.folded < b.folded ? -1 : a.folded > b.folded ? 1 : a.id - b.id)
	);
}

/**
 * Entries whose names hold every word typed, best first. Names that begin with the longest word are gathered
 * first, so a common word still gives them. Run inside `read`.
 */
export function findNames(database: Database, { words: typed, limit, scope }: FindInput): FindAnswer {
	const words = typedWords(typed).slice(0, wordsMax);
	if (words.length === 0) return { found: [], more: false };
	const withTrash = hasTrash(database);
	const matches = new Map<number, Scored>();
	let isCut = false;
	const gather = (anchor: Anchor) => {
		const candidates = readCandidates(database, words, { anchor, scope }, candidatesMax);
		isCut ||= candidates.isCut;
		for (const { id, name } of candidates.all) {
			if (matches.has(id)) continue;
			const folded = foldName(name);
			const score = scoreName(folded, words);
			if (score !== null && !(withTrash && isInTrash(database, entryId(id))))
				matches.set(id, { id, name, folded, score });
		}
	};
	gather('start');
	if (matches.size < limit) gather('anywhere');
	else isCut = true;
	const best = [...matches.values()].toSorted(compare);
	const found = readLocated(
		database,
		best.slice(0, limit).map(({ id }) => id)
	);
	return { found, more: isCut || best.length > limit };
}
