/** The thread of `file-hasher.ts`: what comes in is read and hashed, one list of files after the other. */
import { parentPort } from 'node:worker_threads';
import type { HashFailure } from '#core/ports';
import { createHashRoom, hashBytes, hashFile } from './hash-file.ts';
import { unpackWishes, type HashAnswer, type HashRequest } from './hash-message.ts';

const room = createHashRoom();
let packed = new Uint8Array(0);

/** Makes room for so many bytes in all. */
function reserve(bytes: number): void {
	if (bytes <= packed.length) return;
	const larger = new Uint8Array(2 * bytes);
	larger.set(packed);
	packed = larger;
}

function answer(request: HashRequest): HashAnswer {
	let filled = 0;
	const outcomes = unpackWishes(request).map((wish): number | HashFailure => {
		const hashed = hashFile(room, request.root, wish);
		if ('type' in hashed) return hashed;
		reserve(filled + hashBytes + hashed.head.length);
		packed.set(hashed.hash, filled);
		packed.set(hashed.head, filled + hashBytes);
		filled += hashBytes + hashed.head.length;
		return hashed.head.length;
	});
	return { id: request.id, outcomes, bytes: packed.buffer.slice(0, filled) };
}

parentPort?.on('message', (request: HashRequest) => {
	const found = answer(request);
	parentPort?.postMessage(found, [found.bytes]);
});
