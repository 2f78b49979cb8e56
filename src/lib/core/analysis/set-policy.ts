import * as v from 'valibot';
import { locationId } from '#core/kernel';
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
import { whyMissing, type Location, type LocationNotHere } from '#core/volumes';
import { analysisPolicies, isAnalysisKind, type AnalysisKind } from './analyses.ts';
import { readSaid, writePolicy } from './store.ts';

const locationSchema = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1)));
const policySchema = v.nullable(v.picklist(analysisPolicies));
const analysisSchema = v.custom<AnalysisKind>((value) => typeof value === 'string' && isAnalysisKind(value));
const operationSchema = v.object({
	kind: v.literal('set-policy'),
	/** Null for all that say nothing else, and no name. */
	location: locationSchema,
	name: v.nullable(v.string()),
	analysis: analysisSchema,
	/** Null where nothing is said. */
	from: policySchema,
	to: policySchema
});

type SetPolicy = v.InferOutput<typeof operationSchema>;

export type SetPolicyDomain = {
	readonly operation: SetPolicy;
	readonly block: ChangedSince | LocationNotHere;
	readonly warning: never;
	readonly failure: never;
};

type Deps = {
	readonly database: Database;
	/** Inside `read`. */
	readonly readLocations: () => readonly Location[];
};

function readPolicy(database: Database, location: number | null, analysis: string): SetPolicy['from'] {
	return readSaid(database).find((said) => said.location === location && said.kind === analysis)?.policy ?? null;
}

function check(
	{ database, readLocations }: Deps,
	{ location, analysis, from }: SetPolicy,
	facts: Facts
): SetPolicyDomain['block'] | null {
	const isKnown = location === null || readLocations().some(({ id }) => id === location);
	facts.note(`location/${location ?? 'all'}/is-known`, isKnown ? 1 : 0);
	if (!isKnown) return whyMissing(database, locationId(location));
	const subject = `policy/${location ?? 'all'}/${analysis}`;
	return checkUnchanged(facts, subject, readPolicy(database, location, analysis), from);
}

/** How much an analysis is wanted in one location, or in all that say nothing else. */
export function setPolicyOperation(deps: Deps): Operation<SetPolicyDomain> {
	const { database } = deps;
	return defineRows(operationSchema, {
		check: (operation, facts) => check(deps, operation, facts),
		measure: measureOne,
		apply: (operation): SetPolicy | null => {
			const { location, analysis, from, to } = operation;
			writePolicy(database, location === null ? null : locationId(location), analysis, to);
			return { ...operation, from: to, to: from };
		}
	});
}

export function setPolicyAction(deps: Deps): Action<SetPolicyDomain> {
	return defineAction({
		name: 'analysis.set-policy',
		input: v.object({ location: locationSchema, kind: analysisSchema, policy: policySchema }),
		plan: ({ location, kind: analysis, policy: to }, facts) => {
			const name = deps.readLocations().find(({ id }) => id === location)?.name ?? null;
			const from = readPolicy(deps.database, location, analysis);
			const operation: SetPolicy = { kind: 'set-policy', location, name, analysis, from, to };
			return draftOne<SetPolicyDomain>(operation, { why: check(deps, operation, facts), isSame: from === to });
		}
	});
}
