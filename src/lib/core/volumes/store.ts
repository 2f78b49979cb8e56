import type { Selectable } from 'kysely';
import { entryId, invariant, locationId, type EntryId, type LocationId } from '#core/kernel';
import type { RootRef } from '#core/ports';
import { build, type Database, type Tables } from '#core/schema';
import type { Location, LocationProblem } from './schema.ts';

/** Both were written by this room, so their text is what it wrote. */
function isRoot(text: string): text is RootRef {
	return text !== '';
}

function isProblem(value: unknown): value is LocationProblem {
	return typeof value === 'object' && value !== null && 'type' in value;
}

function toProblem(text: string | null): LocationProblem | null {
	const value: unknown = text === null ? null : JSON.parse(text);
	return isProblem(value) ? value : null;
}

function rowToLocation(row: Selectable<Tables['location']>): Location {
	invariant(isRoot(row.root), 'a location has a root');
	return {
		id: locationId(row.id),
		name: row.name,
		root: row.root,
		entry: entryId(row.entry),
		addedMs: row.addedMs,
		indexedMs: row.indexedMs,
		unfinished: row.unfinished === 1,
		problem: toProblem(row.problem)
	};
}

export function readLocations(database: Database): Location[] {
	return database.all(build.selectFrom('location').selectAll().orderBy('id')).map(rowToLocation);
}

export function readLocation(database: Database, id: LocationId): Location | null {
	const row = database.first(build.selectFrom('location').selectAll().where('id', '=', id));
	return row === undefined ? null : rowToLocation(row);
}

export function insertLocation(
	database: Database,
	location: { readonly name: string; readonly root: RootRef; readonly entry: EntryId; readonly addedMs: number }
): LocationId {
	const values = { ...location, run: 0, unfinished: 0, indexedMs: null, problem: null };
	return locationId(database.run(build.insertInto('location').values(values)).lastId);
}

/** How many locations were renamed: 0 or 1. */
export function updateName(database: Database, id: LocationId, name: string): number {
	return database.run(build.updateTable('location').set({ name }).where('id', '=', id)).changes;
}

/** How many locations were removed: 0 or 1. */
export function deleteLocation(database: Database, id: LocationId): number {
	return database.run(build.deleteFrom('location').where('id', '=', id)).changes;
}

export function updateProblem(database: Database, id: LocationId, problem: LocationProblem | null): void {
	const text = problem === null ? null : JSON.stringify(problem);
	database.run(build.updateTable('location').set({ problem: text }).where('id', '=', id));
}

/** The number of the index run to do now: the unfinished one, or a new one. Marks it as begun. */
export function beginRun(database: Database, id: LocationId): number {
	const row = database.first(build.selectFrom('location').select(['run', 'unfinished']).where('id', '=', id));
	if (row === undefined) return 0;
	const run = row.unfinished === 1 ? row.run : row.run + 1;
	const begun = { run, unfinished: 1, problem: null };
	database.run(build.updateTable('location').set(begun).where('id', '=', id));
	return run;
}

/** The number of the last index run, and whether it has come to its end; null where there is no such location. */
export function readRun(database: Database, id: LocationId): { readonly run: number; readonly isOver: boolean } | null {
	const row = database.first(build.selectFrom('location').select(['run', 'unfinished']).where('id', '=', id));
	return row === undefined ? null : { run: row.run, isOver: row.unfinished === 0 };
}

export function endRun(database: Database, id: LocationId, indexedMs: number): void {
	database.run(build.updateTable('location').set({ unfinished: 0, indexedMs }).where('id', '=', id));
}
