/**
 * volumes: the folders under management, the volumes they lie on, and the addresses of what lies there.
 *
 * Owns the tables of locations and volumes. Guarantees: no folder is managed twice, and no two locations share a name;
 * a folder that cannot be read keeps its place and says why; a volume is known by its filesystem, so a location is
 * found again wherever its volume is mounted, and another volume in its place is never taken for it; nothing here
 * touches a person's files.
 */
export { createLocations, type Locations } from './locations.ts';
export { renameLocationAction, renameLocationOperation, type RenameDomain } from './rename-location.ts';
export { renameVolumeAction, renameVolumeOperation, type RenameVolumeDomain } from './rename-volume.ts';
export {
	addLocationAction,
	bringBack,
	locationOperations,
	removeLocationAction,
	sendAway,
	type LocationsDeps,
	type LocationsDomain,
	type Taking
} from './add-location.ts';
export { deleteFormer, readFormerClaim, readFormers, type Former } from './former.ts';
export { createFolderLook, type FolderLook } from './look-at-folder.ts';
export {
	setClassAction,
	setClassOperation,
	setModeAction,
	setModeOperation,
	type SetClassDomain,
	type SetModeDomain
} from './set-location.ts';
export { createVolumes, type Volumes } from './volumes.ts';
export { portableKey, writePlace, type PlaceDeps } from './write-place.ts';
export { inTime, nameOfVolume } from './look-for-locations.ts';
export { indexModes, isIndexMode, type IndexMode } from './schema.ts';
export type {
	LastRun,
	Location,
	LocationFailure,
	LocationNotHere,
	LocationProblem,
	NotOnThisDevice,
	Place
} from './schema.ts';
export { isOffline, whyMissing } from './store.ts';
export type { Volume, VolumeFailure } from './schema.ts';
export { isStorageClass, physicalClassOf, storageClasses, tierOf } from './storage-class.ts';
export type { Speed, StorageClass, Tier } from './storage-class.ts';
export { parseAddress, printAddress, type Address, type AddressFailure } from './address.ts';
export { bestCopy, type Copy, type CopyFailure } from './rank-copies.ts';
