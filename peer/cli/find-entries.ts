import { dirname, resolve } from 'node:path';
import { err, ok, type EntryId, type Result } from '#core/kernel';
import type { ConflictPolicy } from '#core/files';
import type { Options } from './command.ts';
import type { AnyFailure } from './failure.ts';
import { findPlace, type EntryPlace } from './find-place.ts';
import type { OpenLibrary } from './open-library.ts';
import { parsePrinted } from './print.ts';

/** The option of a command that may find a name taken, and does what one of `policies` says there. */
export function conflictOption(policies: readonly ConflictPolicy[]) {
	return {
		conflicts: { type: 'string', short: 'c', hint: 'POLICY', help: `where a name is taken: ${policies.join(', ')}` }
	} as const satisfies Options;
}

export function readConflicts(
	command: string,
	text: string | undefined,
	policies: readonly ConflictPolicy[]
): Result<ConflictPolicy, AnyFailure> {
	if (text === undefined) return ok('ask');
	const policy = policies.find((known) => known === text);
	if (policy !== undefined) return ok(policy);
	return err({ type: 'UsageWrong', command, problem: `--conflicts is one of ${policies.join(', ')}.` });
}

/** The entry that a path names; `/` is none. */
export async function findEntry(
	library: OpenLibrary,
	command: string,
	text: string,
	folder: string
): Promise<Result<EntryPlace, AnyFailure>> {
	const place = await findPlace(library, text, folder);
	if (!place.ok) return place;
	if (place.value.entry !== null) return ok(place.value.entry);
	return err({ type: 'UsageWrong', command, problem: 'Name something below /: the library as a whole is no folder.' });
}

/** The entries that paths name, all of them or the failure of the first that names none. */
export async function findEntries(
	library: OpenLibrary,
	command: string,
	texts: readonly string[],
	folder: string
): Promise<Result<EntryId[], AnyFailure>> {
	const ids: EntryId[] = [];
	for (const text of texts) {
		const found = await findEntry(library, command, text, folder);
		if (!found.ok) return found;
		ids.push(found.value.row.id);
	}
	return ok(ids);
}

/** A folder of the index, and a name in it that is perhaps not taken. */
export type NewPlace = { readonly folder: EntryId; readonly name: string };

/** What a path means that is to come into being: the folder above it must be there. */
export async function findNewPlace(
	library: OpenLibrary,
	command: string,
	text: string,
	folder: string
): Promise<Result<NewPlace, AnyFailure>> {
	const path = text.startsWith('/') ? text.replace(/\/+$/, '') : resolve(folder, text);
	const typed = path.slice(path.lastIndexOf('/') + 1);
	const above = await findEntry(library, command, dirname(path), folder);
	return above.ok ? ok({ folder: above.value.row.id, name: parsePrinted(typed) ?? typed }) : above;
}

/** Where things are to come: into a folder that is there, or beside others under a name of its own. */
export async function findTarget(
	library: OpenLibrary,
	command: string,
	text: string,
	folder: string
): Promise<Result<{ readonly folder: EntryId; readonly name: string | null }, AnyFailure>> {
	const there = await findEntry(library, command, text, folder);
	if (there.ok && there.value.row.kind === 'directory') return ok({ folder: there.value.row.id, name: null });
	if (!there.ok && there.failure.type !== 'PathMissing') return there;
	const beside = await findNewPlace(library, command, text, folder);
	// What was typed is missing, not only what lies above it.
	return beside.ok || there.ok ? beside : there;
}
