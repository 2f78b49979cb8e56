import { err, FolderChanges, invariant, ok, type Result } from '#core/kernel';
import type {
	ChangedFolders,
	ClockPort,
	DiskEntry,
	DiskPage,
	EntryKind,
	FilesFailure,
	FilesPort,
	WatchFailure,
	FileFailure,
	OpenFile,
	RootRef
} from '#core/ports';

/** What lies in a simulated folder. `denied` folders and names cannot be read; `vanishes` goes between name and look. */
export type SimNode = {
	readonly kind: EntryKind;
	sizeBytes: number;
	modifiedMs: number | null;
	readonly inode: number | null;
	readonly children: Map<string, SimNode>;
	fault: 'denied' | 'vanishes' | 'unreadable' | null;
	/** What a file holds; null stands for zeros. */
	bytes: Uint8Array | null;
	/** Its bytes cannot be read, though it is listed. */
	readFault: 'denied' | 'unreadable' | null;
	/** What a symlink says. */
	readonly text: string;
};

/** Names of a folder on a disk that takes some for the same, and keeps them in a form of its own. */
export class FoldedNames extends Map<string, SimNode> {
	readonly fold: (name: string) => string;
	readonly #keep: (name: string) => string;
	readonly #kept = new Map<string, string>();

	constructor(fold: (name: string) => string, keep: (name: string) => string) {
		super();
		this.fold = fold;
		this.#keep = keep;
	}

	/** For a folder in this one. */
	another(): FoldedNames {
		return new FoldedNames(this.fold, this.#keep);
	}

	override get(name: string): SimNode | undefined {
		return super.get(this.#kept.get(this.fold(name)) ?? '');
	}

	override has(name: string): boolean {
		return this.#kept.has(this.fold(name));
	}

	override set(name: string, node: SimNode): this {
		const known = this.#kept.get(this.fold(name)) ?? this.#keep(name);
		this.#kept.set(this.fold(name), known);
		return super.set(known, node);
	}

	override delete(name: string): boolean {
		const known = this.#kept.get(this.fold(name));
		this.#kept.delete(this.fold(name));
		return known !== undefined && super.delete(known);
	}
}

/** How a disk sees names: as they are, without regard to case, or in one Unicode form, which it also keeps them in. */
export type Folding = 'exact' | 'case' | 'normal' | 'case-and-normal';

function foldedNames(folding: Folding): Map<string, SimNode> {
	const normal = (name: string) => name.normalize('NFD');
	switch (folding) {
		case 'exact':
			return new Map();
		case 'case':
			return new FoldedNames(
				(name) => name.toLowerCase(),
				(name) => name
			);
		case 'normal':
			return new FoldedNames(normal, normal);
		case 'case-and-normal':
			return new FoldedNames((name) => normal(name).toLowerCase(), normal);
	}
}

export type SimTree = { readonly [name: string]: SimTree | Uint8Array | string | number | null };

type SimWatch = {
	readonly root: readonly string[];
	readonly changes: FolderChanges;
};

const pageMax = 1_000;

function segmentsOf(path: string): string[] {
	return path.split('/').filter(Boolean);
}

function failure(fault: NonNullable<SimNode['fault']>): FilesFailure {
	if (fault === 'denied') return { type: 'FolderDenied', retry: 'when-online' };
	if (fault === 'vanishes') return { type: 'FolderMissing', retry: 'when-online' };
	return { type: 'FolderUnreadable', code: 'EIO', retry: 'soon' };
}

/** Folders in memory, named by absolute paths, with faults at will. */
export class SimFiles implements FilesPort {
	/** Whether it tells inodes and the times of folders; a browser tells neither. */
	hasInodes = true;
	/** Entries to a page. */
	pageSize = pageMax;
	/** Simulated time that each page takes. */
	pageDelayMs = 0;
	/** Whether a watch misses a change: where a test has a system that loses some. */
	missesChange: () => boolean = () => false;
	/** Runs before a page is given: where a test changes the tree under a listing. */
	beforePage: (path: readonly string[]) => void = () => undefined;
	/** Runs before bytes are read: where a test changes a file under whoever reads it. */
	beforeRead: (path: readonly string[], offset: number) => void = () => undefined;
	/** Roots whose permission the person took back. */
	readonly withoutConsent = new Set<string>();
	#inodes = 0;
	readonly #root = this.#node('directory');
	readonly #clock: ClockPort;
	readonly #watches = new Set<SimWatch>();

	constructor(clock: ClockPort) {
		this.#clock = clock;
	}

	/** Puts a tree under `path`: a number is a file of that many zeros, bytes a file of these, text a symlink, null a pipe, an object a folder. Names as the kernel has them. */
	put(path: string, tree: SimTree): RootRef {
		const folder = this.#make(path);
		for (const [name, what] of Object.entries(tree)) {
			if (typeof what === 'number') folder.children.set(name, this.#node('file', what));
			else if (what instanceof Uint8Array) this.#fill(folder, name, what);
			else if (typeof what === 'string') folder.children.set(name, this.#node('symlink', 0, what));
			else if (what === null) folder.children.set(name, this.#node('other'));
			else this.put(`${path}/${name}`, what);
		}
		this.#touch(path);
		return path as RootRef;
	}

	/** Makes an empty disk at `path` that sees names so. */
	putFolding(path: string, folding: Folding): RootRef {
		const parts = segmentsOf(path);
		const name = parts.pop() ?? '';
		this.#make(parts.join('/')).children.set(name, { ...this.#node('directory'), children: foldedNames(folding) });
		return path as RootRef;
	}

	/** Something new for the folder `above`. */
	nodeIn(above: SimNode, kind: EntryKind, text = ''): SimNode {
		const children = above.children instanceof FoldedNames ? above.children.another() : new Map<string, SimNode>();
		return { ...this.#node(kind, 0, text), children, modifiedMs: this.#clock.nowMs() };
	}

	lastInode(): number {
		return this.#inodes;
	}

	/** Gives no number up to `last` any more: what came from elsewhere has it. */
	leaveOutInodes(last: number): void {
		this.#inodes = Math.max(this.#inodes, last);
	}

	/** Tells that the listing of the folder `path` is another one. */
	tell(path: string): void {
		this.#touch(path);
	}

	/** Writes into a file as somebody else does, at a time that shows. */
	overwrite(path: string, bytes: Uint8Array): void {
		const node = this.at(path);
		Object.assign(node, { bytes, sizeBytes: bytes.length, modifiedMs: (node.modifiedMs ?? 0) + 1_000 });
		this.#touch(path.split('/').slice(0, -1).join('/'));
	}

	/** The node at `path`; throws where there is none. */
	at(path: string): SimNode {
		const found = this.#find(path);
		invariant(found, `${path} is in the simulated tree`);
		return found;
	}

	/** The node at `path`, if there is one. */
	find(path: string): SimNode | undefined {
		return this.#find(path);
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
		this.#touch(parts.join('/'));
	}

	/** Renames what is at `from` to `to`, over whatever was there. Its inode goes with it. */
	move(from: string, to: string): void {
		const node = this.at(from);
		this.remove(from);
		const parts = to.split('/');
		const name = parts.pop() ?? '';
		this.at(parts.join('/')).children.set(name, node);
		this.#touch(parts.join('/'));
	}

	/** A second name for the file at `from`, as a hard link is. */
	link(from: string, to: string): void {
		const parts = to.split('/');
		const name = parts.pop() ?? '';
		this.at(parts.join('/')).children.set(name, this.at(from));
		this.#touch(parts.join('/'));
	}

	async *watch(root: RootRef, signal: AbortSignal): AsyncGenerator<Result<ChangedFolders, WatchFailure>> {
		signal.throwIfAborted();
		const watch: SimWatch = { root: segmentsOf(root), changes: new FolderChanges() };
		this.#watches.add(watch);
		try {
			const top = this.folder(root, []);
			yield top.ok ? ok([]) : top;
			while (top.ok) {
				const changed = await watch.changes.next(signal);
				const still = this.folder(root, []);
				yield still.ok ? ok(changed) : still;
				if (!still.ok) return;
			}
		} finally {
			this.#watches.delete(watch);
		}
	}

	/** Tells the watches above `folder` that its listing is another one. */
	#touch(folder: string): void {
		const path = segmentsOf(folder);
		for (const { root, changes } of this.#watches)
			if (root.every((name, at) => path[at] === name) && !this.missesChange()) changes.note(path.slice(root.length));
	}

	async *list(
		root: RootRef,
		path: readonly string[],
		signal: AbortSignal
	): AsyncGenerator<Result<DiskPage, FilesFailure>> {
		for (const segment of path)
			invariant(segment !== '' && segment !== '.' && segment !== '..' && !/[/\0]/.test(segment), 'a plain name');
		signal.throwIfAborted();
		const folder = this.folder(root, path);
		if (!folder.ok) {
			yield folder;
			return;
		}
		const names = [...folder.value.children.keys()];
		for (let at = 0; at < names.length; at += this.pageSize) {
			this.beforePage(path);
			if (this.pageDelayMs > 0) await this.#clock.wait(this.pageDelayMs, signal);
			signal.throwIfAborted();
			const still = this.folder(root, path);
			if (!still.ok) {
				yield still;
				return;
			}
			yield ok(this.#page(still.value, names.slice(at, at + this.pageSize)));
		}
	}

	async look(
		root: RootRef,
		path: readonly string[],
		signal: AbortSignal
	): Promise<Result<DiskEntry | null, FilesFailure>> {
		signal.throwIfAborted();
		const top = this.folder(root, []);
		if (!top.ok) return top;
		const found = this.#find([root, ...path].join('/'));
		if (!found || found.fault === 'vanishes') return ok(null);
		return found.fault === null ? ok(this.#entry(path.at(-1) ?? '', found)) : err(failure(found.fault));
	}

	readonly createHasher = null;

	async open(root: RootRef, path: readonly string[], signal: AbortSignal): Promise<Result<OpenFile, FileFailure>> {
		for (const segment of path)
			invariant(segment !== '' && segment !== '.' && segment !== '..' && !/[/\0]/.test(segment), 'a plain name');
		signal.throwIfAborted();
		const folder = this.folder(root, path.slice(0, -1));
		const node = folder.ok ? folder.value.children.get(path.at(-1) ?? '') : undefined;
		if (!node || node.fault === 'vanishes') return err({ type: 'FileMissing', retry: 'when-online' });
		if (node.kind !== 'file') return err({ type: 'NotAFile', retry: 'never' });
		const fault = node.fault ?? node.readFault;
		if (fault === 'denied') return err({ type: 'FileDenied', retry: 'when-online' });
		if (node.fault === 'unreadable') return err({ type: 'FileUnreadable', code: 'EIO', retry: 'soon' });
		const { sizeBytes, modifiedMs } = node;
		const inode = this.hasInodes ? node.inode : null;
		return ok({
			sizeBytes,
			modifiedMs,
			inode,
			read: async (offset, into, during) => {
				this.beforeRead(path, offset);
				await this.#clock.wait(0, during);
				during.throwIfAborted();
				if (node.readFault !== null) return err({ type: 'FileUnreadable', code: 'EIO', retry: 'soon' });
				const length = Math.max(0, Math.min(into.length, node.sizeBytes - offset));
				into.fill(0, 0, length);
				if (node.bytes !== null) into.set(node.bytes.subarray(offset, offset + length));
				return ok(length);
			},
			isUnchanged: async (during) => {
				during.throwIfAborted();
				return ok(node.sizeBytes === sizeBytes && node.modifiedMs === modifiedMs);
			},
			close: async () => undefined
		});
	}

	async rootName(root: RootRef, signal: AbortSignal): Promise<Result<string, FilesFailure>> {
		signal.throwIfAborted();
		const found = this.folder(root, []);
		return found.ok ? ok(root.split('/').findLast(Boolean) ?? root) : found;
	}

	async relation(
		a: RootRef,
		b: RootRef,
		signal: AbortSignal
	): Promise<Result<'same' | 'a-inside-b' | 'b-inside-a' | 'apart', FilesFailure>> {
		signal.throwIfAborted();
		for (const root of [a, b]) {
			const found = this.folder(root, []);
			if (!found.ok) return found;
		}
		if (a === b) return ok('same');
		if (a.startsWith(`${b}/`)) return ok('a-inside-b');
		return ok(b.startsWith(`${a}/`) ? 'b-inside-a' : 'apart');
	}

	/** The folder `path` below `root`, or why it cannot be looked into. */
	folder(root: RootRef, path: readonly string[]): Result<SimNode, FilesFailure> {
		if (this.withoutConsent.has(root)) return err({ type: 'FolderNeedsConsent', retry: 'when-online' });
		const found = this.#find([root, ...path].join('/'));
		if (!found) return err({ type: 'FolderMissing', retry: 'when-online' });
		if (found.kind !== 'directory') return err({ type: 'NotAFolder', retry: 'never' });
		return found.fault === null ? ok(found) : err(failure(found.fault));
	}

	#entry(name: string, { kind, sizeBytes, modifiedMs, inode }: SimNode): DiskEntry {
		if (this.hasInodes) return { name, kind, sizeBytes, modifiedMs, inode };
		return { name, kind, sizeBytes, modifiedMs: kind === 'directory' ? null : modifiedMs, inode: null };
	}

	#page(folder: SimNode, names: readonly string[]): DiskPage {
		const page: { entries: DiskEntry[]; skipped: DiskPage['skipped'][number][] } = { entries: [], skipped: [] };
		for (const name of names) {
			const node = folder.children.get(name);
			if (!node || node.fault === 'vanishes') page.skipped.push({ name, reason: 'vanished', code: 'ENOENT' });
			else if (node.fault !== null && node.kind !== 'directory')
				page.skipped.push({ name, reason: node.fault, code: node.fault === 'denied' ? 'EACCES' : 'EIO' });
			else page.entries.push(this.#entry(name, node));
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
			const next: SimNode = at.children.get(name) ?? { ...this.nodeIn(at, 'directory'), modifiedMs: 1_000 };
			if (!at.children.has(name)) at.children.set(name, next);
			at = next;
		}
		return at;
	}

	#fill(folder: SimNode, name: string, bytes: Uint8Array): void {
		const node = this.#node('file', bytes.length);
		node.bytes = bytes;
		folder.children.set(name, node);
	}

	#node(kind: EntryKind, sizeBytes = 0, text = ''): SimNode {
		const own = { children: new Map<string, SimNode>(), fault: null, bytes: null, readFault: null, text };
		return { kind, sizeBytes, modifiedMs: 1_000, inode: ++this.#inodes, ...own };
	}
}
