import type { EntryRow } from '#core/index';
import { visibleName } from '#ui/files/name-parts.ts';
import type { App } from '#ui/shell/app.svelte.ts';
import { plural, sizeWords } from '#ui/words/values.ts';
import { Delivery, NotAnswered, ReadBroken, type DeliverHooks, type Receiver } from './deliver.ts';
import { canSave, openOutlet } from './outlet.ts';
import { folderReceiver, plainReceiver, zipReceiver } from './receivers.ts';

/** Rows asked for at once. */
const rowsAtOnce = 1_000;
/** Names told of what could not be read. */
const namesShown = 3;

/** What is being saved now. */
export type Going = {
	readonly title: string;
	readonly doneBytes: number;
	readonly totalBytes: number;
};

type Tally = { files: number; bytes: number; readonly unread: string[] };

const quoted = (name: string): string => `“${visibleName(name)}”`;

/** Saves what is chosen outside of the library: as one file, an archive, or into a folder. One at a time. */
export class Downloads {
	readonly #app: App;
	#going: Going | null = $state.raw(null);
	#stop = new AbortController();

	constructor(app: App) {
		this.#app = app;
	}

	get going(): Going | null {
		return this.#going;
	}

	cancel(): void {
		this.#stop.abort();
	}

	/** Saves one file as it is, everything else as a zip archive; from a person's gesture. `name` is for several. */
	async save(entries: readonly number[], only: EntryRow | null, name: string): Promise<void> {
		if (!canSave()) return this.#refuse('This browser lets no page save a file without holding all of it in memory.');
		const isPlain = only?.kind === 'file';
		const called = isPlain ? only.name : `${only?.name ?? name}.zip`;
		const outlet = await this.#opened(() => openOutlet(called));
		if (outlet === null) return;
		const receiver = isPlain ? plainReceiver(outlet) : zipReceiver(outlet);
		await this.#run(entries, `Saving ${quoted(called)}.`, receiver, '', {
			finish: receiver.finish,
			abandon: () => outlet.abandon(),
			done: `${quoted(called)} is saved`,
			// A file of which nothing can be read is not saved at all.
			isAllOrNothing: isPlain
		});
	}

	/** Copies what is chosen into a folder outside of the library; from a person's gesture. */
	async saveTo(entries: readonly number[]): Promise<void> {
		const folder = await this.#opened(() => window.showDirectoryPicker({ id: 'atoll-save', mode: 'readwrite' }));
		if (folder === null) return;
		await this.#run(entries, `Saving into ${quoted(folder.name)}.`, folderReceiver(), folder, {
			finish: async () => undefined,
			abandon: async () => undefined,
			done: `Saved into ${quoted(folder.name)}`,
			isAllOrNothing: false
		});
	}

	async #opened<T>(open: () => Promise<T | null>): Promise<T | null> {
		if (this.#going !== null) {
			this.#app.notices.tell('Something is being saved already.');
			return null;
		}
		try {
			return await open();
		} catch (thrown) {
			if (!(thrown instanceof DOMException)) throw thrown;
			if (thrown.name !== 'AbortError') this.#refuse('The browser did not let Atoll write there.');
			return null;
		}
	}

	async #run<F>(
		entries: readonly number[],
		title: string,
		receiver: Receiver<F>,
		top: F,
		end: {
			readonly finish: () => Promise<void>;
			readonly abandon: () => Promise<void>;
			readonly done: string;
			readonly isAllOrNothing: boolean;
		}
	): Promise<void> {
		this.#stop = new AbortController();
		const { signal } = this.#stop;
		const tally: Tally = { files: 0, bytes: 0, unread: [] };
		this.#going = { title, doneBytes: 0, totalBytes: 0 };
		try {
			const rows = await this.#rows(entries);
			const totalBytes = rows.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
			const hooks: DeliverHooks = {
				signal,
				onBytes: (bytes) => {
					tally.bytes += bytes;
					this.#going = { title, doneBytes: tally.bytes, totalBytes };
				},
				onFile: () => void tally.files++,
				onUnread: (name) => void tally.unread.push(name)
			};
			await new Delivery(this.#app, receiver, hooks).deliver(rows, top);
			signal.throwIfAborted();
			if (end.isAllOrNothing && tally.unread.length > 0) throw new ReadBroken(tally.unread[0] ?? '');
			await end.finish();
			this.#tellDone(end.done, tally);
		} catch (thrown) {
			await end.abandon();
			this.#tellWhy(thrown, signal);
		} finally {
			this.#going = null;
		}
	}

	async #rows(entries: readonly number[]): Promise<EntryRow[]> {
		const rows: EntryRow[] = [];
		for (let from = 0; from < entries.length; from += rowsAtOnce) {
			const page = await this.#app.do('entries.rows', { ids: entries.slice(from, from + rowsAtOnce) });
			if (!page.ok) throw new NotAnswered();
			rows.push(...page.value);
		}
		return rows;
	}

	#tellDone(done: string, { files, bytes, unread }: Tally): void {
		const what = `${done}: ${plural(files, 'file')}, ${sizeWords(bytes)}.`;
		if (unread.length === 0) return this.#app.notices.tell(what);
		const names = unread.slice(0, namesShown).map(quoted).join(', ');
		const more = unread.length > namesShown ? ` and ${unread.length - namesShown} more` : '';
		const text = `${names}${more} could not be read, and ${unread.length === 1 ? 'is' : 'are'} missing there.`;
		this.#app.notices.show({ tone: 'danger', title: what, text, action: null });
	}

	#tellWhy(thrown: unknown, signal: AbortSignal): void {
		if (signal.aborted) return this.#app.notices.tell('Saving was cancelled.');
		// The library has told why.
		if (thrown instanceof NotAnswered) return;
		if (thrown instanceof ReadBroken)
			return this.#refuse(`${quoted(thrown.file)} could not be read to its end; it may have been changed meanwhile.`);
		if (thrown instanceof DOMException && thrown.name === 'QuotaExceededError')
			return this.#refuse('There is no room for it.');
		if (thrown instanceof DOMException) return this.#refuse('The browser did not let Atoll write there.');
		throw thrown;
	}

	#refuse(text: string): void {
		this.#app.notices.show({ tone: 'danger', title: 'Nothing was saved.', text, action: null });
	}
}
