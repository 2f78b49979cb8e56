import { ok } from '#core/kernel';
import type { DatabasePort, SqlConnection, SqlStatement } from '#core/ports';

const ofNames = /^INSERT INTO name_index\b/;
const nothing: SqlStatement = {
	all: () => [],
	get: () => undefined,
	column: () => [],
	run: () => ({ changes: 0, lastId: 0 }),
	isReader: false
};

function nameless(connection: SqlConnection): SqlConnection {
	return {
		prepare: (sql) => (ofNames.test(sql) ? nothing : connection.prepare(sql)),
		exec: (sql) => connection.exec(sql),
		get inTransaction() {
			return connection.inTransaction;
		},
		close: () => connection.close()
	};
}

/** `database`, in which no name is ever found: what entries, their tree and its sums take by themselves. */
export function withoutNames(database: DatabasePort): DatabasePort {
	return {
		...database,
		connect: async (folder, signal) => {
			const connected = await database.connect(folder, signal);
			return connected.ok ? ok(nameless(connected.value)) : connected;
		}
	};
}
