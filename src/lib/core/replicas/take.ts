import { err, ok, type DeviceId, type Result } from '#core/kernel';
import { deviceKeyOf, noteHeld, noteTold, slotOf, thisDevice, type MergeRefusal } from '#core/sync';
import { introduce, wireToIntroduction } from './introduction.ts';
import { mergeBatch } from './merge-batch.ts';
import { keepBatch } from './passed-store.ts';
import { readHeld } from './remove-doubted.ts';
import { Refused } from './refused.ts';
import { valueOf, type IndexSyncDeps, type Sharing } from './sharing.ts';
import { isSignedBy, wireToSigned, type SignedKind, type Told } from './signed.ts';
import { wireToBatch, type ReadBatch } from './wire-batch.ts';

type Taken = Result<void, MergeRefusal>;
const done: Taken = ok(undefined);

function wrong(what: string): Taken {
	return err({ type: 'BatchWrong', what });
}

/** Whether the device that is to have signed it has, and is a member. */
function isTheirs({ database }: IndexSyncDeps, by: DeviceId, kind: SignedKind, { signed }: Told): boolean {
	const known = valueOf(database.read(() => deviceKeyOf(database, by)));
	return known?.key != null && known.isMember && isSignedBy(known.key, kind, signed);
}

function takeIntroduction(deps: IndexSyncDeps, { signing }: Sharing, told: Told): Taken {
	const { database, clock, library, onIntroduced } = deps;
	const introduction = wireToIntroduction(told.said);
	if (introduction === null) return wrong('it introduces no device');
	if (introduction.library !== library) return wrong('it is of another library');
	const { by, id } = introduction;
	const isOwn =
		signing !== null &&
		by === valueOf(database.read(() => thisDevice(database))) &&
		isSignedBy(signing.public, 'introduction', told.signed);
	if (!isOwn && !isTheirs(deps, by, 'introduction', told)) return err({ type: 'BatchNotTheirs', owner: id });
	const nowMs = clock.nowMs();
	const vouching = isOwn ? null : { by, ...told.signed };
	if (valueOf(database.write(() => introduce(database, introduction, vouching, nowMs)))) onIntroduced();
	return done;
}

/** Merges what its owner has signed, and keeps it for others. */
function takeBatch(deps: IndexSyncDeps, { signing }: Sharing, told: Told, read: ReadBatch): Taken {
	const { database, clock, names, library, onMerged } = deps;
	const { owner, batch } = read;
	if (read.library !== library) return wrong('it is of another library');
	const known = valueOf(database.read(() => deviceKeyOf(database, owner)));
	const isOwn = known?.slot === 0 && signing !== null && isSignedBy(signing.public, 'batch', told.signed);
	// What this device has, it knows; another one gives it back in good faith where an older copy was put back here.
	if (isOwn) return done;
	// Nobody else's word counts for what a device has.
	if (!isTheirs(deps, owner, 'batch', told)) return err({ type: 'BatchNotTheirs', owner });
	const nowMs = clock.nowMs();
	const bytes = told.signed.bytes.length;
	const merged = valueOf(
		database.write(() => {
			const slot = slotOf(database, owner, nowMs);
			if (slot === null) throw new Refused({ type: 'BatchWrong', what: 'too many devices are known' });
			const change = mergeBatch({ database, names, slot, bytes }, batch);
			if (change === null) return null;
			keepBatch(database, slot, batch, told.signed);
			noteTold(database, slot, change.counts, nowMs);
			const held = batch.to.reached === null ? readHeld({ database, slot }) : null;
			if (held !== null && !held.isDeclined) noteHeld(database, slot, 'index', held.deleted, nowMs);
			return change;
		})
	);
	if (merged !== null && (merged.folders.length > 0 || merged.hasPlaces)) onMerged(merged);
	return done;
}

/** Takes over what has come in the index domain, from whomever, all of it or nothing: its signature says whose word it is. */
export function takeTold(deps: IndexSyncDeps, sharing: Sharing, wire: unknown): Taken {
	const told = wireToSigned(wire);
	if (told === null) return wrong('it is nothing of an index');
	const read = told.kind === 'batch' ? wireToBatch(told.said) : null;
	try {
		if (told.kind === 'introduction') return takeIntroduction(deps, sharing, told);
		if (read === null) return wrong('it is no batch of an index');
		return takeBatch(deps, sharing, told, read);
	} catch (thrown) {
		if (!(thrown instanceof Refused)) throw thrown;
		return err(thrown.why);
	}
}
