import { err, ok, type Result } from '#core/kernel';
import type { DiskVolume, FilesFailure, ReadLimits, ReadSpeed, RootRef, VolumePlace, VolumesPort } from '#core/ports';
import { handleName } from './carried-name.ts';
import { checkSegments, folderFailure } from './files.ts';
import { FolderLookup } from './folder-lookup.ts';
import { exceptionName } from './stored-folder.ts';

const chunkBytes = 1_048_576;
const untold = { fileSystem: null, label: null, medium: null, capacityBytes: null, freeBytes: null } as const;

/** The browser's storage for this page. It tells what it allows, which is as much as there is for us. */
async function ownStorage(): Promise<DiskVolume> {
	const { quota, usage } = await navigator.storage.estimate();
	const isTold = quota !== undefined && usage !== undefined;
	return {
		...untold,
		identity: 'browser',
		isOwnIdentity: false,
		kind: 'browser',
		capacityBytes: isTold ? quota : null,
		freeBytes: isTold ? Math.max(0, quota - usage) : null
	};
}

/** Nothing tells which disk a picked folder lies on: each is a volume of its own, known by its handle. */
function pickedFolder(root: RootRef): DiskVolume {
	return { ...untold, identity: `picked-folder:${root}`, isOwnIdentity: false, kind: 'picked-folder' };
}

async function placeOf(lookup: FolderLookup, root: RootRef): Promise<Result<VolumePlace, FilesFailure>> {
	const handle = await lookup.find(root, []);
	if (handle === null) return err({ type: 'FolderMissing', retry: 'when-online' });
	if (!(await lookup.hasConsent(root))) return err({ type: 'FolderNeedsConsent', retry: 'when-online' });
	// The handle knows its name without looking; only asking for an entry shows that the folder is there.
	await handle.keys().next();
	const inside = await (await navigator.storage.getDirectory()).resolve(handle);
	return ok(inside === null ? { volume: pickedFolder(root), path: [] } : { volume: await ownStorage(), path: inside });
}

/** The file's bytes as they are now; null where it is gone, changed meanwhile or no file. */
async function findFile(lookup: FolderLookup, root: RootRef, path: readonly string[]): Promise<File | null> {
	try {
		const folder = await lookup.find(root, path.slice(0, -1));
		return (await (await folder?.getFileHandle(handleName(path.at(-1) ?? '')))?.getFile()) ?? null;
	} catch (error) {
		exceptionName(error);
		return null;
	}
}

async function readChunk(file: File, at: number): Promise<number> {
	try {
		return (await file.slice(at, at + chunkBytes).arrayBuffer()).byteLength;
	} catch (error) {
		exceptionName(error);
		return 0;
	}
}

async function readAll(
	lookup: FolderLookup,
	root: RootRef,
	files: readonly (readonly string[])[],
	{ bytesMax, durationMsMax }: ReadLimits,
	signal: AbortSignal
): Promise<ReadSpeed> {
	let [sizeBytes, durationMs] = [0, 0];
	const isEnough = () => sizeBytes >= bytesMax || durationMs >= durationMsMax;
	for (const path of files) {
		const file = isEnough() ? null : await findFile(lookup, root, path);
		for (let at = 0; file !== null && at < file.size && !isEnough(); at += chunkBytes) {
			signal.throwIfAborted();
			const beganMs = performance.now();
			const read = await readChunk(file, at);
			durationMs += performance.now() - beganMs;
			sizeBytes += read;
			if (read === 0) break;
		}
	}
	// A browser reads through the system's cache and says nothing of it.
	return { sizeBytes, durationMs, isDirect: false };
}

/** What a browser tells of volumes, which is next to nothing: a picked folder is found again by its handle alone. */
export function createVolumes(): VolumesPort {
	const lookup = new FolderLookup();
	const guarded = async <T>(
		root: RootRef,
		signal: AbortSignal,
		work: () => Promise<Result<T, FilesFailure>>
	): Promise<Result<T, FilesFailure>> => {
		signal.throwIfAborted();
		try {
			return await work();
		} catch (error) {
			signal.throwIfAborted();
			return folderFailure(lookup, root, error);
		}
	};
	return {
		placeOf: (root, signal) => guarded(root, signal, () => placeOf(lookup, root)),
		async findRoot(_identity, path, signal) {
			checkSegments(path);
			signal.throwIfAborted();
			return null;
		},
		readSpeed(root, files, limits, signal) {
			for (const path of files) checkSegments(path);
			return guarded(root, signal, async () => {
				const place = await placeOf(lookup, root);
				return place.ok ? ok(await readAll(lookup, root, files, limits, signal)) : place;
			});
		}
	};
}
