import { expect, test } from 'vitest';
import { slowerWords, speedWords, tierWords } from './disks.ts';

test('a disk that is slower than wanted says so, in the words of both', () => {
	const tier = { physical: 'cold', logical: 'hot', effective: 'cold', isSlowerThanWanted: true } as const;
	expect(slowerWords(tier)).toBe('You want it hot, and its disk is cold: files here are slow to come.');
	expect(slowerWords({ ...tier, isSlowerThanWanted: false })).toBeNull();
});

test('a wish is not said to be what the disk gives', () => {
	const tier = { physical: null, logical: 'hot', effective: 'hot', isSlowerThanWanted: false } as const;
	expect(tierWords(tier)).toBe('Wanted hot; what its disk gives is not known');
	expect(tierWords({ ...tier, physical: 'hot' })).toBe('Hot: there at once');
	expect(tierWords({ ...tier, logical: null, effective: null })).toBeNull();
});

test('a speed that memory may have helped says so', () => {
	expect(speedWords({ bytesPerSecond: 609_000_000, isDirect: true })).toMatch(/^609.MB\/s$/);
	expect(speedWords({ bytesPerSecond: 609_000_000, isDirect: false })).toContain('perhaps from memory');
});
