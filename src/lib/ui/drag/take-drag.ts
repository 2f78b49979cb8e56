import type { Location } from '#core/volumes';
import { kindOf, type KindGroup } from '#ui/files/kinds.ts';
import type { ShownRows } from '#ui/files/shown-rows.svelte.ts';
import type { Dragged, DropPlace } from './drop-rules.ts';

/** What is dragged, and how it is drawn at the pointer. */
export type TakenDrag = Omit<Dragged, 'places'> & {
	/** The folder of the library that all of it lies in; null where that is to be found out. */
	readonly location: Location | null;
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

/** The folder that all chosen rows lie in; null where that is not one. */
function folderOf({ kind, shownView, folder }: ShownRows): number | null {
	if (kind !== 'gathered') return folder;
	const parents = new Set<number | null>();
	for (const { from, to } of shownView.choice.ranges)
		for (let index = from; index < to; index++) parents.add(shownView.source.rowAt(index)?.parent ?? null);
	const [only = null] = parents;
	return parents.size === 1 ? only : null;
}

/** Takes up the row at `index` with all that is chosen, or alone where it is not; null where it cannot be dragged. */
export function takeDrag(rows: ShownRows, index: number): TakenDrag | null {
	const { shownView: view } = rows;
	if (!view.isSelected(index)) view.point(index, { adding: false, ranging: false });
	const row = view.source.rowAt(index);
	const location = rows.kind === 'gathered' ? null : rows.location;
	// The folder of a location stays where it is.
	if (row === null || row.parent === null || (rows.kind !== 'gathered' && location === null)) return null;
	const isOne = view.selectedCount === 1;
	return {
		ids: view.selection.ids(),
		from: folderOf(rows),
		location,
		name: isOne ? row.name : null,
		kind: isOne ? kindOf(row).group : null
	};
}
