import type { CommandId, EntryId, LocationId, Result } from '#core/kernel';
import type { Host } from '#core/ports';
import type { Database } from '#core/schema';
import type { Library, LibraryFailure } from '#core/library';
import type { Locations, Volumes } from '#core/volumes';
import type { QueueJob, WishList } from '#core/analysis';
import type { ContentJob, ContentProgress, Contents, ScrubJob } from '#core/content';
import type { IndexSync } from '#core/replicas';
import type { SayingsDomain } from '#core/sayings';
import type { FolderJob, Index, IndexJob, IndexProgress, VerifyProgress, Watch } from '#core/index';
import type { Search } from '#core/search';
import type { DiskMoves } from './disk-moves.ts';
import type { AllJobs, AllSchedules } from './job-kinds.ts';
import type { JoinedDevices } from './join-devices.ts';
import type { LibrarySync } from './join-sync.ts';
import type { TrashKeeper } from './keep-trash.ts';
import type { AllActions } from './operations.ts';

export type CoreContext = { readonly signal: AbortSignal; readonly command: CommandId };

/** What changed; whoever shows it asks again. */
export type CoreEvent =
	| { readonly type: 'library-changed' }
	| { readonly type: 'locations-changed' }
	| { readonly type: 'entries-changed'; readonly folders: readonly EntryId[] }
	| { readonly type: 'index-progress'; readonly progress: IndexProgress }
	| { readonly type: 'jobs-changed' }
	| { readonly type: 'content-progress'; readonly progress: ContentProgress }
	| { readonly type: 'verify-progress'; readonly progress: VerifyProgress }
	| { readonly type: 'actions-changed' }
	| { readonly type: 'metadata-changed' }
	| { readonly type: 'settings-changed' }
	| { readonly type: 'sync-changed' }
	| { readonly type: 'devices-changed' };

/** The rooms of a library that is open, until `life` ends. */
export type Opened = {
	readonly database: Database;
	readonly locations: Locations;
	readonly volumes: Volumes;
	readonly index: Index;
	readonly watch: Watch;
	readonly indexJob: IndexJob;
	readonly folderJob: FolderJob;
	readonly scrubJob: ScrubJob;
	readonly jobs: AllJobs;
	readonly schedules: AllSchedules;
	readonly contents: Contents;
	readonly contentJob: ContentJob;
	readonly queueJob: QueueJob;
	readonly wishes: WishList;
	readonly actions: AllActions;
	/** Ends the actions that were cancelled, and killed before they came to their end. */
	readonly endBrokenOff: () => Promise<void>;
	/** Queues what the mode of a location that was read asks for. */
	readonly followUp: (location: LocationId, signal: AbortSignal) => Promise<void>;
	readonly trashKeeper: TrashKeeper;
	readonly diskMoves: DiskMoves;
	readonly sync: LibrarySync;
	readonly indexSync: IndexSync;
	readonly sayings: SayingsDomain;
	/** Resolves when what has followed from actions so far has come to its end. */
	readonly settled: () => Promise<void>;
	readonly search: Search;
	readonly life: AbortController;
};

export type Joined = {
	readonly host: Host;
	readonly library: Library;
	readonly emit: (event: CoreEvent) => void;
	/** Calls `listener` after each change; returns what ends that. */
	readonly subscribe: (listener: (event: CoreEvent) => void) => () => void;
	readonly opened: () => Result<Opened, LibraryFailure>;
	/** Ends everything that uses the database, then lets go of it. */
	readonly lock: () => Promise<void>;
	/** To be called after each unlocking. */
	readonly afterOpen: () => void;
	/** Watches every location that was read; to be called when there is another one. */
	readonly followAll: () => void;
	readonly devices: JoinedDevices;
};

export type Nothing = Readonly<Record<never, never>>;
