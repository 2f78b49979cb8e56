import { ok, type EntryId, type Result } from '#core/kernel';
import type { StorageFailure } from '#core/schema';
import type { Run } from './index-folder.ts';
import { readPath } from './store.ts';

/**
 * Takes over the own times of folders that are read though the ones above them are not: those list them with their
 * times else. To be called before they are read, so that no time is later than what is known of its folder.
 */
export async function updateFolderTimes(
	{ database, files, location }: Run,
	folders: readonly { readonly id: EntryId }[],
	signal: AbortSignal
): Promise<Result<null, StorageFailure>> {
	const known = database.read(() => {
		const timed = database.prepare('SELECT 1 FROM entry WHERE id = ? AND modifiedMs IS NOT NULL');
		const due = folders.filter(({ id }) => id !== location.entry && timed.get([id]) !== undefined);
		return due.map(({ id }) => ({ id, path: readPath(database, id) }));
	});
	if (!known.ok) return known;
	const times: (readonly [timeMs: number, id: EntryId])[] = [];
	for (const { id, path } of known.value) {
		const there = await files.look(location.root, path, signal);
		const timeMs = there.ok && there.value?.kind === 'directory' ? there.value.modifiedMs : null;
		if (timeMs !== null) times.push([Math.trunc(timeMs), id]);
	}
	if (times.length === 0) return ok(null);
	const written = database.write(() => {
		const update = database.prepare('UPDATE entry SET modifiedMs = ? WHERE id = ?');
		for (const time of times) update.run(time);
	});
	return written.ok ? ok(null) : written;
}
