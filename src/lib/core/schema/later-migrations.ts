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
	},
	{
		id: 18,
		statements: [
			// The last number that this device has given to a row of its own. SQLite would go on above the replicas of others.
			`CREATE TABLE own_number (name TEXT NOT NULL PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
			`INSERT INTO own_number (name, last) SELECT value, coalesce((SELECT seq FROM sqlite_sequence WHERE name = value), 0)
				FROM json_each('["entry", "location", "volume"]')`,
			// What of this device's index changed when: each entry once, by its latest change; 0 stands for all locations and
			// volumes, a number below for a location that is gone. Nothing is written here before the index is shared.
			`CREATE TABLE index_share (epoch BLOB NOT NULL, prunedSeq INTEGER NOT NULL) STRICT`,
			`CREATE TABLE index_change (
				seq INTEGER PRIMARY KEY,
				entry INTEGER NOT NULL UNIQUE,
				state INTEGER NOT NULL
			) STRICT`,
			`CREATE TABLE index_change_day (seq INTEGER PRIMARY KEY, atMs INTEGER NOT NULL) STRICT`,
			// How far this device has come with the index of another: whole up to the change 'seq', or, while the first pass
			// goes on, the entries numbered up to 'reached'. 'head' is the newest state of the owner that was seen.
			`CREATE TABLE replica (
				slot INTEGER PRIMARY KEY REFERENCES device (slot),
				epoch BLOB NOT NULL,
				reached INTEGER,
				seq INTEGER NOT NULL,
				head INTEGER NOT NULL
			) STRICT`,
			// Replicas that the owner has no more, or has not told of again; they go when it has told all.
			`CREATE TABLE replica_doubt (entry INTEGER PRIMARY KEY, isMeant INTEGER NOT NULL) STRICT`
		]
	},
	{
		id: 19,
		statements: [
			// How another device is reached, a list in JSON, and when both last had all that the other one had.
			`ALTER TABLE device ADD COLUMN addresses TEXT NOT NULL DEFAULT '[]'`,
			`ALTER TABLE device ADD COLUMN levelMs INTEGER`
		]
	},
	{
		id: 20,
		statements: [
			// How often a device was let in, and up to which time of these it was removed; how often it was renamed, and by
			// which device last. What devices tell each other of one another; 0 where nobody has told anything.
			`ALTER TABLE device ADD COLUMN admitted INTEGER NOT NULL DEFAULT 0`,
			`ALTER TABLE device ADD COLUMN removed INTEGER NOT NULL DEFAULT 0`,
			`ALTER TABLE device ADD COLUMN renames INTEGER NOT NULL DEFAULT 0`,
			`ALTER TABLE device ADD COLUMN renamedBy TEXT NOT NULL DEFAULT ''`,
			`UPDATE device SET removed = 1 WHERE revokedMs IS NOT NULL`,
			// Of replicas in doubt that wait for a person: so many she has said to keep.
			`ALTER TABLE replica ADD COLUMN kept INTEGER NOT NULL DEFAULT 0`
		]
	},
	{
		id: 21,
		statements: [
			// What the owner of a replica has signed, as it came, so that others can have it from here: passes from a beginning
			// on, each batch after the one before it. 'fromSeq' is null at the beginning of a pass.
			`CREATE TABLE replica_batch (
				id INTEGER PRIMARY KEY,
				slot INTEGER NOT NULL REFERENCES device (slot),
				pass INTEGER NOT NULL,
				epoch BLOB NOT NULL,
				fromReached INTEGER,
				fromSeq INTEGER,
				toReached INTEGER,
				toSeq INTEGER NOT NULL,
				head INTEGER NOT NULL,
				bytes BLOB NOT NULL,
				signature BLOB NOT NULL
			) STRICT`,
			`CREATE INDEX replica_batch_pass ON replica_batch (slot, pass, id)`,
			// Through which other one a device is known that this one was not paired with, and that one's word as it has signed it.
			`ALTER TABLE device ADD COLUMN introducedBy INTEGER REFERENCES device (slot)`,
			`ALTER TABLE device ADD COLUMN introduction BLOB`,
			`ALTER TABLE device ADD COLUMN introductionSignature BLOB`,
			// Bytes of the pass that is kept, and of the changes after it; entries that the pass has told of, and of how many.
			`ALTER TABLE replica ADD COLUMN passBytes INTEGER NOT NULL DEFAULT 0`,
			`ALTER TABLE replica ADD COLUMN changeBytes INTEGER NOT NULL DEFAULT 0`,
			`ALTER TABLE replica ADD COLUMN told INTEGER NOT NULL DEFAULT 0`,
			`ALTER TABLE replica ADD COLUMN total INTEGER NOT NULL DEFAULT 0`
		]
	},
	{
		id: 22,
		statements: [
			// Up to it not every fact of this device is in its log any more: what means nothing by now was left out.
			`ALTER TABLE device ADD COLUMN prunedStamp INTEGER NOT NULL DEFAULT 0`
		]
	},
	{
		id: 23,
		statements: [
			// Of what this device has said, and of its index, what each other one has, as far as that has told.
			`ALTER TABLE device ADD COLUMN hadStamp INTEGER NOT NULL DEFAULT 0`,
			`ALTER TABLE device ADD COLUMN hadEpoch BLOB`,
			`ALTER TABLE device ADD COLUMN hadSeq INTEGER NOT NULL DEFAULT 0`,
			// By whom and when the value was set that was overwritten.
			`ALTER TABLE overwritten ADD COLUMN lostSlot INTEGER`,
			`ALTER TABLE overwritten ADD COLUMN lostStamp INTEGER`,
			// What has happened between devices and nothing else keeps; of no use but to be read by a person.
			`CREATE TABLE happening (
				id INTEGER PRIMARY KEY,
				atMs INTEGER NOT NULL,
				slot INTEGER NOT NULL,
				kind TEXT NOT NULL,
				detail TEXT NOT NULL
			) STRICT`
		]
	},
	{
		id: 24,
		statements: [
			// How often a folder of a removable disk has changed devices before this one had it; of another device's, up to which
			// stamp that had said what it has of the files by then. 'insistedMs': when this device has last held on to it by
			// itself, as its disk is here.
			`ALTER TABLE location ADD COLUMN claim INTEGER NOT NULL DEFAULT 0`,
			`ALTER TABLE location ADD COLUMN claimSaid INTEGER NOT NULL DEFAULT 0`,
			`ALTER TABLE location ADD COLUMN insistedMs INTEGER`,
			// Folders of disks that are at another device now: what brings them back here, as JSON.
			`CREATE TABLE former_location (
				id INTEGER PRIMARY KEY,
				volume TEXT NOT NULL,
				identity TEXT NOT NULL,
				path TEXT NOT NULL,
				claim INTEGER NOT NULL,
				kept TEXT NOT NULL,
				UNIQUE (volume, path)
			) STRICT`,
			// What an entry is now that had another number while its disk was at another device.
			`CREATE TABLE taken_entry (entry INTEGER PRIMARY KEY, now INTEGER NOT NULL) STRICT`
		]
	}
];
