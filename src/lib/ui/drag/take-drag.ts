import type { Location } from '#core/volumes';
import type { Explorer } from '#ui/files/explorer.svelte.ts';
import { kindOf, type KindGroup } from '#ui/files/kinds.ts';
import type { App } from '#ui/shell/app.svelte.ts';
import type { Dragged, DropPlace } from './drop-rules.ts';

/** What is dragged, and how it is drawn at the pointer. */
export type TakenDrag = Omit<Dragged, 'places'> & {
	readonly locations: readonly Location[];
	/** Of one entry alone; null for several. */
	readonly name: string | null;
	readonly kind: KindGroup | null;
};

export function placeOf({ id, place, problem }: Location, readOnly: ReadonlySet<number>): DropPlace {
	return {
		location: id,
		volume: place?.volume ?? null,
		isAway: problem !== null,
		isReadOnly: readOnly.has(id)
	};
}

/** The folders of the library that what is chosen lies in. */
function locationsOf({ folders }: App, explorer: Explorer): readonly Location[] {
	const { search, shownView, trail } = explorer;
	if (!search.active) {
		const root = trail.value?.[0];
		const location = root === undefined ? null : folders.ofEntry(root.id);
		return location === null ? [] : [location];
	}
	const names = new Set<string>();
	for (const { from, to } of shownView.choice.ranges)
		for (let index = from; index < to; index++) names.add(search.results.folderAt(index));
	return folders.all.filter(({ name }) => names.has(name));
}

/** The folder that all chosen rows lie in; null where that is not one. */
function folderOf({ search, shownView, folder }: Explorer): number | null {
	if (!search.active) return folder;
	const parents = new Set<number | null>();
	for (const { from, to } of shownView.choice.ranges)
		for (let index = from; index < to; index++) parents.add(shownView.source.rowAt(index)?.parent ?? null);
	const [only = null] = parents;
	return parents.size === 1 ? only : null;
}

/** Takes up the row at `index` with all that is chosen, or alone where it is not; null where it cannot be dragged. */
export function takeDrag(app: App, explorer: Explorer, index: number): TakenDrag | null {
	const { shownView: view } = explorer;
	if (!view.isSelected(index)) view.point(index, { adding: false, ranging: false });
	const row = view.source.rowAt(index);
	const locations = locationsOf(app, explorer);
	// The folder of a location stays where it is.
	if (row === null || row.parent === null || locations.length === 0) return null;
	const isOne = view.selectedCount === 1;
	return {
		ids: view.selection.ids(),
		from: folderOf(explorer),
		locations,
		name: isOne ? row.name : null,
		kind: isOne ? kindOf(row).group : null
	};
}
