/**
 * content: what a file is, by its bytes.
 *
 * Owns the table of contents and the table of file types. Guarantees: the same bytes have the same identity on every
 * host, and it is BLAKE3 over the length of a file (8 bytes, the lowest first) and all of it up to 100 KiB, else over
 * the length and windows of 8 KiB at the start, four of 10 KiB from 8,192 on in steps of a quarter of the rest, and
 * 8 KiB at the end; nothing is ever made of a file that changed while it was read; a file is only read, never
 * written; two files count as proven the same only when every byte of both was read.
 */
export { createContents, type Contents } from './content.ts';
export { createContentJob, type ContentJob, type ContentJobFailure } from './content-job.ts';
export { deleteContent, fileKindOf, findOrInsertTold, type ToldContent } from './store.ts';
export { keepNumber, readContent, readFileType, typeByName, typeOfFile } from './store.ts';
export { contentNumber, reserveContent } from './store.ts';
export { createIdentityReader, settleMs, type FilePlace, type IdentityReader } from './read-identity.ts';
export { createScrubJob, type ScrubEnd, type ScrubFailure, type ScrubJob } from './scrub-job.ts';
export type { ScrubOutcome } from './scrub.ts';
export type { FileKind, FileTypeRow } from './file-types.ts';
export type {
	Content,
	ContentFailure,
	ContentProgress,
	FileEntries,
	FileEntry,
	FileType,
	IdentifyOutcome,
	ProveOutcome,
	Unread
} from './schema.ts';
