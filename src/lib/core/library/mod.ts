/**
 * library: one encrypted library in one folder — create, open, unlock, lock, back up, restore.
 *
 * Owns `library.json`, the library key and what is set for all of it. Guarantees: the key exists in memory only while the library is open
 * and on disk only sealed in slots; a change of password rewrites slots, never the database; a folder without
 * a readable header is never taken for an empty library.
 */
export { createLibrary, type Library } from './library.ts';
export type {
	CreatedLibrary,
	CreateLibraryInput,
	JoinLibraryInput,
	LibraryFailure,
	LibraryFlaw,
	LibraryStatus,
	RawKey,
	UnlockFailure,
	UnlockInput,
	VerifyReport
} from './schema.ts';
export { exportBackup, importBackup, type BackupFailure } from './backup.ts';
export {
	changeSettingAction,
	changeSettingOperation,
	readSettings,
	readSettingsNow,
	trashDaysChoices,
	type ChangeSetting,
	type Settings,
	type SettingsDomain
} from './settings.ts';
export { renameLibraryAction, renameLibraryOperation, type RenameLibraryDomain } from './rename-library.ts';
export { believe, readSeenTimes, writeSeenTimes, type SeenTimes } from './seen-times.ts';
export { findDatabaseFlaws } from './verify-database.ts';
export { readDeviceId, readDeviceIdentity, type DeviceIdentity } from './device-id.ts';
