import type { EntryId } from '#core/kernel';
import type { Database } from '#core/schema';
import type { Usage } from './schema.ts';

/**
 * What a transaction adds to folders and takes from them. Each folder above gets the sum in one update at the end, so
 * that a thousand new files cost a folder and its ancestors one row each.
 */
export type Tally = {
	/** `sign` is 1 where `usage` comes to the folder, -1 where it goes. */
	add(folder: EntryId, usage: Usage, sign: 1 | -1): void;
	/** Writes the sums; to be called before the tree above a folder changes, and last of all. */
	write(): void;
};

type Sum = { files: number; folders: number; sizeBytes: number };

const nothing: Usage = { files: 0, folders: 0, sizeBytes: 0 };

function addTo<Id>(sums: Map<Id, Sum>, id: Id, usage: Usage, sign: 1 | -1): void {
	const { files, folders, sizeBytes } = sums.get(id) ?? nothing;
	sums.set(id, {
		files: files + sign * usage.files,
		folders: folders + sign * usage.folders,
		sizeBytes: sizeBytes + sign * usage.sizeBytes
	});
}

export function createTally(database: Database): Tally {
	const own = new Map<EntryId, Sum>();
	/** Read when a folder is first heard of: its closure rows may be gone by the end. */
	const above = new Map<EntryId, readonly number[]>();
	return {
		add: (folder, usage, sign) => {
			addTo(own, folder, usage, sign);
			if (!above.has(folder)) above.set(folder, readAncestors(database, folder));
		},
		write: () => {
			const sums = new Map<number, Sum>();
			for (const [folder, usage] of own)
				for (const ancestor of above.get(folder) ?? []) addTo(sums, ancestor, usage, 1);
			for (const [ancestor, sum] of sums) writeSum(database, ancestor, sum);
			own.clear();
			above.clear();
		}
	};
}

function readAncestors(database: Database, folder: EntryId): number[] {
	return database.prepare('SELECT ancestor FROM closure WHERE descendant = ?').column([folder]).map(Number);
}

function writeSum(database: Database, folder: number, { files, folders, sizeBytes }: Sum): void {
	database
		.prepare('UPDATE directory SET files = files + ?, folders = folders + ?, revision = revision + 1 WHERE entry = ?')
		.run([files, folders, folder]);
	if (sizeBytes !== 0)
		database.prepare('UPDATE entry SET sizeBytes = sizeBytes + ? WHERE id = ?').run([sizeBytes, folder]);
}
