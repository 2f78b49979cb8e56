/** Makes files in the browser's private file system, which only a worker can do with some speed. */
import type { PlantOrder } from './plant.ts';

async function plant({ folder, files }: PlantOrder): Promise<void> {
	const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(folder, { create: true });
	const known = new Map([['', root]]);
	const directory = async (path: string): Promise<FileSystemDirectoryHandle> => {
		const found = known.get(path);
		if (found !== undefined) return found;
		const cut = path.lastIndexOf('/');
		const above = await directory(path.slice(0, Math.max(0, cut)));
		const made = await above.getDirectoryHandle(path.slice(cut + 1), { create: true });
		known.set(path, made);
		return made;
	};
	for (const [path, sizeBytes] of files) {
		const cut = path.lastIndexOf('/');
		const file = await (
			await directory(path.slice(0, Math.max(0, cut)))
		).getFileHandle(path.slice(cut + 1), {
			create: true
		});
		if (sizeBytes === 0) continue;
		const handle = await file.createSyncAccessHandle();
		handle.truncate(sizeBytes);
		handle.close();
	}
}

addEventListener('message', ({ data }: MessageEvent<PlantOrder>) => {
	plant(data).then(
		() => postMessage(null),
		(error: unknown) => postMessage(String(error))
	);
});
