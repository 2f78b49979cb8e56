import { expect, test } from 'vitest';
import { trashLeft } from './trash.ts';

const dayMs = 24 * 60 * 60_000;

test('what lies in the trash says when it goes, and nothing where it stays', () => {
	const trashedMs = 1_000 * dayMs;
	const after = (days: number) => trashLeft(trashedMs, 30, trashedMs + days * dayMs);
	expect(after(0)).toEqual({ words: 'Deleted in 30 days', isSoon: false });
	expect(after(-0.01), 'put there since the page looked at the time').toEqual(after(0));
	expect(after(27)).toEqual({ words: 'Deleted in 3 days', isSoon: true });
	expect(after(29.5)).toEqual({ words: 'Deleted in 1 day', isSoon: true });
	expect(after(31)).toEqual({ words: 'Deleted soon', isSoon: true });
	expect(trashLeft(trashedMs, null, trashedMs)).toBeNull();
});
