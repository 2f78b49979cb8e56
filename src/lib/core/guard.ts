import { entryId, locationId, type LocationId } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import type { Database } from '#core/schema';
import { countLeaving, countTrash, readLocationOf, readUsage } from '#core/index';
import type { Location } from '#core/volumes';
import type { AtollDomain } from './domain.ts';

/** More than that is never removed unseen: a person overlooks about so many things. */
const unseenItemsMax = 100;
/** Nor so much of a location. */
const percentMax = 10;
const dayMs = 24 * 60 * 60_000;

type Operation = AtollDomain['operation'];
type Deps = {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly readLocations: () => readonly Location[];
};

/** How much an operation takes away, and from which location; null where it takes nothing. */
function removedBy(
	locationOf: (folder: number) => LocationId | null,
	operation: Operation
): { location: LocationId | null; items: number } | null {
	switch (operation.kind) {
		case 'trash-entry':
		case 'trash-copy':
			return { location: locationOf(operation.from.folder), items: operation.items };
		case 'remove-location':
			return { location: locationId(operation.location), items: operation.told.items };
		case 'set-rules':
			return { location: locationId(operation.location), items: countLeaving(operation.told) };
		case 'delete-entry':
			return { location: null, items: operation.items };
		default:
			return null;
	}
}

type ManyItems = Extract<AtollDomain['warning'], { type: 'ManyItems' }>;

/** What an undoing puts into the trash was made just before, and is as it was made: of that the share says nothing. */
function isTakenBack({ kind }: Operation, action: string): boolean {
	return action === 'actions.undo' && (kind === 'trash-entry' || kind === 'trash-copy');
}

/** What all operations of a plan take away of one location, where that is more than a person overlooks. */
function manyItems({ database }: Deps, location: Location | null, items: number, countsShare: boolean): ManyItems[] {
	const usage = location === null ? null : readUsage(database, location.entry);
	const all = usage === null ? 0 : usage.files + usage.folders;
	const percent = all === 0 ? 0 : Math.min(100, Math.round((items / all) * 100));
	// One file out of three is no mass deletion.
	const isShare = percent > percentMax && items > 1 && countsShare;
	const isMany = items > unseenItemsMax || isShare;
	return isMany ? [{ type: 'ManyItems', items, percent }] : [];
}

/**
 * Says of every plan, whatever action it is of and also where it takes another back, when more is removed than a person
 * overlooks: it then asks. Run inside `read` or `write`.
 */
export function createGuard(
	deps: Deps
): (operations: readonly Operation[], action: string) => AtollDomain['warning'][] {
	const { database, clock, readLocations } = deps;
	return (operations, action) => {
		const removed = new Map<LocationId | null, number>();
		const ofShare = new Set<LocationId | null>();
		const known = new Map<number, LocationId | null>();
		const locationOf = (folder: number) => {
			const location = known.get(folder) ?? readLocationOf(database, entryId(folder));
			known.set(folder, location);
			return location;
		};
		const warnings: AtollDomain['warning'][] = [];
		for (const operation of operations) {
			const one = removedBy(locationOf, operation);
			if (one !== null) removed.set(one.location, (removed.get(one.location) ?? 0) + one.items);
			if (one !== null && !isTakenBack(operation, action)) ofShare.add(one.location);
			if (operation.kind === 'change-setting' && operation.setting === 'trashDays' && operation.to !== null) {
				const due = countTrash(database, null, clock.nowMs() - operation.to * dayMs);
				if (due.items > 0) warnings.push({ type: 'TrashDue', days: operation.to, ...due });
			}
		}
		const locations = removed.size === 0 ? [] : readLocations();
		for (const [id, items] of removed)
			warnings.push(...manyItems(deps, locations.find((one) => one.id === id) ?? null, items, ofShare.has(id)));
		return warnings;
	};
}
