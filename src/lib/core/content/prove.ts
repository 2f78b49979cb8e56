import { err, ok, type ContentId, type Result } from '#core/kernel';
import type { Database, StorageFailure } from '#core/schema';
import type { Location } from '#core/volumes';
import type { IdentifyDeps } from './identify.ts';
import { readProof } from './read-identity.ts';
import type { ContentFailure, FileEntry, ProveOutcome } from './schema.ts';
import { insertSplit, readContent, readSplits, writeProof } from './store.ts';

/** The content of the same quick identity whose bytes are those of `proof`; made where there is none. */
function contentOfProof(database: Database, known: ContentId, proof: Uint8Array): ContentId {
	const content = readContent(database, known);
	const splits = content === null ? [] : readSplits(database, content.identity);
	const same = splits.find((one) => one.proof !== null && one.proof.every((byte, at) => byte === proof[at]));
	if (same !== undefined) return same.id;
	// No copy of it was ever read to the end: this one says what it is.
	if (content?.proof !== null) return insertSplit(database, known, proof);
	writeProof(database, known, proof);
	return known;
}

/** Ties the file to the content that its bytes are; whether that is another one than before, or null where it changed. */
export function writeProven(deps: IdentifyDeps, file: FileEntry, proof: Uint8Array): boolean | null {
	const now = deps.entries.readFile(file.id);
	const isSame = now?.sizeBytes === file.sizeBytes && now.modifiedMs === file.modifiedMs && now.inode === file.inode;
	if (now?.content === undefined || now.content === null || now.content !== file.content || !isSame) return null;
	const content = contentOfProof(deps.database, now.content, proof);
	deps.entries.writeContent(now.id, content, true);
	return content !== now.content;
}

/**
 * Reads every byte of the copies of `content` that nobody has read yet. Those that turn out to differ, though their
 * quick identity is the same, are contents of their own from then on. Copies that cannot be read now stay unproven.
 */
export async function prove(
	deps: IdentifyDeps,
	locations: readonly Location[],
	content: ContentId,
	signal: AbortSignal
): Promise<Result<ProveOutcome, ContentFailure | StorageFailure>> {
	const { database, entries } = deps;
	const read = database.read(() => ({ copies: entries.readCopies(content), known: readContent(database, content) }));
	if (!read.ok) return read;
	if (read.value.known === null) return err({ type: 'ContentMissing' });
	const outcome = { proven: 0, split: 0, unread: 0, bytesRead: 0 };
	for (const file of read.value.copies) {
		signal.throwIfAborted();
		const location = locations.find(({ id }) => id === file.location);
		if (file.proven) outcome.proven++;
		// To take it for a file of its own would hide that it was another.
		if (file.damaged) outcome.unread++;
		if (file.proven || file.damaged || location === undefined) continue;
		const path = database.read(() => [...entries.pathReader()(file.folder), file.name]);
		if (!path.ok) return path;
		const hasher = await deps.compute.blake3();
		const place = { file, root: location.root, path: path.value };
		const proof = await readProof(deps, place, hasher, (bytes) => (outcome.bytesRead += bytes), signal);
		const written = database.write(() => (proof.ok ? writeProven(deps, file, proof.value) : null));
		if (!written.ok) return written;
		if (written.value === null) outcome.unread++;
		else outcome.proven++;
		if (written.value === true) outcome.split++;
		deps.onChange([file.folder]);
	}
	return ok(outcome);
}
