/** One step from schema `id - 1` to `id`. A shipped migration is never edited: a test pins the text of each. */
export type Migration = { readonly id: number; readonly statements: readonly string[] };

/** The first four bytes of "Atoll" in a database's header, so that tools can tell what the file is once opened. */
const applicationId = 0x41746f6c;

export const migrations: readonly Migration[] = [
	{
		id: 1,
		statements: [
			`PRAGMA application_id = ${applicationId}`,
			`CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`,
			`CREATE TABLE command (id TEXT NOT NULL PRIMARY KEY, answer TEXT NOT NULL, atMs INTEGER NOT NULL)
				STRICT, WITHOUT ROWID`
		]
	},
	{
		id: 2,
		statements: [
			// Numbers never come back: an address, a focus or a folder still to be listed would mean another entry.
			`CREATE TABLE entry (
				id INTEGER PRIMARY KEY AUTOINCREMENT,
				parent INTEGER REFERENCES entry (id),
				kind INTEGER NOT NULL,
				name TEXT NOT NULL,
				sortKey TEXT NOT NULL,
				sizeBytes INTEGER NOT NULL,
				modifiedMs INTEGER,
				inode INTEGER
			) STRICT`,
			// One index for three uses: a folder listed in order, a child found by name, no name twice in a folder.
			`CREATE UNIQUE INDEX entry_listing ON entry (parent, kind <> 0, sortKey, name)`,
			`CREATE TABLE location (
				id INTEGER PRIMARY KEY AUTOINCREMENT,
				name TEXT NOT NULL,
				root TEXT NOT NULL UNIQUE,
				entry INTEGER NOT NULL REFERENCES entry (id),
				addedMs INTEGER NOT NULL,
				run INTEGER NOT NULL,
				unfinished INTEGER NOT NULL,
				indexedMs INTEGER,
				problem TEXT
			) STRICT`,
			`CREATE TABLE directory (
				entry INTEGER PRIMARY KEY REFERENCES entry (id),
				location INTEGER NOT NULL,
				run INTEGER NOT NULL
			) STRICT`,
			`CREATE INDEX directory_pending ON directory (location, run)`,
			`CREATE TABLE closure (
				ancestor INTEGER NOT NULL,
				descendant INTEGER NOT NULL,
				depth INTEGER NOT NULL,
				PRIMARY KEY (ancestor, descendant)
			) STRICT, WITHOUT ROWID`,
			`CREATE INDEX closure_ancestors ON closure (descendant, depth)`,
			`CREATE TABLE problem (
				folder INTEGER NOT NULL,
				name TEXT NOT NULL,
				reason TEXT NOT NULL,
				code TEXT NOT NULL,
				PRIMARY KEY (folder, name)
			) STRICT, WITHOUT ROWID`
		]
	},
	{
		id: 3,
		statements: [
			// Names are folded before they come here and read back from `entry`, so nothing of them is stored twice.
			`CREATE VIRTUAL TABLE name_index USING fts5 (
				name, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
			)`,
			`CREATE VIRTUAL TABLE name_term USING fts5vocab (name_index, instance)`
		]
	},
	{
		id: 4,
		statements: [
			`CREATE TABLE volume (
				id INTEGER PRIMARY KEY AUTOINCREMENT,
				key TEXT NOT NULL UNIQUE,
				identity TEXT NOT NULL UNIQUE,
				isOwnIdentity INTEGER NOT NULL,
				name TEXT,
				kind TEXT NOT NULL,
				fileSystem TEXT,
				label TEXT,
				medium TEXT,
				capacityBytes INTEGER,
				freeBytes INTEGER,
				bytesPerSecond INTEGER,
				isSpeedDirect INTEGER NOT NULL,
				isOnline INTEGER NOT NULL,
				seenMs INTEGER NOT NULL
			) STRICT`,
			`ALTER TABLE location ADD COLUMN volume INTEGER REFERENCES volume (id)`,
			`ALTER TABLE location ADD COLUMN pathInVolume TEXT`,
			`ALTER TABLE location ADD COLUMN logicalClass TEXT`
		]
	}
];

export const schemaVersion = migrations.length;
