import type { Generated } from 'kysely';
import type { EntryKind } from '#core/ports';
import { invariant } from '#core/kernel';

const kinds = ['directory', 'file', 'symlink', 'other'] as const satisfies readonly EntryKind[];

/** The number that stands for `kind` in the database; directories are 0 so that they sort first. */
export function entryKindCode(kind: EntryKind): number {
	return kinds.indexOf(kind);
}

export function entryKindName(code: number): EntryKind {
	const kind = kinds[code];
	invariant(kind !== undefined, `entry kind ${code} is known`);
	return kind;
}

/** Rows as SQLite has them. Times in milliseconds since 1970, sizes in bytes, flags as 0 or 1. */
export type Tables = {
	/** One row for each setting of the library; `value` is JSON. */
	setting: { name: string; value: string };
	/** What was answered to a write, so that the same command sent twice is applied once. */
	command: { id: string; answer: string; atMs: number };
	/** A folder under management. `run` counts index runs; `problem` is JSON. */
	location: {
		id: Generated<number>;
		name: string;
		root: string;
		entry: number;
		addedMs: number;
		run: number;
		unfinished: number;
		indexedMs: number | null;
		problem: string | null;
		/** Where the folder lies on which volume: names joined by slashes. Null before that was seen. */
		volume: number | null;
		pathInVolume: string | null;
		/** How quick the person wants it; null for no wish. */
		logicalClass: string | null;
		/** How far its files are looked at. */
		mode: Generated<string>;
		/** The highest number of an entry when the last run ended: what has a higher one has come since. */
		newestEntry: Generated<number>;
		/** How often the folder has changed devices, on a removable disk. */
		claim: Generated<number>;
		/** Of another device's: up to which stamp that had said of files what it took over. */
		claimSaid: Generated<number>;
		/** When this device has last held on to it, as its disk is here, though another one said that it is there. */
		insistedMs: Generated<number | null>;
	};
	/** A filesystem that a location lies on, as it was when it was last seen. `name` is what a person calls it. */
	volume: {
		id: Generated<number>;
		key: string;
		identity: string;
		isOwnIdentity: number;
		name: string | null;
		kind: string;
		fileSystem: string | null;
		label: string | null;
		medium: string | null;
		capacityBytes: number | null;
		freeBytes: number | null;
		/** How quickly it was read when that was measured; `isSpeedDirect` where no cache can have helped. */
		bytesPerSecond: number | null;
		isSpeedDirect: number;
		/** Whether it was there when that was last looked at. */
		isOnline: number;
		seenMs: number;
	};
	/** A file, directory or symlink. `parent` is null for the folder of a location; a directory is as large as all below it. */
	entry: {
		id: Generated<number>;
		parent: number | null;
		kind: number;
		name: string;
		sortKey: string;
		sizeBytes: number;
		modifiedMs: number | null;
		inode: number | null;
		/**
		 * What the bytes are, once they were looked at; `proven` is 1 when all of them were, and are the
		 * proof's; 2 when they were found to be others by now though size and time are the same: the file is damaged.
		 */
		content: number | null;
		proven: Generated<number>;
	};
	/**
	 * What the copies of a file share. `split` is 0 but for contents of one quick identity that a full look told
	 * apart. `proof` is the BLAKE3 of all bytes.
	 */
	content: {
		id: Generated<number>;
		identity: Uint8Array;
		split: number;
		sizeBytes: number;
		kind: number;
		type: string;
		confidence: number;
		proof: Uint8Array | null;
	};
	/** Of a directory: the last run that listed it to the end, and how many files and folders lie below it. */
	directory: {
		entry: number;
		location: number;
		run: number;
		files: number;
		folders: number;
		/** Another number after each change below the directory. */
		revision: Generated<number>;
	};
	/** A folder of the trash, which is of no location's tree; `location` is where it lies on the disk. */
	trash_bin: { entry: number; location: number; name: string };
	/** What lies in a bin, where it was, and what lay below it. */
	trashed: {
		entry: number;
		location: number;
		folder: number;
		originalName: string;
		originalPath: string;
		trashedMs: number;
		files: number;
		folders: number;
		sizeBytes: number;
	};
	/** An entry that the run which is going did not find in its place, or that a rule leaves out by now. */
	missing: { entry: number; location: number; isLeftOut: Generated<number> };
	/**
	 * An entry that a run did not find any more, as it was; `entry` is the number that it had. What has come since has a
	 * higher number than `newestEntry`.
	 */
	lost: {
		entry: number;
		parent: number;
		kind: number;
		name: string;
		sizeBytes: number;
		modifiedMs: number | null;
		content: number | null;
		proven: number;
		newestEntry: number;
		atMs: number;
	};
	/** What of a location comes into the index, as JSON. `isApplied` is 0 until the index has dropped what they leave out. */
	rule_set: { location: number; version: number; rules: string; isApplied: number };
	/** What `folder` holds for git: the text of its file of patterns, and whether it is the top of a repository. */
	ignore_file: { id: Generated<number>; folder: number; isRepository: number; text: string };
	/** What a rule left out when `folder` was listed last. Bytes are those of files. */
	left_out: { folder: number; rule: string; files: number; folders: number; sizeBytes: number };
	/** Every pair of directories of which one holds the other, itself included at depth 0. */
	closure: { ancestor: number; descendant: number; depth: number };
	/** A name in `folder` that could not be read; the empty name is the folder itself. */
	problem: { folder: number; name: string; reason: string; code: string };
	/** Work that is to be done, goes on or has ended. `input`, `checkpoint`, `outcome` and `failure` are JSON. */
	job: {
		id: Generated<number>;
		kind: string;
		target: string;
		input: string;
		state: string;
		priority: number;
		queuedMs: number;
		startedMs: number | null;
		endedMs: number | null;
		failures: number;
		done: number;
		total: number | null;
		doneBytes: Generated<number>;
		totalBytes: number | null;
		warnings: number;
		checkpoint: string | null;
		outcome: string | null;
		failure: string | null;
	};
	/** `job` waits until `needs` is completed. */
	job_need: { job: number; needs: number };
	/** What a job could not do with one item, while the rest went on. */
	job_warning: { job: number; item: string; reason: string; code: string };
	/** What was done through `actions`. `input` is JSON, `plan` the id of the plan that was seen. */
	action: {
		id: Generated<number>;
		action: string;
		input: string;
		plan: string;
		state: string;
		atMs: number;
		endedMs: number | null;
		items: number;
		sizeBytes: number;
		undoes: number | null;
		undoneBy: number | null;
	};
	/** One operation of an action; `inverse` is the one that takes it back. All three texts are JSON. */
	action_step: {
		action: number;
		seq: number;
		operation: string;
		state: string;
		inverse: string | null;
		failure: string | null;
	};
	/** When a job is queued by itself, as a cron expression; `nextMs` and `lastMs` are when that is due and was done. */
	schedule: {
		id: Generated<number>;
		kind: string;
		target: string;
		cron: string;
		nextMs: number;
		lastMs: number | null;
	};
	/** An analysis of a content that is to be made. */
	analysis: { content: number; kind: string; policy: string };
	/** What a person has said of an analysis, for one location or, where that is null, for all. */
	analysis_policy: { location: number | null; kind: string; policy: string };
	/** A tag; `id` is made of the first bits of `key`. */
	tag: { id: number; key: string; name: string; colour: string; icon: string; privacy: string };
	/** `other` is a parent of `tag`, or its synonym: that stands there both ways. */
	tag_relation: { relation: string; tag: number; other: number };
	/** A tag on a target: the number of an entry, or that of a content with a minus. */
	assignment: { target: number; tag: number; source: number };
	/** What else people said of a target; a row that says nothing is not there. */
	mark: { target: number; favourite: number; rating: number; colour: string; note: string };
	/** A collection; `id` is made of the first bits of `key`. */
	collection: { id: number; key: string; name: string };
	collection_member: { collection: number; target: number; position: number };
	/** A target that is not there, whose sayings are kept; of a content all is null but `sinceMs`. `folder` is JSON. */
	gone_target: {
		target: number;
		location: number | null;
		folder: string | null;
		name: string | null;
		kind: number | null;
		sinceMs: number | null;
	};
	kept_number: { identity: Uint8Array; content: number };
	/**
	 * A device, by a small number that only this library knows it by; 0 is this one. `heardStamp` is the stamp of the last
	 * fact that is here of those it has made; 0 for none. `takenStamp`, of this device: that of the last of its facts that
	 * another device has said to have; below 0 while it may have been here before, with another copy (`sayings/come-back.ts`).
	 * Up to `prunedStamp` some of them were left out. `hadStamp`, of another device: that of the last of this one's facts
	 * which it has; `hadSeq`: the change of this one's index, in its life `hadEpoch`.
	 */
	device: {
		slot: number;
		id: string;
		name: Generated<string>;
		kind: Generated<string>;
		publicKey: Uint8Array | null;
		addedMs: number;
		seenMs: number | null;
		revokedMs: number | null;
		heardStamp: Generated<number>;
		takenStamp: Generated<number>;
		prunedStamp: Generated<number>;
		hadStamp: Generated<number>;
		hadEpoch: Uint8Array | null;
		hadSeq: Generated<number>;
		addresses: Generated<string>;
		levelMs: number | null;
		introducedBy: number | null;
		introduction: Uint8Array | null;
		introductionSignature: Uint8Array | null;
		admitted: Generated<number>;
		removed: Generated<number>;
		renames: Generated<number>;
		renamedBy: Generated<string>;
	};
	/** What a device has said, in the order in which it came here. `subject` and `body` are for the room that wrote it. */
	fact: { id: Generated<number>; stamp: number; slot: number; kind: number; subject: Uint8Array; body: Uint8Array };
	/** A value that was there, said by `lostSlot`, and the one in its place, said by `slot` at `stamp`. */
	overwritten: {
		id: Generated<number>;
		subject: Uint8Array;
		field: string;
		target: number | null;
		lost: string;
		kept: string;
		slot: number;
		stamp: number;
		lostSlot: number | null;
		lostStamp: number | null;
	};
	/** Between this device and the one in `slot`; `detail` is JSON for the room that wrote it. */
	happening: { id: Generated<number>; atMs: number; slot: number; kind: string; detail: string };
	/** The last number that this device has given to a row of its own in the table `name`. */
	own_number: { name: string; last: number };
	/** One row once this device's index is shared. Changes up to `prunedSeq` are forgotten. */
	index_share: { epoch: Uint8Array; prunedSeq: number };
	/** `state` 0 is here, 1 gone, 2 removed by a person. */
	index_change: { seq: Generated<number>; entry: number; state: number };
	/** The last change that had been made by then. */
	index_change_day: { seq: number; atMs: number };
	/** `passBytes` and `changeBytes` are what is kept in `replica_batch`; `told` of `total` entries came in the pass. */
	replica: {
		slot: number;
		epoch: Uint8Array;
		reached: number | null;
		seq: number;
		head: number;
		passBytes: Generated<number>;
		changeBytes: Generated<number>;
		told: Generated<number>;
		total: Generated<number>;
	};
	/** What owners have signed, to be passed on. */
	replica_batch: {
		id: Generated<number>;
		slot: number;
		pass: number;
		epoch: Uint8Array;
		fromReached: number | null;
		fromSeq: number | null;
		toReached: number | null;
		toSeq: number;
		head: number;
		bytes: Uint8Array;
		signature: Uint8Array;
	};
	replica_doubt: { entry: number; isMeant: number };
};
