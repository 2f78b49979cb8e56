import * as v from 'valibot';
import { locationId, type EntryId } from '#core/kernel';
import { defineAction, defineRows, type Action, type Facts, type Operation } from '#core/actions';
import type { Database } from '#core/schema';
import { chosenName } from './name-location.ts';
import type { LocationFailure } from './schema.ts';
import { readLocation, readLocations, updateName, whyMissing } from './store.ts';

const locationSchema = v.pipe(v.number(), v.integer(), v.minValue(1));
const operationSchema = v.object({
	kind: v.literal('rename-location'),
	location: locationSchema,
	from: v.string(),
	to: v.string()
});
const inputSchema = v.object({ location: locationSchema, name: v.string() });

export type RenameLocation = v.InferOutput<typeof operationSchema>;

export type RenameBlock =
	| LocationFailure
	/** It has got the name `name` since: to take an older renaming back would undo that. */
	| { readonly type: 'RenamedSince'; readonly name: string };

export type RenameDomain = {
	readonly operation: RenameLocation;
	readonly block: RenameBlock;
	readonly warning: never;
	readonly failure: never;
};

type Deps = {
	readonly database: Database;
	/** Calls the entry of the location's folder so as well. */
	readonly writeRootName: (entry: EntryId, name: string) => void;
};

function check({ database }: Deps, { location, from, to }: RenameLocation, facts: Facts): RenameBlock | null {
	const known = readLocations(database);
	facts.note('location-names', JSON.stringify(known.map(({ id, name }) => [id, name])));
	const current = known.find(({ id }) => id === location);
	if (current === undefined) return whyMissing(database, locationId(location));
	if (current.name !== from) return { type: 'RenamedSince', name: current.name };
	const chosen = chosenName(to, known, current.id);
	return chosen.ok ? null : chosen.failure;
}

/** Gives a location another name; on the disk its folder keeps its own. */
export function renameLocationOperation(deps: Deps): Operation<RenameDomain> {
	const { database, writeRootName } = deps;
	return defineRows(operationSchema, {
		check: (operation, facts) => check(deps, operation, facts),
		measure: () => ({ items: 1, sizeBytes: 0 }),
		apply: ({ kind, location, from, to }): RenameLocation | null => {
			const known = readLocation(database, locationId(location));
			if (known === null) return null;
			writeRootName(known.entry, to);
			updateName(database, known.id, to);
			return { kind, location, from: to, to: from };
		}
	});
}

export function renameLocationAction(deps: Deps): Action<RenameDomain> {
	return defineAction({
		name: 'locations.rename',
		input: inputSchema,
		plan: ({ location, name }, facts) => {
			const from = readLocation(deps.database, locationId(location))?.name ?? '';
			const operation: RenameLocation = { kind: 'rename-location', location, from, to: name.trim() };
			const why = check(deps, operation, facts);
			const operations = why === null && from !== operation.to ? [operation] : [];
			const blocked = why === null ? [] : [{ operation, why }];
			const cost = { items: operations.length, sizeBytes: 0, estimateMs: null };
			return { operations, blocked, warnings: [], cost, asks: false };
		}
	});
}
