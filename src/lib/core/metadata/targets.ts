import type { EntryId, LocationId } from '#core/kernel';
import type { EntryKind, SqlRow } from '#core/ports';
import { entryKindCode, type Database } from '#core/schema';
import { hasMetOthers, numbersPerSlot } from '#core/sync';

/**
 * What hangs on what. A target is one number: that of a content with a minus where a file's bytes are known, so that
 * every copy shows what was said of one, else that of the entry. An empty file is its own: all of them have the same
 * bytes, and are not copies of each other to anybody.
 */
export const targetSql = `iif(entry.kind = 1 AND entry.content IS NOT NULL AND entry.sizeBytes > 0, -entry.content, entry.id)`;

/** As `targetSql`, of a file or folder whose facts are at hand. */
export function targetOf(id: EntryId, content: unknown, sizeBytes: number): number {
	return typeof content === 'number' && sizeBytes > 0 ? -content : id;
}

/** Of an entry: whether it lies in a location, and not in its trash. */
export const isThereSql = 'EXISTS (SELECT 1 FROM directory WHERE directory.entry = coalesce(entry.parent, entry.id))';

/** Entries in their places that show what hangs on the target of a row of `table`. */
export function entriesOf(table: string): string {
	return `SELECT entry.id FROM entry WHERE entry.id = ${table}.target AND ${isThereSql}
		UNION ALL SELECT entry.id FROM entry
		WHERE ${table}.target < 0 AND entry.kind = 1 AND entry.content = -${table}.target AND ${isThereSql}`;
}

/** The order of the members of a collection, the same on every device: of two at one place their names decide. */
export function memberOrder(table: string): string {
	const target = `${table}.target`;
	return `${table}.position, iif(${target} < 0,
		coalesce(
			(SELECT hex(identity) || iif(split = 0, '', split) FROM content WHERE id = -${target}),
			(SELECT hex(substr(identity, 1, 32)) || CAST(substr(identity, 33) AS TEXT) FROM kept_number
				WHERE content = -${target})
		),
		(SELECT id FROM device WHERE slot = ${target} / ${numbersPerSlot})
	), ${target} % ${numbersPerSlot}`;
}

export function hasSayings(database: Database, target: number): boolean {
	const row = database
		.prepare(
			`SELECT EXISTS (SELECT 1 FROM assignment WHERE target = ?) OR EXISTS (SELECT 1 FROM mark WHERE target = ?)
			OR EXISTS (SELECT 1 FROM collection_member WHERE target = ?) AS has`
		)
		.get([target, target, target]);
	return row?.['has'] === 1;
}

export function deleteSayings(database: Database, target: number): void {
	for (const table of ['assignment', 'mark', 'collection_member'])
		database.prepare(`DELETE FROM ${table} WHERE target = ?`).run([target]);
}

function joinNotes(mine: string, other: string): string {
	if (mine.includes(other)) return mine;
	return other.includes(mine) ? other : `${mine}\n\n${other}`;
}

/** Of two marks on what has become one, what says something counts; where both do, the first, and of notes both. */
function joinMarks(database: Database, from: number, to: number, saysAnew: boolean): void {
	const read = database.prepare('SELECT favourite, rating, colour, note FROM mark WHERE target = ?');
	const theirs = read.get([from]);
	if (theirs === undefined) return;
	const mine: SqlRow = read.get([to]) ?? { favourite: 0, rating: 0, colour: '', note: '' };
	const either = (name: string) => (mine[name] === 0 || mine[name] === '' ? theirs[name] : mine[name]) ?? null;
	const note = joinNotes(String(mine['note']), String(theirs['note']));
	if (saysAnew) database.prepare('DELETE FROM mark WHERE target = ?').run([to]);
	database
		.prepare(
			`INSERT INTO mark (target, favourite, rating, colour, note) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (target) DO UPDATE SET favourite = excluded.favourite, rating = excluded.rating,
			colour = excluded.colour, note = excluded.note`
		)
		.run([to, either('favourite'), either('rating'), either('colour'), note]);
}

/**
 * Has all that hangs on one target hang on another, beside what hangs there. On a content it stays as well. Run inside the transaction that made the one the other, and after it.
 */
export function carrySayings(database: Database, from: number, to: number): void {
	// What hangs on entries of another device that one carries itself, and says so: carried here as well, what it has taken
	// away since would come back.
	if (Math.max(from, to) < numbersPerSlot) bringSayings(database, from, to, 'IGNORE');
}

/**
 * As `carrySayings`, whoever's they are: for what was on a disk that has changed devices. What hangs there already is said
 * anew: two devices that hand the same on to each other at once would else both have taken it away.
 */
function handSayings(database: Database, from: number, to: number): void {
	bringSayings(database, from, to, 'REPLACE');
}

function bringSayings(database: Database, from: number, to: number, ifThere: 'IGNORE' | 'REPLACE'): void {
	if (from === to || !hasSayings(database, from)) return;
	const copied = [
		`INSERT OR ${ifThere} INTO assignment (target, tag, source) SELECT ?, tag, source FROM assignment WHERE target = ?`,
		`INSERT OR ${ifThere} INTO collection_member (collection, target, position)
		SELECT collection, ?, position FROM collection_member WHERE target = ?`
	];
	for (const sql of copied) database.prepare(sql).run([to, from]);
	joinMarks(database, from, to, ifThere === 'REPLACE');
	// It may be that of a file that is away as well: of bytes that nobody has any more it is kept for a while.
	if (from > 0) deleteSayings(database, from);
}

/**
 * Takes in what other devices have said of entries: on what is known by its bytes by now, or has another number since its
 * disk has changed devices, it hangs on these; of what is gone here it is kept, for what comes into its place. Run inside
 * the transaction that wrote it.
 */
export function takeInSayings(database: Database, entries: Iterable<number>): void {
	const read = database.prepare(`SELECT ${targetSql} AS target FROM entry WHERE id = ?`);
	const keep = database.prepare('INSERT OR IGNORE INTO gone_target (target) VALUES (?)');
	const follow = takenFollower(database);
	for (const entry of entries) {
		const now = follow(entry);
		if (now === entry && entry >= numbersPerSlot) continue;
		const [target] = read.column([now]);
		if (now !== entry) handSayings(database, entry, Number(target ?? now));
		else if (target !== undefined) carrySayings(database, entry, Number(target));
		else if (hasSayings(database, entry)) keep.run([entry]);
	}
}

/** So often a disk goes from hand to hand, and is not back, before what was said of its files at first is not followed. */
const followedMax = 1_000;

/**
 * Tells what an entry is by now that had another number while its disk was at another device; itself where it had none, or
 * is in its place: its disk may have come back to that device, and two that saw it otherwise would hand on for ever.
 */
function takenFollower(database: Database): (entry: number) => number {
	const next = database.prepare('SELECT now FROM taken_entry WHERE entry = ?');
	const isThere = database.prepare(`SELECT 1 FROM entry WHERE id = ? AND ${isThereSql}`);
	const isAny = database.prepare('SELECT 1 FROM taken_entry LIMIT 1').get() !== undefined;
	return (entry) => {
		let now = entry;
		for (let steps = 0; isAny && steps < followedMax; steps++) {
			const [after] = next.column([now]);
			if (after === undefined || isThere.get([now]) !== undefined) break;
			now = Number(after);
		}
		return now;
	};
}

/**
 * Has what hangs on entries hang on those that they are at another device now, and what will be said of them as well: pairs
 * of numbers. Run inside `write`, once both are there.
 */
export function noteTaken(database: Database, taken: readonly (readonly [entry: number, now: number])[]): void {
	const write = database.prepare('INSERT OR REPLACE INTO taken_entry (entry, now) VALUES (?, ?)');
	const isBack = database.prepare('DELETE FROM taken_entry WHERE entry = ?');
	for (const [entry, now] of taken) {
		// The disk is where it was before: what went on from there has come back.
		isBack.run([now]);
		write.run([entry, now]);
	}
	const read = database.prepare(`SELECT ${targetSql} AS target FROM entry WHERE id = ?`);
	for (const [entry, now] of taken)
		if (hasSayings(database, entry)) handSayings(database, entry, Number(read.column([now])[0] ?? now));
}

/** Keeps what hangs on a content of which the last copy goes, for the bytes to come back. Run before it is forgotten. */
export function noteGoneContent(database: Database, content: number): boolean {
	if (!hasSayings(database, -content)) return false;
	database.prepare('INSERT OR REPLACE INTO gone_target (target) VALUES (?)').run([-content]);
	return true;
}

/** The names from the folder of a location, left out, down to a folder itself, as they are compared. */
function folderText(database: Database, folder: number | null): string {
	const names: string[] = [];
	const one = database.prepare('SELECT parent, name FROM entry WHERE id = ?');
	for (let at = folder; at !== null;) {
		const row = one.get([at]);
		const parent = row?.['parent'];
		if (typeof parent === 'number') names.unshift(String(row?.['name']));
		at = typeof parent === 'number' ? parent : null;
	}
	return JSON.stringify(names);
}

type GoneEntry = {
	readonly id: EntryId;
	readonly parent: EntryId | null;
	readonly name: string;
	readonly kind: EntryKind;
};

/** Keeps what hangs on an entry that goes, for one of its name and kind in its place. Run before it is removed. */
export function noteGoneEntry(database: Database, { id, parent, name, kind }: GoneEntry): void {
	if (!hasSayings(database, id)) return;
	const [location] = database.prepare('SELECT location FROM directory WHERE entry = ?').column([parent ?? id]);
	database
		.prepare('INSERT OR REPLACE INTO gone_target (target, location, folder, name, kind) VALUES (?, ?, ?, ?, ?)')
		.run([id, location ?? null, folderText(database, parent), name, entryKindCode(kind)]);
}

/** Gives what was kept of entries that have gone to those that came into their places. Run after these were added. */
export function returnSayings(
	database: Database,
	location: LocationId,
	folder: EntryId,
	entries: readonly { readonly id: EntryId; readonly name: string; readonly kind: EntryKind }[]
): void {
	if (database.prepare('SELECT 1 FROM gone_target WHERE location = ? LIMIT 1').get([location]) === undefined) return;
	const gone = database
		.prepare('SELECT target, name, kind FROM gone_target WHERE location = ? AND folder = ?')
		.all([location, folderText(database, folder)]);
	if (gone.length === 0) return;
	const arrived = new Map(entries.map(({ id, name, kind }) => [`${entryKindCode(kind)}${name}`, id]));
	for (const row of gone) {
		const id = arrived.get(`${String(row['kind'])}${String(row['name'])}`);
		if (id === undefined) continue;
		carrySayings(database, Number(row['target']), id);
		database.prepare('DELETE FROM gone_target WHERE target = ?').run([Number(row['target'])]);
	}
}

const said = `(SELECT target FROM assignment UNION SELECT target FROM mark UNION SELECT target FROM collection_member)`;

/** Hands on what was said of entries that are not in their places any more, since their disk is at another device. Run inside `write`. */
export function followTaken(database: Database): void {
	const entries = database.prepare(`SELECT entry FROM taken_entry WHERE entry IN ${said}`).column();
	takeInSayings(database, entries.map(Number));
}

/** As long as a trash keeps files: what comes back out of one has its tags. */
const keptMs = 30 * 24 * 60 * 60 * 1000;

/**
 * Forgets what hung on things that have been gone for 30 days, at most `limit` of them, and says how many; what was
 * not seen as gone before is gone from now on. Once there are other devices nothing is forgotten: what is gone here may
 * be there, and what one forgets would be taken off everywhere. Run inside `write`.
 */
export function clearGone(database: Database, nowMs: number, limit: number): number {
	database.prepare('UPDATE gone_target SET sinceMs = ? WHERE sinceMs IS NULL').run([nowMs]);
	database.prepare('DELETE FROM gone_target WHERE target < 0 AND -target IN (SELECT id FROM content)').run([]);
	database.prepare('DELETE FROM gone_target WHERE target IN (SELECT id FROM entry)').run([]);
	database.prepare('DELETE FROM kept_number WHERE content IN (SELECT id FROM content)').run([]);
	if (hasMetOthers(database)) return 0;
	const expired = database
		.prepare('SELECT target FROM gone_target WHERE sinceMs < ? ORDER BY target LIMIT ?')
		.column([nowMs - keptMs, limit])
		.map(Number);
	for (const target of expired) {
		deleteSayings(database, target);
		database.prepare('DELETE FROM gone_target WHERE target = ?').run([target]);
		database.prepare('DELETE FROM kept_number WHERE content = ?').run([-target]);
	}
	return expired.length;
}

/** Each query counts rows that must not be there; the name says what is wrong. */
export const sayingChecks: readonly (readonly [string, string])[] = [
	[
		'files of which something was said that are neither there nor known to be gone',
		`SELECT count(*) FROM ${said} WHERE target NOT IN (SELECT id FROM entry)
		AND -target NOT IN (SELECT id FROM content) AND target NOT IN (SELECT target FROM gone_target)
		AND -target NOT IN (SELECT content FROM kept_number) AND target < ${numbersPerSlot}`
	],
	[
		'sayings on an entry that belong to its content',
		`SELECT count(*) FROM ${said} AS said JOIN entry ON entry.id = said.target
		WHERE entry.kind = 1 AND entry.content IS NOT NULL AND entry.sizeBytes > 0 AND entry.id < ${numbersPerSlot}`
	]
];
