import { entryId, ok, type EntryId, type Result } from '#core/kernel';
import type { ClockPort, FilesPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import type { Location } from '#core/volumes';
import { pathReader } from './store.ts';

/** Folders asked for their time at once, between two looks at the signal. */
const askedMax = 2_000;
/** Folders asked at the same time. */
const widthMax = 8;

type Deps = { readonly database: Database; readonly files: FilesPort; readonly clock: ClockPort };
type Timed = { readonly id: EntryId; readonly modifiedMs: number; readonly path: readonly string[] };

/** Folders of a location above `after` whose own time is known. */
function readTimed({ database }: Deps, location: Location, after: number): Result<Timed[], StorageFailure> {
	return database.read(() => {
		const pathOf = pathReader(database);
		const rows = database
			.prepare(
				`SELECT entry.id, entry.modifiedMs FROM directory JOIN entry ON entry.id = directory.entry
				WHERE directory.location = ? AND entry.id > ? AND entry.modifiedMs IS NOT NULL ORDER BY entry.id LIMIT ?`
			)
			.all([location.id, after, askedMax]);
		return rows.map((row) => {
			const id = entryId(row['id']);
			return { id, modifiedMs: Number(row['modifiedMs']), path: pathOf(id) };
		});
	});
}

/**
 * Finds the folders whose own time on the disk is another than when they were listed: something in them was made,
 * removed or renamed. That costs a question for each folder and none for the files in them, whose bytes may have
 * changed all the same. Null where the disk tells no times of folders.
 */
export async function findTouched(
	deps: Deps,
	location: Location,
	signal: AbortSignal
): Promise<Result<(readonly string[])[] | null, StorageFailure>> {
	// The time of the location's own folder is not kept.
	const touched: (readonly string[])[] = [[]];
	let asked = 0;
	for (let after = 0; ;) {
		const timed = readTimed(deps, location, after);
		if (!timed.ok) return timed;
		const last = timed.value.at(-1);
		if (last === undefined) break;
		const queue = timed.value.values();
		const work = async () => {
			for (const { path, modifiedMs } of queue) {
				const there = await deps.files.look(location.root, path, signal);
				const timeMs = there.ok && there.value !== null ? there.value.modifiedMs : null;
				if (timeMs === null || Math.trunc(timeMs) !== modifiedMs) touched.push(path);
			}
		};
		await Promise.all(Array.from({ length: widthMax }, work));
		asked += timed.value.length;
		after = last.id;
		await deps.clock.wait(0, signal);
		signal.throwIfAborted();
	}
	return ok(asked === 0 ? null : touched);
}
