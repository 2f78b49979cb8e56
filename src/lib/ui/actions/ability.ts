/** What a person can do on the screen: each is described once, and menus, bars, the palette and keys are drawn from it. */
import type { Component } from 'svelte';
import type { EntryRow } from '#core/index';
import type { Location } from '#core/volumes';
import type { Explorer } from '#ui/files/explorer.svelte.ts';
import type { SelectedEntries } from '#ui/files/selection.ts';
import type { RowsKind, ShownRows } from '#ui/files/shown-rows.svelte.ts';
import type { App } from '#ui/shell/app.svelte.ts';

/** In the order in which they are listed. */
export const groups = ['files', 'choose', 'go', 'view', 'folder', 'library', 'app'] as const;
export type AbilityGroup = (typeof groups)[number];

export const groupTitles: Readonly<Record<AbilityGroup, string>> = {
	files: 'Files',
	choose: 'Selection',
	go: 'Go',
	view: 'View',
	folder: 'Folder of the library',
	library: 'Library',
	app: 'Atoll'
};

/** Where else than in the palette, the sheet of shortcuts and on the keyboard it stands. */
export type Place =
	/** The context menu of chosen rows. */
	| 'rows'
	/** The context menu of empty space: of the folder itself. */
	| 'space'
	/** The bar that says what is chosen. */
	| 'selection'
	/** The menu of a folder of the library. */
	| 'location'
	/** The menu of the library. */
	| 'library'
	/** The menu of orders. */
	| 'order';

/** What there is to do something with, at the moment when it is asked about. */
export type AbilityContext = {
	readonly app: App;
	readonly go: (path: string) => void;
	/** The rows that are on the screen; null on pages without any. */
	readonly rows: ShownRows | null;
	/** The folder that they are of, with its search; null where they are of none. */
	readonly explorer: Explorer | null;
	/** What the rows are; null on pages without any. */
	readonly view: RowsKind | null;
	/** The folder that is shown; null where none is, or while it is not known. */
	readonly folder: EntryRow | null;
	/** The folder of the library that `folder` lies in, or the one whose menu it is. */
	readonly location: Location | null;
	readonly selection: SelectedEntries;
	/** The row that the keyboard is on, as far as it is loaded. */
	readonly focused: EntryRow | null;
	/** The one entry that is chosen, or the folder where nothing is; null where several are. */
	readonly entry: EntryRow | null;
};

/** Chords such as `Mod+K`, on Apple's machines and on others. Mod is Cmd or Ctrl. */
export type AbilityKeys = { readonly apple: readonly string[]; readonly other: readonly string[] };

export type Ability = {
	/** `group.verb`; kept in the settings of devices: never changed. */
	readonly id: string;
	/** What it does, in a few words. */
	readonly title: string;
	/** The same for one moment, where it says more then. */
	readonly titleIn?: (context: AbilityContext) => string;
	/** Other words that a person may look for. */
	readonly also?: string;
	readonly icon?: Component<{ size?: number | string }>;
	readonly keys?: AbilityKeys;
	/** A single letter that does the same where a person has switched such keys on. */
	readonly letter?: string;
	/** Where its keys are heard: `rows` is while the keyboard is in the list, or nowhere. */
	readonly heard?: 'rows' | 'anywhere';
	/** Whether its keys are heard even while one types. */
	readonly whileTyping?: boolean;
	readonly group: AbilityGroup;
	/** Parts of a group are kept apart by a line in menus. */
	readonly part?: string;
	readonly places?: readonly Place[];
	/** It takes something away. */
	readonly danger?: boolean;
	/** The page of the app that it leads to. */
	readonly path?: string;
	when(context: AbilityContext): boolean;
	/** Of what is on or off, or one of several: whether it is so now. */
	readonly checked?: (context: AbilityContext) => boolean;
	run(context: AbilityContext): void;
};

/** The same keys on every machine. */
export function onAll(...keys: readonly string[]): AbilityKeys {
	return { apple: keys, other: keys };
}

export const always = (): boolean => true;

/** Whether it is a folder of another device that is shown: what is in it is changed there. What was gathered may be anybody's. */
export function isElsewhere({ view, location }: AbilityContext): boolean {
	return view !== 'gathered' && location?.problem?.type === 'NotOnThisDevice';
}
