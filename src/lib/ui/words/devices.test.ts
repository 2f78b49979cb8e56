import { expect, test } from 'vitest';
import { elsewhereWords, presenceWords, timeLeftWords } from './devices.ts';

const nas = { name: 'NAS', isThis: false, revokedMs: null };

test.each([
	[nas, true, 'On “NAS”, connected now'],
	[nas, false, 'On “NAS”, not connected'],
	[{ ...nas, revokedMs: 1 }, false, 'On “NAS”, which was removed'],
	[{ ...nas, name: '' }, false, 'On “A device without a name”, not connected'],
	[null, false, 'On “Cellar”']
])('where a folder is', (owner, isConnected, words) =>
	expect(elsewhereWords(owner, 'Cellar', isConnected)).toBe(words)
);

test('whether a device is there', () => {
	expect(presenceWords({ seenMs: null, revokedMs: null, hasLostVoucher: false }, false, 0)).toBe(
		'Not connected so far'
	);
	expect(presenceWords({ seenMs: 1_000, revokedMs: null, hasLostVoucher: false }, false, 2_000)).toBe(
		'Not connected. Last seen: Just now'
	);
	expect(presenceWords({ seenMs: 1_000, revokedMs: null, hasLostVoucher: false }, true, 2_000)).toBe('Connected now');
	const lost = { seenMs: 1_000, revokedMs: null, hasLostVoucher: true };
	expect(presenceWords(lost, false, 2_000)).toMatch(/through a device that was removed/);
	expect(presenceWords({ seenMs: 1_000, revokedMs: 1_500, hasLostVoucher: false }, false, 2_000)).toBe(
		'Removed: Just now'
	);
});

test.each([
	[300_000, '5:00'],
	[244_100, '4:05'],
	[999, '0:01'],
	[-5, '0:00']
])('%i ms are left', (leftMs, words) => expect(timeLeftWords(leftMs)).toBe(words));
