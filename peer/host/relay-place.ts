import type { Core } from '#core';
import { err, ok, type LibraryId, type Result } from '#core/kernel';
import type { DialFailure } from '#core/devices';
import { readDeviceIdentity } from '#core/library';
import type { Link } from '#core/net';
import type { Host, SecretsFailure } from '#core/ports';
import {
	callDevice,
	parsePlaceAddress,
	printPlaceAddress,
	relayToken,
	takePlace,
	type PlaceAddress,
	type RelayFailure,
	type RelayMeans,
	type RelayName
} from '#core/relay';
import { dialWs } from './ws-link.ts';

type Ports = Pick<Host, 'secrets' | 'random' | 'clock' | 'compute'>;

async function meansOf(host: Ports, signal: AbortSignal): Promise<Result<RelayMeans, SecretsFailure>> {
	const identity = await readDeviceIdentity(host, signal);
	const { clock, random, compute } = host;
	return identity.ok ? ok({ dial: dialWs, clock, random, aead: compute.aead, own: identity.value.keys }) : identity;
}

/** A link to a device that keeps a place at a relay. As `DialPort`. */
export async function dialRelay(
	host: Ports,
	at: PlaceAddress,
	deviceKey: Uint8Array | null,
	signal: AbortSignal
): Promise<Result<Link, DialFailure>> {
	const means = await meansOf(host, signal);
	if (!means.ok) return err({ type: 'DeviceUnreachable', what: means.failure.type });
	return callDevice(means.value, at, deviceKey, signal);
}

/** The address of a place at a relay, as it is; null for any other text. */
export function readPlaceAddress(text: string): string | null {
	const place = parsePlaceAddress(text);
	return place === null ? null : printPlaceAddress(place);
}

/** What lets a device keep a place at this peer's own relay that is none of its library. */
export async function ownRelayToken(host: Ports, signal: AbortSignal): Promise<Result<Uint8Array, SecretsFailure>> {
	const means = await meansOf(host, signal);
	return means.ok ? ok(relayToken(means.value.own)) : means;
}

export type RelayPlaceFailure =
	| SecretsFailure
	/** There is no place to be had at the relay. */
	| { readonly type: 'RelayUnreachable'; readonly relay: string; readonly what: string };

export type RelayPlace = {
	/** Where other devices of the library call this one. */
	readonly address: string;
	/** Whether it is at its place for the first time; and where it is not, why. */
	readonly first: Promise<Result<null, RelayPlaceFailure>>;
	close(): Promise<void>;
};

/** As `takeRelayPlace`, of a host. */
export type PlaceTaking = (
	core: Core,
	at: { readonly relay: RelayName; readonly library: LibraryId },
	onState: (state: Result<null, RelayFailure>, address: string) => void,
	signal: AbortSignal
) => Promise<Result<RelayPlace, RelayPlaceFailure>>;

/** Keeps a place at a relay, where devices call that `core` knows, or that come for what it offers. */
export async function takeRelayPlace(
	host: Ports,
	...[core, { relay, library }, onState, signal]: Parameters<PlaceTaking>
): ReturnType<PlaceTaking> {
	const means = await meansOf(host, signal);
	if (!means.ok) return means;
	const life = new AbortController();
	let tellFirst: (state: Result<null, RelayPlaceFailure>) => void = () => undefined;
	const first = new Promise<Result<null, RelayPlaceFailure>>((resolve) => (tellFirst = resolve));
	const { address, kept } = takePlace(
		means.value,
		{ url: relay.url, token: relay.token, library },
		core.links,
		(state) => {
			tellFirst(state.ok ? state : err({ type: 'RelayUnreachable', relay: relay.url, what: state.failure.what }));
			onState(state, address);
		},
		AbortSignal.any([signal, life.signal])
	);
	return ok({
		address,
		first,
		close: () => {
			life.abort();
			return kept;
		}
	});
}
