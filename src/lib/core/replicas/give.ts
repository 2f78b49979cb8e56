import * as v from 'valibot';
import type { KeyPair } from '#core/crypto';
import { invariant, ok, type DeviceId } from '#core/kernel';
import {
	readKnownMembers,
	readMembers,
	readVouching,
	thisDevice,
	type Batch as Given,
	type Have,
	type Member,
	type SyncDomain
} from '#core/sync';
import { compareEpochs, newEpoch } from './epoch.ts';
import { introductionToWire } from './introduction.ts';
import { nextBatch } from './next-batch.ts';
import { nextPassed } from './pass-on.ts';
import { readSigned } from './passed-store.ts';
import type { Mark, Watermark } from './schema.ts';
import { valueOf, type IndexSyncDeps } from './sharing.ts';
import { sign, signedToWire, type Signed } from './signed.ts';
import { readReplicas, readShare, writeEpoch, type OwnShare } from './store.ts';
import { batchToWire, haveSchema, markToWire } from './wire-batch.ts';

type Known = Readonly<Record<string, Mark | null | false>>;
/** Whoever gives, and what it signs with. */
type Giver = IndexSyncDeps & { readonly me: DeviceId; readonly signing: KeyPair };

function haveAfter(known: Known, owner: DeviceId, mark: Mark | null): Have {
	const have = { ...known, [owner]: mark };
	return Object.fromEntries(Object.entries(have).map(([id, one]) => [id, one ? markToWire(one) : one]));
}

function markAfter(to: Watermark, head: number): Mark {
	return { ...to, head, isLong: false };
}

function givenBatch(signed: Signed, known: Known, owner: DeviceId, mark: Mark): Given {
	return { batch: signedToWire('batch', signed), have: haveAfter(known, owner, mark) };
}

/** The word for a device, of the one that was paired with it. */
function vouchingFor({ database, library, me, signing }: Giver, member: Member): Signed {
	if (member.by === null) return sign(signing, 'introduction', introductionToWire(library, me, member));
	const kept = valueOf(database.read(() => readVouching(database, member.id)));
	invariant(kept !== null, 'whoever was vouched for has come with the word for it');
	return kept;
}

/** A member that the other side does not know, while it knows who vouches for it. */
function nextIntroduction(giver: Giver, known: Known): Given | null {
	const { database } = giver;
	const isKnown = (id: DeviceId) => known[id] !== undefined && known[id] !== false;
	const unknown = valueOf(database.read(() => readKnownMembers(database))).find(
		({ id, by, isSettled }) => isSettled && known[id] === undefined && (by === null || isKnown(by))
	);
	if (unknown === undefined) return null;
	const batch = signedToWire('introduction', vouchingFor(giver, unknown));
	return { batch, have: haveAfter(known, unknown.id, null) };
}

/** What the other side has seen, and this device has not done: an older copy of the library was put back here. */
function isPutBack(mark: Mark, share: OwnShare): boolean {
	const life = compareEpochs(mark.epoch, share.epoch);
	return life > 0 || (life === 0 && mark.seq > share.head);
}

function nextOwn(giver: Giver, known: Known, bytesMax: number): Given | null {
	const { database, clock, random, library, me, signing } = giver;
	const share = valueOf(database.read(() => readShare(database)));
	const theirs = known[me];
	if (share === null || theirs === false) return null;
	const mark = theirs ?? null;
	// It begins a new life, later than any that was seen.
	const epoch = mark !== null && isPutBack(mark, share) ? newEpoch(clock.nowMs(), random, mark.epoch) : share.epoch;
	if (epoch !== share.epoch) valueOf(database.write(() => writeEpoch(database, epoch)));
	const from = mark === null || mark.isLong ? null : { epoch: mark.epoch, reached: mark.reached, seq: mark.seq };
	const asked = { database, share: { ...share, epoch }, mark: from, bytesMax };
	const batch = valueOf(database.read(() => nextBatch(asked)));
	if (batch === null) return null;
	const signed = sign(signing, 'batch', batchToWire(library, me, batch));
	return givenBatch(signed, known, me, markAfter(batch.to, batch.head));
}

/** What other owners have told this device, and signed. */
function nextOfOthers({ database }: Giver, known: Known): Given | null {
	return valueOf(
		database.read(() => {
			const members = readMembers(database);
			for (const owned of readReplicas(database)) {
				const mark = members.has(owned.owner) ? known[owned.owner] : false;
				// Of a device that it does not know it could not tell whether it has signed anything.
				if (mark === undefined || mark === false) continue;
				const kept = nextPassed(database, owned, mark);
				if (kept === null) continue;
				return givenBatch(readSigned(database, kept.id), known, owned.owner, markAfter(kept.to, kept.head));
			}
			return null;
		})
	);
}

/**
 * The next that a device lacks which has `have`: devices that it does not know, then this one's index, then what others
 * have signed of theirs.
 */
export function giveNext(
	deps: IndexSyncDeps,
	signing: KeyPair | null,
	have: Have,
	bytesMax: number
): ReturnType<SyncDomain['next']> {
	const me = valueOf(deps.database.read(() => thisDevice(deps.database)));
	if (me === null || signing === null) return null;
	const parsed = v.safeParse(haveSchema, have);
	const known: Known = parsed.success ? parsed.output : {};
	const giver: Giver = { ...deps, me, signing };
	const next = nextIntroduction(giver, known) ?? nextOwn(giver, known, bytesMax) ?? nextOfOthers(giver, known);
	return next === null ? null : ok(next);
}
