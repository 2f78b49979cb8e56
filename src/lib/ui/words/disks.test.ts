import { expect, test } from 'vitest';
import { slowerWords, speedWords } from './disks.ts';

test('a disk that is slower than wanted says so, in the words of both', () => {
	const tier = { physical: 'cold', logical: 'hot', effective: 'cold', isSlowerThanWanted: true } as const;
	expect(slowerWords(tier)).toBe('You want it hot, and its disk is cold: files here are slow to come.');
	expect(slowerWords({ ...tier, isSlowerThanWanted: false })).toBeNull();
});

test('a speed that memory may have helped says so', () => {
	expect(speedWords({ bytesPerSecond: 609_000_000, isDirect: true })).toMatch(/^609.MB\/s$/);
	expect(speedWords({ bytesPerSecond: 609_000_000, isDirect: false })).toContain('perhaps from memory');
});
