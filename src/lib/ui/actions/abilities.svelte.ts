import type { CollectionId, LocationId, TagId } from '#core/kernel';
import type { CollectionNode, TagNode } from '#core/metadata';
import type { Location } from '#core/volumes';
import type { Explorer } from '#ui/files/explorer.svelte.ts';
import type { Panes } from '#ui/files/panes.svelte.ts';
import { noSelection } from '#ui/files/selection.ts';
import type { ShownRows } from '#ui/files/shown-rows.svelte.ts';
import type { FolderTask } from '#ui/library/folder-task.ts';
import { chordOf, isApple, isTyping } from '#ui/primitives/keys.ts';
import type { MenuItem } from '#ui/primitives/Menu.svelte';
import type { App } from '#ui/shell/app.svelte.ts';
import { device } from '#ui/shell/device-settings.svelte.ts';
import type { Ability, AbilityContext, Place } from './ability.ts';
import { hears, keyMap, keysOf, type Hearing } from './key-map.ts';
import { registry } from './registry.ts';

/** Where a context menu opens, in pixels of the window. */
export type MenuPoint = { readonly x: number; readonly y: number };

/** What takes the keyboard for itself while it is open. */
const taken = '[role="dialog"], [role="menu"]';

/** Everything a person can do, with what there is to do it with now. One for each page. */
export class Abilities {
	readonly #app: App;
	#go: (path: string) => void = () => {};
	/** The rows on the screen, of two lists the active ones; set by their page. */
	rows: ShownRows | null = $state.raw(null);
	/** The folder on the screen and the one beside it; set by their page. */
	panes: Panes | null = $state.raw(null);
	paletteOpen: boolean = $state(false);
	sheetOpen: boolean = $state(false);
	/** Where the context menu is open; null where it is not. */
	menuAt: MenuPoint | null = $state.raw(null);
	/** What a folder of the library needs a dialog for. */
	asked: { readonly location: LocationId; readonly task: FolderTask | null } | null = $state.raw(null);
	/** The entries whose tags are being chosen; null where none are. */
	tagged: readonly number[] | null = $state.raw(null);
	/** The entries whose rating and colour are being chosen, and those whose collections are. */
	marked: readonly number[] | null = $state.raw(null);
	collecting: readonly number[] | null = $state.raw(null);
	/** The tag that is being edited; `new` for one that is being made. */
	tagSheet: TagId | 'new' | null = $state(null);
	/** The collection that is being named; `new` for one that is being made. */
	collectionSheet: CollectionId | 'new' | null = $state(null);
	/** The tag or the collection that the page shows; set by it. */
	shown: { readonly tag: TagNode } | { readonly collection: CollectionNode } | null = $state.raw(null);
	readonly #map = $derived(keyMap(registry, device.value, isApple));

	constructor(app: App) {
		this.#app = app;
	}

	/** Says how to go to another place of the app. */
	goBy(go: (path: string) => void): void {
		this.#go = go;
	}

	/** The folder on the screen. */
	get explorer(): Explorer | null {
		return this.panes?.active ?? null;
	}

	/** What there is on the screen; with `location`, what there is to do with that folder of the library alone. */
	context(location: Location | null = null): AbilityContext {
		const app = this.#app;
		const [rows, explorer] = location === null ? [this.rows, this.explorer] : [null, null];
		const base = { app, go: (path: string) => this.#go(path), rows, explorer };
		if (rows === null)
			return { ...base, view: null, folder: null, location, selection: noSelection, focused: null, entry: null };
		const { selection } = rows.shownView;
		const folder = rows.above.at(-1) ?? null;
		return {
			...base,
			view: rows.kind,
			folder,
			location: rows.location,
			selection,
			focused: rows.focusRow,
			entry: selection.count === 0 ? folder : rows.chosenRow
		};
	}

	find(id: string): Ability | null {
		return registry.find((ability) => ability.id === id) ?? null;
	}

	/** The first of an ability's keys, as it is shown beside it. */
	keyOf(ability: Ability): string | undefined {
		return keysOf(ability, device.value, isApple)[0];
	}

	/** Everything that can be done now. */
	possible(context: AbilityContext): readonly Ability[] {
		return registry.filter((ability) => ability.when(context));
	}

	/** A menu of what can be done now and stands in `place`; lines are between its groups. */
	menuOf(place: Place, context: AbilityContext, after: () => void = () => {}): readonly (readonly MenuItem[])[] {
		const parts = new Map<string, MenuItem[]>();
		for (const ability of this.possible(context)) {
			if (ability.places?.includes(place) !== true) continue;
			const part = `${ability.group} ${ability.part ?? ''}`;
			parts.set(part, [...(parts.get(part) ?? []), this.#itemOf(ability, context, place, after)]);
		}
		return [...parts.values()];
	}

	#itemOf(ability: Ability, context: AbilityContext, place: Place, after: () => void): MenuItem {
		const { title, titleIn, icon, danger, checked } = ability;
		const keys = this.keyOf(ability);
		return {
			title: titleIn?.(context) ?? title,
			...(icon === undefined ? {} : { icon }),
			...(danger === undefined ? {} : { danger }),
			...(keys === undefined ? {} : { keys }),
			...(place === 'order' && checked !== undefined ? { checked: checked(context) } : {}),
			run: () => {
				after();
				ability.run(context);
			}
		};
	}

	/** Does what a key means here and now. */
	press(event: KeyboardEvent): void {
		if (event.defaultPrevented || event.isComposing || document.querySelector(taken) !== null) return;
		const chord = chordOf(event);
		if (chord === null) return;
		const { target } = event;
		const inRows = target === document.body || (target instanceof Element && target.closest('[data-index]') !== null);
		const at = { isTyping: isTyping(event), inRows };
		const ready = (this.#map.get(chord) ?? []).filter((ability) => hears(ability, chord, at));
		if (ready.length === 0) return this.#typeAhead(event, at);
		const context = this.context();
		const ability = ready.find(({ when }) => when(context));
		if (ability === undefined) return;
		event.preventDefault();
		ability.run(context);
	}

	/** A letter that means nothing else goes to a name; where letters are commands, none does. */
	#typeAhead(event: KeyboardEvent, { isTyping: isText, inRows }: Hearing): void {
		const isLetter = [...event.key].length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
		if (isText || !inRows || !isLetter || device.value.letters) return;
		if (this.rows?.typeAhead(event.key, event.timeStamp) === true) event.preventDefault();
	}

	openMenu(point: MenuPoint): void {
		this.menuAt ??= point;
	}

	/** Opens the menu of what is chosen, at the row that the keyboard is on. */
	openMenuAtFocus(): void {
		const { rows } = this;
		if (rows === null) return;
		const { choice, selection } = rows.shownView;
		if (choice.focus !== null && selection.count === 0) rows.shownView.setFocus(choice.focus);
		const row = document.querySelector(`[data-pane="active"] [data-index="${choice.focus ?? 0}"]`);
		const box = row?.getBoundingClientRect();
		this.openMenu({ x: (box?.left ?? 0) + 48, y: box?.bottom ?? 120 });
	}

	/** Asks what a folder of the library needs a dialog for. */
	ask(location: LocationId, task: FolderTask): void {
		this.asked = { location, task };
	}

	/** Closes whatever it has opened. */
	forget(): void {
		this.paletteOpen = false;
		this.sheetOpen = false;
		this.menuAt = null;
		this.asked = null;
		this.tagged = null;
		this.marked = null;
		this.collecting = null;
		this.tagSheet = null;
		this.collectionSheet = null;
	}
}
