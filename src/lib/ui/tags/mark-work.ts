import type { App } from '#ui/shell/app.svelte.ts';
import { plural } from '#ui/words/values.ts';
import { colourWords, ratingWords, type MarkColour } from './marks.ts';

/** Gives stars; 0 takes them away. Answers what is told of it, null where nothing was done. */
export async function rate(app: App, entries: readonly number[], value: number): Promise<string | null> {
	const input = { files: { entries }, value };
	const done = await app.act({ action: 'metadata.set-rating', input, title: 'Rate' });
	return done === null ? null : `${ratingWords(value)} on ${plural(entries.length, 'item')}.`;
}

/** Marks with a colour; where all have it already, takes it away, and so does none. */
export async function paint(app: App, entries: readonly number[], colour: MarkColour | ''): Promise<string | null> {
	const now = await app.do('metadata.mark-counts', { entries });
	if (!now.ok) return null;
	const same = now.value.colours.find((counted) => counted.colour === colour)?.entries ?? 0;
	const value = same > 0 && same === now.value.there ? '' : colour;
	const input = { files: { entries }, value };
	const done = await app.act({ action: 'metadata.set-colour', input, title: 'Colour' });
	if (done === null) return null;
	const items = plural(entries.length, 'item');
	return value === '' ? `Colour taken off ${items}.` : `${colourWords[value]} on ${items}.`;
}
