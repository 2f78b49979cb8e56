import { hexToBytes } from '@noble/hashes/utils.js';
import { err, ok, type Result } from '#core/kernel';
import type { Host } from '#core/ports';
import { openDatabase, type Database } from '#core/schema';
import { databaseRawKey } from '#core/crypto';
import { isHeaderAuthentic, parseHeader, type Header } from './header.ts';
import { readName } from './store.ts';
import type { LibraryFailure, LibraryStatus } from './schema.ts';
import type { Tries } from './tries.ts';

/** An unlocked library: the only place where its key lives. */
export type Open = { readonly database: Database; readonly header: Header; readonly libraryKey: Uint8Array };

/** What this room keeps between calls. */
export type Held = {
	readonly host: Host;
	readonly folder: string;
	readonly rounds: number;
	readonly tries: Tries;
	open: Open | null;
};

export const locked: Result<never, LibraryFailure> = err({ type: 'LibraryLocked' });

export async function readHeader(held: Held, signal: AbortSignal): Promise<Result<Header, LibraryFailure>> {
	const bytes = await held.host.database.readHeader(held.folder, signal);
	return bytes.ok ? parseHeader(bytes.value) : bytes;
}

export function hasPassword(header: Header): boolean {
	return header.slots.some((slot) => slot.kind === 'password');
}

export function openStatus({ database, header }: Open): Result<LibraryStatus, LibraryFailure> {
	const name = database.read(() => readName(database));
	return name.ok ? ok({ state: 'open', id: header.id, name: name.value, hasPassword: hasPassword(header) }) : name;
}

/** Connects to the database of `header` and brings it to the newest schema. */
export async function connect(
	held: Held,
	header: Header,
	libraryKey: Uint8Array,
	expect: 'new' | 'existing',
	signal: AbortSignal
): Promise<Result<Database, LibraryFailure>> {
	const connection = await held.host.database.connect(held.folder, signal);
	if (!connection.ok) return connection;
	const rawKey = databaseRawKey(libraryKey, header.id, hexToBytes(header.cipher.salt));
	return openDatabase(connection.value, { rawKey, where: held.host.database.where(held.folder), expect });
}

/** Opens an existing library with a key that has already opened one of its slots. */
export async function openWith(
	held: Held,
	header: Header,
	libraryKey: Uint8Array,
	signal: AbortSignal
): Promise<Result<LibraryStatus, LibraryFailure>> {
	if (!isHeaderAuthentic(header, libraryKey))
		return err({ type: 'LibraryDamaged', detail: 'library.json: signature', retry: 'never' });
	const database = await connect(held, header, libraryKey, 'existing', signal);
	if (!database.ok) return database;
	const open = { database: database.value, header, libraryKey };
	const status = openStatus(open);
	// A library that cannot even say its name is damaged: told as not opened, it must not be open.
	if (status.ok) held.open = open;
	else database.value.connection.close();
	return status;
}
