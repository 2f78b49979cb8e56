import { err, ok, type Result } from '#core/kernel';
import type { DiskListing, EntryOrder } from '#core/index';
import type { RootRef } from '#core/ports';
import type { AnyFailure } from './failure.ts';
import { folderArgument } from './find-place.ts';
import type { OpenLibrary } from './open-library.ts';
import { rootRef } from './root-ref.ts';
import type { Shell } from './shell.ts';

export type DiskFolder = DiskListing & { readonly path: string };

/** What `ask` answers of the folder of the disk that `text` names, with its path; `otherwise` where it names none. */
export async function onDisk<T>(
	text: string,
	otherwise: AnyFailure,
	{ folder }: Shell,
	ask: (root: RootRef) => Promise<Result<T, AnyFailure>>
): Promise<Result<T & { readonly path: string }, AnyFailure>> {
	const path = folderArgument(text, folder);
	// No name of a disk holds one, so there is nothing to look for.
	if (path.includes('\0')) return err(otherwise);
	const answer = await ask(rootRef(path));
	if (answer.ok) return ok({ ...answer.value, path });
	const isNone = answer.failure.type === 'FolderMissing' || answer.failure.type === 'NotAFolder';
	return isNone ? err(otherwise) : answer;
}

/** The folder of the disk that `text` names, though it lies in no location; `otherwise` where it names none. */
export function listDiskFolder(
	{ commands, context }: OpenLibrary,
	text: string,
	order: EntryOrder,
	otherwise: AnyFailure,
	shell: Shell
): Promise<Result<DiskFolder, AnyFailure>> {
	return onDisk(text, otherwise, shell, (root) => commands['disk.list']({ root, path: [], order }, context()));
}
