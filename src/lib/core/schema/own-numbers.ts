import { invariant, numbersPerSlot } from '#core/kernel';
import type { Database } from './database.ts';

/** The rows that a device numbers for itself, and that others hold replicas of. */
export type OwnTable = 'entry' | 'location' | 'volume';

/**
 * The numbers of this device's own rows. SQLite's own numbering would go on above the highest replica; and a number that
 * was given never means another row.
 */
export type OwnNumbers = {
	/** The first of `count` numbers that follow one another. */
	take(count: number): number;
	/** Keeps what was taken; to be called before the transaction ends. */
	write(): void;
};

/** The last number that was given, or that a row has which was given none. */
function readLast(database: Database, table: OwnTable): number {
	const [last] = database
		.prepare(
			`SELECT max(last, coalesce((SELECT max(id) FROM ${table} WHERE id < ${numbersPerSlot}), 0))
			FROM own_number WHERE name = ?`
		)
		.column([table]);
	return Number(last);
}

/** Inside a transaction, in which nobody else numbers rows of `table` until `write`. */
export function createOwnNumbers(database: Database, table: OwnTable): OwnNumbers {
	let last: number | null = null;
	return {
		take: (count) => {
			last ??= readLast(database, table);
			const first = last + 1;
			last += count;
			invariant(last < numbersPerSlot, 'a device has numbers left');
			return first;
		},
		write: () => {
			if (last !== null) database.prepare('UPDATE own_number SET last = ? WHERE name = ?').run([last, table]);
		}
	};
}

/** Gives no number up to `last` any more. Inside a transaction. */
export function leaveOutNumbers(database: Database, table: OwnTable, last: number): void {
	invariant(last < numbersPerSlot, 'a device has numbers left');
	database.prepare('UPDATE own_number SET last = max(last, ?) WHERE name = ?').run([last, table]);
}

/** A number for one row. Inside a transaction. */
export function takeOwnNumber(database: Database, table: OwnTable): number {
	const numbers = createOwnNumbers(database, table);
	const number = numbers.take(1);
	numbers.write();
	return number;
}
