import type { CoreEvent } from '#core';
import type { InputOf, QueryName } from './commands.ts';

type Concerns = { readonly [Name in QueryName]: (event: CoreEvent, input: InputOf<Name>) => boolean };

const entriesChanged = (event: CoreEvent) => event.type === 'entries-changed';
/** What was said hangs on files: it goes with them, and comes to what turns out to be a copy. */
const sayingsChanged = (event: CoreEvent) => event.type === 'metadata-changed' || event.type === 'entries-changed';
/** A search looks at everything: names, what was said, and whose disks are there. */
const foundChanged = (event: CoreEvent) => sayingsChanged(event) || event.type === 'locations-changed';

const concerns: Concerns = {
	'library.status': () => false,
	'locations.list': (event) => event.type === 'locations-changed',
	'volumes.list': (event) => event.type === 'locations-changed',
	'index.running': (event) => event.type === 'index-progress' || event.type === 'locations-changed',
	'index.watched': (event) => event.type === 'locations-changed',
	'index.problems': (event) => event.type === 'entries-changed' || event.type === 'locations-changed',
	'jobs.list': (event) => event.type === 'jobs-changed',
	'jobs.warnings': (event) => event.type === 'jobs-changed',
	'jobs.schedules': (event) => event.type === 'jobs-changed',
	'entries.ids': (event, { folder }) => event.type === 'entries-changed' && event.folders.includes(folder),
	'entries.rows': entriesChanged,
	'entries.trail': entriesChanged,
	'entries.resolve': entriesChanged,
	'entries.usage': entriesChanged,
	'entries.size-map': entriesChanged,
	'search.find': foundChanged,
	'search.facets': foundChanged,
	'search.first': foundChanged,
	'content.running': (event) => event.type === 'content-progress' || event.type === 'locations-changed',
	'content.of': entriesChanged,
	'content.copies': entriesChanged,
	// These look at every file: asked again when a run has ended, not with each of its batches.
	'content.duplicates': (event) => event.type === 'locations-changed' || event.type === 'actions-changed',
	'content.at-risk': (event) => event.type === 'locations-changed',
	'metadata.tags': sayingsChanged,
	'metadata.tagged': sayingsChanged,
	'metadata.tag-counts': sayingsChanged,
	'metadata.mark-counts': sayingsChanged,
	'metadata.favourites': sayingsChanged,
	'metadata.collections': sayingsChanged,
	'metadata.collected': sayingsChanged,
	'metadata.of': sayingsChanged,
	'metadata.overwritten': sayingsChanged,
	// A job that is paused or cancelled stands in the history as well.
	'actions.history': (event) => event.type === 'actions-changed' || event.type === 'jobs-changed',
	'files.trash-list': (event) => event.type === 'actions-changed' || event.type === 'entries-changed',
	'files.trash-ids': (event) => event.type === 'actions-changed' || event.type === 'entries-changed',
	'settings.read': (event) => event.type === 'settings-changed',
	// A device comes with its folders; whether a link is there is told by the status, with each batch.
	'devices.list': (event) => event.type === 'devices-changed' || event.type === 'locations-changed',
	'devices.pairing': (event) => event.type === 'devices-changed',
	'activity.list': (event) =>
		event.type === 'actions-changed' || event.type === 'devices-changed' || sayingsChanged(event),
	// What waits to be told is counted: it is more after whatever was said or found here.
	'sync.status': (event) => event.type === 'sync-changed' || event.type === 'devices-changed' || sayingsChanged(event)
};

/** Whether the answer of a query may be another one after `event`. */
export function isConcerned<Name extends QueryName>(name: Name, input: InputOf<Name>, event: CoreEvent): boolean {
	// Opened, locked, restored or removed: nothing that was read before holds.
	return event.type === 'library-changed' || concerns[name](event, input);
}
