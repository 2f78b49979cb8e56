/** Decrypted pages kept in memory. It is the encryption budget: at 2 MiB, look-ups cost ten times as much. */
const cacheKib = 65_536;

/**
 * The statements that come before any other on a connection, in this order. `rawKey` is 64 hex digits of key
 * and 32 of salt. They give a file that a genuine SQLCipher 4 opens:
 * - the `raw:` form, because the quoted `x'…'` form is taken as a passphrase by some builds;
 * - exclusive locking right after the key, before anything reads, or page 1 is decrypted in every read;
 * - temporary data in memory, because temporary files are written in the clear.
 */
export function sqlPrelude(rawKey: string): readonly string[] {
	return [
		`PRAGMA cipher = 'sqlcipher'`,
		`PRAGMA legacy = 4`,
		`PRAGMA key = 'raw:${rawKey}'`,
		`PRAGMA locking_mode = EXCLUSIVE`,
		`PRAGMA temp_store = MEMORY`,
		`PRAGMA cache_size = -${cacheKib}`,
		`PRAGMA journal_mode = DELETE`,
		`PRAGMA synchronous = FULL`,
		`PRAGMA foreign_keys = ON`
	];
}
