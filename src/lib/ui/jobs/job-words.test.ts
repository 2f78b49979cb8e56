import { expect, test } from 'vitest';
import type { AnyJob } from '#core';
import type { Location } from '#core/volumes';
import { jobLine, jobShare, jobTitle } from './job-words.ts';

const job: AnyJob = {
	id: 1 as AnyJob['id'],
	kind: 'index',
	target: '7',
	state: 'running',
	priority: 0,
	queuedMs: 0,
	startedMs: 0,
	endedMs: null,
	againMs: null,
	done: 1,
	total: null,
	perSecond: 0,
	leftMs: null,
	doneBytes: 0,
	totalBytes: null,
	bytesPerSecond: 0,
	warnings: 0,
	failure: null,
	outcome: null,
	needs: []
};
const photos = { id: 7, name: 'Photos' } as unknown as Location;

test('what it is, by the name of its folder', () => {
	expect(jobTitle(job, [photos])).toBe('Reading “Photos”');
	expect(jobTitle({ ...job, state: 'completed' }, [photos])).toBe('Read “Photos”');
	expect(jobTitle(job, [])).toBe('Reading a folder');
});

test('each kind has its words; bytes are told where they count', () => {
	const content: AnyJob = { ...job, kind: 'content', done: 5, total: 20, doneBytes: 1_000, totalBytes: 4_000 };
	expect(jobTitle(content, [photos])).toBe('Looking at the files of “Photos”');
	expect(jobLine(content, 0)).toBe('5 of 20 files · 1.0 kB of 4.0 kB');
	expect(jobTitle({ ...job, kind: 'folder', target: '7/12/all' }, [photos])).toBe('Reading a folder of “Photos” again');
	expect(jobTitle({ ...job, kind: 'queue', target: 'library' }, [photos])).toBe('Sorting what can be made of files');
});

test('how it stands, in as many words as are known', () => {
	const nowMs = 1_000_000;
	const line = (change: Partial<AnyJob>) => jobLine({ ...job, ...change }, nowMs);
	expect(line({})).toBe('1 item');
	expect(line({ done: 500, total: 2_000, perSecond: 50, leftMs: 30_000 })).toBe(
		'500 of 2,000 items · 50 a second · about 30 seconds left'
	);
	expect(line({ state: 'queued' })).toBe('Waits for its turn');
	const failure = { type: 'FolderMissing', retry: 'when-online' } as const;
	expect(line({ state: 'queued', failure, againMs: nowMs + 20_000 })).toMatch(/\. Tried again in 20 seconds$/);
	expect(line({ state: 'paused', done: 12 })).toBe('Paused at 12 items');
	expect(line({ state: 'completed', done: 3, endedMs: nowMs })).toBe('3 items · Just now');
});

test('the bar is never more than full, and none is drawn without a total', () => {
	expect(jobShare(job)).toBeNull();
	expect(jobShare({ ...job, done: 30, total: 20 })).toBe(1);
	expect(jobShare({ ...job, done: 5, total: 20 })).toBe(0.25);
});
