import type { Span } from '#core/search';

const marks = /\p{M}+/gu;

function fold(text: string): string {
	return text.normalize('NFKD').replace(marks, '').toLowerCase();
}

/** The folded name, and for each of its letters the letter of the name that it comes from. */
function foldWithOrigin(name: string): { folded: string; origin: number[] } {
	let folded = '';
	const origin: number[] = [];
	let at = 0;
	for (const char of name) {
		const piece = fold(char);
		for (let i = 0; i < piece.length; i++) origin.push(at);
		folded += piece;
		at += char.length;
	}
	origin.push(name.length);
	return { folded, origin };
}

/** Where a name has one of the words, without regard to case and accents. */
export function highlight(name: string, words: string): readonly Span[] {
	const wanted = fold(words)
		.split(/\s+/)
		.filter((word) => word !== '');
	if (name === '' || wanted.length === 0) return [];
	const { folded, origin } = foldWithOrigin(name);
	const hit = new Uint8Array(name.length + 1);
	for (const word of wanted) {
		for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1))
			hit.fill(1, origin[at] ?? 0, origin[at + word.length] ?? name.length);
	}
	hit[name.length] = 0;
	const spans: Span[] = [];
	for (let from = hit.indexOf(1); from >= 0;) {
		const to = hit.indexOf(0, from);
		spans.push({ from, to });
		from = hit.indexOf(1, to);
	}
	return spans;
}
