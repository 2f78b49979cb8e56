/** Which parts of a name a search matched, without regard to case and accents, as the core compares them. */
export type Span = { readonly text: string; readonly match: boolean };

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

/** The name in runs that match one of the words and runs that do not; joined they are the name again. */
export function highlight(name: string, words: string): readonly Span[] {
	const wanted = fold(words)
		.split(/\s+/)
		.filter((word) => word !== '');
	if (name === '' || wanted.length === 0) return name === '' ? [] : [{ text: name, match: false }];
	const { folded, origin } = foldWithOrigin(name);
	const hit = new Uint8Array(name.length);
	for (const word of wanted) {
		for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1))
			hit.fill(1, origin[at] ?? 0, origin[at + word.length] ?? name.length);
	}
	const spans: Span[] = [];
	let from = 0;
	for (let at = 1; at <= name.length; at++) {
		if (at < name.length && hit[at] === hit[from]) continue;
		spans.push({ text: name.slice(from, at), match: hit[from] === 1 });
		from = at;
	}
	return spans;
}
