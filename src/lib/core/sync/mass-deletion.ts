/** More than that never goes unless a person has said so: one overlooks about so many things. */
const unseenMax = 100;
/** Nor so much of what there is; of a few things one that is gone is no mass deletion. */
const percentMax = 10;
const fewMax = 10;

/** How many things of so many another device has go without anybody being asked. */
export function unaskedOf(of: number): number {
	return Math.min(unseenMax, Math.max(fewMax, Math.floor((of * percentMax) / 100)));
}
