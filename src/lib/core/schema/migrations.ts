import { laterMigrations, type Migration } from './later-migrations.ts';

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
			// What lies below a directory, kept in step with every change; its bytes are its own row's size.
			`ALTER TABLE directory ADD COLUMN files INTEGER NOT NULL DEFAULT 0`,
			`ALTER TABLE directory ADD COLUMN folders INTEGER NOT NULL DEFAULT 0`,
			`UPDATE directory SET (files, folders) = (
				SELECT count(*) FILTER (WHERE kind <> 0), count(*) FILTER (WHERE kind = 0)
				FROM closure JOIN entry ON entry.parent = closure.descendant WHERE closure.ancestor = directory.entry
			)`,
			`UPDATE entry SET sizeBytes = (
				SELECT coalesce(sum(below.sizeBytes), 0) FROM closure JOIN entry AS below ON below.parent = closure.descendant
				WHERE closure.ancestor = entry.id AND below.kind <> 0
			) WHERE kind = 0`,
			// Where a file that turns up was before.
			`CREATE INDEX entry_inode ON entry (inode) WHERE inode IS NOT NULL`,
			// What a run did not find in its place: it goes at the end of the run, unless it turns up elsewhere.
			`CREATE TABLE missing (entry INTEGER PRIMARY KEY, location INTEGER NOT NULL) STRICT`
		]
	},
	{
		id: 5,
		statements: [
			`CREATE TABLE job (
				id INTEGER PRIMARY KEY AUTOINCREMENT,
				kind TEXT NOT NULL,
				target TEXT NOT NULL,
				input TEXT NOT NULL,
				state TEXT NOT NULL,
				priority INTEGER NOT NULL,
				queuedMs INTEGER NOT NULL,
				startedMs INTEGER,
				endedMs INTEGER,
				failures INTEGER NOT NULL,
				done INTEGER NOT NULL,
				total INTEGER,
				warnings INTEGER NOT NULL,
				checkpoint TEXT,
				outcome TEXT,
				failure TEXT
			) STRICT`,
			// The same work is never there twice, whoever asks for it.
			`CREATE UNIQUE INDEX job_target ON job (kind, target)`,
			`CREATE TABLE job_need (
				job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
				needs INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
				PRIMARY KEY (job, needs)
			) STRICT, WITHOUT ROWID`,
			`CREATE INDEX job_need_needs ON job_need (needs)`,
			`CREATE TABLE job_warning (
				job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
				item TEXT NOT NULL,
				reason TEXT NOT NULL,
				code TEXT NOT NULL,
				PRIMARY KEY (job, item)
			) STRICT, WITHOUT ROWID`
		]
	},
	{
		id: 6,
		statements: [
			`CREATE TABLE content (
				id INTEGER PRIMARY KEY AUTOINCREMENT,
				identity BLOB NOT NULL,
				split INTEGER NOT NULL,
				sizeBytes INTEGER NOT NULL,
				kind INTEGER NOT NULL,
				type TEXT NOT NULL,
				confidence INTEGER NOT NULL,
				proof BLOB,
				UNIQUE (identity, split)
			) STRICT`,
			`ALTER TABLE entry ADD COLUMN content INTEGER`,
			`ALTER TABLE entry ADD COLUMN proven INTEGER NOT NULL DEFAULT 0`,
			// One index for two uses: the copies of a content, and the files without one in the order of their numbers.
			`CREATE INDEX entry_content ON entry (content) WHERE kind = 1`
		]
	},
	{
		id: 7,
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
	},
	{
		id: 8,
		statements: [
			`ALTER TABLE job ADD COLUMN doneBytes INTEGER NOT NULL DEFAULT 0`,
			`ALTER TABLE job ADD COLUMN totalBytes INTEGER`,
			`ALTER TABLE location ADD COLUMN mode TEXT NOT NULL DEFAULT 'content'`,
			// A content has a row for each analysis that somebody may ask for; all its copies share it.
			`CREATE TABLE analysis (
				content INTEGER NOT NULL REFERENCES content (id) ON DELETE CASCADE,
				kind TEXT NOT NULL,
				policy TEXT NOT NULL,
				PRIMARY KEY (content, kind)
			) STRICT, WITHOUT ROWID`,
			// What a person has said, of one location or, where that is null, of all.
			`CREATE TABLE analysis_policy (
				location INTEGER REFERENCES location (id) ON DELETE CASCADE,
				kind TEXT NOT NULL,
				policy TEXT NOT NULL
			) STRICT`,
			`CREATE UNIQUE INDEX analysis_policy_kind ON analysis_policy (coalesce(location, 0), kind)`
		]
	},
	{
		id: 9,
		statements: [
			// Entries with higher numbers have come since the last run of the location ended.
			`ALTER TABLE location ADD COLUMN newestEntry INTEGER NOT NULL DEFAULT 0`,
			// Files whose bytes are others than those that were proven.
			`CREATE INDEX entry_damaged ON entry (id) WHERE proven = 2`
		]
	},
	{
		id: 10,
		statements: [
			// What of a location comes into the index; a location without a row has no rules, as before there were any.
			`CREATE TABLE rule_set (
				location INTEGER PRIMARY KEY REFERENCES location (id) ON DELETE CASCADE,
				version INTEGER NOT NULL,
				rules TEXT NOT NULL,
				isApplied INTEGER NOT NULL
			) STRICT`,
			`CREATE TABLE ignore_file (
				id INTEGER PRIMARY KEY AUTOINCREMENT,
				folder INTEGER NOT NULL UNIQUE,
				isRepository INTEGER NOT NULL,
				text TEXT NOT NULL
			) STRICT`,
			`CREATE TABLE left_out (
				folder INTEGER NOT NULL,
				rule TEXT NOT NULL,
				files INTEGER NOT NULL,
				folders INTEGER NOT NULL,
				sizeBytes INTEGER NOT NULL,
				PRIMARY KEY (folder, rule)
			) STRICT, WITHOUT ROWID`,
			`ALTER TABLE missing ADD COLUMN isLeftOut INTEGER NOT NULL DEFAULT 0`
		]
	},
	{
		id: 11,
		statements: [
			// What was done by whom it was asked of the library, and what takes it back.
			`CREATE TABLE action (
				id INTEGER PRIMARY KEY AUTOINCREMENT,
				action TEXT NOT NULL,
				input TEXT NOT NULL,
				plan TEXT NOT NULL,
				state TEXT NOT NULL,
				atMs INTEGER NOT NULL,
				endedMs INTEGER,
				items INTEGER NOT NULL,
				sizeBytes INTEGER NOT NULL,
				undoes INTEGER,
				undoneBy INTEGER
			) STRICT`,
			`CREATE TABLE action_step (
				action INTEGER NOT NULL REFERENCES action (id) ON DELETE CASCADE,
				seq INTEGER NOT NULL,
				operation TEXT NOT NULL,
				state TEXT NOT NULL,
				inverse TEXT,
				failure TEXT,
				PRIMARY KEY (action, seq)
			) STRICT, WITHOUT ROWID`
		]
	},
	{
		id: 12,
		statements: [
			// Counts what has come, gone or changed below a folder: a plan that was made before knows by it that it is stale.
			`ALTER TABLE directory ADD COLUMN revision INTEGER NOT NULL DEFAULT 0`,
			`CREATE TABLE trash_bin (
				entry INTEGER PRIMARY KEY REFERENCES entry (id) ON DELETE CASCADE,
				location INTEGER NOT NULL REFERENCES location (id) ON DELETE CASCADE,
				name TEXT NOT NULL,
				UNIQUE (location, name)
			) STRICT`,
			`CREATE TABLE trashed (
				entry INTEGER PRIMARY KEY REFERENCES entry (id) ON DELETE CASCADE,
				location INTEGER NOT NULL,
				folder INTEGER NOT NULL,
				originalName TEXT NOT NULL,
				originalPath TEXT NOT NULL,
				trashedMs INTEGER NOT NULL,
				files INTEGER NOT NULL,
				folders INTEGER NOT NULL,
				sizeBytes INTEGER NOT NULL
			) STRICT`,
			`CREATE INDEX trashed_latest ON trashed (trashedMs, entry)`
		]
	},
	{
		id: 13,
		statements: [
			// When a job is to be queued by itself: at most one schedule for each kind and target.
			`CREATE TABLE schedule (
				id INTEGER PRIMARY KEY AUTOINCREMENT,
				kind TEXT NOT NULL,
				target TEXT NOT NULL,
				cron TEXT NOT NULL,
				nextMs INTEGER NOT NULL,
				lastMs INTEGER,
				UNIQUE (kind, target)
			) STRICT`
		]
	},
	{
		id: 14,
		statements: [
			// What runs have lost, for a while: a later run of another location may find it.
			`CREATE TABLE lost (
				entry INTEGER PRIMARY KEY,
				parent INTEGER NOT NULL,
				kind INTEGER NOT NULL,
				name TEXT NOT NULL,
				sizeBytes INTEGER NOT NULL,
				modifiedMs INTEGER,
				content INTEGER,
				proven INTEGER NOT NULL,
				newestEntry INTEGER NOT NULL,
				atMs INTEGER NOT NULL
			) STRICT`,
			`CREATE INDEX lost_likeness ON lost (sizeBytes, modifiedMs) WHERE kind = 1`,
			`CREATE INDEX lost_parent ON lost (parent)`,
			`CREATE INDEX lost_content ON lost (content) WHERE content IS NOT NULL`,
			`CREATE INDEX lost_age ON lost (atMs, entry)`
		]
	},
	{
		id: 15,
		statements: [
			`CREATE TABLE tag (
				id INTEGER PRIMARY KEY,
				key TEXT NOT NULL UNIQUE,
				name TEXT NOT NULL,
				colour TEXT NOT NULL,
				icon TEXT NOT NULL,
				privacy TEXT NOT NULL
			) STRICT`,
			`CREATE TABLE tag_relation (
				relation TEXT NOT NULL,
				tag INTEGER NOT NULL REFERENCES tag (id),
				other INTEGER NOT NULL REFERENCES tag (id),
				PRIMARY KEY (tag, relation, other)
			) STRICT, WITHOUT ROWID`,
			`CREATE INDEX tag_relation_other ON tag_relation (other)`,
			// A target is one number, an entry's or a content's with a minus: half the rows of this table are its index.
			`CREATE TABLE assignment (
				target INTEGER NOT NULL,
				tag INTEGER NOT NULL REFERENCES tag (id),
				source INTEGER NOT NULL,
				PRIMARY KEY (target, tag)
			) STRICT, WITHOUT ROWID`,
			`CREATE INDEX assignment_tag ON assignment (tag, target)`,
			`CREATE TABLE mark (
				target INTEGER PRIMARY KEY,
				favourite INTEGER NOT NULL DEFAULT 0,
				rating INTEGER NOT NULL DEFAULT 0,
				colour TEXT NOT NULL DEFAULT '',
				note TEXT NOT NULL DEFAULT ''
			) STRICT`,
			`CREATE INDEX mark_favourite ON mark (target) WHERE favourite = 1`,
			`CREATE TABLE collection (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL) STRICT`,
			`CREATE TABLE collection_member (
				collection INTEGER NOT NULL REFERENCES collection (id),
				target INTEGER NOT NULL,
				position INTEGER NOT NULL,
				PRIMARY KEY (collection, target)
			) STRICT, WITHOUT ROWID`,
			`CREATE INDEX collection_member_target ON collection_member (target)`,
			// Targets that are not there now, with what they are known by where they come back.
			`CREATE TABLE gone_target (
				target INTEGER PRIMARY KEY,
				location INTEGER,
				folder TEXT,
				name TEXT,
				kind INTEGER,
				sinceMs INTEGER
			) STRICT`,
			`CREATE INDEX gone_target_place ON gone_target (location, folder) WHERE location IS NOT NULL`,
			// The numbers of contents that are not there now and are theirs again when their bytes come back.
			`CREATE TABLE kept_number (
				identity BLOB NOT NULL PRIMARY KEY,
				content INTEGER NOT NULL UNIQUE
			) STRICT, WITHOUT ROWID`
		]
	},
	{
		id: 16,
		statements: [
			// The next steps of an action, however many are behind them; and the few that are begun, of all actions.
			`CREATE INDEX action_step_due ON action_step (action, seq) WHERE state IN ('begun', 'waiting')`,
			`CREATE INDEX action_step_begun ON action_step (action, seq) WHERE state = 'begun'`
		]
	},
	...laterMigrations
];

export const schemaVersion = migrations.length;
