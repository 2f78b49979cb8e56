import { volumeKey, type LocationId, type VolumeKey } from '#core/kernel';
import type { Database } from '#core/schema';

/** A folder of a disk that was managed here until another device had the disk. */
export type Former = {
	readonly id: number;
	readonly volume: VolumeKey;
	readonly identity: string;
	/** Names from the top of the volume down. */
	readonly path: readonly string[];
	/** What brings it back, as JSON. */
	readonly kept: string;
};

export type FormerPlace = { readonly volume: string; readonly identity: string; readonly path: string };

/** Where a location lies, in words that hold once it is gone; null where that was never seen. */
export function readFormerPlace(database: Database, id: LocationId): FormerPlace | null {
	const row = database
		.prepare(
			`SELECT volume.key, volume.identity, location.pathInVolume FROM location JOIN volume ON volume.id = location.volume
			WHERE location.id = ?`
		)
		.get([id]);
	if (row === undefined) return null;
	return { volume: String(row['key']), identity: String(row['identity']), path: String(row['pathInVolume'] ?? '') };
}

export function writeFormer(
	database: Database,
	{ volume, identity, path }: FormerPlace,
	claim: number,
	kept: string
): void {
	database
		.prepare('INSERT OR REPLACE INTO former_location (volume, identity, path, claim, kept) VALUES (?, ?, ?, ?, ?)')
		.run([volume, identity, path, claim, kept]);
}

export function readFormers(database: Database): Former[] {
	return database
		.prepare('SELECT id, volume, identity, path, kept FROM former_location ORDER BY id')
		.all([])
		.map((row) => ({
			id: Number(row['id']),
			volume: volumeKey(row['volume']),
			identity: String(row['identity']),
			path: String(row['path'])
				.split('/')
				.filter((name) => name !== ''),
			kept: String(row['kept'])
		}));
}

/** How often a folder had changed devices when it was last managed here; 0 where it never was. */
export function readFormerClaim(database: Database, { volume, path }: Pick<FormerPlace, 'volume' | 'path'>): number {
	const [claim] = database
		.prepare('SELECT claim FROM former_location WHERE volume = ? AND path = ?')
		.column([volume, path]);
	return Number(claim ?? 0);
}

/** Forgets what was kept of the folder, as it is managed here again, or never will be. */
export function deleteFormer(database: Database, { volume, path }: Pick<FormerPlace, 'volume' | 'path'>): void {
	database.prepare('DELETE FROM former_location WHERE volume = ? AND path = ?').run([volume, path]);
}
