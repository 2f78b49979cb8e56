import * as v from 'valibot';
import { collectionId, tagId, type CollectionId, type EntryId, type TagId } from '#core/kernel';

export const tagColours = ['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'] as const;
export const tagIcons = ['tag', 'star', 'flag', 'person', 'place', 'camera', 'music', 'book', 'work', 'home'] as const;
/** `archive`: shown where its files are looked for. `hidden`: shown only where a person asks for what is hidden. */
export const privacies = ['normal', 'archive', 'hidden'] as const;
export const relations = ['parent', 'synonym'] as const;
export const ratingMax = 5;
/** Longer names are refused: nobody reads them in a list. */
const nameMax = 200;
/** Longer notes are files of their own. */
const noteMax = 100_000;

const hex128 = /^[0-9a-f]{32}$/;
export const tagIdSchema = v.pipe(
	v.string(),
	v.regex(hex128),
	v.transform((text) => tagId(text))
);
export const collectionIdSchema = v.pipe(
	v.string(),
	v.regex(hex128),
	v.transform((text) => collectionId(text))
);
export const nameSchema = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(nameMax));
const rowId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** Entries by their numbers. */
export const entriesSchema = v.array(rowId);
/** Targets: numbers of entries, and those of contents with a minus. */
export const targetsSchema = v.array(v.pipe(v.number(), v.safeInteger()));

/** What of a tag a person chooses. */
export const tagLookSchema = v.object({
	name: nameSchema,
	colour: v.picklist(tagColours),
	icon: v.picklist(tagIcons),
	privacy: v.picklist(privacies)
});
export type TagLook = v.InferOutput<typeof tagLookSchema>;

export const tagSchema = v.object({ id: tagIdSchema, ...tagLookSchema.entries });
export type Tag = v.InferOutput<typeof tagSchema>;

/** `other` is a parent of `tag`, or its synonym. */
export const relationSchema = v.object({ relation: v.picklist(relations), tag: tagIdSchema, other: tagIdSchema });
export type Relation = v.InferOutput<typeof relationSchema>;

export const collectionSchema = v.object({ id: collectionIdSchema, name: nameSchema });
export type Collection = v.InferOutput<typeof collectionSchema>;

/** Files by their entries: a list, or what lies directly in a folder but for `except`. */
export const filesSchema = v.union([
	v.strictObject({ entries: v.pipe(entriesSchema, v.nonEmpty()) }),
	v.strictObject({ folder: rowId, except: v.optional(entriesSchema, []) })
]);
export type Files = v.InferOutput<typeof filesSchema>;

/** What people say of a file beside its tags, and how each is kept. What says nothing is empty or 0. */
export const markSchemas = {
	favourite: v.picklist([0, 1]),
	rating: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(ratingMax)),
	colour: v.picklist(['', ...tagColours]),
	note: v.pipe(v.string(), v.maxLength(noteMax))
} as const;
export type MarkName = keyof typeof markSchemas;
export const markNames = ['favourite', 'rating', 'colour', 'note'] as const satisfies readonly MarkName[];
export type MarkValue = string | number;
export const markValueSchema = v.union([v.string(), v.number()]);

/** Why something said of files cannot be done, or taken back. */
export type MetadataBlock =
	| { readonly type: 'TagMissing'; readonly tag: TagId }
	/** There is one of this id. */
	| { readonly type: 'TagExists'; readonly tag: TagId }
	/** Somebody has changed it since. */
	| { readonly type: 'TagChanged'; readonly tag: TagId }
	/** `other` is found below `tag` already, or is the same. */
	| { readonly type: 'TagCycle'; readonly tag: TagId; readonly other: TagId }
	| { readonly type: 'CollectionMissing'; readonly collection: CollectionId }
	| { readonly type: 'CollectionExists'; readonly collection: CollectionId }
	| { readonly type: 'CollectionChanged'; readonly collection: CollectionId }
	/** Somebody has said something else of them since. */
	| { readonly type: 'MarkChanged'; readonly mark: MarkName; readonly entries: number }
	/** They are not in the library any more. */
	| { readonly type: 'EntriesGone'; readonly entries: number };

/** What a person should know before it is done. */
export type MetadataWarning =
	/** There is another tag of this name: the two are told apart by what they lie under. */
	| { readonly type: 'TagNameTaken'; readonly name: string }
	/** So many files lose it. */
	| { readonly type: 'TagInUse'; readonly tag: TagId; readonly targets: number }
	| { readonly type: 'CollectionInUse'; readonly collection: CollectionId; readonly targets: number };

/** A tag with its place in the graph. */
export type TagNode = Tag & {
	readonly parents: readonly TagId[];
	readonly children: readonly TagId[];
	readonly synonyms: readonly TagId[];
	/** Files and folders that have it, each copy of a file by itself; those of its children are not among them. */
	readonly entries: number;
};

/** A tag as a file has it. */
export type TagOnEntry = Tag & {
	/** Whether all copies of the file have it, as it hangs on the bytes; else it is this entry's alone. */
	readonly byContent: boolean;
};

/** Of so many entries: on how many each tag is, those that are on none left out. */
export type TagCounts = {
	readonly there: number;
	readonly counts: readonly { readonly tag: TagId; readonly entries: number }[];
};

/** Of so many entries: how each mark is spread over them, what says nothing (0, '') among it. */
export type MarkCounts = {
	readonly there: number;
	readonly favourites: number;
	readonly ratings: readonly { readonly rating: number; readonly entries: number }[];
	readonly colours: readonly { readonly colour: TagLook['colour'] | ''; readonly entries: number }[];
	/** Those that some of them are in. */
	readonly collections: readonly { readonly collection: CollectionId; readonly entries: number }[];
};

/** All that people said of a file. */
export type Sayings = {
	readonly entry: EntryId;
	readonly tags: readonly TagOnEntry[];
	readonly favourite: boolean;
	readonly rating: number;
	readonly colour: (typeof tagColours)[number] | null;
	readonly note: string;
	readonly collections: readonly Collection[];
};

export type CollectionNode = Collection & { readonly entries: number };
