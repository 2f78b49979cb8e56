/** Throws when the code itself is wrong (a defect). Never used for what a disk, a peer or a person may do. */
export function invariant(condition: unknown, claim: string): asserts condition {
	if (!condition) throw new Error(`defect: ${claim}`);
}
