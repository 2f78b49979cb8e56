import { renamesByPattern, type PatternInput } from '#core/files';
import { readTrashIds, readTrashRows, type TrashOrder } from '#core/index';
import type { CoreContext, Joined } from './joined.ts';

/** What is asked about files before something is done with them. They are changed by actions alone: see `actions.commit`. */
export function fileCommands({ host, opened }: Joined) {
	return {
		/** What entries would be called by a pattern, in their order, and why a name cannot be had. */
		'files.names-by-pattern': async (input: PatternInput, _context: CoreContext) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const { database, locations } = rooms.value;
			const deps = {
				database,
				readLocations: () => locations.readEverywhere(),
				offsetAt: (atMs: number) => host.clock.utcOffsetMs(atMs)
			};
			const named = database.read(() => renamesByPattern(deps, input));
			return named.ok ? named.value : named;
		},
		/** Ids of what lies in the trash and whose names hold these words; `files.trash-rows` has the rest. */
		'files.trash-ids': async (
			{ words, order }: { readonly words: string; readonly order: TrashOrder },
			_context: CoreContext
		) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const { database } = rooms.value;
			return database.read(() => readTrashIds(database, words, order));
		},
		'files.trash-rows': async ({ ids }: { readonly ids: readonly number[] }, _context: CoreContext) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const { database } = rooms.value;
			return database.read(() => readTrashRows(database, ids));
		}
	};
}
