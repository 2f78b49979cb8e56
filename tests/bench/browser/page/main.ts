import * as Comlink from 'comlink';
import { lendConnections } from '../../../../src/lib/client/lend-connections.ts';
import type { Channels } from './channel.worker.ts';
import type { Measured } from './measured.worker.ts';

declare global {
	interface Window {
		/** Everything that is measured runs in this worker, as the core does in the app. */
		measured: Comlink.Remote<Measured>;
		/** What sends over data channels, also in a worker. */
		channels: Comlink.Remote<Channels>;
		/** The folder that is dropped on the page first. */
		dropped: Promise<FileSystemDirectoryHandle>;
	}
}

window.measured = Comlink.wrap(new Worker(new URL('./measured.worker.ts', import.meta.url), { type: 'module' }));

const sender = new Worker(new URL('./channel.worker.ts', import.meta.url), { type: 'module' });
lendConnections(sender, () => undefined);
window.channels = Comlink.wrap(sender);

window.addEventListener('dragover', (event) => event.preventDefault());
window.dropped = new Promise((resolve, reject) =>
	window.addEventListener('drop', (event) => {
		event.preventDefault();
		const handle = event.dataTransfer?.items[0]?.getAsFileSystemHandle() ?? Promise.resolve(null);
		handle
			.then((found) => {
				if (found instanceof FileSystemDirectoryHandle) resolve(found);
				else throw new Error('what was dropped is no folder');
			})
			.catch(reject);
	})
);
