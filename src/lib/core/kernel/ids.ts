import { invariant } from './assert.ts';

declare const brand: unique symbol;
/** A value that only a parser or this file can make. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Key of an entry inside one library: a positive integer below 2^53. */
export type EntryId = Brand<number, 'EntryId'>;
/** Key of a location (a folder under management) inside one library. */
export type LocationId = Brand<number, 'LocationId'>;
/** Key of a content (what the copies of a file share) inside one library. */
export type ContentId = Brand<number, 'ContentId'>;
/** 128 random bits, 32 lower-case hex digits. */
export type LibraryId = Brand<string, 'LibraryId'>;
/** 128 random bits chosen by the caller of a write, 32 hex digits: the same id is applied at most once. */
export type CommandId = Brand<string, 'CommandId'>;
/** Key of a job inside one library: a positive integer below 2^53. */
export type JobId = Brand<number, 'JobId'>;

/** The one test behind both kinds of row id; the caller says which kind it is. */
function isRowId<Id extends number>(value: unknown): value is Id {
	return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isHex128<Id extends string>(value: unknown): value is Id {
	return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
}

export function entryId(value: unknown): EntryId {
	invariant(isRowId<EntryId>(value), 'an entry id is a positive integer');
	return value;
}

export function locationId(value: unknown): LocationId {
	invariant(isRowId<LocationId>(value), 'a location id is a positive integer');
	return value;
}

export function contentId(value: unknown): ContentId {
	invariant(isRowId<ContentId>(value), 'a content id is a positive integer');
	return value;
}

export function libraryId(value: unknown): LibraryId {
	invariant(isHex128<LibraryId>(value), 'a library id is 32 hex digits');
	return value;
}

export function commandId(value: unknown): CommandId {
	invariant(isHex128<CommandId>(value), 'a command id is 32 hex digits');
	return value;
}

export function jobId(value: unknown): JobId {
	invariant(isRowId<JobId>(value), 'a job id is a positive integer');
	return value;
}
