import { isSameBytes, type Channel, type DeviceKeys } from '#core/crypto';
import type { RandomPort } from '#core/ports';
import { printCard } from './device-card.ts';
import { parseSealed, partsOf, printMessage, printSealed, type SealedKind } from './messages.ts';
import type { DeviceCard, PairingFailure, PinnedKeys } from './schema.ts';

/** What a side of a pairing is made from. */
export type Own = {
	readonly keys: DeviceKeys;
	readonly card: Pick<DeviceCard, 'id' | 'kind' | 'name'>;
	readonly pinned: PinnedKeys;
	readonly random: RandomPort;
};

export type Ended = { readonly step: 'ended'; readonly failure: PairingFailure };

export function ended(failure: PairingFailure): Ended {
	return { step: 'ended', failure };
}

/** Which of the failures the other side is told of, in the clear: those that its person can do something about. */
const toldReasons: readonly PairingFailure['type'][] = ['PairingCodeWrong', 'PairingUsed', 'PairingExpired'];

export function printRefusal(failure: PairingFailure): Uint8Array {
	return printMessage('refused', Uint8Array.of(Math.max(0, toldReasons.indexOf(failure.type) + 1)));
}

/** What the other side's refusal means here; null where the message is none. */
export function parseRefusal(message: Uint8Array): PairingFailure | null {
	const reason = partsOf(message, 'refused', 1)?.[0];
	if (reason?.length !== 1) return null;
	switch (toldReasons[(reason[0] ?? 0) - 1]) {
		case 'PairingCodeWrong':
			return { type: 'PairingCodeWrong' };
		case 'PairingUsed':
			return { type: 'PairingUsed' };
		case 'PairingExpired':
			return { type: 'PairingExpired' };
		default:
			return { type: 'PairingRefused' };
	}
}

export function ownCard({ keys, card }: Own): Uint8Array {
	return printCard(keys, card);
}

/** What speaks against the device of that card, which has proved to hold `channelKey`; null where nothing does. */
export function objectionTo(card: DeviceCard | null, channelKey: Uint8Array | null, own: Own): PairingFailure | null {
	if (card === null || channelKey === null || !isSameBytes(card.channelKey, channelKey))
		return { type: 'PairingBroken' };
	if (isSameBytes(card.signingKey, own.keys.signing.public) || card.id === own.card.id)
		return { type: 'PairedWithItself' };
	const pinned = own.pinned.get(card.id);
	return pinned === undefined || isSameBytes(card.signingKey, pinned)
		? null
		: { type: 'DeviceKeyChanged', device: card.id };
}

/** The next message over the channel, or null where the channel is broken. */
export function sealMessage(channel: Channel, kind: SealedKind, plain = printSealed(kind)): Uint8Array | null {
	const sealed = channel.seal(plain);
	return sealed.ok ? printMessage('sealed', sealed.value) : null;
}

/** What came over the channel, or null where it was anything but its next message. */
export function openMessage(channel: Channel, message: Uint8Array): ReturnType<typeof parseSealed> {
	const sealed = partsOf(message, 'sealed', 1)?.[0];
	const plain = sealed === undefined ? null : channel.open(sealed);
	return plain?.ok === true ? parseSealed(plain.value) : null;
}
