import { invariant } from './assert.ts';
import type { Brand, DeviceId } from './ids.ts';

/**
 * A reading of a hybrid logical clock (Kulkarni, Demirbas et al., "Logical Physical Clocks", 2014): milliseconds since
 * 1970 and a counter within each, as one whole number below 2^53. What came after something has a higher stamp.
 */
export type Stamp = Brand<number, 'Stamp'>;

const countersPerMs = 2 ** 11;
/** 2100: a clock that says so is wrong, and stamps after it would leave no room for others. */
const believedMaxMs = 4_102_444_800_000;
const textDigits = 14;

/** How far ahead of this device's clock a stamp may be that another device has made. */
export const driftMaxMs = 5 * 60_000;

function isStamp(value: unknown): value is Stamp {
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A stamp from where it was kept; 0 is before all others. */
export function stampOf(value: unknown): Stamp {
	invariant(isStamp(value), 'a stamp is a whole number from 0 below 2^53');
	return value;
}

/**
 * The next stamp of this device: after `latest`, the highest that it has made or taken over, whatever the clock says; and
 * not before the clock. A clock that was set back is overtaken by counting; more than 2,048 in one millisecond go on into
 * the next.
 */
export function nextStamp(latest: Stamp, nowMs: number): Stamp {
	const physicalMs = nowMs > 0 && nowMs < believedMaxMs ? Math.floor(nowMs) : 0;
	return stampOf(Math.max(latest + 1, physicalMs * countersPerMs));
}

/** The time of a stamp, in milliseconds since 1970. */
export function stampMs(stamp: Stamp): number {
	return Math.floor(stamp / countersPerMs);
}

/** The last stamp of a time. */
export function lastStampAt(atMs: number): Stamp {
	return stampOf(Math.floor(atMs) * countersPerMs + countersPerMs - 1);
}

/** How far a stamp is ahead of a clock; 0 where it is not. */
export function aheadMs(stamp: Stamp, nowMs: number): number {
	return Math.max(0, stampMs(stamp) - nowMs);
}

/** Text whose order is that of time; of the same reading on two devices that of their ids: no two facts have the same. */
export function stampText(stamp: Stamp, device: DeviceId): string {
	return stamp.toString(16).padStart(textDigits, '0') + device;
}
