import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { open, readFile, readlink, statfs, type FileHandle } from 'node:fs/promises';
import { join, parse, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { err, ok, type Result } from '#core/kernel';
import type { DiskVolume, FilesFailure, RootRef, VolumePlace, VolumesPort } from '#core/ports';
import { describeMount } from './describe-mount.ts';
import { checkRoot, checkSegments, diskPath, pathFromBytes, type DiskPath } from './disk-path.ts';
import { folderFailure } from './read-folder.ts';
import { namesBelow, namesOf, parseMounts, type Mount } from './mounts.ts';
import { readSpeed } from './read-speed.ts';
import { errorCode, mountOf } from './system-error.ts';

const run = promisify(execFile);
const isLinux = process.platform === 'linux';
const { O_RDONLY, O_DIRECTORY } = constants;
/** A program that hangs on a dead server would keep us. */
const statMsMax = 2_000;

async function readMounts(): Promise<Mount[]> {
	return parseMounts(await readFile('/proc/self/mountinfo'));
}

/** The mount that an open directory is in: the kernel itself says which. */
async function mountOfOpen({ fd }: FileHandle): Promise<Mount | null> {
	const id = /^mnt_id:\s*(\d+)/m.exec(await readFile(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
	return (await readMounts()).find((mount) => String(mount.id) === id) ?? null;
}

/** `f_fsid` in hex, which Node does not tell: the system's own `stat` does. Null where there is no such program. */
async function fileSystemNumber({ fd }: FileHandle, signal: AbortSignal): Promise<string | null> {
	try {
		const directory = `/proc/${process.pid}/fd/${fd}`;
		const { stdout } = await run('stat', ['-f', '-L', '-c', '%i', directory], { timeout: statMsMax, signal });
		const number = stdout.trim();
		return /^[0-9a-f]+$/i.test(number) ? number.toLowerCase() : null;
	} catch {
		signal.throwIfAborted();
		return null;
	}
}

async function sizesOf(path: DiskPath): Promise<Pick<DiskVolume, 'capacityBytes' | 'freeBytes'>> {
	const { bsize, blocks, bavail } = await statfs(path);
	// What is made up while it is read has no size.
	return blocks === 0
		? { capacityBytes: null, freeBytes: null }
		: { capacityBytes: bsize * blocks, freeBytes: bsize * bavail };
}

/** Where nothing tells filesystems apart: by the folder that the disk is mounted on. */
async function placeByPath(path: string): Promise<VolumePlace> {
	const point = mountOf(path);
	const names = relative(point, path)
		.split(sep)
		.filter((name) => name !== '');
	return {
		volume: {
			identity: `mount:${point}`,
			isOwnIdentity: false,
			kind: 'unknown',
			fileSystem: null,
			label: point === parse(point).root ? null : point,
			medium: null,
			...(await sizesOf(diskPath(path, [])))
		},
		path: names
	};
}

async function placeOfOpen(directory: FileHandle, root: RootRef, signal: AbortSignal): Promise<VolumePlace> {
	const mount = await mountOfOpen(directory);
	const held = `/proc/self/fd/${directory.fd}`;
	const path = pathFromBytes(await readlink(held, 'buffer'));
	const below = mount === null ? null : namesBelow(mount.point, path);
	// A mount of another namespace, or a folder that was removed just now.
	if (mount === null || below === null) return placeByPath(root);
	const volume = await describeMount(mount, () => fileSystemNumber(directory, signal));
	return { volume: { ...volume, ...(await sizesOf(held)) }, path: [...namesOf(mount.root), ...below] };
}

async function placeOf(root: RootRef, signal: AbortSignal): Promise<Result<VolumePlace, FilesFailure>> {
	checkRoot(root);
	signal.throwIfAborted();
	let directory: FileHandle | null = null;
	try {
		directory = await open(diskPath(root, []), O_RDONLY | (isLinux ? O_DIRECTORY : 0));
		if (!(await directory.stat()).isDirectory()) return err(folderFailure('ENOTDIR'));
		return ok(isLinux ? await placeOfOpen(directory, root, signal) : await placeByPath(root));
	} catch (error) {
		signal.throwIfAborted();
		return err(folderFailure(errorCode(error)));
	} finally {
		await directory?.close();
	}
}

/** Whether a mount can be of the volume, so that a server which is down is not asked for another's sake. */
function mayBe(identity: string, { fileSystem, source }: Mount): boolean {
	return identity.startsWith('fsid:') || identity.startsWith('uuid:')
		? !/^(nfs|cifs|smb|ceph|fuse\.)/.test(fileSystem)
		: identity.endsWith(`:${source}`);
}

async function findRoot(identity: string, path: readonly string[], signal: AbortSignal): Promise<RootRef | null> {
	checkSegments(path);
	signal.throwIfAborted();
	if (!isLinux) return null;
	for (const mount of await readMounts()) {
		const below = mayBe(identity, mount) ? namesBelow(mount.root, `/${path.join('/')}`) : null;
		if (below === null) continue;
		const root = join(mount.point, ...below) as RootRef;
		const place = await placeOf(root, signal);
		const isFound =
			place.ok && place.value.volume.identity === identity && place.value.path.join('/') === path.join('/');
		if (isFound) return root;
	}
	return null;
}

/**
 * Volumes as Linux tells of them. On other systems a volume has no identity of its own: it is known by the folder that
 * it is mounted on, and is not found elsewhere.
 */
export function createVolumes(): VolumesPort {
	return {
		placeOf,
		findRoot,
		async readSpeed(root, files, limits, signal) {
			for (const path of files) checkSegments(path);
			const place = await placeOf(root, signal);
			return place.ok ? ok(await readSpeed(root, files, limits, signal)) : place;
		}
	};
}
