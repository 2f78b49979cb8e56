import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** The memory of this process that something still refers to. */
export function heldBytes(): number {
	collect();
	collect(); // what buffers took is only counted as free by the next one
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

const triesMax = 6;

/**
 * What that which `make` makes holds: the least of several measurements, or the first below `enoughBytes`, as what else goes
 * on in the process only ever adds to one.
 */
export function bytesHeldBy(make: () => unknown, enoughBytes: number): number {
	let least = Infinity;
	for (let tries = 0; tries < triesMax && least >= enoughBytes; tries++) {
		const before = heldBytes();
		const made = [make()];
		least = Math.min(least, heldBytes() - before);
		made.length = 0;
	}
	return least;
}
