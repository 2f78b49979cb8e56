import { invariant } from '#core/kernel';
import type { SqlRow } from '#core/ports';
import type { Database } from '#core/schema';
import type { Batch, Watermark } from './schema.ts';
import type { Signed } from './signed.ts';
import { numberOrNull } from './store.ts';

/** A batch that its owner has signed, as it came. `from` is null at the beginning of a pass. */
export type KeptBatch = {
	readonly id: number;
	readonly from: { readonly reached: number | null; readonly seq: number } | null;
	readonly to: Watermark;
	readonly head: number;
};

function bytesIn(row: SqlRow, name: string): Uint8Array {
	const value = row[name];
	invariant(value instanceof Uint8Array, 'bytes are kept as bytes');
	return value;
}

function rowToKept(row: SqlRow): KeptBatch {
	const fromSeq = numberOrNull(row['fromSeq']);
	return {
		id: Number(row['id']),
		from: fromSeq === null ? null : { reached: numberOrNull(row['fromReached']), seq: fromSeq },
		to: { epoch: bytesIn(row, 'epoch'), reached: numberOrNull(row['toReached']), seq: Number(row['toSeq']) },
		head: Number(row['head'])
	};
}

const columns = 'id, epoch, fromReached, fromSeq, toReached, toSeq, head';

/**
 * Keeps a batch that was merged. Passes that a new one takes the place of go: one that is not whole at once, a whole one
 * when the new one is. Run inside `write`.
 */
export function keepBatch(database: Database, slot: number, { from, to, head }: Batch, signed: Signed): void {
	const [newest] = database.prepare('SELECT max(pass) FROM replica_batch WHERE slot = ?').column([slot]);
	const pass = Number(newest ?? 0) + (from === null ? 1 : 0);
	if (from === null)
		database
			.prepare(
				`DELETE FROM replica_batch WHERE slot = ? AND pass NOT IN
					(SELECT pass FROM replica_batch WHERE slot = ? AND toReached IS NULL)`
			)
			.run([slot, slot]);
	database
		.prepare(
			`INSERT INTO replica_batch (slot, pass, epoch, fromReached, fromSeq, toReached, toSeq, head, bytes, signature)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
		)
		.run([
			slot,
			pass,
			to.epoch,
			from?.reached ?? null,
			from?.seq ?? null,
			to.reached,
			to.seq,
			head,
			signed.bytes,
			signed.signature
		]);
	if (to.reached === null) database.prepare('DELETE FROM replica_batch WHERE slot = ? AND pass < ?').run([slot, pass]);
}

/** The oldest pass that is kept of an owner, which is whole where any is. */
export type KeptPass = {
	readonly pass: number;
	readonly first: KeptBatch;
	readonly last: KeptBatch;
};

export function readKeptPass(database: Database, slot: number): KeptPass | null {
	const [pass] = database.prepare('SELECT min(pass) FROM replica_batch WHERE slot = ?').column([slot]);
	if (typeof pass !== 'number') return null;
	const edge = (order: 'ASC' | 'DESC') =>
		database
			.prepare(`SELECT ${columns} FROM replica_batch WHERE slot = ? AND pass = ? ORDER BY id ${order} LIMIT 1`)
			.get([slot, pass]);
	const [first, last] = [edge('ASC'), edge('DESC')];
	return first === undefined || last === undefined ? null : { pass, first: rowToKept(first), last: rowToKept(last) };
}

/** The batch that goes furthest of those which tell of changes after `mark`, or of entries after it, none left out. */
export function findNext(
	database: Database,
	slot: number,
	pass: number,
	{ reached, seq }: Watermark,
	head: number
): KeptBatch | null {
	const row =
		reached === null
			? database
					.prepare(
						`SELECT ${columns} FROM replica_batch WHERE slot = ? AND pass = ? AND fromSeq <= ? AND fromReached IS NULL
							AND toSeq > ? AND head >= ? ORDER BY toSeq DESC LIMIT 1`
					)
					.get([slot, pass, seq, seq, head])
			: database
					.prepare(
						`SELECT ${columns} FROM replica_batch WHERE slot = ? AND pass = ? AND fromReached <= ? AND fromSeq = ?
							AND (toReached IS NULL OR toReached > ?) AND head >= ? ORDER BY id DESC LIMIT 1`
					)
					.get([slot, pass, reached, seq, reached, head]);
	return row === undefined ? null : rowToKept(row);
}

export function readSigned(database: Database, id: number): Signed {
	const row = database.prepare('SELECT bytes, signature FROM replica_batch WHERE id = ?').get([id]);
	invariant(row !== undefined, 'a batch that was found is there');
	return { bytes: bytesIn(row, 'bytes'), signature: bytesIn(row, 'signature') };
}
