import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Mount } from './mounts.ts';

/** What Linux tells of the block device behind a mount. `top` is `/`, or a copy of its folders for a test. */
export type BlockDevice = {
	/** Of the filesystem on it, as `blkid` writes it. */
	readonly uuid: string | null;
	readonly label: string | null;
	readonly isRemovable: boolean;
	/** Null where the kernel does not say. */
	readonly isSpinning: boolean | null;
	readonly isMemory: boolean;
};

function orNull<T>(read: () => T): T | null {
	try {
		return read();
	} catch {
		return null;
	}
}

function readText(...path: string[]): string | null {
	return orNull(() => readFileSync(join(...path), 'utf8').trim());
}

/** What udev puts for letters that a file name or a line cannot hold: `\x20`. */
function unescapeUdev(text: string): string {
	return text.replace(/(?:\\x[0-9a-f]{2})+/gi, (escapes) =>
		Buffer.from(escapes.replace(/\\x/gi, ''), 'hex').toString()
	);
}

/** The kernel's name of the device, such as `sda1`. Btrfs has a device number of its own, so its source says. */
function deviceName(top: string, { device, source }: Mount): string | null {
	const byNumber = orNull(() => basename(readlinkSync(join(top, 'sys/dev/block', device))));
	if (byNumber !== null) return byNumber;
	if (!source.startsWith('/dev/')) return null;
	const name = basename(orNull(() => realpathSync(join(top, source))) ?? source);
	return existsSync(join(top, 'sys/class/block', name)) ? name : null;
}

/** The name under `/dev/disk/<by>/` that leads to the device. */
function diskLink(top: string, by: 'by-uuid' | 'by-label', name: string): string | null {
	const folder = join(top, 'dev/disk', by);
	const names = orNull(() => readdirSync(folder)) ?? [];
	const found = names.find((link) => orNull(() => basename(readlinkSync(join(folder, link)))) === name);
	return found === undefined ? null : unescapeUdev(found);
}

/** A property that udev has noted for the device. */
function udevProperty(top: string, name: string, property: string): string | null {
	const number = readText(top, 'sys/class/block', name, 'dev');
	const notes = number === null ? null : readText(top, 'run/udev/data', `b${number}`);
	const line = notes?.split('\n').find((one) => one.startsWith(`E:${property}=`));
	return line === undefined ? null : unescapeUdev(line.slice(property.length + 3));
}

/** The folder of the whole disk that the device is, is part of, or is mapped onto. */
function diskFolder(top: string, name: string, depth = 0): string | null {
	const folder = orNull(() => realpathSync(join(top, 'sys/class/block', name)));
	if (folder === null) return null;
	// Encrypted and logical volumes lie on others.
	const [below] = orNull(() => readdirSync(join(folder, 'slaves'))) ?? [];
	if (below !== undefined && depth < 8) return diskFolder(top, below, depth + 1);
	return existsSync(join(folder, 'partition')) ? dirname(folder) : folder;
}

/** What is known of the device behind `mount`; null where it has none. */
export function readBlockDevice(mount: Mount, top = '/'): BlockDevice | null {
	const name = deviceName(top, mount);
	if (name === null) return null;
	const disk = diskFolder(top, name);
	const rotational = disk === null ? null : readText(disk, 'queue/rotational');
	const isCard = disk !== null && readText(disk, 'device/type') === 'SD';
	const isUsb = disk !== null && /\/usb\d+\//.test(disk);
	return {
		uuid: diskLink(top, 'by-uuid', name) ?? udevProperty(top, name, 'ID_FS_UUID_ENC'),
		label: diskLink(top, 'by-label', name) ?? udevProperty(top, name, 'ID_FS_LABEL_ENC'),
		isRemovable: isUsb || isCard || (disk !== null && readText(disk, 'removable') === '1'),
		isSpinning: rotational === null ? null : rotational === '1',
		isMemory: /^(ram|zram)\d/.test(name)
	};
}
