import { bytesToHex } from '@noble/hashes/utils.js';
import { err, invariant, libraryId, ok, type Result } from '#core/kernel';
import { keyBytes, printRecoveryCode, recoveryEntropyBytes, saltBytes } from '#core/crypto';
import { connect, type Held } from './held.ts';
import { headerFormat, parseHeader, printHeader, type Slot } from './header.ts';
import { passwordLengthMin } from './passwords.ts';
import type { CreatedLibrary, CreateLibraryInput, JoinLibraryInput, LibraryFailure } from './schema.ts';
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

/** The name as it is kept, where no library is here; sweeps what a creation that was cut off has left. */
async function makeRoom(held: Held, named: string, signal: AbortSignal): Promise<Result<string, LibraryFailure>> {
	const name = named.trim();
	if (name === '') return err({ type: 'NameEmpty' });
	const present = await held.host.database.readHeader(held.folder, signal);
	if (present.ok) return err({ type: 'LibraryExists', retry: 'never' });
	if (present.failure.type !== 'LibraryMissing') return present;
	const removed = await held.host.database.remove(held.folder, signal);
	return removed.ok || removed.failure.type === 'LibraryMissing' ? ok(name) : removed;
}

/** Makes an empty library of that id and key, and leaves it open. A crash at any instant leaves a whole one or none. */
async function layDown(
	held: Held,
	sealing: Sealing,
	slots: Slot[],
	name: string,
	signal: AbortSignal
): Promise<Result<null, LibraryFailure>> {
	const bytes = printHeader(
		{
			format: headerFormat,
			id: sealing.id,
			createdMs: held.host.clock.nowMs(),
			cipher: { name: 'sqlcipher-4', salt: bytesToHex(held.host.random.bytes(saltBytes)) },
			slots
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
	return ok(null);
}

/** Creates the library and leaves it open. */
export async function createNew(
	held: Held,
	input: CreateLibraryInput,
	signal: AbortSignal
): Promise<Result<CreatedLibrary, LibraryFailure>> {
	if (input.password !== null && input.password.length < passwordLengthMin)
		return err({ type: 'PasswordTooShort', lengthMin: passwordLengthMin });
	const name = await makeRoom(held, input.name, signal);
	if (!name.ok) return name;

	const { random } = held.host;
	const sealing = {
		id: libraryId(bytesToHex(random.bytes(libraryIdBytes))),
		libraryKey: random.bytes(keyBytes),
		random
	};
	const entropy = random.bytes(recoveryEntropyBytes);
	const slots = await firstSlots(held, sealing, entropy, input.password, signal);
	if (!slots.ok) return slots;
	const laid = await layDown(held, sealing, slots.value, name.value, signal);
	return laid.ok ? ok({ id: sealing.id, recoveryCode: printRecoveryCode(entropy) }) : laid;
}

/**
 * Makes this device's own copy of a library that another device let it into, and leaves it open: empty, with that
 * library's id and key. The key is sealed for a secret of this device; a password is set for each device by itself.
 */
export async function joinLibrary(
	held: Held,
	input: JoinLibraryInput,
	signal: AbortSignal
): Promise<Result<null, LibraryFailure>> {
	const name = await makeRoom(held, input.name, signal);
	if (!name.ok) return name;
	const { secrets, random } = held.host;
	const sealing = { id: input.id, libraryKey: input.libraryKey.slice(), random };
	const known = await secrets.recall(input.id, signal);
	if (!known.ok) return known;
	// Another folder of this device may hold a copy of the same library, which its secret must go on opening.
	const deviceSecret = known.value ?? random.bytes(keyBytes);
	const kept = await secrets.keep(input.id, deviceSecret, signal);
	return kept.ok ? layDown(held, sealing, [makeDeviceSlot(sealing, deviceSecret)], name.value, signal) : kept;
}
