import { err, invariant, ok, type Result } from '#core/kernel';
import type { ClockPort, DiskEntry, DiskPage, EntryKind, FilesFailure, FilesPort, RootRef } from '#core/ports';

/** What lies in a simulated folder. `denied` folders and names cannot be read; `vanishes` goes between name and look. */
export type SimNode = {
	readonly kind: EntryKind;
	sizeBytes: number;
	modifiedMs: number | null;
	readonly inode: number | null;
	readonly children: Map<string, SimNode>;
	fault: 'denied' | 'vanishes' | 'unreadable' | null;
};

export type SimTree = { readonly [name: string]: SimTree | string | number | null };

const pageMax = 1_000;

function failure(fault: NonNullable<SimNode['fault']>): FilesFailure {
	if (fault === 'denied') return { type: 'FolderDenied', retry: 'when-online' };
	if (fault === 'vanishes') return { type: 'FolderMissing', retry: 'when-online' };
	return { type: 'FolderUnreadable', code: 'EIO', retry: 'soon' };
}

/** Folders in memory, named by absolute paths, with faults at will. */
export class SimFiles implements FilesPort {
	/** Entries to a page. */
	pageSize = pageMax;
	/** Simulated time that each page takes. */
	pageDelayMs = 0;
	/** Runs before a page is given: where a test changes the tree under a listing. */
	beforePage: (path: readonly string[]) => void = () => undefined;
	/** Roots whose permission the person took back. */
	readonly withoutConsent = new Set<string>();
	#inodes = 0;
	readonly #root = this.#node('directory');
	readonly #clock: ClockPort;

	constructor(clock: ClockPort) {
		this.#clock = clock;
	}

	/** Puts a tree under `path`: a number is a file of that size, text a symlink, null a pipe, an object a folder. Names as the kernel has them. */
	put(path: string, tree: SimTree): RootRef {
		const folder = this.#make(path);
		for (const [name, what] of Object.entries(tree)) {
			if (typeof what === 'number') folder.children.set(name, this.#node('file', what));
			else if (typeof what === 'string') folder.children.set(name, this.#node('symlink'));
			else if (what === null) folder.children.set(name, this.#node('other'));
			else this.put(`${path}/${name}`, what);
		}
		return path as RootRef;
	}

	/** The node at `path`; throws where there is none. */
	at(path: string): SimNode {
		const found = this.#find(path);
		invariant(found, `${path} is in the simulated tree`);
		return found;
	}

	/** Bytes of the file at `path`; 0 where none can be read. */
	sizeOf(path: string): number {
		const found = this.#find(path);
		return found?.kind === 'file' && found.fault === null ? found.sizeBytes : 0;
	}

	/** Removes what is at `path`, as an unplugged disk or a person does. */
	remove(path: string): void {
		const parts = path.split('/').filter(Boolean);
		const name = parts.pop() ?? '';
		this.#find(parts.join('/'))?.children.delete(name);
	}

	async *list(
		root: RootRef,
		path: readonly string[],
		signal: AbortSignal
	): AsyncGenerator<Result<DiskPage, FilesFailure>> {
		for (const segment of path)
			invariant(segment !== '' && segment !== '.' && segment !== '..' && !/[/\0]/.test(segment), 'a plain name');
		signal.throwIfAborted();
		const folder = this.#open(root, path);
		if (!folder.ok) {
			yield folder;
			return;
		}
		const names = [...folder.value.children.keys()];
		for (let at = 0; at < names.length; at += this.pageSize) {
			this.beforePage(path);
			if (this.pageDelayMs > 0) await this.#clock.wait(this.pageDelayMs, signal);
			signal.throwIfAborted();
			const still = this.#open(root, path);
			if (!still.ok) {
				yield still;
				return;
			}
			yield ok(this.#page(still.value, names.slice(at, at + this.pageSize)));
		}
	}

	async rootName(root: RootRef, signal: AbortSignal): Promise<Result<string, FilesFailure>> {
		signal.throwIfAborted();
		const found = this.#open(root, []);
		return found.ok ? ok(root.split('/').findLast(Boolean) ?? root) : found;
	}

	async relation(
		a: RootRef,
		b: RootRef,
		signal: AbortSignal
	): Promise<Result<'same' | 'a-inside-b' | 'b-inside-a' | 'apart', FilesFailure>> {
		signal.throwIfAborted();
		for (const root of [a, b]) {
			const found = this.#open(root, []);
			if (!found.ok) return found;
		}
		if (a === b) return ok('same');
		if (a.startsWith(`${b}/`)) return ok('a-inside-b');
		return ok(b.startsWith(`${a}/`) ? 'b-inside-a' : 'apart');
	}

	#open(root: RootRef, path: readonly string[]): Result<SimNode, FilesFailure> {
		if (this.withoutConsent.has(root)) return err({ type: 'FolderNeedsConsent', retry: 'when-online' });
		const found = this.#find([root, ...path].join('/'));
		if (!found) return err({ type: 'FolderMissing', retry: 'when-online' });
		if (found.kind !== 'directory') return err({ type: 'NotAFolder', retry: 'never' });
		return found.fault === null ? ok(found) : err(failure(found.fault));
	}

	#page(folder: SimNode, names: readonly string[]): DiskPage {
		const page: { entries: DiskEntry[]; skipped: DiskPage['skipped'][number][] } = { entries: [], skipped: [] };
		for (const name of names) {
			const node = folder.children.get(name);
			if (!node || node.fault === 'vanishes') page.skipped.push({ name, reason: 'vanished', code: 'ENOENT' });
			else if (node.fault !== null && node.kind !== 'directory')
				page.skipped.push({ name, reason: node.fault, code: node.fault === 'denied' ? 'EACCES' : 'EIO' });
			else {
				const { kind, sizeBytes, modifiedMs, inode } = node;
				page.entries.push({ name, kind, sizeBytes, modifiedMs, inode });
			}
		}
		return page;
	}

	#find(path: string): SimNode | undefined {
		let at: SimNode | undefined = this.#root;
		for (const name of path.split('/').filter(Boolean)) at = at?.children.get(name);
		return at;
	}

	#make(path: string): SimNode {
		let at = this.#root;
		for (const name of path.split('/').filter(Boolean)) {
			const next: SimNode = at.children.get(name) ?? this.#node('directory');
			at.children.set(name, next);
			at = next;
		}
		return at;
	}

	#node(kind: EntryKind, sizeBytes = 0): SimNode {
		return { kind, sizeBytes, modifiedMs: 1_000, inode: ++this.#inodes, children: new Map(), fault: null };
	}
}
