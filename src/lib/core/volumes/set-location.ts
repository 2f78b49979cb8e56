import * as v from 'valibot';
import { locationId, type LocationId } from '#core/kernel';
import {
	checkUnchanged,
	defineAction,
	defineRows,
	draftOne,
	measureOne,
	type Action,
	type ChangedSince,
	type Facts,
	type Operation
} from '#core/actions';
import type { Database } from '#core/schema';
import { indexModes, type LocationNotHere } from './schema.ts';
import { storageClasses, tierOf, type StorageClass } from './storage-class.ts';
import { readLocation, updateLogicalClass, updateMode, whyMissing } from './store.ts';

const locationSchema = v.pipe(v.number(), v.integer(), v.minValue(1));
const modeSchema = v.picklist(indexModes);
const classSchema = v.nullable(v.picklist(storageClasses));
const setModeSchema = v.object({
	kind: v.literal('set-mode'),
	location: locationSchema,
	name: v.string(),
	from: modeSchema,
	to: modeSchema
});
const setClassSchema = v.object({
	kind: v.literal('set-class'),
	location: locationSchema,
	name: v.string(),
	from: classSchema,
	to: classSchema
});

type SetMode = v.InferOutput<typeof setModeSchema>;
type SetClass = v.InferOutput<typeof setClassSchema>;
export type SetLocationBlock = ChangedSince | LocationNotHere;
/** What is wanted of a folder is more than its disk gives. */
export type TierSlower = {
	readonly type: 'TierSlower';
	readonly disk: StorageClass;
	readonly wanted: StorageClass;
};

export type SetModeDomain = {
	readonly operation: SetMode;
	readonly block: SetLocationBlock;
	readonly warning: never;
	readonly failure: never;
};
export type SetClassDomain = {
	readonly operation: SetClass;
	readonly block: SetLocationBlock;
	readonly warning: TierSlower;
	readonly failure: never;
};

function readKnown(database: Database, id: LocationId, facts: Facts) {
	const known = readLocation(database, id);
	facts.note(`location/${id}/is-known`, known === null ? 0 : 1);
	return known;
}

/** How far the files of a location are looked at from now on; what is known of them stays. */
export function setModeOperation(database: Database): Operation<SetModeDomain> {
	return defineRows(setModeSchema, {
		check: ({ location, from }, facts) => {
			const known = readKnown(database, locationId(location), facts);
			return known === null
				? whyMissing(database, locationId(location))
				: checkUnchanged(facts, `location/${location}/mode`, known.mode, from);
		},
		measure: measureOne,
		apply: (operation): SetMode | null =>
			updateMode(database, locationId(operation.location), operation.to) === 0
				? null
				: { ...operation, from: operation.to, to: operation.from }
	});
}

export function setModeAction(database: Database): Action<SetModeDomain> {
	return defineAction({
		name: 'locations.set-mode',
		input: v.object({ location: locationSchema, mode: modeSchema }),
		plan: ({ location, mode }, facts) => {
			const known = readKnown(database, locationId(location), facts);
			const from = known?.mode ?? mode;
			const operation: SetMode = { kind: 'set-mode', location, name: known?.name ?? '', from, to: mode };
			const why =
				known === null
					? whyMissing(database, locationId(location))
					: checkUnchanged(facts, `location/${location}/mode`, from, from);
			return draftOne<SetModeDomain>(operation, { why, isSame: from === mode });
		}
	});
}

/** How soon a person wants the files of a location at hand; null for no wish. */
export function setClassOperation(database: Database): Operation<SetClassDomain> {
	return defineRows(setClassSchema, {
		check: ({ location, from }, facts) => {
			const known = readKnown(database, locationId(location), facts);
			return known === null
				? whyMissing(database, locationId(location))
				: checkUnchanged(facts, `location/${location}/class`, known.tier.logical, from);
		},
		measure: measureOne,
		apply: (operation): SetClass | null =>
			updateLogicalClass(database, locationId(operation.location), operation.to) === 0
				? null
				: { ...operation, from: operation.to, to: operation.from }
	});
}

export function setClassAction(database: Database): Action<SetClassDomain> {
	return defineAction({
		name: 'locations.set-class',
		input: v.object({ location: locationSchema, logicalClass: classSchema }),
		plan: ({ location, logicalClass: to }, facts) => {
			const known = readKnown(database, locationId(location), facts);
			const from = known?.tier.logical ?? null;
			const operation: SetClass = { kind: 'set-class', location, name: known?.name ?? '', from, to };
			const why =
				known === null
					? whyMissing(database, locationId(location))
					: checkUnchanged(facts, `location/${location}/class`, from, from);
			const { physical, isSlowerThanWanted } = tierOf(known?.tier.physical ?? null, to);
			const isSlower = isSlowerThanWanted && physical !== null && to !== null;
			const warnings: TierSlower[] = isSlower ? [{ type: 'TierSlower', disk: physical, wanted: to }] : [];
			return draftOne<SetClassDomain>(operation, { why, isSame: known !== null && from === to, warnings });
		}
	});
}
