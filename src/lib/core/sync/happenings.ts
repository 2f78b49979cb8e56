import * as v from 'valibot';
import { deviceId, type DeviceId } from '#core/kernel';
import type { Database } from '#core/schema';

/** As far back as a person looks. */
const happeningsMax = 1_000;
/** What a device tells of its index with less than this between it is one thing that has happened. */
const togetherMs = 10 * 60_000;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const detailSchema = v.variant('kind', [
	/** Entries of its index that were told: new ones, others that are as they were told now, and those that are gone. */
	v.object({ kind: v.literal('told'), added: count, changed: count, removed: count }),
	/** What it has deleted waits for a person; `deleted` is how much by now. */
	v.object({ kind: v.literal('held'), domain: v.string(), deleted: count }),
	/** A person here has said that it goes. */
	v.object({ kind: v.literal('released'), domain: v.string(), deleted: count }),
	/** A person here has said that it stays. */
	v.object({ kind: v.literal('kept'), domain: v.string(), deleted: count }),
	v.object({ kind: v.literal('renamed'), before: v.string(), name: v.string() })
]);
export type HappeningDetail = v.InferOutput<typeof detailSchema>;

/** Something that has happened between this device and another one, or to one, and that nothing else tells. */
export type Happening = { readonly id: number; readonly atMs: number; readonly device: DeviceId } & HappeningDetail;

type Row = { readonly id: number; readonly atMs: number; readonly detail: HappeningDetail };

function toDetail(text: unknown): HappeningDetail | null {
	const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), detailSchema), text);
	return parsed.success ? parsed.output : null;
}

/** The last that happened with a device, of those kinds. */
function readLast(database: Database, slot: number, kinds: readonly HappeningDetail['kind'][]): Row | null {
	const row = database
		.prepare(
			`SELECT id, atMs, detail FROM happening WHERE slot = ? AND kind IN (SELECT value FROM json_each(?))
			ORDER BY id DESC LIMIT 1`
		)
		.get([slot, JSON.stringify(kinds)]);
	const detail = toDetail(row?.['detail']);
	return detail === null ? null : { id: Number(row?.['id']), atMs: Number(row?.['atMs']), detail };
}

function insert(database: Database, slot: number, detail: HappeningDetail, nowMs: number): void {
	const { lastId } = database
		.prepare('INSERT INTO happening (atMs, slot, kind, detail) VALUES (?, ?, ?, ?)')
		.run([nowMs, slot, detail.kind, JSON.stringify(detail)]);
	database.prepare('DELETE FROM happening WHERE id <= ?').run([lastId - happeningsMax]);
}

function replace(database: Database, { id }: Row, detail: HappeningDetail, nowMs: number): void {
	database.prepare('UPDATE happening SET atMs = ?, detail = ? WHERE id = ?').run([nowMs, JSON.stringify(detail), id]);
}

/** Writes down what the device in `slot` has told of its index; what comes soon after is added up. Run inside `write`. */
export function noteTold(
	database: Database,
	slot: number,
	told: { readonly added: number; readonly changed: number; readonly removed: number },
	nowMs: number
): void {
	if (told.added + told.changed + told.removed === 0) return;
	const last = readLast(database, slot, ['told']);
	if (last?.detail.kind !== 'told' || Math.abs(nowMs - last.atMs) >= togetherMs)
		return insert(database, slot, { kind: 'told', ...told }, nowMs);
	const { added, changed, removed } = last.detail;
	const sum = { added: added + told.added, changed: changed + told.changed, removed: removed + told.removed };
	replace(database, last, { kind: 'told', ...sum }, nowMs);
}

/** Writes down how much of what the device in `slot` has deleted waits; while nobody has answered it is one thing. Run inside `write`. */
export function noteHeld(database: Database, slot: number, domain: string, deleted: number, nowMs: number): void {
	const last = readLast(database, slot, ['held', 'released', 'kept']);
	const detail = { kind: 'held', domain, deleted } as const;
	if (last?.detail.kind !== 'held' || last.detail.domain !== domain) return insert(database, slot, detail, nowMs);
	if (last.detail.deleted !== deleted) replace(database, last, detail, nowMs);
}

/** Writes down what a person has answered, of which the parts come one after the other. Run inside `write`. */
export function noteAnswered(
	database: Database,
	slot: number,
	answer: { readonly domain: string; readonly deleted: number; readonly accepts: boolean },
	nowMs: number
): void {
	const { domain, accepts } = answer;
	const kind = accepts ? 'released' : 'kept';
	const last = readLast(database, slot, ['held', 'released', 'kept']);
	const isPart = last?.detail.kind === kind && last.detail.domain === domain && nowMs - last.atMs < togetherMs;
	if (!isPart) return insert(database, slot, { kind, domain, deleted: answer.deleted }, nowMs);
	replace(database, last, { kind, domain, deleted: last.detail.deleted + answer.deleted }, nowMs);
}

/** Writes down that a device is called something else. Run inside `write`. */
export function noteRenamed(database: Database, slot: number, before: string, name: string, nowMs: number): void {
	if (before !== '' && before !== name) insert(database, slot, { kind: 'renamed', before, name }, nowMs);
}

/** The latest that has happened, of devices that are known. Run inside `read`. */
export function readHappenings(database: Database, limit: number): Happening[] {
	return database
		.prepare(
			`SELECT happening.id, happening.atMs, device.id AS device, happening.detail
			FROM happening JOIN device USING (slot) ORDER BY happening.id DESC LIMIT ?`
		)
		.all([limit])
		.flatMap((row) => {
			const detail = toDetail(row['detail']);
			if (detail === null) return [];
			return [{ id: Number(row['id']), atMs: Number(row['atMs']), device: deviceId(row['device']), ...detail }];
		});
}
