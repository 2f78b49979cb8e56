import { ok, type Result } from '#core/kernel';
import type { DiskEntry, DiskPlace } from '#core/ports';
import { sameBytes } from './compare-files.ts';
import { batchBytesMax, batchFilesMax, copyParts, type NamedCopy } from './copy-parts.ts';
import { listAll } from './look.ts';
import type { Bench } from './read-blocks.ts';
import { anything, removeTree } from './remove-tree.ts';
import { failedAt, inside, ownPrefix, type FilesDeps, type OnBytes, type StepFailure } from './schema.ts';

/** What was copied. */
export type Filled = {
	readonly files: number;
	readonly folders: number;
	readonly sizeBytes: number;
	/** What cannot be copied: pipes, devices, and what could not be looked at. */
	readonly left: readonly DiskPlace[];
};

export type Filling = {
	readonly step: string;
	readonly from: DiskPlace;
	/** The folder that is filled; it is there. */
	readonly top: DiskPlace;
	/**
	 * Whether it has its final name already, as where a host cannot rename folders: then each file gets its own name only
	 * once it is whole, and what somebody else has put there stays.
	 */
	readonly isNamed: boolean;
	readonly proof: boolean;
	readonly bench: Bench;
	readonly onBytes: OnBytes;
};

type Done = Result<null, StepFailure>;
const done: Done = ok(null);

export function placeKey({ path }: DiskPlace): string {
	return path.join('\0');
}

/** Copies what lies in one folder into another, in batches over all folders. */
export class TreeFill {
	/** What was at each place of the source when it was copied, by `placeKey`. */
	readonly seen = new Map<string, DiskEntry>();
	readonly #deps: FilesDeps;
	readonly #filling: Filling;
	readonly #signal: AbortSignal;
	readonly #own: string;
	readonly #left: DiskPlace[] = [];
	/** Source and target of every folder, each before those in it. */
	readonly #folders: (readonly [DiskPlace, DiskPlace])[] = [];
	#batch: NamedCopy[] = [];
	#batchBytes = 0;
	#files = 0;
	#sizeBytes = 0;

	constructor(deps: FilesDeps, filling: Filling, signal: AbortSignal) {
		this.#deps = deps;
		this.#filling = filling;
		this.#signal = signal;
		this.#own = ownPrefix(filling.step);
	}

	/** Returns once all of it is on the disk, names and times of folders too. `isNew`: nothing lies in the target. */
	async run(isNew: boolean): Promise<Result<Filled, StepFailure>> {
		const { from, top } = this.#filling;
		const filled = await this.#fill(from, top, isNew);
		if (!filled.ok) return filled;
		const copied = await this.#copyBatch();
		if (!copied.ok) return copied;
		for (const [source, target] of this.#folders.toReversed()) {
			const facts = await this.#deps.changes.keepFolderFacts(source, target, this.#signal);
			if (!facts.ok) return failedAt(target, facts.failure);
		}
		const targets = this.#folders.map(([, target]) => target);
		const flushed = await this.#deps.changes.flush([], targets, this.#signal);
		if (!flushed.ok) return failedAt(top, flushed.failure);
		const [files, folders, sizeBytes] = [this.#files, this.#folders.length, this.#sizeBytes];
		return ok({ files, folders, sizeBytes, left: this.#left });
	}

	async #fill(from: DiskPlace, into: DiskPlace, isNew: boolean): Promise<Done> {
		this.#folders.push([from, into]);
		const listed = await listAll(this.#deps, from, this.#signal);
		if (!listed.ok) return listed;
		const entries = listed.value.entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
		// The target lies in the source.
		if (entries.some(({ name }) => name.startsWith(this.#own)))
			return failedAt(from, { type: 'InsideItself', retry: 'never' });
		this.#note(from, entries, listed.value.unread);
		const left = isNew ? ok(new Map<string, DiskEntry>()) : await this.#findLeft(into, entries);
		if (!left.ok) return left;
		const files = await this.#fillFiles(from, into, entries, left.value);
		if (!files.ok) return files;
		for (const { name, kind } of entries) {
			const [source, target] = [inside(from, name), inside(into, name)];
			const made =
				kind === 'symlink'
					? await this.#copyLink(source, target, left.value.has(name))
					: kind === 'directory'
						? await this.#fillBelow(source, target, left.value.has(name))
						: done;
			if (!made.ok) return made;
		}
		return done;
	}

	#note(from: DiskPlace, entries: readonly DiskEntry[], unread: readonly string[]): void {
		this.#left.push(...unread.map((name) => inside(from, name)));
		for (const entry of entries) {
			if (entry.kind === 'other') this.#left.push(inside(from, entry.name));
			else this.seen.set(placeKey(inside(from, entry.name)), entry);
		}
	}

	/** What an earlier run has left in a folder, by its exact name. What is of no use goes, where it is ours. */
	async #findLeft(
		into: DiskPlace,
		entries: readonly DiskEntry[]
	): Promise<Result<Map<string, DiskEntry>, StepFailure>> {
		const listed = await listAll(this.#deps, into, this.#signal);
		if (!listed.ok) return listed;
		const files = entries.filter(({ kind }) => kind === 'file').length;
		const wanted = new Map(entries.map(({ name, kind }) => [name, kind]));
		const left = new Map<string, DiskEntry>();
		for (const entry of listed.value.entries) {
			const isOwn = entry.name.startsWith(this.#own);
			const isPart = isOwn && Number(entry.name.slice(this.#own.length)) < files;
			const isUseful = isPart || wanted.get(entry.name) === entry.kind;
			if (isUseful) left.set(entry.name, entry);
			else if (isOwn || !this.#filling.isNamed) {
				const removed = await removeTree(this.#deps, inside(into, entry.name), anything, this.#signal);
				if (!removed.ok) return removed;
			}
		}
		return ok(left);
	}

	async #fillFiles(
		from: DiskPlace,
		into: DiskPlace,
		entries: readonly DiskEntry[],
		left: ReadonlyMap<string, DiskEntry>
	): Promise<Done> {
		const files = entries.filter(({ kind }) => kind === 'file');
		for (const [at, expected] of files.entries()) {
			const [source, target] = [inside(from, expected.name), inside(into, expected.name)];
			const isThere = left.has(expected.name);
			if (this.#filling.isNamed && isThere) {
				const same = await sameBytes(this.#deps, source, target, this.#filling.bench, this.#signal);
				if (!same.ok) return same;
				if (same.value === null) return failedAt(target, { type: 'NameTaken', retry: 'never' });
				this.#files++;
				this.#sizeBytes += expected.sizeBytes;
				continue;
			}
			const partName = `${this.#own}${at}`;
			const queued = await this.#queue(
				this.#filling.isNamed
					? { from: source, expected, part: inside(into, partName), isBegun: left.has(partName), to: target }
					: { from: source, expected, part: target, isBegun: isThere, to: null }
			);
			if (!queued.ok) return queued;
		}
		return done;
	}

	async #queue(copy: NamedCopy): Promise<Done> {
		this.#batch.push(copy);
		this.#batchBytes += copy.expected.sizeBytes;
		const isFull = this.#batch.length >= batchFilesMax || this.#batchBytes >= batchBytesMax;
		return isFull ? this.#copyBatch() : done;
	}

	async #copyBatch(): Promise<Done> {
		const { proof, bench, onBytes } = this.#filling;
		const batch = this.#batch;
		this.#files += batch.length;
		this.#sizeBytes += this.#batchBytes;
		[this.#batch, this.#batchBytes] = [[], 0];
		for (const outcome of await copyParts(this.#deps, batch, proof, bench, onBytes, this.#signal))
			if (!outcome.ok) return outcome;
		return done;
	}

	async #copyLink(from: DiskPlace, to: DiskPlace, isThere: boolean): Promise<Done> {
		if (isThere) {
			const removed = await removeTree(this.#deps, to, anything, this.#signal);
			if (!removed.ok) return removed;
		}
		const copied = await this.#deps.changes.copyLink(from, to, this.#signal);
		return copied.ok ? done : failedAt(to, copied.failure);
	}

	async #fillBelow(from: DiskPlace, into: DiskPlace, isThere: boolean): Promise<Done> {
		if (!isThere) {
			const made = await this.#deps.changes.makeFolder(into, this.#signal);
			if (!made.ok) return failedAt(into, made.failure);
		}
		return this.#fill(from, into, !isThere);
	}
}
