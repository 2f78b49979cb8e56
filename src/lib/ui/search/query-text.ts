import type { Span } from '#core/search';

/** `text` without a part of it, and without the room that it took. */
export function withoutSpan(text: string, { from, to }: Span): string {
	return [text.slice(0, from), text.slice(to)]
		.map((part) => part.trim())
		.filter((part) => part !== '')
		.join(' ');
}
