import type { Result } from '#core/kernel';
import type { HandleFailure } from '#ui/words/failures.ts';
import { sampleFiles, type SampleFile } from './sample-files.ts';

/** The sample's folder in the browser's private file system; beside the libraries, never inside one. */
const folderName = 'sample';
/** Files written at the same time. */
const writersMax = 12;

function failed(error: unknown): { ok: false; failure: HandleFailure } {
	const code = error instanceof DOMException ? error.name : 'unknown';
	return { ok: false, failure: { type: 'SampleFailed', code } };
}

async function writeFile(root: FileSystemDirectoryHandle, file: SampleFile): Promise<void> {
	let folder = root;
	for (const name of file.path.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
	const handle = await folder.getFileHandle(file.path.at(-1) ?? '', { create: true });
	const writable = await handle.createWritable();
	await writable.write(new Blob([await file.content()]));
	await writable.close();
}

/** The sample's folder with all of its files; what an interrupted try left is written over. */
export async function makeSample(signal: AbortSignal): Promise<Result<FileSystemDirectoryHandle, HandleFailure>> {
	try {
		const storage = await navigator.storage.getDirectory();
		const root = await storage.getDirectoryHandle(folderName, { create: true });
		const queue = sampleFiles().values();
		const writer = async (): Promise<void> => {
			for (const file of queue) {
				signal.throwIfAborted();
				await writeFile(root, file);
			}
		};
		await Promise.all(Array.from({ length: writersMax }, writer));
		return { ok: true, value: root };
	} catch (error) {
		signal.throwIfAborted();
		return failed(error);
	}
}

/** The sample's folder, or null where there is none. */
export async function findSample(): Promise<FileSystemDirectoryHandle | null> {
	try {
		return await (await navigator.storage.getDirectory()).getDirectoryHandle(folderName);
	} catch {
		return null;
	}
}

/** Takes every byte of the sample away; none there is fine. */
export async function removeSample(): Promise<Result<null, HandleFailure>> {
	try {
		await (await navigator.storage.getDirectory()).removeEntry(folderName, { recursive: true });
		return { ok: true, value: null };
	} catch (error) {
		if (error instanceof DOMException && error.name === 'NotFoundError') return { ok: true, value: null };
		return failed(error);
	}
}
