/** One step from schema `id - 1` to `id`. A shipped migration is never edited: a test pins the text of each. */
export type Migration = { readonly id: number; readonly statements: readonly string[] };

/** Those since devices meet. */
export const laterMigrations: readonly Migration[] = [
	{
		id: 17,
		statements: [
			// Devices that are known, by numbers of this library alone: what another one numbers is numbered by these here.
			`CREATE TABLE device (
				slot INTEGER PRIMARY KEY,
				id TEXT NOT NULL UNIQUE,
				name TEXT NOT NULL DEFAULT '',
				kind TEXT NOT NULL DEFAULT '',
				publicKey BLOB,
				addedMs INTEGER NOT NULL,
				seenMs INTEGER,
				revokedMs INTEGER,
				heardStamp INTEGER NOT NULL DEFAULT 0,
				takenStamp INTEGER NOT NULL DEFAULT 0
			) STRICT`,
			// What was said by which device and when; there is none before the library has met another device.
			`CREATE TABLE fact (
				id INTEGER PRIMARY KEY,
				stamp INTEGER NOT NULL,
				slot INTEGER NOT NULL REFERENCES device (slot),
				kind INTEGER NOT NULL,
				subject BLOB NOT NULL,
				body BLOB NOT NULL,
				UNIQUE (stamp, slot)
			) STRICT`,
			`CREATE INDEX fact_subject ON fact (subject, stamp)`,
			// What one device has said of something in the place of what another one had, as far as a person may look back.
			`CREATE TABLE overwritten (
				id INTEGER PRIMARY KEY,
				subject BLOB NOT NULL,
				field TEXT NOT NULL,
				target INTEGER,
				lost TEXT NOT NULL,
				kept TEXT NOT NULL,
				slot INTEGER NOT NULL,
				stamp INTEGER NOT NULL
			) STRICT`
		]
	}
];
