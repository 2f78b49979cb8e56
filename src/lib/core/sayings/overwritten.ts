import { deviceId, invariant, stampMs, stampOf, type CollectionId, type DeviceId, type TagId } from '#core/kernel';
import { numberOf, type MarkName } from '#core/metadata';
import type { Database } from '#core/schema';
import { findSlot } from '#core/sync';
import type { Applying } from './apply-facts.ts';
import type { Fact, TargetKey } from './fact.ts';
import { latestFields } from './merge.ts';
import { findFile, type FoundFile } from './find-file.ts';
import { insertOverwritten, readFactsOfKind, readSmallBefore, type Overwritten } from './store.ts';
import { toSubject } from './subjects.ts';

/** What is said of more at once is not looked back at one by one. */
const targetsMax = 10;
/** Facts looked through for what was there before. */
const backMax = 50;

type Value = { readonly fact: Fact; readonly value: string };
type Where = { readonly field: string; readonly target: number | null };

/** Notes that `kept` is there where another device had said `lost`. */
function note(database: Database, { field, target }: Where, lost: Value, kept: Value): void {
	if (lost.fact.device === kept.fact.device || lost.value === kept.value || lost.value === '' || lost.value === '0')
		return;
	const slotOf = ({ fact }: Value) => findSlot(database, fact.device) ?? 0;
	const { stamp, subject } = kept.fact;
	insertOverwritten(database, {
		subject,
		field,
		target,
		lost: lost.value,
		kept: kept.value,
		stamp,
		slot: slotOf(kept),
		lostSlot: slotOf(lost),
		lostStamp: lost.fact.stamp
	});
}

/** Keeps the value of a field that another device has overwritten, where a fact that came is the later one, or is not. */
export function noteLostField(
	database: Database,
	{ fact, at, name, value, winner }: Value & { at: number; name: string; winner: Value | null }
): void {
	const where = { field: name, target: null };
	if (winner !== null) return note(database, where, { fact, value }, winner);
	const before = readFactsOfKind(database, fact.subject, fact.kind).filter((other) => other.stamp < fact.stamp);
	const lost = latestFields(before).get(at);
	if (lost !== undefined) note(database, where, lost, { fact, value });
}

/** As `noteLostField`, of a mark on targets; `later` are the facts that count where the one that came does not. */
export function noteLostMarks(
	{ database, targets }: Pick<Applying, 'database' | 'targets'>,
	{ fact, mark, value, later }: Value & { mark: MarkName; later: ReadonlyMap<TargetKey, Fact> }
): void {
	const { targets: keys } = fact.body;
	if (keys.length > targetsMax) return;
	const before = readSmallBefore(database, fact, backMax);
	const valueOf = (one: Fact): Value => ({ fact: one, value: one.body.fields[0]?.[1] ?? '' });
	for (const key of keys) {
		const where = { field: mark, target: targets.give(key) };
		const winner = later.get(key);
		const lost = before.find(({ body }) => body.targets.includes(key));
		if (winner !== undefined) note(database, where, { fact, value }, valueOf(winner));
		else if (lost !== undefined) note(database, where, valueOf(lost), { fact, value });
	}
}

/** What a value was set of. */
export type LostOn =
	| { readonly is: 'tag'; readonly tag: TagId; readonly name: string | null }
	| { readonly is: 'collection'; readonly collection: CollectionId; readonly name: string | null }
	/** A file that it is shown on, of several with the same bytes any; null where none is here. */
	| { readonly is: 'file'; readonly file: FoundFile | null };

/** A value that was overwritten, with both of the devices. */
export type Lost = {
	readonly id: number;
	readonly on: LostOn;
	/** A mark, or a field of a tag or a collection. */
	readonly field: string;
	readonly lost: string;
	readonly kept: string;
	/** What is there now, which may be neither; null where what it was of is gone. */
	readonly now: string | null;
	/** Whose value took the place, and when it was set. */
	readonly by: DeviceId;
	readonly atMs: number;
	/** Whose value was lost; null where that was not noted. */
	readonly lostBy: DeviceId | null;
	readonly lostMs: number | null;
};

type Thing = Pick<Lost, 'on' | 'now'>;

function readThing(database: Database, table: 'tag' | 'collection', id: TagId | CollectionId, field: string) {
	const known = table === 'collection' ? ['name'] : ['name', 'colour', 'icon', 'privacy'];
	invariant(known.includes(field), 'a field of what people say has a column');
	const row = database.prepare(`SELECT name, ${field} AS now FROM ${table} WHERE id = ?`).get([numberOf(id)]);
	return row === undefined ? { name: null, now: null } : { name: String(row['name']), now: String(row['now']) };
}

function readFile(database: Database, target: number, mark: MarkName): Thing {
	const file = findFile(database, target);
	if (file === null) return { on: { is: 'file', file }, now: null };
	const [now = mark === 'favourite' || mark === 'rating' ? 0 : ''] = database
		.prepare(`SELECT ${mark} FROM mark WHERE target = ?`)
		.column([target]);
	return { on: { is: 'file', file }, now: String(now) };
}

/** What a value was set of, and has there now; null where this version knows nothing of the kind. */
function readOn(database: Database, { subject, field, target }: Pick<Overwritten, 'subject' | 'field' | 'target'>) {
	const about = toSubject(subject);
	if (about?.is === 'mark') return target === null ? null : readFile(database, target, about.mark);
	if (about?.is === 'tag') {
		const { name, now } = readThing(database, 'tag', about.tag, field);
		return { on: { is: 'tag', tag: about.tag, name } as const, now };
	}
	if (about?.is !== 'collection') return null;
	const { name, now } = readThing(database, 'collection', about.collection, field);
	return { on: { is: 'collection', collection: about.collection, name } as const, now };
}

/** What devices have overwritten of one another's, the latest that came first. Run inside `read`. */
export function readOverwritten(database: Database, limit: number): Lost[] {
	return database
		.prepare(
			`SELECT overwritten.*, device.id AS device, loser.id AS loser FROM overwritten JOIN device USING (slot)
				LEFT JOIN device AS loser ON loser.slot = overwritten.lostSlot ORDER BY overwritten.id DESC LIMIT ?`
		)
		.all([limit])
		.flatMap(({ id, subject, field, target, lost, kept, stamp, device, loser, lostStamp }) => {
			invariant(subject instanceof Uint8Array, 'a subject is kept as bytes');
			const about = { subject, field: String(field), target: typeof target === 'number' ? target : null };
			const on = readOn(database, about);
			if (on === null) return [];
			return {
				...on,
				id: Number(id),
				field: about.field,
				lost: String(lost),
				kept: String(kept),
				by: deviceId(device),
				atMs: stampMs(stampOf(stamp)),
				lostBy: loser === null ? null : deviceId(loser),
				lostMs: typeof lostStamp === 'number' ? stampMs(stampOf(lostStamp)) : null
			};
		});
}
