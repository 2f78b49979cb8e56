import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { libraryId } from '#core/kernel';
import { isHeaderAuthentic, parseHeader, printHeader, type Header, type Slot } from './header.ts';
import { makeDeviceSlot, makeRecoverySlot, openSlot, recoverySlotKey } from './slots.ts';

const random = { bytes: (length: number) => Uint8Array.from(randomBytes(length)) };
const id = libraryId('ab'.repeat(16));
const libraryKey = random.bytes(32);
const deviceSecret = random.bytes(32);
const entropy = random.bytes(19);
const sealing = { id, libraryKey, random };
const slots: Slot[] = [makeDeviceSlot(sealing, deviceSecret), makeRecoverySlot(sealing, entropy)];
const cipher = { name: 'sqlcipher-4', salt: '0f'.repeat(16) } as const;
const bytes = printHeader({ format: 1, id, createdMs: 1_700_000_000_000, cipher, slots }, libraryKey);

function parsed(from: Uint8Array): Header {
	const header = parseHeader(from);
	if (!header.ok) throw new Error(header.failure.type);
	return header.value;
}

/** The header with one value changed by somebody who can compute the checksum, as an attacker can. */
function forged(change: (header: Header) => Header): Uint8Array {
	const { mac: _mac, checksum: _checksum, ...rest } = change(parsed(bytes));
	return printHeader(rest, random.bytes(32));
}

describe('library.json', () => {
	test('is read back, and opens with each slot’s key', () => {
		const header = parsed(bytes);
		expect(isHeaderAuthentic(header, libraryKey)).toBe(true);
		expect(header.slots.map((slot) => openSlot(id, slot, deviceSecret))).toEqual([libraryKey, null]);
		const [, recovery] = header.slots;
		if (recovery?.kind !== 'recovery') throw new Error('the second slot is for recovery');
		expect(openSlot(id, recovery, recoverySlotKey(recovery, entropy))).toEqual(libraryKey);
	});

	test('any flipped bit is damage, or changes nothing but white space', () => {
		for (let bit = 0; bit < bytes.length * 8; bit++) {
			const flipped = bytes.slice();
			flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
			const header = parseHeader(flipped);
			if (header.ok) expect(header.value).toEqual(parsed(bytes));
			else expect(['LibraryDamaged', 'LibraryNewer']).toContain(header.failure.type);
		}
	});

	test('cut short anywhere it is damage', () => {
		for (let length = 0; length < bytes.length - 1; length++)
			expect(parseHeader(bytes.subarray(0, length))).toMatchObject({ failure: { type: 'LibraryDamaged' } });
	});

	test('a later format is told from damage', () => {
		const later = new TextEncoder().encode(JSON.stringify({ format: 2, whatever: true }));
		expect(parseHeader(later)).toEqual({ ok: false, failure: { type: 'LibraryNewer', found: 2, known: 1 } });
	});

	test('a forger without the key is found out after unlocking', () => {
		const without = parsed(forged((header) => ({ ...header, slots: header.slots.slice(0, 1) })));
		expect(openSlot(id, without.slots[0] ?? { kind: 'device', device: '', sealed: '' }, deviceSecret)).toEqual(
			libraryKey
		);
		expect(isHeaderAuthentic(without, libraryKey)).toBe(false);
	});

	test('a slot moved to another library, or relabelled, does not open', () => {
		const [device] = slots;
		if (device?.kind !== 'device') throw new Error('the first slot is for the device');
		expect(openSlot(libraryId('cd'.repeat(16)), device, deviceSecret)).toBeNull();
		expect(openSlot(id, { ...device, device: '00'.repeat(16) }, deviceSecret)).toBeNull();
	});

	test('rounds below SQLCipher’s own, or beyond reason, are refused', () => {
		for (const rounds of [1, 255_999, 10_000_001]) {
			const slot: Slot = {
				kind: 'password',
				kdf: { name: 'pbkdf2-hmac-sha512', rounds, salt: '00'.repeat(16) },
				sealed: '00'
			};
			const weak = printHeader({ format: 1, id, createdMs: 0, cipher, slots: [slot] }, libraryKey);
			expect(parseHeader(weak)).toMatchObject({ failure: { type: 'LibraryDamaged' } });
		}
	});

	test('any bytes and any JSON are answered, never thrown at', () => {
		fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (any) => void parseHeader(any)));
		fc.assert(fc.property(fc.json(), (any) => void parseHeader(new TextEncoder().encode(any))));
	});
});
