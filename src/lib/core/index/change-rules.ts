import { err, ok, type LocationId, type Result } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import {
	createJudges,
	faultOfRules,
	readRules,
	writeApplied,
	writeRules,
	type Judges,
	type Rulebook,
	type RulesFailure,
	type RuleSet
} from '#core/rules';
import type { Database, StorageFailure } from '#core/schema';
import type { Location } from '#core/volumes';
import type { Batch } from './batch.ts';
import { noteMissing } from './missing.ts';
import { readEffect, type RuleEffect } from './rule-effect.ts';
import { noteAll } from './store.ts';
import { walkTree } from './walk-tree.ts';

type Deps = {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly movements: { count: number };
	readonly readRun: (location: LocationId) => { readonly run: number } | null;
	readonly writeBegin: (location: LocationId) => number;
};

type Refusal = RulesFailure | StorageFailure;

/** How the rules of a location become other ones: first what that would do, then it. */
export type RuleChanges = {
	/** What `rules` would do to the index, told by the index alone; nothing changes. */
	previewRules(location: Location, rules: RuleSet, signal: AbortSignal): Promise<Result<RuleEffect, Refusal>>;
	/**
	 * Inside a transaction: puts `rules` in force, also for a run that is going on; false where the location is no more.
	 * Where it has been read before all of its folders wait to be listed again.
	 */
	writeRules(location: LocationId, rules: RuleSet): boolean;
	/** To be called once that is down. */
	rulesChanged(): void;
};

export function createRuleChanges(deps: Deps): RuleChanges {
	const { database, movements } = deps;
	return {
		previewRules: async (location, rules, signal) => {
			const fault = faultOfRules(rules);
			if (fault !== null) return err(fault);
			return readEffect({ ...deps, judges: createJudges() }, location, rules, signal);
		},
		writeRules: (location, rules) => {
			const last = deps.readRun(location);
			if (last === null) return false;
			const isBlank = last.run === 0;
			writeRules(database, location, rules, { isApplied: isBlank });
			if (!isBlank) noteAll(database, location, deps.writeBegin(location));
			return true;
		},
		rulesChanged: () => void movements.count++
	};
}

type Dropping = {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly location: Location;
	readonly number: number;
	readonly rulebook: Rulebook;
	readonly judges: Judges;
	readonly batch: Batch;
};

/**
 * Drops from the index what rules leave out that it has not taken in yet, a batch at a time, without the disk: it may
 * be away. A kill leaves the rest of it to the next run.
 */
export async function dropLeftOut(
	{ database, clock, location, number, rulebook, judges, batch }: Dropping,
	signal: AbortSignal
): Promise<Result<null, StorageFailure>> {
	const state = database.read(() => readRules(database, location.id).isApplied);
	if (!state.ok) return state;
	if (state.value) return ok(null);
	const walk = walkTree({ database, judges, rulesIn: rulebook }, location.entry);
	for (let isOver = false; !isOver;) {
		signal.throwIfAborted();
		const stepped = database.write(() =>
			walk.step(({ id, folder, name }) =>
				noteMissing(database, { id: location.id, run: number }, { id, folder, name }, true)
			)
		);
		if (!stepped.ok) return stepped;
		isOver = stepped.value;
		await clock.wait(0, signal);
	}
	const removed = await batch.removeMissing(0, signal);
	return removed.ok ? noteApplied(database, location.id) : removed;
}

function noteApplied(database: Database, location: LocationId): Result<null, StorageFailure> {
	const written = database.write(() => writeApplied(database, location));
	return written.ok ? ok(null) : written;
}
