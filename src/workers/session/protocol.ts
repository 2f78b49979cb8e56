/**
 * What a tab and the core's workers say to each other, and the names of the locks and channels they meet at.
 * Types only: both sides write the names as literals that these types hold them to.
 *
 * Locks (Web Locks are let go of by the browser when their holder dies, however it dies):
 * - `atoll:core`         held by the one worker that serves the core, until it ends
 * - `atoll:worker:<id>`  held by every worker of ours, until it ends: who waits for it learns of its death
 * - `atoll:tab:<id>`     held by every tab, until it closes: the leader waits for it and cleans up
 */
import type { Failure, Result } from '#core/kernel';
import type { RootRef } from '#core/ports';
import type { CoreEvent } from '#core';

export type CoreLock = 'atoll:core';
export type WorkerLock = `atoll:worker:${string}`;
export type TabLock = `atoll:tab:${string}`;

export type ControlChannel = 'atoll:control';
export type EventChannel = 'atoll:events';
/** One per leader and tab: `<leader's id>:<tab's id>`. */
export type SessionChannel = `atoll:session:${string}:${string}`;

/** Tab → its own worker, once. */
export type StartMessage = { readonly type: 'start'; readonly worker: string; readonly tab: string };

/** Worker → its own tab. */
export type WorkerMessage =
	/** It holds its lock. `build` differs between versions of the app. */
	| { readonly type: 'up'; readonly build: string }
	/** It serves; the message carries the port of the own tab's session. */
	| { readonly type: 'leading' }
	/** A connection is to be made, of which only pages are able: the message carries the port to whoever wants it. */
	| { readonly type: 'signalled' }
	/** The core cannot be made here; the worker ends. */
	| { readonly type: 'broken'; readonly detail: string }
	| ConnectionOrder;

/**
 * Worker → its own tab, which has the connections of WebRTC, as workers have none (W3C WebRTC 1.0). Each has a number, and
 * one data channel, which goes over to the worker as soon as it is made.
 */
export type ConnectionOrder =
	/** Makes a connection and an offer of it, to dial that IP address. */
	| { readonly type: 'connection-open'; readonly id: number; readonly host: string }
	| { readonly type: 'connection-answer'; readonly id: number; readonly sdp: string }
	| { readonly type: 'connection-close'; readonly id: number };

/** The worker's own tab → it, of a connection that it has asked for. */
export type ConnectionNews =
	| { readonly type: 'connection-channel'; readonly id: number; readonly channel: RTCDataChannel }
	| { readonly type: 'connection-offer'; readonly id: number; readonly sdp: string }
	/** The browser sends nothing to that address before a person has let this page into the network; `leave`: what they have said. */
	| { readonly type: 'connection-held'; readonly id: number; readonly leave: PermissionState }
	/** `isReached`: packets have gone both ways. */
	| { readonly type: 'connection-failed'; readonly id: number; readonly isReached: boolean };

/** Between all tabs and the leader. */
export type ControlMessage =
	| { readonly type: 'leading'; readonly leader: string }
	/** A tab, or a tab that has just heard `leading`, asks for a session; asking twice is fine. */
	| { readonly type: 'hello'; readonly tab: string; readonly build: string }
	| { readonly type: 'welcome'; readonly tab: string; readonly leader: string }
	/** The leader is of another version of the app: its answers would be misread. */
	| { readonly type: 'refused'; readonly tab: string; readonly leader: string };

export type EventMessage = { readonly leader: string; readonly events: readonly CoreEvent[] };

/** What a session answers. Nothing rejects but for a broken wire. */
export type SessionApi = {
	/**
	 * Runs a command of the core or of the session. `callId` is new for each call of one session; `command` is
	 * the same `CommandId` each time that one call is sent again.
	 */
	invoke(callId: number, name: string, input: unknown, command: string): Promise<Result<unknown, Failure | CoreFailed>>;
	/** Aborts a call that is in flight; a call that has ended is left alone. */
	cancel(callId: number): void;
};

/** A defect of ours stopped this one call. `detail` is for the log and the bug report. */
export type CoreFailed = { readonly type: 'CoreFailed'; readonly command: string; readonly detail: string };

/** Commands of the session, beside those of the core. */
export type BackupCommands = {
	/** Writes a backup into this browser's storage; one per tab, the next replaces it. */
	readonly 'backup.make': null;
	/** Removes the tab's backup from this browser's storage. */
	readonly 'backup.discard': null;
	readonly 'backup.restore': File;
};

/** Begins the name of a root that a page has at hand. */
export type OutsideRoot = 'outside:';

/** A file that a page was given, and its place below the root; null where a folder is. */
export type OutsideFile = { readonly path: readonly string[]; readonly file: File | null };

/** Commands of the session about files that a page has at hand: the core reads them while they are held. */
export type OutsideCommands = {
	/** Holds some files of a root; `isLast` with the last of them. The same again changes nothing. */
	readonly 'outside.hold': {
		readonly root: RootRef;
		readonly files: readonly OutsideFile[];
		readonly isLast: boolean;
	};
	readonly 'outside.release': { readonly root: RootRef };
};
