import type { RandomPort } from '#core/ports';

/** A time and chance, 16 bytes: of two lives of an index the later one is known by its bytes. */
export const epochBytes = 16;
const timeBytes = 6;
/** The last millisecond that fits, but one: there is always a later life. */
const timeMax = 2 ** 48 - 2;

function timeOf(epoch: Uint8Array): number {
	return epoch.subarray(0, timeBytes).reduce((time, byte) => time * 256 + byte, 0);
}

/** Names the life of an index that begins now, later than that of `after`, whatever the clock says. */
export function newEpoch(nowMs: number, random: RandomPort, after: Uint8Array | null): Uint8Array {
	const leastMs = after === null ? 0 : timeOf(after) + 1;
	const epoch = random.bytes(epochBytes).slice();
	let time = Math.min(timeMax, Math.max(0, leastMs, Math.floor(nowMs)));
	for (let at = timeBytes - 1; at >= 0; at--) {
		epoch[at] = time % 256;
		time = Math.floor(time / 256);
	}
	return epoch;
}

/** Less than 0 where the life `a` is before `b`, 0 where both are the same. */
export function compareEpochs(a: Uint8Array, b: Uint8Array): number {
	const at = a.findIndex((byte, place) => byte !== b[place]);
	return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
