import { ok } from '#core/kernel';
import type { DatabasePort, SqlConnection } from '#core/ports';

const ofTheCipher = /^PRAGMA (cipher|legacy|key)\b/;

/** Whether a library is encrypted, as it always is, or in the clear: the yardstick that no app of ours makes. */
export type Storage = 'encrypted' | 'plain';

/** `database`, with the statements that name the cipher and its key left out where `storage` is plain. */
export function databaseAs(
	storage: Storage,
	database: DatabasePort,
	onConnect: (connection: SqlConnection) => void = () => undefined
): DatabasePort {
	const wrapped = (connection: SqlConnection): SqlConnection => ({
		prepare: (sql) => connection.prepare(sql),
		exec: (sql) => {
			if (storage === 'encrypted' || !ofTheCipher.test(sql)) connection.exec(sql);
		},
		get inTransaction() {
			return connection.inTransaction;
		},
		close: () => connection.close()
	});
	return {
		...database,
		connect: async (folder, signal) => {
			const connection = await database.connect(folder, signal);
			if (!connection.ok) return connection;
			onConnect(connection.value);
			return ok(wrapped(connection.value));
		}
	};
}

/** Throws unless the file that begins with `bytes` is stored as it was meant to be: else the two would be the same. */
export function checkStorage(storage: Storage, bytes: Uint8Array): void {
	const isPlain = new TextDecoder('latin1').decode(bytes.subarray(0, 15)) === 'SQLite format 3';
	if (isPlain !== (storage === 'plain')) throw new Error(`the ${storage} database is not ${storage}`);
}
