import { invariant, numbersPerSlot } from '#core/kernel';

export { numbersPerSlot };

/** As many other devices as a library can know. */
export const slotMax = 2 ** 13 - 1;

/** What a device has numbered itself. */
export type SlotNumber = { readonly slot: number; readonly number: number };

/** The number here of what the device in `slot` calls `number`: its own where that is this device. */
export function joinNumber({ slot, number }: SlotNumber): number {
	invariant(Number.isInteger(slot) && slot >= 0 && slot <= slotMax, 'a slot is a number that was given');
	invariant(Number.isSafeInteger(number) && number > 0 && number < numbersPerSlot, 'a device numbers from 1 to 2^40');
	return slot * numbersPerSlot + number;
}

/** Whose number it is, and which there. */
export function splitNumber(joined: number): SlotNumber {
	invariant(Number.isSafeInteger(joined) && joined > 0, 'a joined number is positive and exact');
	const slot = Math.floor(joined / numbersPerSlot);
	return { slot, number: joined - slot * numbersPerSlot };
}
