import type { EntryId } from '#core/kernel';
import type { Location } from '#core/volumes';
import { getFolder } from '#client/folder-handles.ts';
import { isReadOnly } from '#ui/library/pick-folder.ts';
import type { App } from '#ui/shell/app.svelte.ts';
import { judgeDrop, type DropKeys, type DropPlace, type DropVerdict } from './drop-rules.ts';
import { placeOf, type TakenDrag } from './take-drag.ts';

/** A folder that the pointer rests on for this long opens. */
const springMs = 900;

/** The folder that a drop would go into; `trail` leads down to it. */
type Over = {
	readonly folder: EntryId;
	readonly trail: readonly EntryId[];
	readonly location: Location | null;
	readonly name: string;
};

/** What is being dragged on this page, over which folder, and what a drop there would do. */
export class EntryDrag {
	readonly #app: App;
	taken: TakenDrag | null = $state.raw(null);
	/** The folder under the pointer: what becomes known of another comes too late. */
	#wanted: EntryId | null = null;
	#over: Over | null = $state.raw(null);
	#keys: DropKeys = $state.raw({ copies: false, moves: false });
	/** Where what is dragged lies, and the locations that nothing can be written to; null while that is being found out. */
	#sources: { readonly places: readonly DropPlace[]; readonly readOnly: ReadonlySet<number> } | null = $state.raw(null);
	#spring: ReturnType<typeof setTimeout> | null = null;
	/** What a drop would do now; null over no folder, and until that is known. */
	readonly verdict: DropVerdict | null = $derived.by(() => this.#judge());

	constructor(app: App) {
		this.#app = app;
	}

	/** What the folder under the pointer is called. */
	get name(): string {
		return this.#over?.name ?? '';
	}

	#judge(): DropVerdict | null {
		const [taken, over, sources] = [this.taken, this.#over, this.#sources];
		if (taken === null || over === null || sources === null) return null;
		const { places, readOnly } = sources;
		const place = over.location === null ? null : placeOf(over.location, readOnly);
		return judgeDrop({ ids: taken.ids, from: taken.from, places }, { trail: over.trail, place }, this.#keys);
	}

	start(taken: TakenDrag): void {
		this.end();
		this.taken = taken;
		void this.#findSources(taken);
	}

	async #findSources(taken: TakenDrag): Promise<void> {
		const readOnly = new Set<number>();
		for (const { id, root } of this.#app.folders.all) {
			const handle = await getFolder(root);
			if (handle !== null && (await isReadOnly(handle))) readOnly.add(id);
		}
		const locations = taken.location === null ? await this.#app.files.locationsOf([...taken.ids]) : [taken.location];
		// Of what is gone there is nothing to be said, and nothing to be dropped.
		if (this.taken !== taken || locations.length === 0) return;
		this.#sources = { places: locations.map((location) => placeOf(location, readOnly)), readOnly };
	}

	/** The pointer is over a folder, or over none; where it rests there, `open` is called. */
	over(folder: EntryId | null, keys: DropKeys, open: (() => void) | null): void {
		if (keys.copies !== this.#keys.copies || keys.moves !== this.#keys.moves) this.#keys = keys;
		if (folder === this.#wanted) return;
		this.#wanted = folder;
		this.#over = null;
		this.#stopSpring();
		if (folder === null || this.taken === null) return;
		void this.#lookAt(folder);
		if (open === null) return;
		this.#spring = setTimeout(() => {
			const isItself = this.verdict?.type === 'cannot' && this.verdict.why === 'inside-itself';
			if (!isItself) open();
		}, springMs);
	}

	async #lookAt(folder: EntryId): Promise<void> {
		const answer = await this.#app.ask('entries.trail', { entry: folder });
		if (this.#wanted !== folder) return;
		const rows = answer.ok ? answer.value : [];
		const [root] = rows;
		const location = root === undefined ? null : this.#app.folders.ofEntry(root.id);
		const name = (rows.length === 1 ? location?.name : rows.at(-1)?.name) ?? '';
		this.#over = { folder, trail: rows.map(({ id }) => id), location, name };
	}

	/** Does what was said; where nothing can be done, nothing. */
	drop(): void {
		const [taken, over, verdict] = [this.taken, this.#over, this.verdict];
		this.end();
		if (taken === null || over === null || verdict?.type !== 'can') return;
		void this.#app.files.transfer(verdict.transfer, [...taken.ids], over.folder);
	}

	#stopSpring(): void {
		if (this.#spring !== null) clearTimeout(this.#spring);
		this.#spring = null;
	}

	/** Nothing is being dragged any more. */
	end(): void {
		this.over(null, { copies: false, moves: false }, null);
		this.taken = null;
		this.#sources = null;
	}
}
