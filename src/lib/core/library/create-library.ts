import { bytesToHex } from '@noble/hashes/utils.js';
import { err, invariant, libraryId, ok, type Result } from '#core/kernel';
import { keyBytes, printRecoveryCode, recoveryEntropyBytes, saltBytes } from '#core/crypto';
import { connect, type Held } from './held.ts';
import { headerFormat, parseHeader, printHeader, type Slot } from './header.ts';
import { passwordLengthMin } from './passwords.ts';
import type { CreatedLibrary, CreateLibraryInput, LibraryFailure } from './schema.ts';
import { makeDeviceSlot, makePasswordSlot, makeRecoverySlot, type Sealing } from './slots.ts';
import { writeName } from './store.ts';

const libraryIdBytes = 16;

async function firstSlots(
	held: Held,
	sealing: Sealing,
	entropy: Uint8Array,
	password: string | null,
	signal: AbortSignal
): Promise<Result<Slot[], LibraryFailure>> {
	const recovery = makeRecoverySlot(sealing, entropy);
	const { secrets, random } = held.host;
	if (password !== null) return ok([await makePasswordSlot(sealing, password, held.rounds, secrets, signal), recovery]);
	const deviceSecret = random.bytes(keyBytes);
	const kept = await secrets.keep(sealing.id, deviceSecret, signal);
	return kept.ok ? ok([makeDeviceSlot(sealing, deviceSecret), recovery]) : kept;
}

/** Makes sure that no library is here, and sweeps what a creation that was cut off has left. */
async function clearFolder(held: Held, signal: AbortSignal): Promise<Result<null, LibraryFailure>> {
	const present = await held.host.database.readHeader(held.folder, signal);
	if (present.ok) return err({ type: 'LibraryExists', retry: 'never' });
	if (present.failure.type !== 'LibraryMissing') return present;
	const removed = await held.host.database.remove(held.folder, signal);
	return removed.ok || removed.failure.type === 'LibraryMissing' ? ok(null) : removed;
}

/** Creates the library and leaves it open. A crash at any instant leaves a whole library or none. */
export async function createNew(
	held: Held,
	input: CreateLibraryInput,
	signal: AbortSignal
): Promise<Result<CreatedLibrary, LibraryFailure>> {
	const name = input.name.trim();
	if (name === '') return err({ type: 'NameEmpty' });
	if (input.password !== null && input.password.length < passwordLengthMin)
		return err({ type: 'PasswordTooShort', lengthMin: passwordLengthMin });
	const cleared = await clearFolder(held, signal);
	if (!cleared.ok) return cleared;

	const { random, clock } = held.host;
	const sealing = {
		id: libraryId(bytesToHex(random.bytes(libraryIdBytes))),
		libraryKey: random.bytes(keyBytes),
		random
	};
	const entropy = random.bytes(recoveryEntropyBytes);
	const slots = await firstSlots(held, sealing, entropy, input.password, signal);
	if (!slots.ok) return slots;
	const bytes = printHeader(
		{
			format: headerFormat,
			id: sealing.id,
			createdMs: clock.nowMs(),
			cipher: { name: 'sqlcipher-4', salt: bytesToHex(random.bytes(saltBytes)) },
			slots: slots.value
		},
		sealing.libraryKey
	);
	const header = parseHeader(bytes);
	invariant(header.ok, 'a header that was just made parses');
	const database = await connect(held, header.value, sealing.libraryKey, 'new', signal);
	if (!database.ok) return database;
	const named = database.value.write(() => writeName(database.value, name));
	// The header comes last: it alone makes the folder a library.
	const written = named.ok ? await held.host.database.writeHeader(held.folder, bytes, signal) : named;
	if (!written.ok) {
		database.value.connection.close();
		return written;
	}
	held.open = { database: database.value, header: header.value, libraryKey: sealing.libraryKey };
	return ok({ id: sealing.id, recoveryCode: printRecoveryCode(entropy) });
}
