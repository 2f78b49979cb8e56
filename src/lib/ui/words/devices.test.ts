import { expect, test } from 'vitest';
import type { LinkWay } from '#core/net';
import { elsewhereWords, presenceWords, timeLeftWords } from './devices.ts';

const nas = { name: 'NAS', isThis: false, revokedMs: null };

test.each([
	[nas, true, false, 'On “NAS”, connected now'],
	[nas, false, false, 'On “NAS”, not connected'],
	[nas, true, true, 'Now at “NAS”, connected now'],
	[{ ...nas, revokedMs: 1 }, false, false, 'On “NAS”, which was removed'],
	[{ ...nas, name: '' }, false, false, 'On “A device without a name”, not connected'],
	[null, false, false, 'On “Cellar”'],
	[null, false, true, 'Now at “Cellar”']
])('where a folder is', (owner, isConnected, hasMoved, words) =>
	expect(elsewhereWords(owner, 'Cellar', isConnected, hasMoved)).toBe(words)
);

test('whether a device is there', () => {
	expect(presenceWords({ seenMs: null, revokedMs: null, hasLostVoucher: false }, null, 0)).toBe('Not connected so far');
	expect(presenceWords({ seenMs: 1_000, revokedMs: null, hasLostVoucher: false }, null, 2_000)).toBe(
		'Not connected. Last seen: Just now'
	);
	const there = (way: LinkWay | null) =>
		presenceWords({ seenMs: 1_000, revokedMs: null, hasLostVoucher: false }, { way }, 2_000);
	expect(there(null)).toBe('Connected now');
	expect(there({ type: 'direct' })).toBe('Connected directly');
	expect(there({ type: 'relayed', relay: 'wss://nas.example:8443/relay' })).toBe('Connected through nas.example');
	const lost = { seenMs: 1_000, revokedMs: null, hasLostVoucher: true };
	expect(presenceWords(lost, null, 2_000)).toMatch(/through a device that was removed/);
	expect(presenceWords({ seenMs: 1_000, revokedMs: 1_500, hasLostVoucher: false }, null, 2_000)).toBe(
		'Removed: Just now'
	);
});

test.each([
	[300_000, '5:00'],
	[244_100, '4:05'],
	[999, '0:01'],
	[-5, '0:00']
])('%i ms are left', (leftMs, words) => expect(timeLeftWords(leftMs)).toBe(words));
