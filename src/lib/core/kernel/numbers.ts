/** Room for each device: more entries than any disk has, and numbers stay below 2^53. */
export const numbersPerSlot = 2 ** 40;

/** Whether another device made the row that has this number here, and this one holds a replica of it. */
export function isReplica(id: number): boolean {
	return id >= numbersPerSlot;
}
