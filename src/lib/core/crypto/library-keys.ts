import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { invariant, type LibraryId } from '#core/kernel';

/** Length of every symmetric key here. */
export const keyBytes = 32;
/** Length of SQLCipher's salt, which is the first bytes of the database file. */
export const saltBytes = 16;

/** HKDF-SHA256 (RFC 5869), salted with the library's id so that no two libraries share a derived key. */
function derive(libraryKey: Uint8Array, id: LibraryId, purpose: string): Uint8Array {
	invariant(libraryKey.length === keyBytes, 'a library key has 32 bytes');
	return hkdf(sha256, libraryKey, utf8ToBytes(id), utf8ToBytes(`atoll/1/${purpose}`), keyBytes);
}

/** What SQLite's `raw:` key takes: 64 hex digits of key, then 32 of salt. */
export function databaseRawKey(libraryKey: Uint8Array, id: LibraryId, salt: Uint8Array): string {
	invariant(salt.length === saltBytes, 'a database salt has 16 bytes');
	return bytesToHex(derive(libraryKey, id, 'database')) + bytesToHex(salt);
}

/** The key that authenticates `library.json`. */
export function headerKey(libraryKey: Uint8Array, id: LibraryId): Uint8Array {
	return derive(libraryKey, id, 'header');
}
