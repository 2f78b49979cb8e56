import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { deviceId } from '#core/kernel';
import { openDatabase, type Database } from '#core/schema';
import {
	deviceOf,
	findSlot,
	joinNumber,
	nameThisDevice,
	numbersPerSlot,
	slotMax,
	slotOf,
	splitNumber
} from '#core/sync';
import { createSimHost } from '../../../../tests/sim/host/sim-host.ts';

async function openLibrary(): Promise<Database> {
	const connection = await createSimHost(1).database.connect('d.sdlibrary', new AbortController().signal);
	if (!connection.ok) throw new Error(connection.failure.type);
	const opened = openDatabase(connection.value, { rawKey: '1f'.repeat(48), where: 'here', expect: 'new' });
	if (!opened.ok) throw new Error(opened.failure.type);
	return opened.value;
}

const device = (digits: string) => deviceId(digits.repeat(16));

function written<T>(database: Database, work: () => T): T {
	const done = database.write(work);
	if (!done.ok) throw new Error(done.failure.type);
	return done.value;
}

test('a number is the device’s own again, whatever slot it has here, and below 2^53', () => {
	fc.assert(
		fc.property(
			fc.integer({ min: 0, max: slotMax }),
			fc.integer({ min: 1, max: numbersPerSlot - 1 }),
			(slot, number) => {
				const joined = joinNumber({ slot, number });
				expect(Number.isSafeInteger(joined)).toBe(true);
				expect(splitNumber(joined)).toEqual({ slot, number });
				if (slot === 0) expect(joined).toBe(number);
			}
		)
	);
	expect(() => joinNumber({ slot: slotMax + 1, number: 1 })).toThrow();
	expect(() => joinNumber({ slot: 1, number: numbersPerSlot })).toThrow();
});

describe('the devices of a library', () => {
	test('have slots that stay theirs; this one has the first', async () => {
		const database = await openLibrary();
		written(database, () => {
			expect(slotOf(database, device('01'), 5)).toBeNull();
			expect(nameThisDevice(database, device('00'), 5)).toEqual({ ok: true, value: undefined });
			expect(slotOf(database, device('00'), 5)).toBe(0);
			expect(slotOf(database, device('02'), 5)).toBe(1);
			expect(slotOf(database, device('01'), 5)).toBe(2);
			expect(slotOf(database, device('02'), 6)).toBe(1);
			expect(findSlot(database, device('03'))).toBeNull();
			expect([0, 1, 2, 3].map((slot) => deviceOf(database, slot))).toEqual([
				device('00'),
				device('02'),
				device('01'),
				null
			]);
		});
	});

	test('are no more than have numbers', async () => {
		const database = await openLibrary();
		written(database, () => {
			nameThisDevice(database, device('00'), 5);
			database.prepare('INSERT INTO device (slot, id, addedMs) VALUES (?, ?, 5)').run([slotMax, device('01')]);
			expect(slotOf(database, device('02'), 5)).toBeNull();
			expect(slotOf(database, device('01'), 5)).toBe(slotMax);
		});
	});

	test('a library that has met none may be carried to another; one that has is not taken for another’s', async () => {
		const database = await openLibrary();
		written(database, () => {
			nameThisDevice(database, device('00'), 5);
			expect(nameThisDevice(database, device('01'), 5).ok).toBe(true);
			slotOf(database, device('02'), 5);
			expect(nameThisDevice(database, device('01'), 6).ok).toBe(true);
			expect(nameThisDevice(database, device('00'), 6)).toEqual({
				ok: false,
				failure: { type: 'LibraryOfAnotherDevice', device: device('01') }
			});
		});
	});
});
