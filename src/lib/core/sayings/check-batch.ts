import * as v from 'valibot';
import {
	aheadMs,
	deviceId,
	driftMaxMs,
	err,
	ok,
	stampOf,
	type DeviceId,
	type Result,
	type WireValue
} from '#core/kernel';
import { numberOf } from '#core/metadata';
import type { Database } from '#core/schema';
import { findSlot, slotMax, thisDevice, type MergeRefusal } from '#core/sync';
import { checkFact } from './check-fact.ts';
import { splitTarget } from './fact-bytes.ts';
import { bodyBytesMax, type Fact } from './fact.ts';
import { hasComeBackTo } from './come-back.ts';
import { readHeard, type Heard, type StoredFact } from './store.ts';
import { toSubject } from './subjects.ts';

/** Facts of one batch; a batch has one at least, however large. */
export const factsMax = 4_096;
const devicesMax = slotMax + 1;
const subjectBytesMax = 64;
const stampSchema = v.pipe(
	v.number(),
	v.safeInteger(),
	v.minValue(0),
	v.transform((value) => stampOf(value))
);
const deviceSchema = v.pipe(
	v.string(),
	v.regex(/^[0-9a-f]{32}$/),
	v.transform((text) => deviceId(text))
);
const haveSchema = v.pipe(
	v.record(v.string(), v.unknown()),
	v.maxEntries(devicesMax),
	v.record(deviceSchema, stampSchema)
);
function bytes(max: number) {
	return v.pipe(v.instance(Uint8Array), v.maxLength(max));
}
const factSchema = v.strictTuple([
	v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(devicesMax - 1)),
	stampSchema,
	v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)),
	bytes(subjectBytesMax),
	bytes(bodyBytesMax)
]);
const batchSchema = v.strictObject({
	/** Of each device that has said something in it: the stamp after which its facts begin here, none left out. */
	since: v.pipe(v.array(v.strictTuple([deviceSchema, stampSchema])), v.minLength(1), v.maxLength(devicesMax)),
	facts: v.pipe(v.array(factSchema), v.minLength(1), v.maxLength(factsMax))
});

/** What a device says that it has; null where that is no such thing. */
export function parseHave(have: WireValue): Heard | null {
	const parsed = v.safeParse(haveSchema, have);
	if (!parsed.success) return null;
	return new Map(Object.entries(parsed.output).map(([device, stamp]) => [deviceId(device), stampOf(stamp)]));
}

type Parsed = v.InferOutput<typeof batchSchema>;
const wrong = (what: string): Result<never, MergeRefusal> => err({ type: 'BatchWrong', what });

/** The facts of a batch, each with its device. */
function toStored({ since, facts }: Parsed): StoredFact[] | null {
	const stored: StoredFact[] = [];
	for (const [at, stamp, kind, subject, body] of facts) {
		const device = since[at]?.[0];
		if (device === undefined) return null;
		stored.push({ device, stamp, kind, subject, body });
	}
	return stored;
}

/** Whether facts are in the order of their stamps, those of each device after where the batch begins. */
function isInOrder({ since }: Parsed, facts: readonly StoredFact[]): boolean {
	const before = new Map(since);
	let latest = 0;
	for (const { device, stamp } of facts) {
		if (stamp < latest || stamp <= (before.get(device) ?? stamp)) return false;
		before.set(device, stamp);
		latest = stamp;
	}
	return before.size === since.length;
}

/** Whether there is room for all devices that facts name, beside those that are known. */
function hasRoom(database: Database, facts: readonly Fact[]): boolean {
	const named = new Set<DeviceId>();
	for (const { device, body } of facts) {
		named.add(device);
		for (const key of body.targets) {
			const parts = splitTarget(key);
			if (parts.is === 'entry') named.add(parts.device);
		}
	}
	const [known] = database.prepare('SELECT max(slot) FROM device').column();
	return Number(known) + [...named].filter((device) => findSlot(database, device) === null).length <= slotMax;
}

/** Whether a tag or collection has the number of another: 52 bits of its id are those of one that is known. */
function isOfAnother(database: Database, facts: readonly Fact[]): boolean {
	const keys = new Map<string, string>();
	return facts.some((fact) => {
		const subject = toSubject(fact.subject);
		if (subject?.is !== 'tag' && subject?.is !== 'collection') return false;
		const id = subject.is === 'tag' ? subject.tag : subject.collection;
		const name = `${subject.is} ${numberOf(id)}`;
		const [known = id] = database.prepare(`SELECT key FROM ${subject.is} WHERE id = ?`).column([numberOf(id)]);
		const other = keys.get(name) ?? known;
		keys.set(name, id);
		return other !== id;
	});
}

/** A fact that came, as it is kept and as it is read. */
export type FreshFact = { readonly stored: StoredFact; readonly fact: Fact };

/**
 * Those of facts that are not here; null where one is none. What one has seen need not be here: of what was taken away
 * before it nothing comes any more from whoever has left it out.
 */
function readFresh(stored: readonly StoredFact[], before: Heard): FreshFact[] | null {
	const heard = new Map(before);
	const fresh: FreshFact[] = [];
	for (const one of stored) {
		if (one.stamp <= (heard.get(one.device) ?? 0)) continue;
		const fact = checkFact(one);
		if (fact === null) return null;
		heard.set(one.device, one.stamp);
		fresh.push({ stored: one, fact });
	}
	return fresh;
}

/**
 * The facts of a batch that are not here yet, in the order in which they are to be taken over: none where something is
 * missing before them, as it comes again then. Only reads; whatever is not as it should be refuses all of it.
 */
export function checkBatch(database: Database, batch: WireValue, nowMs: number): Result<FreshFact[], MergeRefusal> {
	const parsed = v.safeParse(batchSchema, batch);
	if (!parsed.success) return wrong(v.getDotPath(parsed.issues[0]) ?? '');
	const stored = toStored(parsed.output);
	if (stored === null || !isInOrder(parsed.output, stored)) return wrong('order');
	const ahead = aheadMs(stored.at(-1)?.stamp ?? stampOf(0), nowMs);
	if (ahead > driftMaxMs) return err({ type: 'BatchFromTheFuture', aheadMs: ahead });
	const heard = readHeard(database);
	const [self, ownBefore] = [thisDevice(database), hasComeBackTo(database)];
	if (self !== null && ownBefore !== null) heard.set(self, ownBefore);
	if (parsed.output.since.some(([device, stamp]) => stamp > (heard.get(device) ?? 0))) return ok([]);
	const fresh = readFresh(stored, heard);
	if (fresh === null) return wrong('facts');
	const facts = fresh.map(({ fact }) => fact);
	if (self !== null && ownBefore === null && facts.some(({ device }) => device === self))
		return err({ type: 'BatchNotTheirs', owner: self });
	if (!hasRoom(database, facts)) return wrong('devices');
	return isOfAnother(database, facts) ? wrong('subject') : ok(fresh);
}
