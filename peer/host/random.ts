import { randomBytes } from 'node:crypto';
import type { RandomPort } from '#core/ports';

/** The operating system's generator. */
export function createRandom(): RandomPort {
	return { bytes: (length) => new Uint8Array(randomBytes(length)) };
}
