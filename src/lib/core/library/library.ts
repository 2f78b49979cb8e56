import { ok, type LibraryId, type Result } from '#core/kernel';
import type { Host } from '#core/ports';
import type { Database } from '#core/schema';
import { pbkdf2RoundsDefault } from '#core/crypto';
import { createNew, joinLibrary } from './create-library.ts';
import { locked, openStatus, openWith, readHeader, type Held } from './held.ts';
import { newRecoveryCode, rawKey, setPassword } from './passwords.ts';
import type {
	CreatedLibrary,
	CreateLibraryInput,
	JoinLibraryInput,
	LibraryFailure,
	LibraryStatus,
	RawKey,
	UnlockFailure,
	UnlockInput
} from './schema.ts';
import { createTries } from './tries.ts';
import { unlockHeader } from './unlock.ts';

type Answer<T> = Promise<Result<T, LibraryFailure>>;
type UnlockAnswer<T> = Promise<Result<T, LibraryFailure | UnlockFailure>>;

/** One library in one folder of this host. */
export type Library = {
	readonly folder: string;
	status(signal: AbortSignal): Answer<LibraryStatus>;
	create(input: CreateLibraryInput, signal: AbortSignal): Answer<CreatedLibrary>;
	/** Makes this device's own empty copy of a library that another device has. */
	join(input: JoinLibraryInput, signal: AbortSignal): Answer<null>;
	unlock(input: UnlockInput, signal: AbortSignal): UnlockAnswer<LibraryStatus>;
	/** Opens with a key that another tab of this device handed over. */
	unlockWithKey(libraryKey: Uint8Array, signal: AbortSignal): Answer<LibraryStatus>;
	/** Forgets the key and lets go of the files. */
	close(): void;
	setPassword(
		input: { readonly current: string | null; readonly next: string },
		signal: AbortSignal
	): UnlockAnswer<null>;
	newRecoveryCode(signal: AbortSignal): Answer<{ readonly recoveryCode: string }>;
	rawKey(password: string | null, signal: AbortSignal): UnlockAnswer<RawKey>;
	/** Removes the library's own files. The person's files are elsewhere and stay. */
	remove(signal: AbortSignal): Answer<null>;
	/** The open library's tables. */
	database(): Result<Database, LibraryFailure>;
	/** What the open library is known by among all others; null while none is open. */
	id(): LibraryId | null;
	/** The key while open, for the other tabs of this device; null otherwise. */
	key(): Uint8Array | null;
};

async function status(held: Held, signal: AbortSignal): Answer<LibraryStatus> {
	if (held.open !== null) return openStatus(held.open);
	const header = await readHeader(held, signal);
	if (header.ok) return ok({ state: 'locked', id: header.value.id });
	return header.failure.type === 'LibraryMissing' ? ok({ state: 'none' }) : header;
}

async function unlock(held: Held, input: UnlockInput, signal: AbortSignal): UnlockAnswer<LibraryStatus> {
	if (held.open !== null) return openStatus(held.open);
	const header = await readHeader(held, signal);
	if (!header.ok) return header;
	const libraryKey = await unlockHeader(header.value, input, { ...held.host, tries: held.tries }, signal);
	return libraryKey.ok ? openWith(held, header.value, libraryKey.value, signal) : libraryKey;
}

async function unlockWithKey(held: Held, libraryKey: Uint8Array, signal: AbortSignal): Answer<LibraryStatus> {
	if (held.open !== null) return openStatus(held.open);
	const header = await readHeader(held, signal);
	return header.ok ? openWith(held, header.value, libraryKey.slice(), signal) : header;
}

function close(held: Held): void {
	held.open?.database.connection.close();
	held.open?.libraryKey.fill(0);
	held.open = null;
}

async function remove(held: Held, signal: AbortSignal): Answer<null> {
	const header = await readHeader(held, signal);
	close(held);
	const removed = await held.host.database.remove(held.folder, signal);
	if (!removed.ok) return removed;
	const forgotten = header.ok ? await held.host.secrets.forget(header.value.id, signal) : ok(undefined);
	return forgotten.ok ? ok(null) : forgotten;
}

/** The library of `folder`; `rounds` is the cost of new password slots (PBKDF2). */
export function createLibrary(host: Host, folder: string, rounds: number = pbkdf2RoundsDefault): Library {
	const held: Held = { host, folder, rounds, tries: createTries(host.clock), open: null };
	return {
		folder,
		status: (signal) => status(held, signal),
		create: (input, signal) => createNew(held, input, signal),
		join: (input, signal) => joinLibrary(held, input, signal),
		unlock: (input, signal) => unlock(held, input, signal),
		unlockWithKey: (libraryKey, signal) => unlockWithKey(held, libraryKey, signal),
		close: () => close(held),
		setPassword: (input, signal) => setPassword(held, input, signal),
		newRecoveryCode: (signal) => newRecoveryCode(held, signal),
		rawKey: (password, signal) => rawKey(held, password, signal),
		remove: (signal) => remove(held, signal),
		database: () => (held.open === null ? locked : ok(held.open.database)),
		id: () => held.open?.header.id ?? null,
		key: () => held.open?.libraryKey ?? null
	};
}
