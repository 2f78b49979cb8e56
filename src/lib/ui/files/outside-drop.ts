import type { EntryRow } from '#core/index';
import type { App } from '#ui/shell/app.svelte.ts';
import type { Into } from './bring-in.ts';
import { visibleName } from './name-parts.ts';
import { rowsAt } from './rows-at.ts';
import type { ShownRows } from './shown-rows.svelte.ts';

/** What a drop would do at a place of the screen, and the element that it would come to; null for the window. */
export type DropPlace =
	| { readonly type: 'copy'; readonly folder: Into; readonly element: Element }
	/** A folder becomes one of the library, where it lies. */
	| { readonly type: 'add'; readonly element: Element | null }
	| { readonly type: 'nothing' };

export function carriesFiles({ dataTransfer }: DragEvent): boolean {
	return dataTransfer !== null && [...dataTransfer.types].includes('Files');
}

function rowAt(rows: ShownRows, target: Element): readonly [Element, EntryRow] | null {
	const element = target.closest<HTMLElement>('[data-index]');
	const row = element === null ? null : rows.shownView.source.rowAt(Number(element.dataset['index']));
	return element === null || !row ? null : [element, row];
}

function placeInLibrary(app: App, target: Element): DropPlace {
	const inSidebar = target.closest<HTMLElement>('[data-location]');
	const location = app.folders.all.find(({ id }) => String(id) === inSidebar?.dataset['location']);
	if (inSidebar !== null && location !== undefined)
		return { type: 'copy', folder: { id: location.entry, name: location.name }, element: inSidebar };
	const sidebar = target.closest('[data-drop="library"]');
	if (sidebar !== null) return { type: 'add', element: sidebar };
	const page = target.closest('main');
	const { rows: active } = app.abilities;
	if (active === null || page === null) return { type: 'add', element: page };
	const rows = rowsAt(app.abilities, target) ?? active;
	const row = rowAt(rows, target);
	if (row?.[1].kind === 'directory') return { type: 'copy', folder: row[1], element: row[0] };
	if (rows.folder === null) return { type: 'add', element: page };
	const folder = rows.above.at(-1) ?? null;
	if (rows.kind === 'gathered' || folder === null) return { type: 'nothing' };
	const pane = target.closest('[data-pane]') ?? page;
	return { type: 'copy', folder, element: pane.querySelector('[role="grid"]') ?? pane };
}

/** What a drop on `target` would do: over a folder of the library it copies, elsewhere it adds a folder. */
export function dropPlaceAt(app: App, target: EventTarget | null): DropPlace {
	if (app.phase === 'none') return { type: 'add', element: null };
	if (app.phase !== 'open' || !(target instanceof Element)) return { type: 'nothing' };
	// A drop is no answer to what is asked.
	if (document.querySelector('[role="dialog"]') !== null) return { type: 'nothing' };
	return placeInLibrary(app, target);
}

/** What it would do, in words; `count` items are dragged, as far as the browser tells. */
export function dropWords(app: App, place: DropPlace, count: number): string {
	if (place.type === 'copy') {
		const what = count > 1 ? `Copy ${count} items` : 'Copy';
		return `${what} to “${visibleName(place.folder.name)}”`;
	}
	return app.phase === 'none' ? 'Drop a folder to open it' : 'Add folder to the library';
}
