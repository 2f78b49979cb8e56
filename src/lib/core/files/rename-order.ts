import type { EntryId } from '#core/kernel';

/** An entry that is to be called otherwise, and who has that name where it lies: itself where it has no other holder. */
export type Wanted = { readonly entry: EntryId; readonly holder: EntryId | null };

/** Renames that follow one another; of a ring each wants the name that the next one has, and the last that of the first. */
export type Turn<T> = { readonly is: 'one'; readonly one: T } | { readonly is: 'ring'; readonly ring: readonly T[] };

/**
 * The renames in an order in which each name is free when it is given, as far as one is: what gives up a name goes
 * before what takes it, else the order is kept. Where names go round none can be first: such are told together.
 */
export function renameOrder<T extends Wanted>(renames: readonly T[]): Turn<T>[] {
	const byEntry = new Map(renames.map((rename) => [rename.entry, rename]));
	const turns: Turn<T>[] = [];
	const done = new Set<T>();
	for (const first of renames) {
		const way: T[] = [];
		const at = new Map<T, number>();
		let next: T | undefined = first;
		while (next !== undefined && !done.has(next) && !at.has(next)) {
			at.set(next, way.length);
			way.push(next);
			const holder: EntryId | null = next.holder === next.entry ? null : next.holder;
			next = holder === null ? undefined : byEntry.get(holder);
		}
		const from = next === undefined ? undefined : at.get(next);
		const ring = from === undefined ? [] : way.splice(from);
		if (ring.length > 0) turns.push({ is: 'ring', ring });
		for (const one of way.toReversed()) turns.push({ is: 'one', one });
		for (const one of [...ring, ...way]) done.add(one);
	}
	return turns;
}
