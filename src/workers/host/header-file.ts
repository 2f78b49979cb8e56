import { err, ok, type Result } from '#core/kernel';
import type { DatabaseFailure } from '#core/ports';
import { findFile, removeIfThere, writeFlushed, type StoredFolder } from './stored-folder.ts';

export const headerName = 'library.json';
/** Complete and flushed, on its way to replace the header. */
const nextName = `${headerName}.new`;
/** Perhaps torn. */
const draftName = `${headerName}.draft`;
/** All names that a header may leave. */
export const headerNames: readonly string[] = [headerName, nextName, draftName];
/** A header is a few hundred bytes; whatever is longer was not written by us. */
const headerBytesMax = 65_536;

/** The header, or the complete one that an interrupted replacement left. */
export async function readHeader(folder: StoredFolder): Promise<Result<Uint8Array, DatabaseFailure>> {
	const file = (await findFile(folder, headerName)) ?? (await findFile(folder, nextName));
	if (!file) return err({ type: 'LibraryMissing', retry: 'never' });
	const blob = await file.getFile();
	if (blob.size > headerBytesMax)
		return err({ type: 'LibraryDamaged', detail: `${headerName} has ${blob.size} bytes`, retry: 'never' });
	return ok(new Uint8Array(await blob.arrayBuffer()));
}

/**
 * Replaces the header so that a crash leaves the old one or the new one. The platform does not say that its `move`
 * over a file is one step, so the new bytes have a complete name of their own before the old ones may go.
 */
export async function writeHeader(folder: StoredFolder, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
	if (!(await findFile(folder, headerName))) await (await findFile(folder, nextName))?.move(headerName);
	await removeIfThere(folder, nextName);
	try {
		const draft = await writeFlushed(folder, draftName, [bytes], signal);
		await draft.move(nextName);
		await draft.move(headerName);
	} finally {
		await removeIfThere(folder, draftName);
	}
}
