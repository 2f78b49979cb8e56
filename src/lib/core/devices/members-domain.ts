import * as v from 'valibot';
import { deviceId, err, ok, type DeviceId, type Result } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import { findSlot, noteRenamed, slotOf, StorageFault, type Have, type MergeRefusal, type SyncDomain } from '#core/sync';
import {
	isRemoved,
	isSameMembership,
	joinMemberships,
	memberKeySchema,
	membershipSchema,
	membershipToWire,
	unsaid,
	type Membership
} from './membership.ts';
import { readMembership, readMemberships, writeMembership } from './store.ts';

/** Far more devices than people have; what is said of all of them is one message. */
const membersMax = 2_000;
/** So many are a batch. */
const batchMax = 500;

const haveSchema = v.pipe(
	v.record(v.string(), v.unknown()),
	v.maxEntries(membersMax),
	v.record(memberKeySchema, membershipSchema)
);
const batchSchema = v.pipe(
	v.record(v.string(), v.unknown()),
	v.minEntries(1),
	v.maxEntries(batchMax),
	v.record(memberKeySchema, membershipSchema)
);

type Memberships = ReadonlyMap<DeviceId, Membership>;

export type MembersDeps = {
	readonly database: Database;
	readonly clock: Pick<ClockPort, 'nowMs'>;
	/** Called when another device has told something of devices. */
	readonly onMerged: () => void;
};

function valueOf<T>(result: Result<T, StorageFailure>): T {
	if (!result.ok) throw new StorageFault(result.failure);
	return result.value;
}

function toWire(members: Memberships): Readonly<Record<string, ReturnType<typeof membershipToWire>>> {
	return Object.fromEntries([...members].map(([id, membership]) => [id, membershipToWire(membership)]));
}

/** What another device says of devices, or says that it knows; null where that is no such thing. */
export function readMembers(value: Have, as: 'have' | 'batch'): Memberships | null {
	const parsed = v.safeParse(as === 'have' ? haveSchema : batchSchema, value);
	return parsed.success ? new Map(Object.entries(parsed.output).map(([id, member]) => [deviceId(id), member])) : null;
}

/** Of what is said here, what `theirs` does not say; joined with that. */
function newsFor(theirs: Memberships, own: Memberships): Map<DeviceId, Membership> {
	const news = new Map<DeviceId, Membership>();
	for (const [id, membership] of own) {
		const before = theirs.get(id) ?? unsaid;
		const joined = joinMemberships(before, membership);
		if (!isSameMembership(before, joined) && news.size < batchMax) news.set(id, joined);
	}
	return news;
}

function mergeAll(database: Database, from: DeviceId, told: Memberships, nowMs: number): Result<boolean, MergeRefusal> {
	// The word of who is out counts no more, whatever it is.
	if (isRemoved(readMembership(database, from))) return err({ type: 'BatchNotTheirs', owner: from });
	let hasNews = false;
	for (const [id, membership] of told) {
		if (slotOf(database, id, nowMs) === null) return err({ type: 'BatchWrong', what: 'too many devices are known' });
		const known = readMembership(database, id);
		const joined = joinMemberships(known, membership);
		if (isSameMembership(known, joined)) continue;
		writeMembership(database, id, joined, nowMs);
		const slot = findSlot(database, id);
		if (slot !== null && known.renames > 0) noteRenamed(database, slot, known.name, joined.name, nowMs);
		hasNews = true;
	}
	return ok(hasNews);
}

/** What people of the library call its devices, and which of them are removed, as the devices keep it in step. */
export function createMembersDomain({ database, clock, onMerged }: MembersDeps): SyncDomain {
	const read = () => valueOf(database.read(() => readMemberships(database, membersMax)));
	return {
		name: 'devices',
		have: () => toWire(read()),
		next: (have) => {
			const theirs = readMembers(have, 'have');
			if (theirs === null) return err({ type: 'BatchWrong', what: 'have' });
			const news = newsFor(theirs, read());
			if (news.size === 0) return null;
			return ok({ batch: toWire(news), have: toWire(new Map([...theirs, ...news])) });
		},
		merge: (from, batch) => {
			const told = readMembers(batch, 'batch');
			if (told === null) return err({ type: 'BatchWrong', what: 'devices' });
			const nowMs = clock.nowMs();
			const merged = valueOf(database.write(() => mergeAll(database, from, told, nowMs)));
			if (!merged.ok) return merged;
			if (merged.value) onMerged();
			return ok(undefined);
		}
	};
}

/** Every member as one line, the same on all devices that have heard the same. Run inside `read`. */
export function dumpMembers(database: Database): string {
	const lines = [...readMemberships(database, membersMax)].map(([id, membership]) =>
		JSON.stringify([id, ...membershipToWire(membership)])
	);
	return lines.toSorted().join('\n');
}
