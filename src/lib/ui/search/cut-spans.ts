import type { Span } from '#core/search';

export type Run = { readonly text: string; readonly match: boolean };

/** The text in runs that `spans` name and runs that they do not; joined they are the text again. */
export function cutSpans(text: string, spans: readonly Span[]): readonly Run[] {
	const runs: Run[] = [];
	const add = (from: number, to: number, match: boolean) => {
		if (to > from) runs.push({ text: text.slice(from, to), match });
	};
	let at = 0;
	for (const span of spans) {
		const [from, to] = [Math.max(at, span.from), Math.min(text.length, span.to)];
		if (to <= from) continue;
		add(at, from, false);
		add(from, to, true);
		at = to;
	}
	add(at, text.length, false);
	return runs;
}
