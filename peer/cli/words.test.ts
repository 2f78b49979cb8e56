import { describe, expect, test } from 'vitest';
import type { AnyFailure } from './failure.ts';
import { failureToWords, printReason } from './words.ts';

/** A few of each kind; that none is left out is the compiler's business. */
const failures: readonly AnyFailure[] = [
	{ type: 'LibraryBusy', holder: '1234', retry: 'soon' },
	{ type: 'LibraryBusy', holder: '', retry: 'soon' },
	{ type: 'LibraryBusy', holder: '1; rm -rf ~ \u001b[2J', retry: 'soon' },
	{ type: 'DiskFull', where: '/mnt/nas', retry: 'soon' },
	{ type: 'LibraryDamaged', detail: 'SQLite 11', retry: 'never' },
	{ type: 'LibraryNewer', found: 9, known: 3 },
	{ type: 'TooManyTries', waitMs: 1_500 },
	{ type: 'FolderSuddenlyEmpty', entries: 1 },
	{ type: 'PathMissing', path: '/docs/\u001b[2J', nearest: null },
	{ type: 'FileUnwritable', file: '/b.tar', code: 'ENOSPC' },
	{ type: 'FileUnreadable', file: '/b.tar', code: 'ENOENT' },
	{ type: 'UsageWrong', command: null, problem: 'There is no command "\u001b[2J".' },
	{ type: 'Interrupted' }
];

describe.each(failures)('$type', (failure) => {
	const { what, next, exit } = failureToWords(failure);
	test('says what happened and what to do in whole sentences, and nothing that a terminal would obey', () => {
		for (const text of [what, next]) {
			expect(text).toMatch(/^[A-Z0-9/].*[.>]$/s);
			expect(text).not.toMatch(/\p{Cc}/u);
			expect(text).not.toMatch(/undefined|null|NaN|object Object/);
		}
		expect(exit.code).toBeGreaterThan(0);
	});
});

test('what is known is said', () => {
	expect(failureToWords({ type: 'LibraryBusy', holder: '1234', retry: 'soon' })).toMatchObject({
		what: expect.stringContaining('1234'),
		exit: { code: 4 }
	});
	expect(failureToWords({ type: 'LibraryBusy', holder: '1; reboot', retry: 'soon' }).next).not.toContain('reboot');
	expect(failureToWords({ type: 'TooManyTries', waitMs: 1_500 }).next).toContain('2 seconds');
	expect(failureToWords({ type: 'FileUnwritable', file: 'b', code: 'ENOSPC' }).next).toContain('full');
	expect(failureToWords({ type: 'FileUnwritable', file: 'b', code: 'EACCES' }).next).not.toContain('full');
	expect(printReason({ reason: 'unreadable', code: 'EIO' })).toContain('EIO');
});
