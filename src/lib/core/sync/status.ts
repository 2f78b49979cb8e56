import type { DeviceId } from '#core/kernel';
import type { LinkWay } from '#core/net';
import type { StorageFailure } from '#core/schema';
import type { MergeRefusal, Progress } from './domain.ts';
import type { ByeCode, RefusalCode } from './messages/message.ts';

/** How far this device has come with what another one has of a domain. */
export type PullState =
	/** It was not asked for yet. */
	| { readonly type: 'unknown' }
	/** It lacks something, or may: it is being asked for, or waits for its turn. */
	| { readonly type: 'behind'; readonly merged: number }
	| { readonly type: 'level' }
	/** A batch was refused here; nothing of it, or after it, was merged. */
	| { readonly type: 'refused'; readonly why: MergeRefusal }
	/** The other device gives nothing more, for its own reasons. */
	| { readonly type: 'denied'; readonly code: RefusalCode };

/** How far the other device has come with what this one has of a domain. */
export type GiveState =
	| { readonly type: 'unknown' }
	| { readonly type: 'behind'; readonly merged: number }
	| { readonly type: 'level' }
	/** It refused a batch. */
	| { readonly type: 'refused'; readonly code: RefusalCode }
	/** What it says it has makes no sense here. */
	| { readonly type: 'denied'; readonly why: MergeRefusal };

export type DomainStatus = {
	readonly domain: string;
	readonly pull: PullState;
	readonly give: GiveState;
	/** How far a first pass has come, while it is asked for here; null where there is none. */
	readonly progress: Progress | null;
	/** When this device last had all that the other one had; null before that. */
	readonly levelMs: number | null;
	/** When the other one last had all that this device had, as it said. */
	readonly givenMs: number | null;
};

/** Why a session has ended. */
export type SessionEnd =
	/** This device ended it. */
	| { readonly type: 'Closed' }
	/** A better link took its place. */
	| { readonly type: 'Replaced' }
	/** The channel ended without a word. */
	| { readonly type: 'Cut' }
	/** Nothing was heard for long, or nothing that was asked for came. */
	| { readonly type: 'Silent' }
	/** The other device ended it. */
	| { readonly type: 'PeerEnded'; readonly code: ByeCode }
	/** No version of the protocol is spoken by both. */
	| { readonly type: 'OtherVersion'; readonly from: number; readonly to: number }
	| { readonly type: 'OtherLibrary' }
	/** It says that it is another device than the one that the link was made to. */
	| { readonly type: 'OtherDevice' }
	/** What it sent is not the protocol: it is wrong, or means harm. */
	| { readonly type: 'Breach'; readonly what: string }
	/** One of the two is no device of the library any more. */
	| { readonly type: 'Removed' }
	/** What came could not be written down here, or what is here not read; it is asked for again in the next session. */
	| { readonly type: 'StorageFailed'; readonly why: StorageFailure }
	/** A mistake of ours. `detail` is for the log and the bug report. */
	| { readonly type: 'SessionFailed'; readonly detail: string };

export type PeerStatus = {
	readonly device: DeviceId;
	readonly link: 'none' | 'opening' | 'open';
	/** By what way it is linked; null while it is not. */
	readonly way: LinkWay | null;
	/** When it was last heard; null where it was not since the library was opened. */
	readonly heardMs: number | null;
	/** Why the last session ended; null while one goes on, and before the first. */
	readonly ended: SessionEnd | null;
	/** One for each domain that both keep, as of the last session. */
	readonly domains: readonly DomainStatus[];
};
