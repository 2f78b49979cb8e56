import { ok, type Result } from '#core/kernel';
import type { DiskEntry, DiskPlace } from '#core/ports';
import { above, failedAt, type FilesDeps, type StepFailure } from './schema.ts';

/** What is at `place`; null where nothing is, also no folder that it could be in. */
export async function look(
	{ files }: FilesDeps,
	place: DiskPlace,
	signal: AbortSignal
): Promise<Result<DiskEntry | null, StepFailure>> {
	const found = await files.look(place.root, place.path, signal);
	return found.ok ? found : failedAt(place, found.failure);
}

export type Listed = {
	readonly entries: readonly DiskEntry[];
	/** Names that are there and could not be looked at. */
	readonly unread: readonly string[];
};

/** All that is in the folder `place`, whose path may be empty. */
export async function listAll(
	{ files }: FilesDeps,
	place: DiskPlace,
	signal: AbortSignal
): Promise<Result<Listed, StepFailure>> {
	const entries: DiskEntry[] = [];
	const unread: string[] = [];
	for await (const page of files.list(place.root, place.path, signal)) {
		if (!page.ok) return failedAt(place, page.failure);
		entries.push(...page.value.entries);
		for (const { name, reason } of page.value.skipped) if (reason !== 'vanished') unread.push(name);
	}
	return ok({ entries, unread });
}

/**
 * What is at `place` under exactly that name; `other` where the disk has a name there that it takes for the same, so
 * that what is found may be somebody else's.
 */
export async function lookExactly(
	deps: FilesDeps,
	place: DiskPlace,
	signal: AbortSignal
): Promise<Result<DiskEntry | 'other' | null, StepFailure>> {
	const found = await look(deps, place, signal);
	if (!found.ok || found.value === null) return found;
	const listed = await listAll(deps, above(place), signal);
	if (!listed.ok) return listed;
	const name = place.path.at(-1);
	return ok(listed.value.entries.find((entry) => entry.name === name) ?? 'other');
}
