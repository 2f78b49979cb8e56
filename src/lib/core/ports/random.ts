/** Chance, fit for keys on real hosts and ruled by a seed in the simulator. */
export interface RandomPort {
	/** `length` fresh bytes. */
	bytes(length: number): Uint8Array;
}
