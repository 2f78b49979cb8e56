import * as Comlink from 'comlink';
import type { Measured } from './measured.worker.ts';

declare global {
	interface Window {
		/** Everything that is measured runs in this worker, as the core does in the app. */
		measured: Comlink.Remote<Measured>;
	}
}

window.measured = Comlink.wrap(new Worker(new URL('./measured.worker.ts', import.meta.url), { type: 'module' }));
