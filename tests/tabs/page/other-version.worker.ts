/** The same core from another address: what an update of the app looks like to the tabs that are open. */
import { runCoreWorker } from '../../../src/workers/session/run-core-worker.ts';
import { createStandIn } from './stand-in-core.ts';

runCoreWorker(createStandIn);
