/** A thread of `small-files.ts`: what comes in is copied and hashed, one list of files after the other. */
import { parentPort } from 'node:worker_threads';
import type { CopyRequest } from './copy-message.ts';
import { createCopyRoom, doRequest } from './copy-small.ts';

const room = createCopyRoom();

parentPort?.on('message', (request: CopyRequest) => {
	const answer = doRequest(room, request);
	parentPort?.postMessage(answer, [answer.hashes.buffer]);
});
