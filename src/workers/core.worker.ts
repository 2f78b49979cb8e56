/** The worker of every tab; one of them at a time opens the library and serves it to all. */
import { createCore } from '#core';
import { createBrowserDevices } from './host/browser-devices.ts';
import { createBrowserHost } from './host/browser-host.ts';
import { runCoreWorker } from './session/run-core-worker.ts';

/** One library for each origin. */
const libraryFolder = 'atoll.sdlibrary';

runCoreWorker(() => {
	const host = createBrowserHost();
	const core = createCore(host, libraryFolder, { watches: true, devices: createBrowserDevices(host) });
	return { core, clock: host.clock, outside: host.outside };
});
