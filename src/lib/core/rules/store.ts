import type { EntryId, LocationId } from '#core/kernel';
import type { Database } from '#core/schema';
import { everything, leavingRules, parseRules, type LeavingRule, type LeftOut, type RuleSet } from './schema.ts';

/** The rules of a location; `version` tells them from those before, and `isApplied` whether the index has taken them in. */
export type StoredRules = { readonly rules: RuleSet; readonly version: number; readonly isApplied: boolean };

export function readRules(database: Database, location: LocationId): StoredRules {
	const row = database.prepare('SELECT version, rules, isApplied FROM rule_set WHERE location = ?').get([location]);
	if (row === undefined) return { rules: everything, version: 0, isApplied: true };
	return {
		rules: parseRules(String(row['rules'])),
		version: Number(row['version']),
		isApplied: row['isApplied'] === 1
	};
}

export function writeRules(
	database: Database,
	location: LocationId,
	rules: RuleSet,
	{ isApplied }: { readonly isApplied: boolean }
): void {
	database
		.prepare(
			`INSERT INTO rule_set (location, version, rules, isApplied) VALUES (?, 1, ?, ?)
			ON CONFLICT (location) DO UPDATE SET version = version + 1, rules = excluded.rules, isApplied = excluded.isApplied`
		)
		.run([location, JSON.stringify(rules), isApplied ? 1 : 0]);
}

export function writeApplied(database: Database, location: LocationId): void {
	database.prepare('UPDATE rule_set SET isApplied = 1 WHERE location = ? AND isApplied = 0').run([location]);
}

/** What a folder holds for git: a file of patterns, or the store of a repository of which it is the top. */
export type IgnoreFile = { readonly isRepository: boolean; readonly text: string };

/** What is noted of a folder since it was listed last. */
export type Noted = { readonly ignoreFile: IgnoreFile | null; readonly hasLeftOut: boolean };

/** In one statement, as it is read for each folder of a run. */
export function readNoted(database: Database, folder: EntryId): Noted {
	const row = database
		.prepare(
			`SELECT EXISTS (SELECT 1 FROM left_out WHERE folder = ?) AS hasLeftOut, isRepository, text
			FROM (SELECT 1) LEFT JOIN ignore_file ON ignore_file.folder = ?`
		)
		.get([folder, folder]);
	const text = row?.['text'];
	const ignoreFile = typeof text === 'string' ? { isRepository: row?.['isRepository'] === 1, text } : null;
	return { ignoreFile, hasLeftOut: row?.['hasLeftOut'] === 1 };
}

export function readIgnoreFile(database: Database, folder: EntryId): IgnoreFile | null {
	const row = database.prepare('SELECT isRepository, text FROM ignore_file WHERE folder = ?').get([folder]);
	return row === undefined ? null : { isRepository: row['isRepository'] === 1, text: String(row['text']) };
}

/** Notes what a folder holds for git; whether that is other than it was. */
export function writeIgnoreFile(database: Database, folder: EntryId, file: IgnoreFile | null): boolean {
	const known = readIgnoreFile(database, folder);
	if (known?.isRepository === file?.isRepository && known?.text === file?.text) return false;
	// A number of its own each time: whoever was judged by the one before is told from it.
	if (known !== null) database.prepare('DELETE FROM ignore_file WHERE folder = ?').run([folder]);
	if (file !== null)
		database
			.prepare('INSERT INTO ignore_file (folder, isRepository, text) VALUES (?, ?, ?)')
			.run([folder, file.isRepository ? 1 : 0, file.text]);
	return true;
}

/** A file of patterns on the way from the location's folder down; `depth` is the number of names of its folder's path. */
export type IgnoreLevel = { readonly id: number; readonly depth: number; readonly text: string };

/**
 * The files of patterns on the way down to a folder at `depth`, its own left out, from the top of the innermost
 * repository that holds it.
 */
export function readLevelsAbove(database: Database, folder: EntryId, depth: number): IgnoreLevel[] {
	const rows = database
		.prepare(
			`SELECT ignore_file.id, closure.depth, ignore_file.isRepository, ignore_file.text
			FROM closure JOIN ignore_file ON ignore_file.folder = closure.ancestor
			WHERE closure.descendant = ? AND closure.depth > 0 ORDER BY closure.depth`
		)
		.all([folder]);
	const levels: IgnoreLevel[] = [];
	for (const row of rows) {
		const text = String(row['text']);
		levels.unshift({ id: Number(row['id']), depth: depth - Number(row['depth']), text });
		if (row['isRepository'] === 1) break;
	}
	return levels;
}

/** Notes what was left out of a folder in its last listing. */
export function writeLeftOut(database: Database, folder: EntryId, counts: readonly LeftOut[]): void {
	database.prepare('DELETE FROM left_out WHERE folder = ?').run([folder]);
	const insert = database.prepare(
		'INSERT INTO left_out (folder, rule, files, folders, sizeBytes) VALUES (?, ?, ?, ?, ?)'
	);
	for (const { rule, files, folders, sizeBytes } of counts) insert.run([folder, rule, files, folders, sizeBytes]);
}

function isRule(text: string): text is LeavingRule {
	return leavingRules.some((rule) => rule === text);
}

/** What the folders of a location have had left out, by rule. */
export function readLeftOut(database: Database, location: LocationId): LeftOut[] {
	const rows = database
		.prepare(
			`SELECT rule, sum(left_out.files) AS files, sum(left_out.folders) AS folders, sum(sizeBytes) AS sizeBytes
			FROM left_out JOIN directory ON directory.entry = left_out.folder
			WHERE directory.location = ? GROUP BY rule ORDER BY rule`
		)
		.all([location]);
	return rows.flatMap((row) => {
		const rule = String(row['rule']);
		const counts = {
			files: Number(row['files']),
			folders: Number(row['folders']),
			sizeBytes: Number(row['sizeBytes'])
		};
		return isRule(rule) ? [{ rule, ...counts }] : [];
	});
}

/** What is noted of a folder, which has another number from now on. */
export function moveFolderRules(database: Database, from: EntryId, to: EntryId): void {
	database.prepare('UPDATE ignore_file SET folder = ? WHERE folder = ?').run([to, from]);
	database.prepare('UPDATE left_out SET folder = ? WHERE folder = ?').run([to, from]);
}

/** Forgets what was noted of a folder that is no more. */
export function deleteFolderRules(database: Database, folder: EntryId): void {
	database.prepare('DELETE FROM ignore_file WHERE folder = ?').run([folder]);
	database.prepare('DELETE FROM left_out WHERE folder = ?').run([folder]);
}
