import type { DeviceId, Result, WireValue } from '#core/kernel';
import type { StorageFailure } from '#core/schema';
import type { RefusalCode } from './messages/message.ts';

/** Why nothing of a batch was merged. */
export type MergeRefusal =
	/** It is not what the protocol says: the device that sent it is wrong, or means harm. */
	| { readonly type: 'BatchWrong'; readonly what: string }
	/** Its stamps are further ahead of this device's clock than clocks may differ. */
	| { readonly type: 'BatchFromTheFuture'; readonly aheadMs: number }
	/** It says something of what another device owns, without that device's word for it. */
	| { readonly type: 'BatchNotTheirs'; readonly owner: DeviceId }
	/** It would delete more at once than is done without asking; it waits for a person. */
	| { readonly type: 'BatchDeletesMuch'; readonly deleted: number; readonly of: number };

/**
 * What a domain throws where the disk is full or broken, whatever it was asked: neither side is wrong, and nothing was
 * merged. The session ends with that reason.
 */
export class StorageFault extends Error {
	readonly why: StorageFailure;

	constructor(why: StorageFailure) {
		super(`the database could not be read or written: ${why.type}`);
		this.why = why;
	}
}

/** What a device has of a domain: bounded, and of a shape that only the domain knows. */
export type Have = WireValue;

export type Batch = {
	readonly batch: WireValue;
	/** What the other side has once it has merged this. */
	readonly have: Have;
};

/** Of what a first pass over a device's knowledge brings. */
export type Progress = { readonly done: number; readonly total: number };

/**
 * One kind of knowledge that devices keep in step. Sessions carry it without knowing what it is. All of it is
 * synchronous and within one transaction each, so that nothing interleaves; a batch merged twice, or late, or in another
 * order than it was made in, changes nothing more.
 */
export type SyncDomain = {
	/** As on the wire. */
	readonly name: string;
	/** What this device has by now. */
	have(): Have;
	/** The next that a device lacks which has `have`, of about `bytesMax` at most; null where it lacks nothing. */
	next(have: Have, bytesMax: number): Result<Batch, MergeRefusal> | null;
	/** Notes that `peer` has `have`, as it has said or acknowledged: what was written after that waits to be told. */
	noteHad?(peer: DeviceId, have: Have): void;
	/** How much of what is under way has come, where the domain knows that; null where nothing is. */
	progress?(): Progress | null;
	/** Merges what `from` has sent, all of it or nothing; it may pass on what other devices have said. */
	merge(from: DeviceId, batch: WireValue): Result<void, MergeRefusal>;
	/** What came of a batch that `next` gave: whoever asked has `have` by now, or refused it, and nothing of it is there. */
	answered?(have: Have, refused: RefusalCode | null): void;
};
