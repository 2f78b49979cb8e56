import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeMount } from './describe-mount.ts';
import { namesBelow, parseMounts, type Mount } from './mounts.ts';

const latin = (text: string) => Buffer.from(text, 'latin1');

describe('mountinfo', () => {
	test('is read with optional fields, octal blanks, names that are no UTF-8, and lines of tomorrow', () => {
		const text = [
			'36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue',
			'41 35 8:17 / /media/me/My\\040stick\\011\\134 rw - vfat /dev/sdb1 rw',
			'42 35 0:50 / /caf\xe9 rw - fuse.sshfs me@host:/a\\040b rw',
			'43 35 0:51 / /caf\xc3\xa9 rw - tmpfs none rw',
			'nonsense',
			'44 35 0:52 / /cut',
			''
		].join('\n');
		expect(parseMounts(latin(text))).toEqual([
			{ id: 36, device: '98:0', root: '/mnt1', point: '/mnt2', fileSystem: 'ext3', source: '/dev/root' },
			{ id: 41, device: '8:17', root: '/', point: '/media/me/My stick\t\\', fileSystem: 'vfat', source: '/dev/sdb1' },
			{ id: 42, device: '0:50', root: '/', point: '/caf\uefe9', fileSystem: 'fuse.sshfs', source: 'me@host:/a b' },
			{ id: 43, device: '0:51', root: '/', point: '/café', fileSystem: 'tmpfs', source: 'none' }
		]);
	});

	test('tells what lies below a mount by whole names', () => {
		expect(namesBelow('/', '/a/b')).toEqual(['a', 'b']);
		expect(namesBelow('/a', '/a')).toEqual([]);
		expect(namesBelow('/a', '/ab/c')).toBeNull();
		expect(namesBelow('/a/b', '/a')).toBeNull();
	});
});

/** A copy of what Linux has under `/sys`, `/dev` and `/run`, for the devices of these tests. */
let top: string;

function file(path: string, text: string): void {
	mkdirSync(dirname(join(top, path)), { recursive: true });
	writeFileSync(join(top, path), `${text}\n`);
}

function link(path: string, target: string): void {
	mkdirSync(dirname(join(top, path)), { recursive: true });
	symlinkSync(target, join(top, path));
}

/** A whole disk, or a partition of one, as sysfs shows it. `folder` is below `/sys/devices`. */
function device(name: string, folder: string, number: string, disk: Readonly<Record<string, string>>): void {
	const whole = disk['whole'] === undefined ? folder : dirname(folder);
	if (disk['whole'] !== undefined) file(`sys/devices/${folder}/partition`, '1');
	for (const [path, text] of Object.entries(disk)) if (path !== 'whole') file(`sys/devices/${whole}/${path}`, text);
	file(`sys/devices/${folder}/dev`, number);
	link(`sys/class/block/${name}`, join('../../devices', folder));
	link(`sys/dev/block/${number}`, join('../../devices', folder));
	file(`dev/${name}`, '');
}

beforeAll(() => {
	top = mkdtempSync(join(tmpdir(), 'atoll-sys-'));
	const flash = { 'queue/rotational': '0', removable: '0' };
	device('nvme0n1p2', 'pci0000:00/nvme/nvme0n1/nvme0n1p2', '259:2', { whole: 'yes', ...flash });
	device('sdb1', 'pci0000:00/usb2/2-1/host4/block/sdb/sdb1', '8:17', { whole: 'yes', ...flash });
	device('sdc', 'pci0000:00/ata1/block/sdc', '8:32', { 'queue/rotational': '1', removable: '0' });
	device('mmcblk0p1', 'platform/mmc0/block/mmcblk0/mmcblk0p1', '179:1', { whole: 'yes', 'device/type': 'SD' });
	device('dm-0', 'virtual/block/dm-0', '253:0', { 'queue/rotational': '0' });
	link('sys/devices/virtual/block/dm-0/slaves/sdc', '../../../../pci0000:00/ata1/block/sdc');
	link('dev/mapper/vault', '../dm-0');
	link('dev/disk/by-uuid/0c5f6a3e-7b0e-4b2d-9a51-3f1d2c4b5a69', '../../nvme0n1p2');
	link('dev/disk/by-uuid/1A2B-3C4D', '../../sdb1');
	link('dev/disk/by-label/My\\x20stick', '../../sdb1');
	file('run/udev/data/b8:32', 'S:disk/by-id/x\nE:ID_FS_UUID_ENC=aaaa-BBBB\nE:ID_FS_LABEL_ENC=Bücher\\x2f1\nE:ID=3');
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

const mount = (more: Partial<Mount>): Mount => ({
	id: 1,
	device: '0:99',
	root: '/',
	point: '/x',
	fileSystem: 'ext4',
	source: 'none',
	...more
});
const described = (more: Partial<Mount>, number: string | null = null) =>
	describeMount(mount(more), () => Promise.resolve(number), top);

describe('a mount', () => {
	test('is known by the UUID of its filesystem, which for ext is what statfs tells of it too', async () => {
		const disk = await described({ device: '259:2', source: '/dev/root' });
		// 0c5f6a3e7b0e4b2d xor 9a513f1d2c4b5a69, the halves of four bytes read little end first
		expect(disk).toMatchObject({ identity: 'fsid:23550e9644114557', isOwnIdentity: true });
		expect(disk).toMatchObject({ kind: 'internal', medium: 'flash', fileSystem: 'ext4', label: null });
		const inContainer = await describeMount(mount({ device: '7:7' }), async () => '23550e9644114557', top);
		expect(inContainer).toMatchObject({ identity: disk.identity, isOwnIdentity: true, kind: 'unknown', medium: null });
		const btrfs = { device: '0:40', source: '/dev/nvme0n1p2', fileSystem: 'btrfs' };
		expect((await described(btrfs)).identity).toBe('uuid:0c5f6a3e-7b0e-4b2d-9a51-3f1d2c4b5a69');
	});

	test('is removable on USB and on a card, whatever the removable flag says', async () => {
		expect(await described({ device: '8:17', fileSystem: 'vfat' })).toMatchObject({
			identity: 'uuid:1a2b-3c4d',
			label: 'My stick',
			kind: 'removable',
			medium: 'flash'
		});
		expect(await described({ device: '179:1', fileSystem: 'vfat' })).toMatchObject({ kind: 'removable', medium: null });
	});

	test('has its label and UUID from udev where there are no links, and its medium through a mapping', async () => {
		expect(await described({ device: '8:32', fileSystem: 'xfs' })).toMatchObject({
			identity: 'uuid:aaaa-bbbb',
			label: 'Bücher/1',
			medium: 'spinning'
		});
		const vault = { device: '0:41', source: '/dev/mapper/vault', fileSystem: 'btrfs' };
		expect(await described(vault, 'beef')).toMatchObject({
			identity: 'fsid:beef',
			medium: 'spinning',
			kind: 'internal'
		});
	});

	test.each([
		[{ fileSystem: 'nfs4', source: 'nas:/films' }, 'nfs:nas:/films', true, 'network'],
		[{ fileSystem: 'cifs', source: '//nas/films' }, 'cifs://nas/films', true, 'network'],
		[{ fileSystem: 'virtiofs', source: 'shared' }, 'virtiofs:shared', false, 'network'],
		[{ fileSystem: 'fuse.rclone', source: 'drive:' }, 'fuse.rclone:drive:', true, 'cloud'],
		[{ fileSystem: 'overlay', source: 'overlay' }, 'mount:overlay:overlay', false, 'unknown'],
		[{ fileSystem: 'ramfs', source: 'none' }, 'mount:ramfs:none', false, 'memory']
	] as const)('%o without a UUID is %s', async (what, identity, isOwnIdentity, kind) => {
		// The number of these is a device number, which another disk has tomorrow.
		expect(await described(what, 'abc')).toMatchObject({ identity, isOwnIdentity, kind });
	});

	test('has no identity of its own where its number is nothing', async () => {
		expect(await described({ fileSystem: 'tmpfs' }, '0')).toMatchObject({ isOwnIdentity: false });
		expect(await described({ fileSystem: 'tmpfs' }, null)).toMatchObject({ isOwnIdentity: false });
		expect(await described({ fileSystem: 'tmpfs' }, 'f00')).toMatchObject({
			identity: 'fsid:f00',
			isOwnIdentity: true
		});
	});
});
