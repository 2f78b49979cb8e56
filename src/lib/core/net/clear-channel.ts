import { channelPlainBytesMax, type Channel } from '#core/crypto';
import { err, invariant, ok } from '#core/kernel';

/**
 * For a carrier that seals all it carries by itself, between two ends that have proved to each other that they are its
 * ends: its messages need no second seal (`docs/decisions/0026`).
 */
export const clearChannel: Channel = {
	seal(plain) {
		invariant(plain.length <= channelPlainBytesMax, 'what is sealed fits into one message');
		return ok(plain);
	},
	open: (carried) => (carried.length === 0 ? err({ type: 'ChannelBroken' }) : ok(carried))
};
