/**
 * schema: every table, and the one way to run SQL.
 *
 * Owns the migrations (a numbered array, each in a transaction of its own), the pragma prelude that makes a
 * connection an encrypted library, and the row types. Guarantees: SQL runs only inside `read`, `write` or
 * `writeOnce`; a full, damaged or unreadable disk comes back as a failure and everything else is a defect.
 */
export { openDatabase, type Database, type JsonValue, type StorageFailure } from './database.ts';
export type { Migration } from './later-migrations.ts';
export { migrations, schemaVersion } from './migrations.ts';
export { createOwnNumbers, leaveOutNumbers, takeOwnNumber, type OwnNumbers } from './own-numbers.ts';
export { sqlPrelude } from './prelude.ts';
export { build, type Compilable } from './query.ts';
export { entryKindCode, entryKindName, type Tables } from './tables.ts';
