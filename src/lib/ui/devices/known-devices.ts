/**
 * Which devices of a library this browser has shown to a person: a new one among them is told of, also where it came while
 * the app was closed. Kept beside the library, as the library is the same on all devices; holds random ids only.
 */
import type { DeviceRow } from '#core/devices';

const keyOf = (library: string): string => `atoll:known-devices:${library}`;
/** Whom a device hears of so soon after it has come itself was there before it. */
const arrivalMs = 60_000;

type Row = Pick<DeviceRow, 'id' | 'isThis' | 'revokedMs' | 'addedMs'>;

function readKnown(storage: Storage, library: string): readonly string[] | null {
	const text = storage.getItem(keyOf(library));
	return text === null ? null : text.split(' ');
}

/** Those of `rows` that are members and were not among them before; from now on they are. The first time none is new. */
export function takeNew<R extends Row>(storage: Storage, library: string, rows: readonly R[]): readonly R[] {
	try {
		const known = readKnown(storage, library);
		const others = rows.filter(({ isThis, revokedMs }) => !isThis && revokedMs === null);
		storage.setItem(keyOf(library), others.map(({ id }) => id).join(' '));
		if (known === null) return [];
		const ownMs = rows.find(({ isThis }) => isThis)?.addedMs ?? 0;
		return others.filter(({ id, addedMs }) => !known.includes(id) && addedMs - ownMs > arrivalMs);
	} catch {
		// Without storage nothing is known to be new.
		return [];
	}
}
