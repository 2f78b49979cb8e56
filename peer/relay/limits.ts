/** What a relay does for others, and no more. */
export type RelayLimits = {
	/** Devices that keep a place. */
	readonly placesMax: number;
	/** Pairs that are joined, or wait for it; each holds up to four times `bufferBytesMax`. */
	readonly roomsMax: number;
	/** Calls to one place that are not answered yet. */
	readonly callsPerPlaceMax: number;
	/** Whoever comes says within this what for, and a call is answered. */
	readonly sayWithinMs: number;
	readonly aliveEveryMs: number;
	/** A place of which nothing is heard for so long is given up. */
	readonly silentMs: number;
	/** So is a room in which nothing moves: devices that are linked say something every 8 seconds. */
	readonly idleMs: number;
	/** What may wait for one side before no more is read of the other. */
	readonly bufferBytesMax: number;
	/** Of one direction of a room; what is above waits for the next second. */
	readonly messagesPerSecondMax: number;
	readonly bytesPerSecondMax: number;
};

/** For a household, or a few of them: some 130 MiB where all rooms are full. */
export const relayLimits: RelayLimits = {
	placesMax: 256,
	roomsMax: 64,
	callsPerPlaceMax: 8,
	sayWithinMs: 10_000,
	aliveEveryMs: 25_000,
	silentMs: 60_000,
	idleMs: 300_000,
	bufferBytesMax: 524_288,
	messagesPerSecondMax: 20_000,
	bytesPerSecondMax: 1_073_741_824
};
