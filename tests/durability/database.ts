import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Engine from 'better-sqlite3-multiple-ciphers';
import { sqlPrelude } from '#core/schema';

/** Runs `sql` on the database at `path` behind Atoll's back, as whoever has its key can; no key: a plain database. */
export function tamper(path: string, rawKey: string | null, ...sql: readonly string[]): void {
	const database = new Engine(path, { timeout: 0 });
	try {
		for (const statement of [...(rawKey === null ? [] : sqlPrelude(rawKey)), ...sql]) database.exec(statement);
	} finally {
		database.close();
	}
}

/** The bytes of a database after `sql`, from `bytes` or from nothing. */
export function tampered(bytes: Uint8Array | null, rawKey: string | null, ...sql: readonly string[]): Buffer {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-tampered-'));
	try {
		const path = join(folder, 'database.db');
		if (bytes !== null) writeFileSync(path, bytes);
		tamper(path, rawKey, ...sql);
		return readFileSync(path);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
