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
