import * as v from 'valibot';
import { addressMax } from './dial-port.ts';
import type { DeviceId, LocationId, VolumeId } from '#core/kernel';

/** Ways to reach a device, as its host's carrier reads them: `tls://192.168.1.2:4311`. */
export const addressesSchema = v.pipe(
	v.array(v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/), v.maxLength(addressMax.letters))),
	v.maxLength(addressMax.count)
);

/** A device of this library, as this library knows it. */
export type KnownDevice = {
	readonly id: DeviceId;
	/** This one. */
	readonly isThis: boolean;
	readonly name: string;
	/** `browser`, `peer`, or nothing where it was only told of by others. */
	readonly kind: string;
	/** Ed25519, as pinned at the pairing, or as a device that is known vouches for it; null where it is only heard of. */
	readonly publicKey: Uint8Array | null;
	readonly addedMs: number;
	readonly seenMs: number | null;
	/** When both last had all that the other one had. */
	readonly levelMs: number | null;
	readonly revokedMs: number | null;
	/**
	 * Whoever has vouched for it is no member any more: it is not talked with before another one vouches for it, or it is
	 * paired with.
	 */
	readonly hasLostVoucher: boolean;
	readonly addresses: readonly string[];
};

/** What people are shown of a device. */
export type DeviceRow = Omit<KnownDevice, 'publicKey'> & {
	readonly link: 'none' | 'opening' | 'open';
	/** The folders and disks of the library that are this device's, as far as they are known here. */
	readonly locations: readonly LocationId[];
	readonly volumes: readonly VolumeId[];
};
