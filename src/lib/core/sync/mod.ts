/**
 * sync: what devices tell each other, and how it becomes one.
 *
 * Owns the table of the devices that a library knows. Guarantees: what is merged is the same on every device, whatever
 * the order in which it came, however often; a number that another device gave is another number here, and its again
 * when it travels.
 */
export type { Batch, Have, MergeRefusal, SyncDomain } from './domain.ts';
export { joinNumber, numbersPerSlot, slotMax, splitNumber, type SlotNumber } from './slot-numbers.ts';
export { deviceOf, findSlot, nameThisDevice, slotOf, thisDevice } from './store.ts';
