import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { keyBytes, openBox, sealBox } from '#core/crypto';
import { bytesToWire, deviceId, wireToBytes, type DeviceId } from '#core/kernel';
import type { RandomPort } from '#core/ports';
import { addressesSchema } from './schema.ts';

/** What a device calls into its network: that it is there, and where. */
export type Beacon = {
	readonly device: DeviceId;
	/** As those of `KnownDevice`. */
	readonly addresses: readonly string[];
	/** By the clock of who calls. */
	readonly atMs: number;
};

/** Longer than any with all the addresses that there may be. */
export const beaconBytesMax = 1_200;
/** Clocks of machines at home differ; an older one was kept by somebody. */
export const beaconLifeMs = 24 * 3_600_000;
const nonceBytes = 24;
const context = utf8ToBytes('atoll/1/nearby');
const limits = { bytesMax: beaconBytesMax, depthMax: 3, memoryMax: 65_536 };

const shape = v.strictObject({
	device: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
	addresses: addressesSchema,
	atMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0))
});

const keyOf = (libraryKey: Uint8Array) => hkdf(sha256, libraryKey, undefined, context, keyBytes);

/**
 * `beacon`, so that who has not the library's key learns nothing of it, not even that two are of one device: no two have
 * a byte in common that would tell.
 */
export function sealBeacon(libraryKey: Uint8Array, beacon: Beacon, random: RandomPort): Uint8Array {
	const plain = wireToBytes({ ...beacon, addresses: [...beacon.addresses] });
	return sealBox(keyOf(libraryKey), plain, context, random.bytes(nonceBytes));
}

/** What a device of the library has called within the last day; null for anything else. */
export function openBeacon(libraryKey: Uint8Array, bytes: Uint8Array, nowMs: number): Beacon | null {
	if (bytes.length > beaconBytesMax) return null;
	const plain = openBox(keyOf(libraryKey), bytes, context);
	const read = plain === null ? null : bytesToWire(plain, limits);
	const parsed = read?.ok === true ? v.safeParse(shape, read.value) : null;
	if (parsed?.success !== true || Math.abs(nowMs - parsed.output.atMs) > beaconLifeMs) return null;
	return { ...parsed.output, device: deviceId(parsed.output.device) };
}

/** Addresses of this sort are gone with the network that they were of. */
const isPassing = (address: string) => address.startsWith('tls://') || address.startsWith('ws://');

/** What is known of where a device is, once it has called from `heard`: that first, and as many of the others as are kept. */
export function withHeard(known: readonly string[], heard: readonly string[], countMax: number): readonly string[] {
	const all = [...new Set([...heard, ...known])];
	while (all.length > countMax) {
		const last = all.findLastIndex(isPassing);
		all.splice(last < heard.length ? all.length - 1 : last, 1);
	}
	return all;
}
