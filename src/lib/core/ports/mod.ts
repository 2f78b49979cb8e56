/**
 * ports: what a host lends to the core. Types only; each host implements them in files of the same name
 * (`src/workers/host/`, `peer/host/`, `tests/sim/host/`), and one conformance suite per port holds them to it.
 */
import type { ClockPort } from './clock.ts';
import type { ComputePort } from './compute.ts';
import type { DatabasePort } from './database.ts';
import type { FileChangesPort } from './file-changes.ts';
import type { FilesPort } from './files.ts';
import type { RandomPort } from './random.ts';
import type { SecretsPort } from './secrets.ts';
import type { VolumesPort } from './volumes.ts';

export type { ClockPort } from './clock.ts';
export type { Aead, Blake3, ComputePort } from './compute.ts';
export type {
	ByteSource,
	DatabaseFailure,
	DatabasePort,
	SqlCode,
	SqlConnection,
	SqlRow,
	SqlStatement,
	SqlValue
} from './database.ts';
export { SqlFault } from './database.ts';
export type {
	ChangedFolders,
	DiskEntry,
	DiskPage,
	EntryKind,
	FilesFailure,
	FilesPort,
	RootRef,
	WatchFailure,
	FileFailure,
	FileHasher,
	FileMark,
	HashFailure,
	HashWish,
	HashedFile,
	OpenFile,
	SkippedName
} from './files.ts';
export type { ChangeFailure, DiskPlace, FileChangesPort, PartFile, Rename, SeenEntry } from './file-changes.ts';
export type { RandomPort } from './random.ts';
export type { SecretsFailure, SecretsPort } from './secrets.ts';
export type { DiskVolume, Medium, ReadLimits, ReadSpeed, VolumeKind, VolumePlace, VolumesPort } from './volumes.ts';

/** Everything a host lends. */
export type Host = {
	readonly database: DatabasePort;
	readonly files: FilesPort;
	readonly changes: FileChangesPort;
	readonly clock: ClockPort;
	readonly random: RandomPort;
	readonly secrets: SecretsPort;
	readonly compute: ComputePort;
	readonly volumes: VolumesPort;
};
