import FolderHeart from '@lucide/svelte/icons/folder-heart';
import ListMinus from '@lucide/svelte/icons/list-minus';
import PenLine from '@lucide/svelte/icons/pen-line';
import Star from '@lucide/svelte/icons/star';
import Tag from '@lucide/svelte/icons/tag';
import Tags from '@lucide/svelte/icons/tags';
import Trash from '@lucide/svelte/icons/trash-2';
import type { CollectionNode, TagNode } from '#core/metadata';
import type { App } from '#ui/shell/app.svelte.ts';
import { turn } from '#ui/tags/put-on.ts';
import { deleteCollection, deleteTag } from '#ui/tags/tag-work.ts';
import { always, onAll, type Ability, type AbilityContext } from '../ability.ts';
import { isAny, meant } from './meant.ts';

/** The tag that the page is about, or the collection. */
function shownTag({ app: { abilities } }: AbilityContext): TagNode | null {
	return abilities.shown !== null && 'tag' in abilities.shown ? abilities.shown.tag : null;
}
function shownCollection({ app: { abilities } }: AbilityContext): CollectionNode | null {
	return abilities.shown !== null && 'collection' in abilities.shown ? abilities.shown.collection : null;
}

/** Makes favourites of all entries; where all are, of none. */
async function turnFavourite(app: App, entries: readonly number[]): Promise<void> {
	const known = await app.ask('metadata.favourites', {});
	if (!known.ok) return app.tell(known.failure);
	const favourites = new Set(known.value);
	const value = entries.every((entry) => favourites.has(entry)) ? 0 : 1;
	await app.act({ action: 'metadata.set-favourite', input: { files: { entries }, value }, title: 'Favourite' });
}

/** Takes entries out of the collection that is shown. */
function takeOut(context: AbilityContext): void {
	const collection = shownCollection(context);
	if (collection === null) return;
	const { id, name } = collection;
	void turn(context.app, { kind: 'collection', id, name, entries: meant(context), isOn: true });
}

/** What there is to say of files. */
export const tagAbilities: readonly Ability[] = [
	{
		id: 'files.tags',
		title: 'Tags…',
		also: 'label keyword categorize',
		icon: Tags,
		group: 'files',
		part: 'say',
		keys: onAll('#'),
		letter: 'T',
		heard: 'rows',
		places: ['rows', 'selection'],
		when: isAny,
		run: (context) => {
			context.app.abilities.tagged = meant(context);
		}
	},
	{
		id: 'files.favourite',
		title: 'Favourite or not',
		also: 'star',
		icon: Star,
		group: 'files',
		part: 'say',
		keys: onAll('Mod+B'),
		letter: 'F',
		heard: 'rows',
		places: ['rows'],
		when: isAny,
		run: (context) => void turnFavourite(context.app, meant(context))
	},
	{
		id: 'files.take-out',
		title: 'Take out of the collection',
		also: 'remove album',
		icon: ListMinus,
		group: 'files',
		part: 'say',
		places: ['rows', 'selection'],
		when: (context) => shownCollection(context) !== null && isAny(context),
		run: takeOut
	},
	{
		id: 'go.favourites',
		title: 'Favourites',
		also: 'starred',
		icon: Star,
		group: 'go',
		part: 'pages',
		path: '/favourites',
		when: always,
		run: ({ go }) => go('/favourites')
	},
	{
		id: 'go.tags',
		title: 'All tags',
		also: 'labels keywords graph',
		icon: Tags,
		group: 'go',
		part: 'pages',
		path: '/tags',
		when: always,
		run: ({ go }) => go('/tags')
	},
	{
		id: 'library.new-tag',
		title: 'New tag…',
		also: 'make create label',
		icon: Tag,
		group: 'library',
		part: 'tags',
		when: always,
		run: ({ app }) => {
			app.abilities.tagSheet = 'new';
		}
	},
	{
		id: 'library.edit-tag',
		title: 'Edit this tag…',
		also: 'rename colour parents synonyms merge',
		icon: PenLine,
		group: 'library',
		part: 'tags',
		when: (context) => shownTag(context) !== null,
		run: (context) => {
			context.app.abilities.tagSheet = shownTag(context)?.id ?? null;
		}
	},
	{
		id: 'library.delete-tag',
		title: 'Delete this tag…',
		also: 'remove label',
		icon: Trash,
		group: 'library',
		part: 'tags',
		danger: true,
		when: (context) => shownTag(context) !== null,
		run: (context) => {
			const tag = shownTag(context);
			if (tag !== null) void deleteTag(context.app, tag);
		}
	},
	{
		id: 'library.new-collection',
		title: 'New collection…',
		also: 'make create album',
		icon: FolderHeart,
		group: 'library',
		part: 'collections',
		when: always,
		run: ({ app }) => {
			app.abilities.collectionSheet = 'new';
		}
	},
	{
		id: 'library.rename-collection',
		title: 'Rename this collection…',
		also: 'name album',
		icon: PenLine,
		group: 'library',
		part: 'collections',
		when: (context) => shownCollection(context) !== null,
		run: (context) => {
			context.app.abilities.collectionSheet = shownCollection(context)?.id ?? null;
		}
	},
	{
		id: 'library.delete-collection',
		title: 'Delete this collection…',
		also: 'remove album',
		icon: Trash,
		group: 'library',
		part: 'collections',
		danger: true,
		when: (context) => shownCollection(context) !== null,
		run: (context) => {
			const collection = shownCollection(context);
			if (collection !== null) void deleteCollection(context.app, collection);
		}
	}
];
