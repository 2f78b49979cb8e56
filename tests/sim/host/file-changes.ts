import { err, invariant, ok, type Result } from '#core/kernel';
import type {
	ChangeFailure,
	DiskPlace,
	FileChangesPort,
	OpenFile,
	PartFile,
	Rename,
	RootRef,
	SeenEntry
} from '#core/ports';
import type { SimFiles, SimNode } from './files.ts';
import type { SimRandom } from './random.ts';
import { Unsure } from './unsure.ts';

/** Thrown when the simulated process ends in the middle of its work. */
export class Ended extends Error {
	override readonly name = 'Ended';
}

const taken = err({ type: 'NameTaken', retry: 'never' });
const refused = err({ type: 'NameRefused', retry: 'never' });
const changed = err({ type: 'SourceChanged', retry: 'never' });
const missing = err({ type: 'FileMissing', retry: 'when-online' });
const notInOneStep = err({ type: 'NotInOneStep', retry: 'never' });

const nameBytesMax = 255;
const isPlain = (name: string) => name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);

function isAsSeen(seen: SeenEntry, node: SimNode, hasInodes: boolean): boolean {
	if (seen.kind !== node.kind || (hasInodes && seen.inode !== null && seen.inode !== node.inode)) return false;
	return seen.kind === 'directory' || (seen.sizeBytes === node.sizeBytes && seen.modifiedMs === node.modifiedMs);
}

type Found = { readonly folder: SimNode; readonly name: string; readonly node: SimNode | undefined };

/** Changes the folders of `SimFiles`, on disks that fill up and lose power. */
export class SimFileChanges implements FileChangesPort {
	renamesFolders = true;
	/** Whether it keeps times; a browser does not. */
	keepsTimes = true;
	/** Whether files can share blocks. */
	clones = false;
	/** For negative controls: a flush that returns and does nothing. */
	flushes = true;
	/** What comes of bytes on the way to the disk. */
	written: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
	/** All that fits on each disk. */
	capacityBytes = Infinity;
	/** Changes so far. */
	operations = 0;
	/** Runs before each change: where a test does something else in the middle of one. */
	beforeChange: () => void = () => undefined;
	/** The change before or within which everything ends. */
	endAt: number | null = null;
	/** Called where everything ends: whatever else the program holds dies too. */
	onEnd: () => void = () => undefined;
	/** Whether the power goes with it, so that what was not flushed is lost by chance. */
	losesPower = true;
	/** Folders that are disks of their own. */
	readonly disks: string[] = [];
	readonly #files: SimFiles;
	readonly #random: SimRandom;
	readonly #unsure = new Unsure();
	#era = 0;
	#hasEnded = false;

	constructor(files: SimFiles, random: SimRandom) {
		this.#files = files;
		this.#random = random;
	}

	/** The power goes while nobody is at work. */
	losePower(): void {
		this.#unsure.lose(this.#random);
		this.restart();
	}

	/** A process may start again. */
	restart(): void {
		this.#era++;
		this.#hasEnded = false;
		this.endAt = null;
	}

	async makeFolder(at: DiskPlace, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		const found = this.#newPlace(at, signal);
		if (!found.ok) return found;
		const { folder, name, node } = found.value;
		if (node) return taken;
		this.#change(() => this.#unsure.set([[folder, name, this.#files.nodeIn(folder, 'directory')]]));
		this.#tell(at);
		return ok(null);
	}

	async keepFolderFacts(from: DiskPlace, to: DiskPlace, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		const [source, target] = [this.#place(from, signal), this.#place(to, signal)];
		if (!source.ok) return source;
		if (!target.ok) return target;
		if (!source.value.node || !target.value.node) return missing;
		if (this.keepsTimes) target.value.node.modifiedMs = source.value.node.modifiedMs;
		return ok(null);
	}

	async openPart(at: DiskPlace, mode: 'new' | 'again', signal: AbortSignal): Promise<Result<PartFile, ChangeFailure>> {
		const found = mode === 'new' ? this.#newPlace(at, signal) : this.#place(at, signal);
		if (!found.ok) return found;
		const { folder, name, node } = found.value;
		if (mode === 'new') {
			if (node) return taken;
			const made = this.#files.nodeIn(folder, 'file');
			this.#change(() => this.#unsure.set([[folder, name, made]]));
			this.#tell(at);
			return ok(this.#part(made, at));
		}
		if (!node) return missing;
		return node.kind === 'file' ? ok(this.#part(node, at)) : changed;
	}

	async clone(file: OpenFile, to: DiskPlace, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		if (!this.clones) return notInOneStep;
		const part = await this.openPart(to, 'new', signal);
		if (!part.ok) return part;
		const bytes = new Uint8Array(file.sizeBytes);
		const read = await file.read(0, bytes, signal);
		invariant(read.ok, 'a simulated file is read');
		const written = await part.value.write(0, bytes, signal);
		return written.ok ? part.value.finish(bytes.length, file, signal) : written;
	}

	async copyLink(from: DiskPlace, to: DiskPlace, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		const [source, target] = [this.#place(from, signal), this.#newPlace(to, signal)];
		if (!source.ok) return source;
		if (!target.ok) return target;
		const { folder, name, node } = target.value;
		if (!source.value.node) return missing;
		if (source.value.node.kind !== 'symlink') return changed;
		if (node) return taken;
		const made = this.#files.nodeIn(folder, 'symlink', source.value.node.text);
		made.modifiedMs = source.value.node.modifiedMs;
		this.#change(() => this.#unsure.set([[folder, name, made]]));
		this.#tell(to);
		return ok(null);
	}

	async rename(moves: readonly Rename[], signal: AbortSignal): Promise<readonly Result<null, ChangeFailure>[]> {
		signal.throwIfAborted();
		return moves.map((move) => this.#rename(move, signal));
	}

	async remove(at: DiskPlace, expected: SeenEntry, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		const found = this.#place(at, signal);
		if (!found.ok) return found;
		const { folder, name, node } = found.value;
		if (!node) return missing;
		if (!isAsSeen(expected, node, this.#files.hasInodes)) return changed;
		if (node.children.size > 0) return err({ type: 'FolderNotEmpty', retry: 'never' });
		this.#change(() => this.#unsure.set([[folder, name, null]]));
		this.#tell(at);
		return ok(null);
	}

	async flush(
		files: readonly DiskPlace[],
		folders: readonly DiskPlace[],
		signal: AbortSignal
	): Promise<Result<null, ChangeFailure>> {
		signal.throwIfAborted();
		invariant(
			folders.every(({ path }) => path.every(isPlain)),
			'plain names'
		);
		this.#change(() => undefined);
		if (!this.flushes) return ok(null);
		for (const at of files) {
			const found = this.#place(at, signal);
			if (!found.ok) return found;
			if (found.value.node) this.#unsure.flushFile(found.value.node);
		}
		for (const { root, path } of folders) {
			const folder = this.#files.folder(root, path);
			if (!folder.ok) return folder;
			this.#unsure.flushFolder(folder.value);
		}
		return ok(null);
	}

	#rename({ from, to, expected }: Rename, signal: AbortSignal): Result<null, ChangeFailure> {
		const source = this.#place(from, signal);
		if (!source.ok) return source;
		const { folder, name, node } = source.value;
		if (!node) return missing;
		if (!isAsSeen(expected, node, this.#files.hasInodes)) return changed;
		const target = this.#newPlace(to, signal);
		if (!target.ok) return target;
		const [there, into] = [target.value.node, target.value.folder];
		const isOneDisk = this.#disk(from) === this.#disk(to);
		if (!isOneDisk || (node.kind === 'directory' && !this.renamesFolders)) return notInOneStep;
		if (this.#isInside(into, node)) return err({ type: 'InsideItself', retry: 'never' });
		const listed = [...into.children.keys()];
		const isOneEntry = into === folder && !(listed.includes(name) && listed.includes(target.value.name));
		if (there && there !== node) return taken;
		const isSecondName = there === node && !isOneEntry;
		if (node.kind === 'directory' || !this.#files.hasInodes || (there === node && isOneEntry))
			this.#change(() =>
				this.#unsure.set([
					[folder, name, null],
					[into, target.value.name, node]
				])
			);
		else {
			if (!isSecondName) this.#change(() => this.#unsure.set([[into, target.value.name, node]]));
			if (this.flushes) this.#unsure.flushFolder(into);
			this.#change(() => this.#unsure.set([[folder, name, null]]));
		}
		if (this.flushes) for (const one of [into, folder]) this.#unsure.flushFolder(one);
		this.#tell(from);
		this.#tell(to);
		return ok(null);
	}

	#part(node: SimNode, at: DiskPlace): PartFile {
		const era = this.#era;
		let isOpen = true;
		const check = () => {
			if (era !== this.#era || this.#hasEnded) throw new Ended();
			invariant(isOpen, 'the file is open');
		};
		const grown = (sizeBytes: number) => {
			const bytes = new Uint8Array(sizeBytes);
			bytes.set((node.bytes ?? new Uint8Array(node.sizeBytes)).subarray(0, sizeBytes));
			return bytes;
		};
		return {
			sizeBytes: node.sizeBytes,
			write: async (offset, bytes, signal) => {
				signal.throwIfAborted();
				check();
				invariant(offset <= node.sizeBytes, 'nothing is left out');
				const sizeBytes = Math.max(node.sizeBytes, offset + bytes.length);
				if (this.#used(at) + sizeBytes - node.sizeBytes > this.capacityBytes)
					return err({ type: 'NoSpace', retry: 'soon' });
				const next = grown(sizeBytes);
				next.set(this.written(bytes), offset);
				this.#change(() => this.#unsure.write(node, next));
				return ok(null);
			},
			finish: async (sizeBytes, like, signal) => {
				signal.throwIfAborted();
				check();
				this.#change(() => this.#unsure.write(node, grown(sizeBytes)));
				if (like !== null && this.keepsTimes) node.modifiedMs = like.modifiedMs;
				isOpen = false;
				this.#tell(at);
				return ok(null);
			},
			close: async () => void (isOpen = false)
		};
	}

	/** Runs `work` as one change, and is where everything ends: half of the time after it. */
	#change(work: () => void): void {
		if (this.#hasEnded) throw new Ended();
		this.beforeChange();
		const isLast = this.operations++ === this.endAt;
		if (!isLast || this.#random.chance(0.5)) work();
		if (!isLast) return;
		this.#hasEnded = true;
		if (this.losesPower) this.#unsure.lose(this.#random);
		this.onEnd();
		throw new Ended();
	}

	#newPlace(at: DiskPlace, signal: AbortSignal): Result<Found, ChangeFailure> {
		const name = at.path.at(-1) ?? '';
		const isTooLong = new TextEncoder().encode(name).length > nameBytesMax;
		return isPlain(name) && name.isWellFormed() && !isTooLong ? this.#place(at, signal) : refused;
	}

	#place({ root, path }: DiskPlace, signal: AbortSignal): Result<Found, ChangeFailure> {
		signal.throwIfAborted();
		if (this.#hasEnded) throw new Ended();
		invariant(path.length > 0 && path.every(isPlain), 'plain names');
		const folder = this.#files.folder(root, path.slice(0, -1));
		const name = path.at(-1) ?? '';
		return folder.ok ? ok({ folder: folder.value, name, node: folder.value.children.get(name) }) : folder;
	}

	#disk({ root, path }: DiskPlace): string {
		const at = [root, ...path].join('/');
		return this.disks.findLast((disk) => at.startsWith(`${disk}/`)) ?? '';
	}

	#used(at: DiskPlace): number {
		const sum = (node: SimNode): number =>
			node.kind === 'file' ? node.sizeBytes : [...node.children.values()].reduce((all, one) => all + sum(one), 0);
		const disk = this.#files.folder((this.#disk(at) || '/') as RootRef, []);
		return disk.ok ? sum(disk.value) : 0;
	}

	#isInside(folder: SimNode, node: SimNode): boolean {
		return folder === node || [...node.children.values()].some((child) => this.#isInside(folder, child));
	}

	#tell({ root, path }: DiskPlace): void {
		this.#files.tell([root, ...path.slice(0, -1)].join('/'));
	}
}
