import { addressMax, withHeard, type Beacon } from '#core/devices';
import { deviceAddresses, parseDeviceAddress } from '../host/peer-devices.ts';
import { createClock } from '../host/clock.ts';
import { outerAddresses, printHost } from '../host/own-addresses.ts';
import { createRandom } from '../host/random.ts';
import { watchNearby } from '../nearby/nearby.ts';
import type { CoreSession } from './open-library.ts';
import { isOwnMachine } from './serve-until-stopped.ts';
import type { Shell } from './shell.ts';

export type NearbyPlace = {
	/** Of the app. */
	readonly port: number;
	/** Where this peer awaits devices over TLS; none where it does not. */
	readonly direct: readonly string[];
	/** The address on which it does; all of this machine's where none is named. */
	readonly peerHost: string | undefined;
};

/** As many of the addresses as fit into one message. */
const calledMax = 4;

/** Where devices nearby reach this peer now: the addresses of this machine may be others than when it was started. */
async function reachedAt({ settings, devices }: CoreSession, place: NearbyPlace): Promise<readonly string[]> {
	const [first] = place.direct.flatMap((address) => parseDeviceAddress(address) ?? []);
	const direct = first === undefined ? [] : deviceAddresses(place.peerHost, first.port);
	if (direct.length > 0 || isOwnMachine(settings)) return direct.slice(0, calledMax);
	const origins = outerAddresses().map((address) => `ws://${printHost(address)}:${place.port}`);
	const told = await devices.links.addresses(origins, new AbortController().signal);
	return told.ok ? told.value.slice(0, calledMax) : [];
}

/** Writes down where a device of the library is that has called nearby, which has it dialled there. */
async function noteHeard({ commands, context }: CoreSession, { device, addresses }: Beacon): Promise<void> {
	const listed = await commands['devices.list']({}, context());
	const row = listed.ok ? listed.value.find(({ id }) => id === device) : undefined;
	if (row === undefined || row.isThis || row.revokedMs !== null) return;
	const known = withHeard(row.addresses, addresses, addressMax.count);
	// One that has moved may look linked until its silence tells.
	if (known.join() !== row.addresses.join())
		await commands['devices.set-addresses']({ device, addresses: known }, context());
}

const nowhere = { close: () => undefined };

/** Finds devices of the open library nearby, and is found by them as far as this peer can be reached, until closed. */
export function nearbyWhileOpen(session: CoreSession, place: NearbyPlace, shell: Shell): { close(): void } {
	if (!session.settings.nearby) return nowhere;
	const { core, commands, context } = session;
	const [first] = place.direct.flatMap((address) => parseDeviceAddress(address) ?? []);
	const unlessOver = <T>(asked: Promise<T>, otherwise: T) =>
		asked.catch((thrown: unknown) => {
			if (shell.signal.aborted) return otherwise;
			throw thrown;
		});
	return watchNearby({
		clock: createClock(),
		random: createRandom(),
		libraryKey: () => core.sessionKey(),
		own: async () => {
			const listed = await unlessOver(commands['devices.list']({}, context()), null);
			const rows = listed?.ok === true ? listed.value : [];
			const hasOthers = rows.some(({ isThis, revokedMs }) => !isThis && revokedMs === null);
			return hasOthers ? (rows.find(({ isThis }) => isThis)?.id ?? null) : null;
		},
		addresses: () => reachedAt(session, place),
		port: first?.port ?? place.port,
		onHeard: (beacon) => void unlessOver(noteHeard(session, beacon), undefined)
	});
}
