import type { EntryRow } from '#core/index';
import type { App } from '#ui/shell/app.svelte.ts';
import { plural } from '#ui/words/values.ts';
import { outsideOf, type Outside } from './outside-files.ts';
import { visibleName } from './name-parts.ts';

/** Folders that something from outside can come into. */
export type Into = Pick<EntryRow, 'id' | 'name'>;

/** Says what could not be taken at all. */
function tellLeft(app: App, left: readonly string[]): void {
	const [first] = left;
	if (first === undefined) return;
	const more = left.length > 1 ? ` and ${plural(left.length - 1, 'other')}` : '';
	app.notices.show({
		tone: 'danger',
		title: `${plural(left.length, 'item')} not copied.`,
		text: `The browser cannot read “${visibleName(first)}”${more}.`,
		action: null
	});
}

/** Copies what a person brings from outside of the app into a folder; what should be seen first is shown. */
export async function bringIn(app: App, folder: Into, bringing: Promise<Outside>): Promise<void> {
	// Asked for while the gesture of the person still counts.
	const allowed = await app.files.mayChange([folder.id]);
	const { items, files, left } = await bringing;
	if (!allowed) return;
	tellLeft(app, left);
	if (items.length === 0) return;
	const held = await app.client.holdFiles(files, new AbortController().signal);
	if (!held.ok) return app.tell(held.failure);
	const input = { folder: folder.id, source: held.value, items };
	const title = `Copy to “${visibleName(folder.name)}”`;
	const done = await app.act({ action: 'files.ingest', input, title });
	// A job that stands still goes on with them.
	if (done?.state !== 'running') app.client.releaseFiles(held.value);
}

/** Lets the person choose files, or a folder with all in it, and copies them into `folder`. From a gesture. */
export function chooseAndBring(app: App, folder: Into, what: 'files' | 'folder'): void {
	const input = document.createElement('input');
	input.type = 'file';
	input.multiple = true;
	input.webkitdirectory = what === 'folder';
	input.onchange = () => void bringIn(app, folder, Promise.resolve(outsideOf([...(input.files ?? [])])));
	input.click();
}
