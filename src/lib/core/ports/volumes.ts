import type { Result } from '#core/kernel';
import type { FilesFailure, RootRef } from './files.ts';

/** What a person would call the thing that bytes lie on. `browser` is the browser's own storage for this page. */
export type VolumeKind =
	'internal' | 'removable' | 'network' | 'cloud' | 'memory' | 'browser' | 'picked-folder' | 'unknown';

/** What the system says of how a volume keeps its bytes. */
export type Medium = 'memory' | 'flash' | 'spinning' | 'network' | 'cloud';

/** A volume as the host sees it now. Null is what the host does not tell. */
export type DiskVolume = {
	/** The same text for the same filesystem each time that it is seen, wherever it is mounted. */
	readonly identity: string;
	/**
	 * Whether the identity is the filesystem's own. One that is not tells only where it was mounted from: another
	 * disk may bear it, and the same disk another one.
	 */
	readonly isOwnIdentity: boolean;
	readonly kind: VolumeKind;
	readonly fileSystem: string | null;
	readonly label: string | null;
	readonly medium: Medium | null;
	readonly capacityBytes: number | null;
	/** What an ordinary program may still write. */
	readonly freeBytes: number | null;
};

/** Where a folder lies: `path` is names (see `kernel`) from the top of the volume down. */
export type VolumePlace = { readonly volume: DiskVolume; readonly path: readonly string[] };

/** What was read and how long that took. `isDirect` where no byte came from a cache of the system. */
export type ReadSpeed = { readonly sizeBytes: number; readonly durationMs: number; readonly isDirect: boolean };

export type ReadLimits = { readonly bytesMax: number; readonly durationMsMax: number };

/** The volumes that folders of the person lie on. Read only. */
export interface VolumesPort {
	/** Which volume the folder lies on now, and where on it. */
	placeOf(root: RootRef, signal: AbortSignal): Promise<Result<VolumePlace, FilesFailure>>;
	/** The folder `path` of the volume with `identity`, where that volume is mounted here now; else null. */
	findRoot(identity: string, path: readonly string[], signal: AbortSignal): Promise<RootRef | null>;
	/**
	 * Reads `files` below `root` one after the other until a limit is reached. What has vanished, may not be read or is
	 * no plain file is passed over.
	 */
	readSpeed(
		root: RootRef,
		files: readonly (readonly string[])[],
		limits: ReadLimits,
		signal: AbortSignal
	): Promise<Result<ReadSpeed, FilesFailure>>;
}
