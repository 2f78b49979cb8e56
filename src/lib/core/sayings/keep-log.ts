import { invariant, ok, type DeviceId, type Result } from '#core/kernel';
import { SqlFault, type ClockPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import { thisDevice } from '#core/sync';
import { beginCapture, forgetTouched, isTouched, touchEverything } from './capture.ts';
import { settleTies } from './settle-ties.ts';
import { isBegun } from './store.ts';
import { writeFacts } from './write-facts.ts';

/** The log of a library, which every transaction adds to from when it was begun. */
export type Log = {
	/** Has all that was said be in the log, and what will be said; a repeat changes nothing. */
	begin(): Result<void, StorageFailure>;
};

export function selfOf(database: Database): DeviceId {
	const self = thisDevice(database);
	invariant(self !== null, 'a library knows its device before it meets another');
	return self;
}

/** Goes on with the log of a library that was just opened, where it has one. */
export function keepLog(database: Database, clock: Pick<ClockPort, 'nowMs'>): Log {
	let state: 'unknown' | 'none' | 'kept' = 'unknown';
	const sayTouched = (isFirst: boolean) => {
		if (writeFacts(database, clock.nowMs(), isFirst).hasTies) settleTies(database);
		forgetTouched(database);
	};
	const begin = (): Result<void, StorageFailure> => {
		if (state === 'kept') return ok(undefined);
		// Nothing of this transaction is to be judged at its end: what it says it says itself.
		state = 'none';
		let hasBegun = false;
		try {
			const begun = database.write(() => {
				selfOf(database);
				beginCapture(database);
				if (isBegun(database)) return;
				touchEverything(database);
				sayTouched(true);
			});
			hasBegun = begun.ok;
			return begun;
		} finally {
			state = hasBegun ? 'kept' : 'unknown';
		}
	};
	database.beforeCommit(() => {
		if (state === 'kept' && isTouched(database)) sayTouched(false);
		// What a damaged disk did not tell when the library was opened: a change that no fact tells of is not written.
		if (state === 'unknown' && isBegun(database)) throw new SqlFault('io', 0, 'the log could not be read');
		if (state === 'unknown') state = 'none';
	});
	const known = database.read(() => isBegun(database));
	if (known.ok && known.value) begin();
	else if (known.ok) state = 'none';
	return { begin };
}
