import { err, ok, type Result } from '#core/kernel';
import type { SecretsPort } from '#core/ports';
import { parseRecoveryCode } from '#core/crypto';
import type { Header } from './header.ts';
import type { LibraryFailure, UnlockFailure, UnlockInput } from './schema.ts';
import { openSlot, passwordSlotKey, recoverySlotKey } from './slots.ts';
import type { Tries } from './tries.ts';

type Means = { readonly secrets: SecretsPort; readonly tries: Tries };
type Unlocked = Result<Uint8Array, LibraryFailure | UnlockFailure>;

async function byDevice(header: Header, secrets: SecretsPort, signal: AbortSignal): Promise<Unlocked> {
	const slots = header.slots.filter((slot) => slot.kind === 'device');
	if (slots.length === 0) return err({ type: 'PasswordNeeded' });
	const secret = await secrets.recall(header.id, signal);
	if (!secret.ok) return secret;
	for (const slot of slots) {
		const libraryKey = secret.value === null ? null : openSlot(header.id, slot, secret.value);
		if (libraryKey !== null) return ok(libraryKey);
	}
	return err({ type: 'PasswordNeeded' });
}

async function byPassword(
	header: Header,
	password: string,
	secrets: SecretsPort,
	signal: AbortSignal
): Promise<Unlocked> {
	for (const slot of header.slots) {
		if (slot.kind !== 'password') continue;
		const libraryKey = openSlot(header.id, slot, await passwordSlotKey(slot, password, secrets, signal));
		if (libraryKey !== null) return ok(libraryKey);
	}
	return err({ type: 'WrongPassword' });
}

function byRecoveryCode(header: Header, typed: string): Unlocked {
	const entropy = parseRecoveryCode(typed);
	for (const slot of header.slots) {
		if (slot.kind !== 'recovery' || entropy === null) continue;
		const libraryKey = openSlot(header.id, slot, recoverySlotKey(slot, entropy));
		if (libraryKey !== null) return ok(libraryKey);
	}
	return err({ type: 'WrongRecoveryCode' });
}

/** The library key, for whoever has the password, the recovery code or this device's secret. */
export async function unlockHeader(
	header: Header,
	input: UnlockInput,
	{ secrets, tries }: Means,
	signal: AbortSignal
): Promise<Unlocked> {
	if (input.by === 'device') return byDevice(header, secrets, signal);
	const waitMs = tries.waitMs();
	if (waitMs > 0) return err({ type: 'TooManyTries', waitMs });
	const answer =
		input.by === 'password'
			? await byPassword(header, input.password, secrets, signal)
			: byRecoveryCode(header, input.recoveryCode);
	if (answer.ok) tries.right();
	else tries.wrong();
	return answer;
}
