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
/** Key of a volume inside one library. */
export type VolumeId = Brand<number, 'VolumeId'>;
/** 128 bits, 32 lower-case hex digits: the same for one volume in every library that knows it. */
export type VolumeKey = Brand<string, 'VolumeKey'>;
/** 128 random bits, 32 lower-case hex digits, kept by the device. */
export type DeviceId = Brand<string, 'DeviceId'>;
/** The 256 bits that a content is known by, 64 lower-case hex digits. */
export type ContentKey = Brand<string, 'ContentKey'>;
/** 128 random bits, 32 lower-case hex digits. */
export type LibraryId = Brand<string, 'LibraryId'>;
/** 128 random bits chosen by the caller of a write, 32 hex digits: the same id is applied at most once. */
export type CommandId = Brand<string, 'CommandId'>;
/** Key of a job inside one library: a positive integer below 2^53. */
export type JobId = Brand<number, 'JobId'>;
/** Key of a recorded action inside one library: a positive integer below 2^53. */
export type ActionId = Brand<number, 'ActionId'>;
/** The 256 bits that a plan is known by, 64 lower-case hex digits. */
export type PlanId = Brand<string, 'PlanId'>;
/** 128 random bits, 32 lower-case hex digits: the same for one tag in every library that knows it. */
export type TagId = Brand<string, 'TagId'>;
/** 128 random bits, 32 lower-case hex digits: the same for one collection in every library that knows it. */
export type CollectionId = Brand<string, 'CollectionId'>;
/** Key of a schedule inside one library: a positive integer below 2^53. */
export type ScheduleId = Brand<number, 'ScheduleId'>;

/** The one test behind both kinds of row id; the caller says which kind it is. */
function isRowId<Id extends number>(value: unknown): value is Id {
	return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isHex128<Id extends string>(value: unknown): value is Id {
	return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
}

function isHex256<Id extends string>(value: unknown): value is Id {
	return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
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

export function volumeId(value: unknown): VolumeId {
	invariant(isRowId<VolumeId>(value), 'a volume id is a positive integer');
	return value;
}

export function volumeKey(value: unknown): VolumeKey {
	invariant(isHex128<VolumeKey>(value), 'a volume key is 32 hex digits');
	return value;
}

export function deviceId(value: unknown): DeviceId {
	invariant(isHex128<DeviceId>(value), 'a device id is 32 hex digits');
	return value;
}

export function contentKey(value: unknown): ContentKey {
	invariant(isHex256<ContentKey>(value), 'a content key is 64 hex digits');
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

export function actionId(value: unknown): ActionId {
	invariant(isRowId<ActionId>(value), 'an action id is a positive integer');
	return value;
}

export function planId(value: unknown): PlanId {
	invariant(isHex256<PlanId>(value), 'a plan id is 64 hex digits');
	return value;
}

export function tagId(value: unknown): TagId {
	invariant(isHex128<TagId>(value), 'a tag id is 32 hex digits');
	return value;
}

export function collectionId(value: unknown): CollectionId {
	invariant(isHex128<CollectionId>(value), 'a collection id is 32 hex digits');
	return value;
}

export function scheduleId(value: unknown): ScheduleId {
	invariant(isRowId<ScheduleId>(value), 'a schedule id is a positive integer');
	return value;
}
