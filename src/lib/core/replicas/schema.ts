import type { EntryKind } from '#core/ports';

/** How far a device has come with the index of another one. */
export type Watermark = {
	/** Another one when the owner begins anew. */
	readonly epoch: Uint8Array;
	/** While the first pass goes on: entries numbered up to it have come. Null when all have. */
	readonly reached: number | null;
	/** Changes up to this one have come. */
	readonly seq: number;
};

/** What a device says that it has of another one's index. */
export type Mark = Watermark & {
	/** The newest state of the owner that was seen. */
	readonly head: number;
	/** What it keeps of it to pass on has become long: it takes a new pass from whoever has a shorter one. */
	readonly isLong: boolean;
};

/** What is known of the bytes of some files. `proof` where their quick identity has more than one content there. */
export type BatchContent = {
	readonly identity: Uint8Array;
	readonly proof: Uint8Array | null;
	readonly kind: number;
	readonly type: string;
	readonly confidence: number;
};

/** An entry as its owner has it, by the owner's numbers; one at the top of a location comes with that. */
export type BatchEntry = {
	readonly number: number;
	readonly parent: number;
	readonly kind: EntryKind;
	readonly isDamaged: boolean;
	readonly name: string;
	/** Of a directory 0: its size follows from what lies below it. */
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
	/** Its place among the contents of the batch. */
	readonly content: number | null;
};

/** Known by its key on every device: what number it has is each one's own affair. */
export type BatchVolume = {
	readonly key: string;
	readonly identity: string;
	readonly isOwnIdentity: boolean;
	readonly name: string | null;
	readonly kind: string;
	readonly fileSystem: string | null;
	readonly label: string | null;
	readonly medium: string | null;
	readonly capacityBytes: number | null;
	readonly freeBytes: number | null;
	readonly seenMs: number;
};

export type BatchLocation = {
	readonly number: number;
	readonly name: string;
	/** The number of the entry of its folder, and when that was changed. */
	readonly entry: number;
	readonly modifiedMs: number | null;
	readonly addedMs: number;
	readonly indexedMs: number | null;
	/** The key of its volume. */
	readonly volume: string | null;
	readonly pathInVolume: string | null;
	readonly logicalClass: string | null;
	/** How often the folder has changed devices, on a removable disk; else 0. */
	readonly claim: number;
	/** Where it has: up to which stamp the owner has said of files what it took over. */
	readonly claimSaid: number;
};

/** All of them: what is not among them is no more. */
export type Places = { readonly volumes: readonly BatchVolume[]; readonly locations: readonly BatchLocation[] };

/** An entry that is no more; `isMeant` where a person had it removed. */
export type BatchGone = { readonly number: number; readonly isMeant: boolean };

/** What one device tells another of its own index, as it all was at one instant. */
export type Batch = {
	/** Null where the other side is to begin anew. */
	readonly from: Watermark | null;
	readonly to: Watermark;
	/** The last change that there was then. */
	readonly head: number;
	/** Entries that the owner had then. */
	readonly total: number;
	/** In the first pass: the batch has every entry numbered above `after` and up to `last`. */
	readonly span: { readonly after: number; readonly last: number } | null;
	readonly places: Places | null;
	/** Each comes after what holds it. */
	readonly entries: readonly BatchEntry[];
	readonly contents: readonly BatchContent[];
	/** Locations that a person took out of the library. */
	readonly removedLocations: readonly number[];
	readonly gone: readonly BatchGone[];
};

export const emptyPlaces: Places = { volumes: [], locations: [] };
