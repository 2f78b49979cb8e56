import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { volumeKey, type LocationId, type VolumeKey } from '#core/kernel';
import type { ClockPort, DiskVolume, RandomPort, VolumePlace } from '#core/ports';
import type { Database } from '#core/schema';
import { updatePlace, writeVolume } from './store.ts';

export type PlaceDeps = { readonly database: Database; readonly clock: ClockPort; readonly random: RandomPort };

const keyBytes = 16;

/** One filesystem has one key in every library; one without an identity of its own gets its key by chance. */
function keyOf(seen: DiskVolume, random: RandomPort): VolumeKey {
	return portableKey(seen) ?? volumeKey(bytesToHex(random.bytes(keyBytes)));
}

/** The key by which every library knows a volume that has an identity of its own; null for others. */
export function portableKey({ identity, isOwnIdentity }: DiskVolume): VolumeKey | null {
	if (!isOwnIdentity) return null;
	return volumeKey(bytesToHex(blake3(new TextEncoder().encode(`atoll volume ${identity}`), { dkLen: keyBytes })));
}

/** Notes where a location lies, and what was seen of its volume. Run inside `write`. */
export function writePlace(
	{ database, clock, random }: PlaceDeps,
	location: LocationId,
	{ volume, path }: VolumePlace
): void {
	const id = writeVolume(database, volume, keyOf(volume, random), clock.nowMs());
	updatePlace(database, location, { volume: id, path });
}
