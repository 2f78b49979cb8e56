import { describe, expect, it } from 'vitest';
import type { EntryRow } from '#core/index';
import { entryId } from '#core/kernel';
import { addRows, type SelectedParts } from './selected-size.svelte.ts';

const none: SelectedParts = { files: 0, folders: 0, others: 0, bytes: 0, modified: null };
const row = (kind: EntryRow['kind'], sizeBytes: number, modifiedMs: number | null): EntryRow => ({
	id: entryId(1),
	parent: null,
	name: 'a',
	kind,
	sizeBytes,
	modifiedMs,
	type: null
});

describe('what is chosen, added up', () => {
	it('counts files and folders with all below them, and links without their own few bytes', () => {
		const first = addRows(none, [row('file', 10, 500), row('directory', 1000, null)]);
		expect(first).toEqual({ files: 1, folders: 1, others: 0, bytes: 1010, modified: { first: 500, last: 500 } });
		const both = addRows(first, [row('symlink', 7, 100), row('file', 5, 900)]);
		expect(both).toEqual({ files: 2, folders: 1, others: 1, bytes: 1015, modified: { first: 100, last: 900 } });
	});

	it('tells no time where no disk does', () => {
		expect(addRows(none, [row('file', 1, null)]).modified).toBeNull();
	});
});
