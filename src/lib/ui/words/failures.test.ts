import { describe, expect, it } from 'vitest';
import { failureWords, type AnyFailure } from './failures.ts';

const failures: readonly AnyFailure[] = [
	{ type: 'WrongPassword' },
	{ type: 'TooManyTries', waitMs: 8000 },
	{ type: 'DiskFull', where: 'browser storage', retry: 'soon' },
	{ type: 'LibraryDamaged', detail: 'page 7', retry: 'never' },
	{ type: 'LibraryNewer', found: 9, known: 1 },
	{ type: 'LibraryBusy', holder: '', retry: 'soon' },
	{ type: 'FolderNeedsConsent', retry: 'when-online' },
	{ type: 'FolderMissing', retry: 'when-online' },
	{ type: 'FolderDenied', retry: 'when-online' },
	{ type: 'FolderSuddenlyEmpty', entries: 1204 },
	{ type: 'Disconnected', reason: 'insecure-context' },
	{ type: 'PickerMissing' },
	{ type: 'PairingExpired' },
	{ type: 'PairingCodeWrong' },
	{ type: 'PairingLost' },
	{ type: 'DeviceUnreachable', what: 'nobody' },
	{ type: 'RemovedThere' },
	{ type: 'SyncRefused', domain: 'index' },
	{ type: 'SyncEnded', why: null },
	{ type: 'SyncEnded', why: { type: 'OtherVersion', from: 2, to: 3 } }
];

describe('words for failures', () => {
	it.each(failures)('$type says what happened and what to do', (failure) => {
		const words = failureWords(failure);
		expect(words.title).toMatch(/^[A-Z].*[^.]$/);
		expect(words.text.length).toBeGreaterThan(10);
		expect(words.text).not.toMatch(/undefined|null|SQL|OPFS|Error/);
	});

	it('hold the facts that a person needs', () => {
		expect(failureWords({ type: 'TooManyTries', waitMs: 8000 }).text).toContain('8 seconds');
		expect(failureWords({ type: 'FolderSuddenlyEmpty', entries: 1204 }).text).toContain('1,204 items');
		expect(failureWords({ type: 'PathMissing', path: '/Photos/2031', nearest: null }).text).toContain('/Photos/2031');
	});
});
