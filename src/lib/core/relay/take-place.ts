import type { LibraryId, Result } from '#core/kernel';
import type { Link, LinkWay } from '#core/net';
import type { RelayMeans } from './call-device.ts';
import type { RelayFailure } from './carrier.ts';
import { keepPlace } from './keep-place.ts';
import { ownPlace, printPlaceAddress } from './place.ts';

/** Who is let in at a place, and who takes the link then. As `Links`. */
export type PlaceDoor = {
	mayConnect(deviceKey: Uint8Array): boolean;
	accept(link: Link, deviceKey: Uint8Array, from: { readonly way: LinkWay }): void;
};

export type PlaceAt = { readonly url: string; readonly token: Uint8Array; readonly library: LibraryId };

export type TakenPlace = {
	/** Where other devices of the library call this one. */
	readonly address: string;
	/** Resolves when the place is given up, after `signal`. */
	readonly kept: Promise<void>;
};

/** Keeps this device's place of one library at a relay until `signal`, and hands who calls there to `door`. */
export function takePlace(
	means: RelayMeans,
	{ url, token, library }: PlaceAt,
	door: PlaceDoor,
	onState: (state: Result<null, RelayFailure>) => void,
	signal: AbortSignal
): TakenPlace {
	const place = ownPlace(means.own, library, url);
	const kept = keepPlace(
		{
			...means,
			place,
			token,
			isKnown: (key) => door.mayConnect(key),
			onLink: (link, key) => door.accept(link, key, { way: { type: 'relayed', relay: url } }),
			onState
		},
		signal
	);
	return { address: printPlaceAddress(place), kept };
}
