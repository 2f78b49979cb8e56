import { plural } from './values.ts';

const dayMs = 24 * 60 * 60_000;
/** What goes so soon is worth a look. */
const soonDays = 3;

/** When something in the trash is deleted for good: `Deleted in 3 days`; null where nothing is by itself. */
export function trashLeft(
	trashedMs: number,
	keptDays: number | null,
	nowMs: number
): { readonly words: string; readonly isSoon: boolean } | null {
	if (keptDays === null) return null;
	// The time that a page shows may be a while behind.
	const days = Math.min(keptDays, Math.ceil((trashedMs + keptDays * dayMs - nowMs) / dayMs));
	// It waits for its disk, and for the clock to have said so for a day.
	const words = days <= 0 ? 'Deleted soon' : `Deleted in ${plural(days, 'day')}`;
	return { words, isSoon: days <= soonDays };
}
