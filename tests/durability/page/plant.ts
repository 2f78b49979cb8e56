/** Paths below `folder`, segments joined by `/`, with the size of each file. */
export type PlantOrder = { readonly folder: string; readonly files: readonly (readonly [string, number])[] };

/** Makes the files in the browser's private file system; rejects when one cannot be made. */
export function plant(order: PlantOrder): Promise<void> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL('./plant.worker.ts', import.meta.url), { type: 'module' });
		worker.addEventListener('message', ({ data }: MessageEvent<string | null>) => {
			worker.terminate();
			if (data === null) resolve();
			else reject(new Error(data));
		});
		worker.addEventListener('error', (event) => reject(new Error(event.message)));
		worker.postMessage(order);
	});
}
