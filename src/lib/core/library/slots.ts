import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { LibraryId } from '#core/kernel';
import type { RandomPort, SecretsPort } from '#core/ports';
import { keyBytes, openBox, passwordBytes, recoveryKey, saltBytes, sealBox } from '#core/crypto';
import { slotContext, type Slot } from './header.ts';

const nonceBytes = 24;
const deviceIdBytes = 16;

type SlotOf<Kind extends Slot['kind']> = Extract<Slot, { kind: Kind }>;

/** Keys and ids that a slot is made from; `random` gives salts and nonces. */
export type Sealing = { readonly id: LibraryId; readonly libraryKey: Uint8Array; readonly random: RandomPort };

function filled<S extends Slot>(slot: S, key: Uint8Array, sealing: Sealing): S {
	const box = sealBox(key, sealing.libraryKey, slotContext(sealing.id, slot), sealing.random.bytes(nonceBytes));
	return { ...slot, sealed: bytesToHex(box) };
}

/** The library key out of `slot`, or null where `key` is not the slot's. */
export function openSlot(id: LibraryId, slot: Slot, key: Uint8Array): Uint8Array | null {
	const libraryKey = openBox(key, hexToBytes(slot.sealed), slotContext(id, slot));
	return libraryKey?.length === keyBytes ? libraryKey : null;
}

export async function passwordSlotKey(
	slot: SlotOf<'password'>,
	password: string,
	secrets: SecretsPort,
	signal: AbortSignal
): Promise<Uint8Array> {
	return secrets.stretch(passwordBytes(password), hexToBytes(slot.kdf.salt), slot.kdf.rounds, signal);
}

export async function makePasswordSlot(
	sealing: Sealing,
	password: string,
	rounds: number,
	secrets: SecretsPort,
	signal: AbortSignal
): Promise<SlotOf<'password'>> {
	const salt = bytesToHex(sealing.random.bytes(saltBytes));
	const slot = {
		kind: 'password',
		kdf: { name: 'pbkdf2-hmac-sha512', rounds, salt },
		sealed: ''
	} satisfies SlotOf<'password'>;
	return filled(slot, await passwordSlotKey(slot, password, secrets, signal), sealing);
}

export function recoverySlotKey(slot: SlotOf<'recovery'>, entropy: Uint8Array): Uint8Array {
	return recoveryKey(entropy, hexToBytes(slot.salt));
}

export function makeRecoverySlot(sealing: Sealing, entropy: Uint8Array): SlotOf<'recovery'> {
	const salt = bytesToHex(sealing.random.bytes(saltBytes));
	const slot = { kind: 'recovery', salt, sealed: '' } satisfies SlotOf<'recovery'>;
	return filled(slot, recoverySlotKey(slot, entropy), sealing);
}

/** A slot that `deviceSecret` opens; `device` only tells this slot from those of other devices. */
export function makeDeviceSlot(sealing: Sealing, deviceSecret: Uint8Array): SlotOf<'device'> {
	const device = bytesToHex(sealing.random.bytes(deviceIdBytes));
	return filled({ kind: 'device', device, sealed: '' } satisfies SlotOf<'device'>, deviceSecret, sealing);
}
