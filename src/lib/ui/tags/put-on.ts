import type { ActionName } from '#core';
import type { App } from '#ui/shell/app.svelte.ts';
import { plural } from '#ui/words/values.ts';
import { newId } from './find-tags.ts';

type Words = { readonly action: ActionName; readonly title: (name: string) => string };
type Kind = {
	readonly make: ActionName;
	readonly put: Words & { readonly told: (name: string, items: string) => string };
	readonly take: Words & { readonly told: (name: string) => string };
};

/** What several files can have or be in. */
const kinds = {
	tag: {
		make: 'metadata.create-tag',
		put: {
			action: 'metadata.tag-files',
			title: (name) => `Tag with “${name}”`,
			told: (name, items) => `“${name}” put on ${items}.`
		},
		take: {
			action: 'metadata.untag-files',
			title: (name) => `Take off “${name}”`,
			told: (name) => `“${name}” taken off.`
		}
	},
	collection: {
		make: 'metadata.create-collection',
		put: {
			action: 'metadata.add-to-collection',
			title: (name) => `Put into “${name}”`,
			told: (name, items) => `${items} put into “${name}”.`
		},
		take: {
			action: 'metadata.remove-from-collection',
			title: (name) => `Take out of “${name}”`,
			told: (name) => `Taken out of “${name}”.`
		}
	}
} as const satisfies Record<string, Kind>;
export type PutKind = keyof typeof kinds;

/** Makes a tag or a collection with `entries` in one action, and answers what is told of it; null where nothing was done. */
export async function makeWith(
	app: App,
	{ kind, name, entries }: { readonly kind: PutKind; readonly name: string; readonly entries: readonly number[] }
): Promise<string | null> {
	const input = { id: newId(), name, files: { entries } };
	const made = await app.act({ action: kinds[kind].make, input, title: `Make ${kind} “${name}”` });
	return made === null ? null : `“${name}” made for ${plural(entries.length, 'item')}.`;
}

/** Puts a tag on `entries`, or them into a collection; where `isOn`, takes it off them. Answers what is told of it. */
export async function turn(
	app: App,
	{
		kind,
		id,
		name,
		entries,
		isOn
	}: {
		readonly kind: PutKind;
		readonly id: string;
		readonly name: string;
		readonly entries: readonly number[];
		readonly isOn: boolean;
	}
): Promise<string | null> {
	const { action, title, told } = kinds[kind][isOn ? 'take' : 'put'];
	const input = { [kind]: id, files: { entries } };
	const done = await app.act({ action, input, title: title(name) });
	return done === null ? null : told(name, plural(entries.length, 'item'));
}
