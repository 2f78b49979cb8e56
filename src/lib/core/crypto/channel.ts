import { err, invariant, ok, type Result } from '#core/kernel';
import type { Aead } from '#core/ports';
import { createCipherState } from './cipher-state.ts';
import { tagBytes, type NoiseSuite } from './noise-suite.ts';

/** What one Noise message holds, tag and all. */
export const noiseMessageBytesMax = 65_535;
/** What one sealed message carries. */
export const channelPlainBytesMax = noiseMessageBytesMax - tagBytes;
/** At most 4 GiB under one key: far below what wears out AES-GCM or ChaCha20-Poly1305. */
const messagesPerKey = 65_536;
const nothing = new Uint8Array(0);

/** The channel is of no more use: something came that was not the next message, or it was used to its end. */
export type ChannelFailure = { readonly type: 'ChannelBroken' };

/** Both directions of a finished handshake. */
export type Channel = {
	/** The next message to the other side, of at most `channelPlainBytesMax` bytes. */
	seal(plain: Uint8Array): Result<Uint8Array, ChannelFailure>;
	/** What the other side sealed as its next message; whatever else comes ends the channel for good. */
	open(sealed: Uint8Array): Result<Uint8Array, ChannelFailure>;
};

const broken: Result<never, ChannelFailure> = err({ type: 'ChannelBroken' });

/**
 * A channel that delivers each message once and in order, or breaks (Noise revision 34, section 5.3). Both sides take
 * a new key after each `perKey` messages of a direction.
 */
export function createChannel(
	cipher: NoiseSuite['cipher'],
	keys: { readonly sending: Uint8Array; readonly receiving: Uint8Array },
	lent: Aead | null = null,
	perKey: number = messagesPerKey
): Channel {
	const sending = createCipherState(cipher, keys.sending, perKey, lent);
	const receiving = createCipherState(cipher, keys.receiving, perKey, lent);
	let isBroken = false;
	const check = (bytes: Uint8Array | null): Result<Uint8Array, ChannelFailure> => {
		isBroken ||= bytes === null;
		return bytes === null ? broken : ok(bytes);
	};
	return {
		seal(plain) {
			invariant(plain.length <= channelPlainBytesMax, 'what is sealed fits into one message');
			return isBroken ? broken : check(sending.encrypt(nothing, plain));
		},
		open: (sealed) =>
			isBroken ? broken : check(sealed.length > noiseMessageBytesMax ? null : receiving.decrypt(nothing, sealed))
	};
}
