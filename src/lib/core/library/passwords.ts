import { invariant, err, ok, type Result } from '#core/kernel';
import { hexToBytes } from '@noble/hashes/utils.js';
import { databaseRawKey, keyBytes, printRecoveryCode, recoveryEntropyBytes } from '#core/crypto';
import { hasPassword, locked, type Held } from './held.ts';
import { parseHeader, printHeader, type Slot } from './header.ts';
import type { LibraryFailure, RawKey, UnlockFailure } from './schema.ts';
import { makePasswordSlot, makeRecoverySlot } from './slots.ts';
import { unlockHeader } from './unlock.ts';

/** Shorter passwords fall to a dictionary however slow the derivation is. */
export const passwordLengthMin = 8;

/** Replaces the key slots of the open library; the database is not touched. */
async function writeSlots(
	held: Held,
	slots: readonly Slot[],
	signal: AbortSignal
): Promise<Result<null, LibraryFailure>> {
	if (held.open === null) return locked;
	const bytes = printHeader({ ...held.open.header, slots: [...slots] }, held.open.libraryKey);
	const written = await held.host.database.writeHeader(held.folder, bytes, signal);
	if (!written.ok) return written;
	const header = parseHeader(bytes);
	invariant(header.ok, 'a header that was just written parses');
	if (held.open === null) return locked;
	held.open = { ...held.open, header: header.value };
	return ok(null);
}

/** Whether whoever asks knows the password; a library without one asks for none. */
async function checkPassword(
	held: Held,
	password: string | null,
	signal: AbortSignal
): Promise<Result<null, LibraryFailure | UnlockFailure>> {
	if (held.open === null) return locked;
	if (!hasPassword(held.open.header)) return ok(null);
	if (password === null) return err({ type: 'PasswordNeeded' });
	const means = { secrets: held.host.secrets, tries: held.tries };
	const key = await unlockHeader(held.open.header, { by: 'password', password }, means, signal);
	return key.ok ? ok(null) : key;
}

/** Gives the library a password, or another one; afterwards this device's own secret no longer opens it. */
export async function setPassword(
	held: Held,
	input: { readonly current: string | null; readonly next: string },
	signal: AbortSignal
): Promise<Result<null, LibraryFailure | UnlockFailure>> {
	if (input.next.length < passwordLengthMin) return err({ type: 'PasswordTooShort', lengthMin: passwordLengthMin });
	const checked = await checkPassword(held, input.current, signal);
	if (!checked.ok) return checked;
	if (held.open === null) return locked;
	const { header, libraryKey } = held.open;
	const { random, secrets } = held.host;
	const slot = await makePasswordSlot({ id: header.id, libraryKey, random }, input.next, held.rounds, secrets, signal);
	const kept = header.slots.filter(({ kind }) => kind !== 'password' && kind !== 'device');
	const written = await writeSlots(held, [slot, ...kept], signal);
	if (!written.ok) return written;
	// Only now: until the new header is on disk, the device's secret may be all that opens the library.
	const forgotten = await secrets.forget(header.id, signal);
	return forgotten.ok ? ok(null) : forgotten;
}

/** Makes a new recovery code; the old one no longer opens the library. */
export async function newRecoveryCode(
	held: Held,
	signal: AbortSignal
): Promise<Result<{ readonly recoveryCode: string }, LibraryFailure>> {
	if (held.open === null) return locked;
	const { header, libraryKey } = held.open;
	const entropy = held.host.random.bytes(recoveryEntropyBytes);
	const slot = makeRecoverySlot({ id: header.id, libraryKey, random: held.host.random }, entropy);
	const kept = header.slots.filter(({ kind }) => kind !== 'recovery');
	const written = await writeSlots(held, [...kept, slot], signal);
	return written.ok ? ok({ recoveryCode: printRecoveryCode(entropy) }) : written;
}

/** The database's own key, for opening it with other tools. */
export async function rawKey(
	held: Held,
	password: string | null,
	signal: AbortSignal
): Promise<Result<RawKey, LibraryFailure | UnlockFailure>> {
	const checked = await checkPassword(held, password, signal);
	if (!checked.ok) return checked;
	if (held.open === null) return locked;
	const { header, libraryKey } = held.open;
	const raw = databaseRawKey(libraryKey, header.id, hexToBytes(header.cipher.salt));
	return ok({ key: raw.slice(0, keyBytes * 2), salt: header.cipher.salt });
}
