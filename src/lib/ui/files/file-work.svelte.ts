import type { AnyAction } from '#core';
import type { EntryRow } from '#core/index';
import type { EntryId } from '#core/kernel';
import type { Location } from '#core/volumes';
import { visibleName } from './name-parts.ts';
import { askForWriting, mayWrite } from '#ui/library/pick-folder.ts';
import type { Wish } from '#ui/plan/do-action.ts';
import type { App } from '#ui/shell/app.svelte.ts';
import { blockWords } from '#ui/words/actions.ts';
import { failureWords } from '#ui/words/failures.ts';
import { plural } from '#ui/words/values.ts';
import { getFolder } from '#client/folder-handles.ts';

export type Transfer = 'move' | 'copy';

/** What a dialog is needed for. */
export type FileTask =
	| { readonly type: 'rename-many'; readonly entries: readonly number[] }
	| { readonly type: 'make-folder'; readonly folder: EntryRow }
	| { readonly type: 'make-text'; readonly folder: EntryRow }
	| {
			readonly type: 'place';
			readonly transfer: Transfer;
			readonly entries: readonly number[];
			/** The folder that they all lie in; null where that is not one. */
			readonly from: EntryId | null;
	  };

/** Rows asked for at once where it matters which folders of the library they lie in. */
const rowsAtOnce = 1_000;

/** What is done with files on one page, and what was cut or copied to be pasted. */
export class FileWork {
	readonly #app: App;
	/** What a paste brings; names nothing outside of the app. */
	clipboard: { readonly transfer: Transfer; readonly entries: readonly number[] } | null = $state.raw(null);
	asked: FileTask | null = $state.raw(null);
	/** What has been cut and waits to be pasted. */
	readonly cut: ReadonlySet<number> = $derived(
		new Set(this.clipboard?.transfer === 'move' ? this.clipboard.entries : [])
	);

	constructor(app: App) {
		this.#app = app;
	}

	/** Keeps entries to be pasted. */
	take(transfer: Transfer, entries: readonly number[]): void {
		this.clipboard = { transfer, entries };
		const what = plural(entries.length, 'item');
		this.#app.notices.say(`${what} ${transfer === 'move' ? 'cut' : 'copied'}: go to a folder and paste.`);
	}

	/** Brings what was cut or copied into a folder; what was cut can be pasted once. */
	async paste(folder: EntryRow): Promise<void> {
		const { clipboard } = this;
		if (clipboard === null) return;
		const done = await this.transfer(clipboard.transfer, clipboard.entries, folder.id);
		if (done !== null && clipboard.transfer === 'move' && this.clipboard === clipboard) this.clipboard = null;
	}

	transfer(transfer: Transfer, entries: readonly number[], folder: number): Promise<AnyAction | null> {
		const [action, title] = transfer === 'move' ? (['files.move', 'Move'] as const) : (['files.copy', 'Copy'] as const);
		const changed = transfer === 'move' ? [...entries, folder] : [folder];
		return this.#act({ action, input: { entries, folder }, title }, changed);
	}

	trash(entries: readonly number[]): Promise<AnyAction | null> {
		return this.#act({ action: 'files.trash', input: { entries }, title: 'Move to trash' }, entries);
	}

	/** Keeps one of files that are the same, wherever it may be in these folders. */
	deduplicate(input: object, folders: readonly number[]): Promise<AnyAction | null> {
		return this.#act({ action: 'files.deduplicate', input, title: 'Remove duplicates' }, [...new Set(folders)]);
	}

	/** Takes entries out of the trash of these folders of the library; null for all that lies there. */
	restore(entries: readonly number[] | null, folders: readonly number[]): Promise<AnyAction | null> {
		return this.#act({ action: 'files.restore', input: { entries }, title: 'Put back' }, folders);
	}

	/** Removes entries from the trash of these folders of the library; null for all that lies there. */
	remove(entries: readonly number[] | null, folders: readonly number[]): Promise<AnyAction | null> {
		const title = entries === null ? 'Empty trash' : 'Delete for good';
		return this.#act({ action: 'files.delete', input: { entries }, title }, folders);
	}

	/** Gives an entry another name. Why that cannot be, in words; null where it is being done. */
	rename(entry: EntryRow, name: string): Promise<string | null> {
		const input = { renames: [{ entry: entry.id, name }] };
		return this.#named({ action: 'files.rename', input, title: 'Rename' }, entry.id);
	}

	/** Gives many entries the names that a person has seen. */
	renameMany(renames: readonly { readonly entry: number; readonly name: string }[]): Promise<AnyAction | null> {
		const entries = renames.map(({ entry }) => entry);
		return this.#act({ action: 'files.rename', input: { renames }, title: 'Rename', isSeen: true }, entries);
	}

	/** Makes a folder in a folder. Why that cannot be, in words; null where it is being done. */
	makeFolder(folder: EntryRow, name: string): Promise<string | null> {
		const input = { folder: folder.id, name };
		return this.#named({ action: 'files.make-folder', input, title: 'New folder' }, folder.id);
	}

	/** Makes a text file in a folder. Why that cannot be, in words; null where it is being done. */
	makeText(folder: EntryRow, name: string, text: string): Promise<string | null> {
		const input = { folder: folder.id, name, text };
		return this.#named({ action: 'files.make-text', input, title: 'New text file' }, folder.id);
	}

	async #named(wish: Wish, concerned: number): Promise<string | null> {
		const plan = await this.#app.ask('actions.preview', { action: wish.action, input: wish.input });
		if (!plan.ok) return `${failureWords(plan.failure).title}.`;
		const [first] = plan.value.blocked;
		if (first !== undefined) return blockWords(first.why);
		void this.#act(wish, [concerned]);
		return null;
	}

	/** Does an action, once the browser lets the folders of the library that these entries lie in be written to. */
	async #act(wish: Wish, entries: readonly number[]): Promise<AnyAction | null> {
		return (await this.mayChange(entries)) ? this.#app.act(wish) : null;
	}

	/** Asks for writing where a folder was given for reading only; from a person's gesture. */
	async mayChange(entries: readonly number[]): Promise<boolean> {
		const { folders } = this.#app;
		const closed: { readonly location: Location; readonly handle: FileSystemDirectoryHandle }[] = [];
		for (const location of folders.all) {
			// What cannot be read either is reconnected first: the plan says so.
			const handle = location.problem === null ? await getFolder(location.root) : null;
			if (handle !== null && !(await mayWrite(handle))) closed.push({ location, handle });
		}
		if (closed.length === 0) return true;
		const concerned = new Set((await this.locationsOf(entries)).map(({ id }) => id));
		for (const { location, handle } of closed) {
			if (!concerned.has(location.id) || (await askForWriting(handle))) continue;
			const title = `“${visibleName(location.name)}” was left as it is.`;
			const text = 'The browser does not let Atoll change this folder. Do it again, and allow it when it asks.';
			this.#app.notices.show({ tone: 'danger', title, text, action: null });
			return false;
		}
		return true;
	}

	/** The folders of the library that these entries lie in. */
	async locationsOf(entries: readonly number[]): Promise<readonly Location[]> {
		const [roots, seen] = [new Set<number>(), new Set<number>()];
		for (let from = 0; from < entries.length; from += rowsAtOnce) {
			const rows = await this.#app.ask('entries.rows', { ids: entries.slice(from, from + rowsAtOnce) });
			for (const { id, parent } of rows.ok ? rows.value : []) {
				const folder = parent ?? id;
				if (seen.has(folder)) continue;
				seen.add(folder);
				const trail = await this.#app.ask('entries.trail', { entry: folder });
				const root = trail.ok ? trail.value[0] : undefined;
				if (root !== undefined) roots.add(root.id);
			}
		}
		return this.#app.folders.all.filter(({ entry }) => roots.has(entry));
	}

	/** The library is not open any more. */
	forget(): void {
		this.clipboard = null;
		this.asked = null;
	}
}
