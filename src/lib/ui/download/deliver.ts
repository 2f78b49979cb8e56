import type { EntryRow } from '#core/index';
import type { EntryId } from '#core/kernel';
import { getFolder } from '#client/folder-handles.ts';
import type { App } from '#ui/shell/app.svelte.ts';

/** Rows asked for at once. */
const rowsAtOnce = 1_000;
/** Read at once: an abort is quick, and little is held of a file however long it is. */
const pieceBytes = 1024 * 1024;

export type Pieces = AsyncIterable<Uint8Array<ArrayBuffer>>;

/** Where chosen files go; `F` is what stands for a folder there. */
export type Receiver<F> = {
	folder(above: F, name: string, modifiedMs: number | null): Promise<F>;
	/** A piece is only there until the next one is asked for. */
	file(above: F, file: File, pieces: Pieces): Promise<void>;
};

export type DeliverHooks = {
	readonly signal: AbortSignal;
	readonly onBytes: (bytes: number) => void;
	readonly onFile: () => void;
	/** Called with the name of what cannot be read, before anything of it was handed over. */
	readonly onUnread: (name: string) => void;
};

/** A file was written to, or its folder went away, while it was being read. */
export class ReadBroken extends Error {
	override readonly name = 'ReadBroken';
	readonly file: string;
	constructor(file: string) {
		super('a file could not be read to its end');
		this.file = file;
	}
}

/** The library did not answer; it has told so itself. */
export class NotAnswered extends Error {
	override readonly name = 'NotAnswered';
}

async function readPiece(file: File, at: number): Promise<Uint8Array<ArrayBuffer>> {
	return new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer());
}

/** All of a file, of which the first piece was read. */
async function* piecesOf(
	file: File,
	first: Uint8Array<ArrayBuffer>,
	{ signal, onBytes }: DeliverHooks
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	for (let at = 0; at < file.size; at += pieceBytes) {
		signal.throwIfAborted();
		const piece = at === 0 ? first : await tried(() => readPiece(file, at));
		if (piece === null) throw new ReadBroken(file.name);
		const { length } = piece;
		yield piece;
		onBytes(length);
		// Whoever took it is done with it: its room is free now rather than when the garbage is looked through.
		piece.buffer.transfer(0);
	}
}

/** What `read` gives, null where the browser cannot read that. */
async function tried<T>(read: () => Promise<T>): Promise<T | null> {
	try {
		return await read();
	} catch (thrown) {
		if (thrown instanceof DOMException || thrown instanceof TypeError) return null;
		throw thrown;
	}
}

/** Hands chosen entries over, folders before what lies in them; each is read while it goes. */
export class Delivery<F> {
	readonly #app: App;
	readonly #to: Receiver<F>;
	readonly #hooks: DeliverHooks;

	constructor(app: App, to: Receiver<F>, hooks: DeliverHooks) {
		this.#app = app;
		this.#to = to;
		this.#hooks = hooks;
	}

	/** All of `rows`; one that lies in another goes with it. */
	async deliver(rows: readonly EntryRow[], top: F): Promise<void> {
		const chosen = new Set<number>(rows.map(({ id }) => id));
		const folders = new Map<EntryId, readonly EntryRow[]>();
		for (const row of rows) {
			const { parent } = row;
			const trail = parent === null ? [] : (folders.get(parent) ?? (await this.#trail(parent)));
			if (parent !== null) folders.set(parent, trail);
			if (trail.some(({ id }) => chosen.has(id))) continue;
			const folder = await this.#handleOf(trail.length === 0 ? [row] : trail);
			if (folder === null) this.#hooks.onUnread(row.name);
			else if (parent === null) await this.#below(row, folder, await this.#made(top, row));
			else await this.#one(row, folder, top);
		}
	}

	async #trail(id: EntryId): Promise<readonly EntryRow[]> {
		const trail = await this.#app.do('entries.trail', { entry: id });
		if (!trail.ok) throw new NotAnswered();
		return trail.value;
	}

	/** The folder at the end of a trail, where the browser has it. */
	async #handleOf([root, ...below]: readonly EntryRow[]): Promise<FileSystemDirectoryHandle | null> {
		const location = root === undefined ? null : this.#app.folders.ofEntry(root.id);
		let handle = location === null ? null : await getFolder(location.root);
		for (const { name } of below) {
			const above = handle;
			handle = above === null ? null : await tried(() => above.getDirectoryHandle(name));
		}
		return handle;
	}

	#made(above: F, { id, name, parent, modifiedMs }: EntryRow): Promise<F> {
		const shown = parent === null ? (this.#app.folders.ofEntry(id)?.name ?? name) : name;
		return this.#to.folder(above, shown, modifiedMs);
	}

	async #one(row: EntryRow, folder: FileSystemDirectoryHandle, above: F): Promise<void> {
		this.#hooks.signal.throwIfAborted();
		if (row.kind === 'directory') {
			const own = await tried(() => folder.getDirectoryHandle(row.name));
			if (own === null) this.#hooks.onUnread(row.name);
			else await this.#below(row, own, await this.#made(above, row));
			return;
		}
		const file = await tried(async () => (await folder.getFileHandle(row.name)).getFile());
		// What cannot be read at all is left out; what cannot be read any more is no whole file.
		const first = file === null ? null : await tried(() => readPiece(file, 0));
		if (file === null || first === null) return this.#hooks.onUnread(row.name);
		await this.#to.file(above, file, piecesOf(file, first, this.#hooks));
		this.#hooks.onFile();
	}

	async #below(row: EntryRow, folder: FileSystemDirectoryHandle, own: F): Promise<void> {
		const order = { by: 'name', descending: false } as const;
		const ids = await this.#app.do('entries.ids', { folder: row.id, order });
		if (!ids.ok) throw new NotAnswered();
		const all = [...ids.value];
		for (let from = 0; from < all.length; from += rowsAtOnce) {
			const rows = await this.#app.do('entries.rows', { ids: all.slice(from, from + rowsAtOnce) });
			if (!rows.ok) throw new NotAnswered();
			for (const one of rows.value) await this.#one(one, folder, own);
		}
	}
}
