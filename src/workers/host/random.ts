import type { RandomPort } from '#core/ports';

/** The platform gives no more at once. */
const onceMax = 65_536;

/** The platform's generator. */
export function createRandom(): RandomPort {
	return {
		bytes(length) {
			const bytes = new Uint8Array(length);
			for (let at = 0; at < length; at += onceMax) crypto.getRandomValues(bytes.subarray(at, at + onceMax));
			return bytes;
		}
	};
}
