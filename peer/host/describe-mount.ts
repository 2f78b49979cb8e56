import type { DiskVolume, Medium, VolumeKind } from '#core/ports';
import { readBlockDevice, type BlockDevice } from './block-devices.ts';
import type { Mount } from './mounts.ts';

type Description = Omit<DiskVolume, 'capacityBytes' | 'freeBytes'>;

const networkTypes: ReadonlySet<string> = new Set([
	'nfs',
	'nfs4',
	'cifs',
	'smb3',
	'smbfs',
	'ceph',
	'afs',
	'glusterfs',
	'lustre',
	'ncpfs',
	'fuse.sshfs',
	'fuse.glusterfs',
	'fuse.cephfs',
	'davfs',
	'fuse.davfs2',
	'9p',
	'virtiofs'
]);
const cloudTypes: ReadonlySet<string> = new Set([
	'fuse.rclone',
	'fuse.s3fs',
	'fuse.goofys',
	'fuse.gcsfuse',
	'fuse.geesefs',
	'fuse.blobfuse',
	'fuse.blobfuse2',
	'fuse.google-drive-ocamlfuse',
	'fuse.onedriver'
]);
const memoryTypes: ReadonlySet<string> = new Set(['tmpfs', 'ramfs']);
const extTypes: ReadonlySet<string> = new Set(['ext2', 'ext3', 'ext4']);
/** Those whose `f_fsid` (statfs(2)) comes from what is written in the filesystem; for others it is a device number. */
const ownNumberTypes: ReadonlySet<string> = new Set([...extTypes, 'btrfs', 'tmpfs', 'zfs', 'bcachefs']);

/** What `server:/export`, `//server/share` and `user@server:path` have and a plain word has not: the other end. */
const namesServer = /^\/\/|:/;

/** `f_fsid` of an ext filesystem is its UUID folded in two; written as `stat -f` does, the first half last. */
function foldUuid(uuid: string): string | null {
	const digits = uuid.replaceAll('-', '');
	if (!/^[0-9a-f]{32}$/i.test(digits)) return null;
	const bytes = Buffer.from(digits, 'hex');
	const folded = bytes.readBigUInt64LE(0) ^ bytes.readBigUInt64LE(8);
	const [low, high] = [folded & 0xffff_ffffn, folded >> 32n];
	return ((low << 32n) | high).toString(16);
}

function kindOf({ fileSystem }: Mount, device: BlockDevice | null): VolumeKind {
	if (cloudTypes.has(fileSystem)) return 'cloud';
	if (networkTypes.has(fileSystem)) return 'network';
	if (memoryTypes.has(fileSystem) || device?.isMemory === true) return 'memory';
	if (device === null) return 'unknown';
	return device.isRemovable ? 'removable' : 'internal';
}

function mediumOf(kind: VolumeKind, device: BlockDevice | null): Medium | null {
	if (kind === 'cloud' || kind === 'network' || kind === 'memory') return kind;
	if (device === null || device.isSpinning === null) return null;
	return device.isSpinning ? 'spinning' : 'flash';
}

/** `fileSystemNumber` is `f_fsid` in hex, asked for only where it is needed. */
async function identityOf(
	mount: Mount,
	device: BlockDevice | null,
	fileSystemNumber: () => Promise<string | null>
): Promise<Pick<DiskVolume, 'identity' | 'isOwnIdentity'>> {
	const { fileSystem, source } = mount;
	const own = (identity: string) => ({ identity, isOwnIdentity: true });
	const uuid = device?.uuid ?? null;
	const folded = uuid !== null && extTypes.has(fileSystem) ? foldUuid(uuid) : null;
	// The one that needs no udev: the same on a host and in a container on it.
	if (folded !== null) return own(`fsid:${folded}`);
	if (uuid !== null) return own(`uuid:${uuid.toLowerCase()}`);
	if (cloudTypes.has(fileSystem) || networkTypes.has(fileSystem)) {
		const protocol = fileSystem === 'nfs4' ? 'nfs' : fileSystem;
		return { identity: `${protocol}:${source}`, isOwnIdentity: namesServer.test(source) };
	}
	const number = ownNumberTypes.has(fileSystem) ? await fileSystemNumber() : null;
	if (number !== null && !/^0*$/.test(number)) return own(`fsid:${number}`);
	return { identity: `mount:${fileSystem}:${source}`, isOwnIdentity: false };
}

/** What Linux tells of the volume behind a mount. `top` is `/`, or a copy of its folders for a test. */
export async function describeMount(
	mount: Mount,
	fileSystemNumber: () => Promise<string | null>,
	top = '/'
): Promise<Description> {
	const device = readBlockDevice(mount, top);
	const kind = kindOf(mount, device);
	return {
		...(await identityOf(mount, device, fileSystemNumber)),
		kind,
		fileSystem: mount.fileSystem,
		label: device?.label ?? (kind === 'network' || kind === 'cloud' ? mount.source : null),
		medium: mediumOf(kind, device)
	};
}
