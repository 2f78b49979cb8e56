import { spawn } from 'node:child_process';
import { closeSync, constants, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import type { DiskPlace } from '#core/ports';
import { atPlace, inFolder } from './change-failure.ts';

const fsyncLater = promisify(fsync);
const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** From here on one flush of the whole file system is quicker than one of each file. */
const filesOneByOneMax = 32;
/** As many as Node has threads for; more would wait for each other. */
const widthMax = 4;

async function flushOne(open: () => number): Promise<void> {
	const descriptor = open();
	try {
		await fsyncLater(descriptor);
	} finally {
		closeSync(descriptor);
	}
}

function openFolder({ root, path }: DiskPlace): number {
	return inFolder(root, path, ({ held }) => openSync(held, O_RDONLY | (O_DIRECTORY ?? 0)));
}

function openFile(place: DiskPlace): number {
	return atPlace(place, (at) => openSync(at, O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0)));
}

async function flushEach(files: readonly DiskPlace[], folders: readonly DiskPlace[]): Promise<void> {
	// Windows opens no folder for writing and needs no flush: its names are in the journal.
	const named = process.platform === 'win32' ? [] : folders;
	const queue = [
		...files.map((place) => () => openFile(place)),
		...named.map((place) => () => openFolder(place))
	].values();
	const work = async () => {
		for (const open of queue) await flushOne(open);
	};
	const ends = await Promise.allSettled(Array.from({ length: widthMax }, work));
	for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Whether `syncfs(2)` of the file system that the open folder is on has ended well. Node itself cannot call it. */
function flushFileSystem(descriptor: number): Promise<boolean> {
	return new Promise((resolve) => {
		const child = spawn('sync', ['-f', '/proc/self/fd/3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] });
		child.on('error', () => resolve(false));
		child.on('exit', (code) => resolve(code === 0));
	});
}

async function flushAllAtOnce(folders: readonly DiskPlace[]): Promise<boolean> {
	const byDevice = new Map<number, number>();
	try {
		for (const { root, path } of folders)
			inFolder(root, path, ({ held, device }) => {
				if (!byDevice.has(device)) byDevice.set(device, openSync(held, O_RDONLY | O_DIRECTORY));
			});
		const flushed = await Promise.all([...byDevice.values()].map(flushFileSystem));
		return flushed.every(Boolean);
	} finally {
		for (const descriptor of byDevice.values()) closeSync(descriptor);
	}
}

/** Each folder once. */
export function distinctFolders(places: readonly DiskPlace[]): readonly DiskPlace[] {
	return [...new Map(places.map((place) => [[place.root, ...place.path].join('\0'), place])).values()];
}

export function folderOf({ root, path }: DiskPlace): DiskPlace {
	return { root, path: path.slice(0, -1) };
}

/** Throws what `changeFailure` knows unless all of it is on the disk. */
export async function flushChanges(files: readonly DiskPlace[], folders: readonly DiskPlace[]): Promise<void> {
	const named = distinctFolders(folders);
	if (process.platform === 'linux' && files.length + named.length > filesOneByOneMax) {
		const all = distinctFolders([...files.map(folderOf), ...named]);
		if (await flushAllAtOnce(all)) return;
	}
	await flushEach(files, named);
}
