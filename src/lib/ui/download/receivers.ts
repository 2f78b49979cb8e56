import { ZipNames } from '#client/zip/zip-names.ts';
import { ZipWriter } from '#client/zip/zip-writer.ts';
import type { Outlet } from './outlet.ts';
import type { Receiver } from './deliver.ts';

/** Names tried for what has one that is taken. */
const namesMax = 1_000;

/** Puts everything into one archive; a folder is its path there. */
export function zipReceiver(outlet: Outlet): Receiver<string> & { readonly finish: () => Promise<void> } {
	const zip = new ZipWriter((bytes) => outlet.write(bytes));
	const names = new ZipNames();
	return {
		folder: async (above, name, modifiedMs) => {
			const path = names.give(above, name);
			await zip.addFolder({ path, modifiedMs });
			return path;
		},
		file: (above, { name, size, lastModified }, pieces) =>
			zip.addFile({ path: names.give(above, name), modifiedMs: lastModified, sizeBytes: size }, pieces),
		finish: async () => {
			await zip.finish();
			await outlet.finish();
		}
	};
}

/** The one file as it is. */
export function plainReceiver(outlet: Outlet): Receiver<string> & { readonly finish: () => Promise<void> } {
	return {
		folder: async () => '',
		file: async (_above, _file, pieces) => {
			for await (const piece of pieces) await outlet.write(piece);
		},
		finish: () => outlet.finish()
	};
}

async function isThere(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
	try {
		await folder.getFileHandle(name);
		return true;
	} catch (thrown) {
		if (!(thrown instanceof DOMException)) throw thrown;
		return thrown.name !== 'NotFoundError';
	}
}

/** `name`, or the next with a number that nothing in the folder has. */
async function freeName(folder: FileSystemDirectoryHandle, name: string): Promise<string> {
	const names = new ZipNames();
	for (let tries = 0; tries < namesMax; tries++) {
		const next = names.give('', name);
		if (!(await isThere(folder, next))) return next;
	}
	throw new DOMException('no name is free', 'NotAllowedError');
}

/** Writes files and folders into a folder that the person picked. Nothing there is written over. */
export function folderReceiver(): Receiver<FileSystemDirectoryHandle> {
	return {
		folder: async (above, name) => above.getDirectoryHandle(await freeName(above, name), { create: true }),
		file: async (above, file, pieces) => {
			const name = await freeName(above, file.name);
			const handle = await above.getFileHandle(name, { create: true });
			const writable = await handle.createWritable();
			try {
				for await (const piece of pieces) await writable.write(piece);
				await writable.close();
			} catch (thrown) {
				await writable.abort().catch(() => undefined);
				// Half a file is none.
				await above.removeEntry(name).catch(() => undefined);
				throw thrown;
			}
		}
	};
}
