import { invariant, ok, type Result } from '#core/kernel';
import type { DiskVolume, FilesFailure, ReadLimits, ReadSpeed, RootRef, VolumePlace, VolumesPort } from '#core/ports';
import type { SimFiles, SimNode } from './files.ts';

/** A disk of the simulation: what is on it stays on it while it is unplugged. */
type SimVolume = { facts: DiskVolume; bytesPerSecond: number; contents: Map<string, SimNode> };

const plain = {
	isOwnIdentity: true,
	kind: 'internal',
	fileSystem: 'simfs',
	label: null,
	medium: 'flash',
	capacityBytes: 1_000_000_000,
	freeBytes: 600_000_000
} as const;

function checkSegments(path: readonly string[]): void {
	for (const segment of path)
		invariant(segment !== '' && segment !== '.' && segment !== '..' && !/[/\0]/.test(segment), 'a plain name');
}

function segments(path: string): string[] {
	return path.split('/').filter(Boolean);
}

/** Disks that are plugged in and out at paths of simulated folders; everything else lies on one inside the device. */
export class SimVolumes implements VolumesPort {
	/** Whether measuring reads past the cache. */
	isDirect = true;
	/** Never answers, as a server that is down. */
	hangs = false;
	readonly #files: SimFiles;
	readonly #volumes = new Map<string, SimVolume>();
	/** Mount point to identity. */
	readonly #mounts = new Map<string, string>();

	constructor(files: SimFiles) {
		this.#files = files;
		this.define('sim:inside', { label: 'Inside' });
		this.#mounts.set('/', 'sim:inside');
	}

	/** Makes a disk, or changes what it says of itself. */
	define(identity: string, facts: Partial<DiskVolume> = {}, bytesPerSecond = 500_000_000): void {
		const known = this.#volumes.get(identity);
		this.#volumes.set(identity, {
			facts: { ...plain, ...known?.facts, ...facts, identity },
			bytesPerSecond,
			contents: known?.contents ?? new Map()
		});
	}

	/** Plugs a disk in: what is on it is seen at `at` from now on. */
	mount(identity: string, at: string): void {
		const volume = this.#volume(identity);
		this.#files.put(at, {});
		const { children } = this.#files.at(at);
		for (const [name, node] of volume.contents) children.set(name, node);
		volume.contents.clear();
		this.#mounts.set(at, identity);
	}

	isMounted(at: string): boolean {
		return this.#mounts.has(at);
	}

	/** Takes a disk that is plugged out from `other`, with all that is on it. */
	carryFrom(other: SimVolumes, identity: string): void {
		const [from, to] = [other.#volume(identity).contents, this.#volume(identity).contents];
		for (const [name, node] of from) to.set(name, node);
		from.clear();
		this.#files.leaveOutInodes(other.#files.lastInode());
	}

	/** Makes a copy of a disk of `other`, which nobody can tell apart from it. */
	copyFrom(other: SimVolumes, identity: string): void {
		const contents = this.#volume(identity).contents;
		for (const [name, node] of other.#volume(identity).contents) contents.set(name, structuredClone(node));
		this.#files.leaveOutInodes(other.#files.lastInode());
	}

	/** Pulls the disk at `at` out; the empty folder that it was mounted on is left. */
	unmount(at: string): void {
		const volume = this.#volume(this.#mounts.get(at) ?? '');
		const { children } = this.#files.at(at);
		for (const [name, node] of children) volume.contents.set(name, node);
		children.clear();
		this.#mounts.delete(at);
	}

	async placeOf(root: RootRef, signal: AbortSignal): Promise<Result<VolumePlace, FilesFailure>> {
		signal.throwIfAborted();
		if (this.hangs) await new Promise(() => undefined);
		const found = await this.#files.rootName(root, signal);
		if (!found.ok) return found;
		const path = segments(root);
		const mounts = [...this.#mounts].map(([at, identity]) => ({ top: segments(at), identity }));
		const mount = mounts
			.filter(({ top }) => top.every((name, at) => name === path[at]))
			.toSorted((a, b) => b.top.length - a.top.length)[0];
		return ok({ volume: this.#volume(mount?.identity ?? '').facts, path: path.slice(mount?.top.length ?? 0) });
	}

	async findRoot(identity: string, path: readonly string[], signal: AbortSignal): Promise<RootRef | null> {
		checkSegments(path);
		signal.throwIfAborted();
		if (this.hangs) await new Promise(() => undefined);
		for (const [at, mounted] of this.#mounts) {
			if (mounted !== identity) continue;
			const root = `/${[...segments(at), ...path].join('/')}` as RootRef;
			if ((await this.#files.rootName(root, signal)).ok) return root;
		}
		return null;
	}

	async readSpeed(
		root: RootRef,
		files: readonly (readonly string[])[],
		{ bytesMax, durationMsMax }: ReadLimits,
		signal: AbortSignal
	): Promise<Result<ReadSpeed, FilesFailure>> {
		for (const path of files) checkSegments(path);
		const place = await this.placeOf(root, signal);
		if (!place.ok) return place;
		const { bytesPerSecond } = this.#volume(place.value.volume.identity);
		let sizeBytes = 0;
		for (const path of files) sizeBytes += this.#files.sizeOf(`${root}/${path.join('/')}`);
		sizeBytes = Math.min(sizeBytes, bytesMax, (bytesPerSecond * durationMsMax) / 1_000);
		const durationMs = (sizeBytes * 1_000) / bytesPerSecond;
		return ok({ sizeBytes, durationMs, isDirect: this.isDirect });
	}

	#volume(identity: string): SimVolume {
		const volume = this.#volumes.get(identity);
		invariant(volume !== undefined, `there is a simulated volume ${identity}`);
		return volume;
	}
}
