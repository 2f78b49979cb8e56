import { numbersPerSlot } from '#core/kernel';
import type { Database } from '#core/schema';

const dayMs = 24 * 60 * 60 * 1000;
/** As long as an entry that is gone is told of by itself: whoever was away longer is told everything again. */
export const keptMs = 30 * dayMs;

/** What stands for all locations and volumes among the changes; a location that is gone has its number with a minus. */
export const placesEntry = 0;

/** What was last done with an entry; `goneMeant` where a person had it removed. */
export const changeState = { here: 0, gone: 1, goneMeant: 2 } as const;

const { here, gone, goneMeant } = changeState;
/**
 * A change that was told once is told again under a new number, never in its old place. It names the row, as SQLite would
 * work it out once for all rows of a statement.
 */
const nextSeq = `(SELECT latest.seq FROM index_change AS latest WHERE excluded.entry IS NOT NULL
	ORDER BY latest.seq DESC LIMIT 1) + 1`;

/** `from` ends in a `WHERE`, or SQLite takes the `ON` for a join's. */
function note(entry: string, state: string, from = 'WHERE true'): string {
	return `INSERT INTO index_change (entry, state) SELECT ${entry}, ${state} ${from}
		ON CONFLICT (entry) DO UPDATE SET seq = ${nextSeq}, state = excluded.state`;
}

const notePlaces = note(String(placesEntry), String(here));
const noteHere = note('NEW.id', String(here));

const isOwn = (row: string) => `${row}.id < ${numbersPerSlot}`;

/** Whatever has written the row: there is no way past them. */
const triggers: Readonly<Record<string, string>> = {
	index_root_added: `AFTER INSERT ON entry WHEN ${isOwn('NEW')} AND NEW.parent IS NULL BEGIN ${notePlaces}; END`,
	index_entry_added: `AFTER INSERT ON entry WHEN ${isOwn('NEW')} AND NEW.parent IS NOT NULL BEGIN ${noteHere}; END`,
	index_root_changed: `AFTER UPDATE OF name, modifiedMs ON entry
		WHEN ${isOwn('NEW')} AND NEW.parent IS NULL AND (OLD.name <> NEW.name OR OLD.modifiedMs IS NOT NEW.modifiedMs)
		BEGIN ${notePlaces}; END`,
	// A directory's size follows from what lies below it.
	index_entry_changed: `AFTER UPDATE OF parent, name, sizeBytes, modifiedMs, content, proven ON entry
		WHEN ${isOwn('NEW')} AND NEW.parent IS NOT NULL AND (
			OLD.parent IS NOT NEW.parent OR OLD.name <> NEW.name OR OLD.modifiedMs IS NOT NEW.modifiedMs
			OR OLD.content IS NOT NEW.content OR (OLD.proven = 2) <> (NEW.proven = 2)
			OR (NEW.kind <> 0 AND OLD.sizeBytes <> NEW.sizeBytes)
		) BEGIN ${noteHere}; END`,
	index_entry_renumbered: `AFTER UPDATE OF id ON entry WHEN ${isOwn('OLD')} AND OLD.id <> NEW.id
		BEGIN ${note('OLD.id', String(gone))}; ${noteHere}; END`,
	index_root_gone: `AFTER DELETE ON entry WHEN ${isOwn('OLD')} AND OLD.parent IS NULL BEGIN ${notePlaces}; END`,
	// Each by itself: the number of a folder may come back, and without what was in it.
	index_entry_gone: `AFTER DELETE ON entry WHEN ${isOwn('OLD')} AND OLD.parent IS NOT NULL BEGIN ${note(
		'OLD.id',
		`iif(EXISTS (SELECT 1 FROM trash_bin WHERE trash_bin.entry = OLD.parent), ${goneMeant}, ${gone})`
	)}; END`,
	// What comes out of the trash was gone for all others.
	index_entry_restored: `AFTER DELETE ON trashed WHEN OLD.entry < ${numbersPerSlot} BEGIN ${note(
		'entry.id',
		String(here),
		'FROM closure JOIN entry ON entry.parent = closure.descendant WHERE closure.ancestor = OLD.entry'
	)}; END`,
	index_location_added: `AFTER INSERT ON location WHEN ${isOwn('NEW')} BEGIN ${notePlaces}; END`,
	index_location_changed: `AFTER UPDATE OF name, entry, indexedMs, volume, pathInVolume, logicalClass ON location
		WHEN ${isOwn('NEW')} BEGIN ${notePlaces}; END`,
	index_location_gone: `AFTER DELETE ON location WHEN ${isOwn('OLD')} BEGIN
		${notePlaces}; ${note('-OLD.id', String(goneMeant))}; END`,
	index_volume_added: `AFTER INSERT ON volume WHEN ${isOwn('NEW')} BEGIN ${notePlaces}; END`,
	index_volume_changed: `AFTER UPDATE OF key, identity, name, kind, fileSystem, label, medium, capacityBytes, freeBytes
		ON volume WHEN ${isOwn('NEW')} BEGIN ${notePlaces}; END`,
	index_volume_gone: `AFTER DELETE ON volume WHEN ${isOwn('OLD')} BEGIN ${notePlaces}; END`
};

export function isShared(database: Database): boolean {
	return database.prepare('SELECT 1 FROM index_share').get() !== undefined;
}

/**
 * Has every change of this device's index be noted from now on, in the transaction that makes it; a repeat changes
 * nothing. Before that nothing is noted, and nothing costs anything. Run inside `write`.
 */
export function startShare(database: Database, epoch: Uint8Array): void {
	if (isShared(database)) return;
	database.prepare('INSERT INTO index_share (epoch, prunedSeq) VALUES (?, 0)').run([epoch]);
	for (const [name, body] of Object.entries(triggers)) database.connection.exec(`CREATE TRIGGER ${name} ${body}`);
}

/**
 * Forgets changes that are older than `keptMs`, at most `limit` of them, and says how many; the last one stays, as
 * numbers go on from it. To be called at least once a day or so, inside `write`.
 */
export function pruneChanges(database: Database, nowMs: number, limit: number): number {
	if (!isShared(database)) return 0;
	const [head] = database.prepare('SELECT max(seq) FROM index_change').column();
	if (typeof head !== 'number') return 0;
	database
		.prepare(
			`INSERT OR IGNORE INTO index_change_day (seq, atMs) SELECT ?, ?
			WHERE NOT EXISTS (SELECT 1 FROM index_change_day WHERE atMs > ? AND atMs <= ?)`
		)
		.run([head, nowMs, nowMs - dayMs, nowMs]);
	const [old] = database.prepare('SELECT max(seq) FROM index_change_day WHERE atMs <= ?').column([nowMs - keptMs]);
	if (typeof old !== 'number') return 0;
	const { changes } = database
		.prepare(
			`DELETE FROM index_change WHERE seq IN (
				SELECT seq FROM index_change WHERE seq <= ? AND seq < ? ORDER BY seq LIMIT ?)`
		)
		.run([old, head, limit]);
	database.prepare('UPDATE index_share SET prunedSeq = max(prunedSeq, ?)').run([old]);
	database.prepare('DELETE FROM index_change_day WHERE seq < ?').run([old]);
	return changes;
}
