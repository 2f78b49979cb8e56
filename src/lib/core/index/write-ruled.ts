import { entryId, type EntryId, type LocationId } from '#core/kernel';
import {
	leavingRules,
	readRules,
	writeIgnoreFile,
	writeLeftOut,
	type Judged,
	type LeavingRule,
	type LeftOut,
	type Noted
} from '#core/rules';
import type { Database } from '#core/schema';
import type { KnownChild } from './compare-folder.ts';
import type { OwnIgnore } from './list-allowed.ts';
import { noteMissing } from './missing.ts';
import { noteBelow } from './store.ts';

/** What the rules said of a folder when it was listed. */
export type Ruled = {
	/** What was noted of it before. */
	readonly noted: Noted;
	readonly own: OwnIgnore;
	/** Children of the index that are left out by now, by name. */
	readonly leaving: ReadonlyMap<string, KnownChild>;
	/** All that was left out. */
	readonly counts: readonly LeftOut[];
};

/** Adds up what is left out, by rule. */
export function createCounts(): { add(entry: Judged, rule: LeavingRule): void; all(): LeftOut[] } {
	const sums = new Map<LeavingRule, { files: number; folders: number; sizeBytes: number }>();
	return {
		add: ({ kind, sizeBytes }, rule) => {
			const sum = sums.get(rule) ?? { files: 0, folders: 0, sizeBytes: 0 };
			if (kind === 'directory') sum.folders++;
			else {
				sum.files++;
				sum.sizeBytes += sizeBytes;
			}
			sums.set(rule, sum);
		},
		all: () =>
			leavingRules.flatMap((rule) => {
				const sum = sums.get(rule);
				return sum === undefined ? [] : [{ rule, ...sum }];
			})
	};
}

/** Whether there is anything to note: of most folders no rule says anything. */
export function saysMore({ noted, own, leaving, counts }: Ruled): boolean {
	if (leaving.size > 0 || noted.hasLeftOut || counts.length > 0) return true;
	return own !== 'unread' && (own !== null || noted.ignoreFile !== null);
}

/**
 * Notes what is left out of a folder, and what it holds for git; whether the folders below are under other rules now.
 * Then they wait to be listed again.
 */
export function writeRuled(
	database: Database,
	{ id: location, run }: { readonly id: LocationId; readonly run: number },
	folder: EntryId,
	{ noted, own, leaving, counts }: Ruled
): boolean {
	for (const [name, child] of leaving)
		noteMissing(database, { id: location, run }, { id: entryId(child.id), folder, name }, true);
	if (noted.hasLeftOut || counts.length > 0) writeLeftOut(database, folder, counts);
	if (own === 'unread' || (own === null && noted.ignoreFile === null)) return false;
	if (!writeIgnoreFile(database, folder, own)) return false;
	if (!readRules(database, location).rules.obeysGitignore) return false;
	noteBelow(database, folder, run);
	return true;
}
