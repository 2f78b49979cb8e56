import { expect, test } from 'vitest';
import { frameState, waitingWords, type OtherDevice } from './waiting.ts';

const nowMs = Date.UTC(2026, 5, 1);
const dayMs = 86_400_000;
const device = (name: string, more: Partial<OtherDevice> = {}): OtherDevice => ({
	name,
	seenMs: nowMs - dayMs,
	isConnected: false,
	waiting: { said: 0, files: 0 },
	...more
});

test('F57: offline, what nobody has is counted; what one device has is not waiting', () => {
	const said = (count: number) => ({ waiting: { said: count, files: 0 } });
	expect(frameState([], nowMs)).toBeNull();
	expect(frameState([device('NAS')], nowMs)?.text).toBe('Offline');
	expect(frameState([device('NAS', said(3))], nowMs)?.text).toBe('Offline – 3 changes waiting');
	expect(frameState([device('NAS', said(1)), device('Laptop', said(7))], nowMs)?.text).toBe(
		'Offline – 1 change waiting'
	);
	const never = device('Phone', { waiting: { said: 9, files: null } });
	expect(frameState([never, device('NAS', { waiting: { said: 2, files: 5 } })], nowMs)?.changes).toBe(7);
	expect(frameState([device('NAS', said(10_000))], nowMs)?.text).toBe('Offline – 10,000 changes or more waiting');
});

test('F57: linked to one, those that are away and lack something are named, unless they were for long', () => {
	const nas = device('NAS', { isConnected: true, waiting: { said: 4, files: 0 } });
	const lacks = { waiting: { said: 2, files: 1 } };
	expect(frameState([nas], nowMs)).toBeNull();
	expect(frameState([nas, device('Laptop', lacks)], nowMs)?.text).toBe('3 changes waiting for “Laptop”');
	expect(frameState([nas, device('Laptop', lacks), device('Phone', lacks)], nowMs)?.text).toBe(
		'3 changes waiting for 2 devices'
	);
	expect(frameState([nas, device('Old', { ...lacks, seenMs: nowMs - 40 * dayMs })], nowMs)).toBeNull();
});

test('what waits is told by its kinds', () => {
	expect(waitingWords({ said: 0, files: null })).toBeNull();
	expect(waitingWords({ said: 1, files: 12 })).toBe('1 change of tags, notes or marks and 12 files');
	expect(waitingWords({ said: 0, files: 10_000 })).toBe('more than 10,000 files');
});
