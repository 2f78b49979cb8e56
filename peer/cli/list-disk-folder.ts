import { err, ok, type Result } from '#core/kernel';
import type { DiskListing, EntryOrder } from '#core/index';
import type { AnyFailure } from './failure.ts';
import { folderArgument } from './find-place.ts';
import type { OpenLibrary } from './open-library.ts';
import { rootRef } from './root-ref.ts';
import type { Shell } from './shell.ts';

export type DiskFolder = DiskListing & { readonly path: string };

/** The folder of the disk that `text` names, though it lies in no location; `otherwise` where it names none. */
export async function listDiskFolder(
	{ commands, context }: OpenLibrary,
	text: string,
	order: EntryOrder,
	otherwise: AnyFailure,
	{ folder }: Shell
): Promise<Result<DiskFolder, AnyFailure>> {
	const path = folderArgument(text, folder);
	// No name of a disk holds one, so there is nothing to look for.
	if (path.includes('\0')) return err(otherwise);
	const listed = await commands['disk.list']({ root: rootRef(path), path: [], order }, context());
	if (listed.ok) return ok({ ...listed.value, path });
	const isNone = listed.failure.type === 'FolderMissing' || listed.failure.type === 'NotAFolder';
	return isNone ? err(otherwise) : listed;
}
