import type { WireValue } from '#core/kernel';
import type { LinkWay } from '#core/net';

/**
 * Ordered, reliable messages between two devices that know each other. Whatever carries it refuses a message of more
 * than `messageBytesMax` bytes before it holds all of it.
 */
export type SyncChannel = {
	/** Resolves when there is room for another message: true, or false where the channel has ended. */
	send(message: WireValue, signal: AbortSignal): Promise<boolean>;
	/** The next message, in order; null once the channel has ended. */
	receive(signal: AbortSignal): Promise<WireValue | null>;
	/** By what way it goes, as far as whoever made it knows. */
	readonly way?: LinkWay;
	/** Ends it on both sides; what was sent and has not come may be lost. */
	close(): void;
};

/** A domain is asked for batches of about so much: a quarter of a second on a slow line, and a small transaction. */
export const batchBytes = 256 * 1024;
/** The largest message: a batch whose one item is larger than a batch should be, with room to spare. */
export const messageBytesMax = 4 * batchBytes;
