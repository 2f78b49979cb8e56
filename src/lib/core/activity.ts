import { ok, type DeviceId, type Result } from '#core/kernel';
import { readDevices } from '#core/devices';
import type { LibraryFailure } from '#core/library';
import { readSaid, type Said } from '#core/sayings';
import type { Database } from '#core/schema';
import { readHappenings, readVouching, type Happening } from '#core/sync';
import type { AnyAction } from './domain.ts';
import type { CoreContext, Joined, Nothing } from './joined.ts';

/** Things that have happened, of each source and in all; a person looks no further back. */
const activityMax = 200;
/** Facts that are looked through. */
const factsMax = 300;

/** Something that has happened in the library, on whichever device. `key` is its own among all. */
export type Activity = { readonly key: string; readonly atMs: number } & (
	| { readonly type: 'done'; readonly action: AnyAction }
	| ({ readonly type: 'said' } & Said)
	| ({ readonly type: 'happened' } & Happening)
	/** `by` has let it in, or this device where that is null. */
	| { readonly type: 'joined'; readonly device: DeviceId; readonly by: DeviceId | null }
	| { readonly type: 'removed'; readonly device: DeviceId }
);

/** When devices came and went. */
function readComings(database: Database): Activity[] {
	return readDevices(database).flatMap(({ id, isThis, addedMs, revokedMs, publicKey }) => {
		const by = readVouching(database, id)?.by ?? null;
		const joined = { key: `joined ${id}`, atMs: addedMs, type: 'joined', device: id, by } as const;
		const removed = { key: `removed ${id}`, type: 'removed', device: id } as const;
		return [
			...(isThis || publicKey === null ? [] : [joined]),
			...(revokedMs === null ? [] : [{ ...removed, atMs: revokedMs }])
		];
	});
}

function readOfOthers(database: Database): Activity[] {
	const said = readSaid(database, factsMax).map((one, at) => ({ key: `said ${at}`, type: 'said' as const, ...one }));
	const happened = readHappenings(database, activityMax).map((one) => ({
		key: `happened ${one.id}`,
		type: 'happened' as const,
		...one
	}));
	return [...said, ...happened, ...readComings(database)];
}

export function activityCommands({ opened }: Joined) {
	return {
		/**
		 * What has happened lately, the latest first: what was done here, what others have said of files and told of theirs,
		 * deletions that were held, devices that came, went or were renamed. Of at most 200 things.
		 */
		'activity.list': async (
			_input: Nothing,
			_context: CoreContext
		): Promise<Result<readonly Activity[], LibraryFailure>> => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const { database, actions } = rooms.value;
			const done = actions.history(null, activityMax);
			if (!done.ok) return done;
			const others = database.read(() => readOfOthers(database));
			if (!others.ok) return others;
			const own = done.value.map((action): Activity => ({
				key: `done ${action.id}`,
				atMs: action.atMs,
				type: 'done',
				action
			}));
			return ok([...own, ...others.value].toSorted((a, b) => b.atMs - a.atMs).slice(0, activityMax));
		}
	};
}
