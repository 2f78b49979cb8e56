import { runCoreWorker } from '../../../src/workers/session/run-core-worker.ts';
import { createStandIn } from './stand-in-core.ts';

runCoreWorker(createStandIn);
