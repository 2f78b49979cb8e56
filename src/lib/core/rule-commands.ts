import { ok, type LocationId, type Result } from '#core/kernel';
import type { StorageFailure } from '#core/schema';
import type { LibraryFailure } from '#core/library';
import type { LocationFailure } from '#core/volumes';
import { readLeftOut, readRules, type LeftOut, type RulesFailure, type RuleSet } from '#core/rules';
import type { RuleEffect } from '#core/index';
import type { CoreContext, Joined } from './joined.ts';

type Refusal = LibraryFailure | LocationFailure | StorageFailure;
type Wanted = { readonly location: LocationId; readonly rules: RuleSet };

/** The rules of a location, and what they have left out of its folders when those were listed. */
export type LocationRuleState = { readonly rules: RuleSet; readonly leftOut: readonly LeftOut[] };

export function ruleCommands({ opened }: Joined) {
	const find = (location: LocationId) => {
		const rooms = opened();
		if (!rooms.ok) return rooms;
		const found = rooms.value.locations.find(location);
		return found.ok ? ok({ rooms: rooms.value, location: found.value }) : found;
	};
	return {
		'locations.rules': async (
			{ location }: { readonly location: LocationId },
			_context: CoreContext
		): Promise<Result<LocationRuleState, Refusal>> => {
			const found = find(location);
			if (!found.ok) return found;
			const { database } = found.value.rooms;
			return database.read(() => ({
				rules: readRules(database, location).rules,
				leftOut: readLeftOut(database, location)
			}));
		},
		/** What other rules would do; nothing changes. */
		'locations.preview-rules': async (
			{ location, rules }: Wanted,
			{ signal }: CoreContext
		): Promise<Result<RuleEffect, Refusal | RulesFailure>> => {
			const found = find(location);
			return found.ok ? found.value.rooms.index.previewRules(found.value.location, rules, signal) : found;
		}
	};
}
