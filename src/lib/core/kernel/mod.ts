/**
 * kernel: what every room stands on. Pure values and functions; knows no host and no table.
 *
 * Guarantees: a `Result` never carries an `Error`; branded ids are made only here or by a parser;
 * a disk name survives `bytesToName` → `nameToBytes` byte for byte; a `WireValue` has one encoding, and bytes that are
 * not that encoding are no value.
 */
export { err, ok, isOk, type Failure, type Result } from './result.ts';
export { type Brand, commandId, contentId, entryId, jobId, libraryId, locationId } from './ids.ts';
export type { CommandId, ContentId, EntryId, JobId, LibraryId, LocationId } from './ids.ts';
export { contentKey, deviceId, volumeId, volumeKey } from './ids.ts';
export type { ContentKey, DeviceId, VolumeId, VolumeKey } from './ids.ts';
export { actionId, planId, type ActionId, type PlanId } from './ids.ts';
export { collectionId, tagId, type CollectionId, type TagId } from './ids.ts';
export { scheduleId, type ScheduleId } from './ids.ts';
export { bytesToName, foldName, nameExtension, nameSortKey, nameToBytes } from './name.ts';
export { invariant } from './assert.ts';
export { FolderChanges } from './folder-changes.ts';
export type { WireValue } from './wire.ts';
export { bytesToWire, cborLimits, wireToBytes, type CborLimits, type CborWrong } from './cbor.ts';
export { aheadMs, driftMaxMs, lastStampAt, nextStamp, stampMs, stampOf, stampText, type Stamp } from './stamp.ts';
export { isReplica, numbersPerSlot } from './numbers.ts';
