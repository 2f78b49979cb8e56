import * as v from 'valibot';
import { locationId, type LocationId } from '#core/kernel';
import {
	checkUnchanged,
	defineAction,
	defineRows,
	draftOne,
	type Action,
	type ChangedSince,
	type Facts,
	type Operation
} from '#core/actions';
import { faultOfRules, readRules, ruleSetSchema, type RulesFailure, type RuleSet } from '#core/rules';
import type { Database } from '#core/schema';
import { whyMissing, type Location, type LocationNotHere } from '#core/volumes';
import type { RuleChanges } from './change-rules.ts';
import { readPlanEntry } from './plan-entries.ts';

/** Effects remembered from looking to planning: a person thinks about one set of rules at a time. */
const rememberedMax = 8;

const countSchema = v.pipe(v.number(), v.integer(), v.minValue(0));
const usageSchema = v.object({ files: countSchema, folders: countSchema, sizeBytes: countSchema });
const effectSchema = v.object({ leaving: usageSchema, returning: usageSchema });
const operationSchema = v.object({
	kind: v.literal('set-rules'),
	location: v.pipe(v.number(), v.integer(), v.minValue(1)),
	name: v.string(),
	from: ruleSetSchema,
	to: ruleSetSchema,
	/** What leaves the index, and what may come into it; null where nobody has looked. */
	told: v.nullable(effectSchema)
});

type SetRules = v.InferOutput<typeof operationSchema>;
type Effect = v.InferOutput<typeof effectSchema>;

export type SetRulesDomain = {
	readonly operation: SetRules;
	readonly block: ChangedSince | RulesFailure | LocationNotHere;
	readonly warning: never;
	readonly failure: never;
};

type Deps = {
	readonly database: Database;
	readonly index: RuleChanges;
	/** Inside `read`. */
	readonly readLocations: () => readonly Location[];
};

function sum(counts: readonly v.InferOutput<typeof usageSchema>[]): Effect['leaving'] {
	const all = { files: 0, folders: 0, sizeBytes: 0 };
	for (const { files, folders, sizeBytes } of counts) {
		all.files += files;
		all.folders += folders;
		all.sizeBytes += sizeBytes;
	}
	return all;
}

/** What rules would do, looked up step by step before a plan, which has no time for a large tree. */
function createEffects({ database, index, readLocations }: Deps) {
	const known = new Map<string, { readonly effect: Effect; readonly basis: string }>();
	const keyOf = (location: number, rules: RuleSet) => JSON.stringify([location, rules]);
	const findBasis = (id: LocationId) => {
		const location = readLocations().find((one) => one.id === id);
		const state = location === undefined ? null : readPlanEntry(database, location.entry)?.state;
		return { location, basis: JSON.stringify([state, readRules(database, id).version]) };
	};
	return {
		of: (location: number, rules: RuleSet) => known.get(keyOf(location, rules))?.effect ?? null,
		look: async (id: LocationId, rules: RuleSet, signal: AbortSignal): Promise<void> => {
			const key = keyOf(id, rules);
			const found = database.read(() => findBasis(id));
			if (!found.ok || found.value.location === undefined) return;
			const { location, basis } = found.value;
			// Who commits what was just looked at need not wait for a large tree once more.
			if (known.get(key)?.basis === basis) return;
			known.delete(key);
			const told = await index.previewRules(location, rules, signal);
			if (!told.ok) return;
			const { leaving, returning } = told.value;
			known.set(key, { effect: { leaving: sum(leaving), returning }, basis });
			const [oldest] = known.keys();
			if (known.size > rememberedMax && oldest !== undefined) known.delete(oldest);
		}
	};
}

function check(
	{ database, readLocations }: Deps,
	{ location, from, to }: SetRules,
	facts: Facts
): SetRulesDomain['block'] | null {
	const isKnown = readLocations().some(({ id }) => id === location);
	facts.note(`location/${location}/is-known`, isKnown ? 1 : 0);
	if (!isKnown) return whyMissing(database, locationId(location));
	const { rules } = readRules(database, locationId(location));
	return checkUnchanged(facts, `location/${location}/rules`, rules, from) ?? faultOfRules(to);
}

/** What of a location's folder comes into the index: how that is changed, and asked for. */
export function createSetRules(deps: Deps): {
	readonly operation: Operation<SetRulesDomain>;
	readonly action: Action<SetRulesDomain>;
} {
	const { database, index, readLocations } = deps;
	const effects = createEffects(deps);
	const operation: Operation<SetRulesDomain> = defineRows(operationSchema, {
		prepare: ({ location, to }, signal) => effects.look(locationId(location), to, signal),
		check: (wanted, facts) => check(deps, wanted, facts),
		part: (wanted) => ({ due: { ...wanted, told: effects.of(wanted.location, wanted.to) }, blocked: [] }),
		measure: ({ told }) => ({ items: Math.max(1, countLeaving(told)), sizeBytes: 0 }),
		apply: (wanted): SetRules | null =>
			index.writeRules(locationId(wanted.location), wanted.to)
				? { ...wanted, from: wanted.to, to: wanted.from, told: null }
				: null
	});
	const action: Action<SetRulesDomain> = defineAction({
		name: 'locations.set-rules',
		input: v.object({ location: operationSchema.entries.location, rules: ruleSetSchema }),
		prepare: ({ location, rules }, signal) => effects.look(locationId(location), rules, signal),
		plan: ({ location, rules: to }, facts) => {
			const name = readLocations().find(({ id }) => id === location)?.name ?? '';
			const { rules } = readRules(database, locationId(location));
			const from = { ...rules, patterns: [...rules.patterns] };
			const told = effects.of(location, to);
			const wanted: SetRules = { kind: 'set-rules', location, name, from, to, told };
			return draftOne<SetRulesDomain>(wanted, {
				why: check(deps, wanted, facts),
				isSame: JSON.stringify(from) === JSON.stringify(to),
				items: Math.max(1, countLeaving(told))
			});
		}
	});
	return { operation, action };
}

/** Files and folders that leave the index. */
export function countLeaving(effect: Effect | null): number {
	return effect === null ? 0 : effect.leaving.files + effect.leaving.folders;
}
