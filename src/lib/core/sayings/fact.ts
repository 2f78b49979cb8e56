import type { DeviceId, Stamp } from '#core/kernel';

/**
 * What is said, by numbers that stay: they are in every library and on the wire. A kind that is not here was made by a
 * newer version; it is kept and passed on.
 */
export const factKinds = {
	/** Targets get the tag that is the subject. */
	tag: 1,
	/** Targets lose it, as far as the context has seen it put on them. */
	untag: 2,
	/** Targets come into the collection that is the subject, each at its place. */
	collect: 3,
	uncollect: 4,
	/** Of targets the value of a mark, which is the subject, is set. */
	mark: 5,
	/** Fields of a tag or of a collection are set; the first ones make it. */
	describeTag: 6,
	describeCollection: 7,
	/** A tag or a collection goes with all that hangs on it, as far as the context has seen that. */
	dropTag: 8,
	dropCollection: 9,
	/** Ties between tags are made. */
	tie: 10,
	untie: 11,
	/** Nothing but that the device takes part from now on. */
	begin: 12
} as const;
export type FactKind = (typeof factKinds)[keyof typeof factKinds];

/** Those that take something away, and have a context. */
export const takingKinds: ReadonlySet<number> = new Set([
	factKinds.untag,
	factKinds.uncollect,
	factKinds.untie,
	factKinds.dropTag,
	factKinds.dropCollection
]);

/**
 * What a fact is about, the same on every device: `c`, the 64 hex digits of a content's identity and its split; or `e`,
 * the 32 of a device and the number that it gave an entry.
 */
export type TargetKey = string;

/** What the device that took something away had seen of each device: its facts up to a stamp. */
export type Context = ReadonlyMap<DeviceId, Stamp>;

/** `other` is a parent of `tag`, or its synonym; 32 hex digits each. */
export type Tie = { readonly relation: 'parent' | 'synonym'; readonly tag: string; readonly other: string };

/** All that a fact may hold; of most kinds most of it is empty. */
export type FactBody = {
	readonly context: Context;
	/** Fields by their numbers, which stay. */
	readonly fields: readonly (readonly [field: number, value: string])[];
	readonly targets: readonly TargetKey[];
	/** As many as targets, or none. */
	readonly positions: readonly number[];
	readonly ties: readonly Tie[];
};

export const emptyBody: FactBody = { context: new Map(), fields: [], targets: [], positions: [], ties: [] };

/** Something that a device has said; no two have the same stamp and device. */
export type Fact = {
	readonly device: DeviceId;
	readonly stamp: Stamp;
	readonly kind: number;
	/** A tag or a collection (16 bytes), a mark (1 byte), or all ties (1 byte). */
	readonly subject: Uint8Array;
	readonly body: FactBody;
};

/** Targets of one fact: what is said of 100,000 files at once is a hundred rows, and none is large. */
export const targetsMax = 1_000;
/** Bytes of a body: the longest note is a third of it. */
export const bodyBytesMax = 1_048_576;
