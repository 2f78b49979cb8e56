import { deviceId, stampMs, stampOf, type DeviceId } from '#core/kernel';
import type { MarkName } from '#core/metadata';
import type { Database } from '#core/schema';
import { findSlot } from '#core/sync';
import type { Applying } from './apply-facts.ts';
import type { Fact, TargetKey } from './fact.ts';
import { latestFields } from './merge.ts';
import { insertOverwritten, readFactsOfKind, readSmallBefore } from './store.ts';

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
	const slot = findSlot(database, kept.fact.device) ?? 0;
	const { stamp, subject } = kept.fact;
	insertOverwritten(database, { subject, field, target, lost: lost.value, kept: kept.value, slot, stamp });
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

/** A value that was overwritten: of a tag or a collection, or of a target, with the device whose value counts. */
export type Lost = {
	readonly field: string;
	/** The number here of the entry, or of the content with a minus, that a mark is on; null of a tag or a collection. */
	readonly target: number | null;
	readonly lost: string;
	readonly kept: string;
	readonly by: DeviceId;
	readonly atMs: number;
};

/** What devices have overwritten of one another's, the latest that came first. Run inside `read`. */
export function readOverwritten(database: Database, limit: number): Lost[] {
	return database
		.prepare(
			`SELECT field, target, lost, kept, stamp, device.id AS device
			FROM overwritten JOIN device USING (slot) ORDER BY overwritten.id DESC LIMIT ?`
		)
		.all([limit])
		.map(({ field, target, lost, kept, stamp, device }) => ({
			field: String(field),
			target: typeof target === 'number' ? target : null,
			lost: String(lost),
			kept: String(kept),
			by: deviceId(device),
			atMs: stampMs(stampOf(stamp))
		}));
}
