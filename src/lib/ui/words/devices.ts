/** Devices of the library, in words. */
import type { DeviceRow } from '#core/devices';
import type { LinkWay } from '#core/net';
import { dateWords } from './values.ts';

const kinds: Readonly<Record<string, string>> = {
	browser: 'Browser',
	peer: 'Computer running Atoll'
};

/** What kind of thing a device is. */
export function deviceKindWords(kind: string): string {
	return kinds[kind] ?? 'Known through another device';
}

/** What a person calls a device; one that was only told of by others has no name yet. */
export function deviceName({ name, isThis }: Pick<DeviceRow, 'name' | 'isThis'>): string {
	if (name !== '') return name;
	return isThis ? 'This device' : 'A device without a name';
}

/** The minute hand of a page may be behind what was just written down. */
const whenWords = (timeMs: number, nowMs: number): string => dateWords(timeMs, Math.max(timeMs, nowMs));

/** By what way it is there: with nobody between, or through the machine of that name. */
function connectedWords(way: LinkWay | null): string {
	if (way === null) return 'Connected now';
	return way.type === 'direct' ? 'Connected directly' : `Connected through ${new URL(way.relay).hostname}`;
}

/** Whether it is there, and by what way, which `link` tells where it is; or when it was last. */
export function presenceWords(
	{ seenMs, revokedMs, hasLostVoucher }: Pick<DeviceRow, 'seenMs' | 'revokedMs' | 'hasLostVoucher'>,
	link: { readonly way: LinkWay | null } | null,
	nowMs: number
): string {
	if (revokedMs !== null) return `Removed: ${whenWords(revokedMs, nowMs)}`;
	if (hasLostVoucher) return 'Known here only through a device that was removed. Add it again to keep in step with it.';
	if (link !== null) return connectedWords(link.way);
	return seenMs === null ? 'Not connected so far' : `Not connected. Last seen: ${whenWords(seenMs, nowMs)}`;
}

/** When both last had the same. */
export function levelWords(levelMs: number | null, nowMs: number): string {
	return levelMs === null ? 'Never in step so far.' : `Last in step: ${whenWords(levelMs, nowMs)}.`;
}

/** Of what is on another device: whose it is; `hasMoved` where its disk was elsewhere before. */
export function ownerWords(name: string, hasMoved: boolean): string {
	return hasMoved ? `Now at ${name}` : `On ${name}`;
}

/** The same, and whether that is there now; `told` is its name while no more is known. */
export function elsewhereWords(
	owner: Pick<DeviceRow, 'name' | 'isThis' | 'revokedMs'> | null,
	told: string,
	isConnected: boolean,
	hasMoved: boolean
): string {
	const where = ownerWords(`“${deviceName(owner ?? { name: told, isThis: false })}”`, hasMoved);
	if (owner === null) return where;
	if (owner.revokedMs !== null) return `${where}, which was removed`;
	return isConnected ? `${where}, connected now` : `${where}, not connected`;
}

/** `4:05`: how long something is still good for. */
export function timeLeftWords(leftMs: number): string {
	const seconds = Math.max(0, Math.ceil(leftMs / 1000));
	return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
