import { expect, test } from 'vitest';
import { entryId, locationId } from '#core/kernel';
import { PendingEvents } from './pending-events.ts';

function progressOf(location: number, entries: number) {
	const progress = { location: locationId(location), entries, foldersLeft: 0, entriesPerSecond: 0 };
	return { type: 'index-progress', progress } as const;
}

test('joins folders, keeps the latest progress of each location, tells the rest once', () => {
	const pending = new PendingEvents();
	for (const folders of [[1, 2], [2], [3]]) pending.add({ type: 'entries-changed', folders: folders.map(entryId) });
	pending.add(progressOf(1, 10));
	pending.add(progressOf(2, 5));
	pending.add(progressOf(1, 20));
	pending.add({ type: 'locations-changed' });
	pending.add({ type: 'locations-changed' });
	expect(pending.take()).toEqual([
		{ type: 'locations-changed' },
		progressOf(1, 20),
		progressOf(2, 5),
		{ type: 'entries-changed', folders: [1, 2, 3] }
	]);
});

test('gives each piece of news once', () => {
	const pending = new PendingEvents();
	pending.add({ type: 'library-changed' });
	expect(pending.take()).toHaveLength(1);
	expect(pending.take()).toEqual([]);
});
