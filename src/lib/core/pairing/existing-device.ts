import {
	cpaceKeys,
	cpaceShare,
	isSameBytes,
	unpackParts,
	type Channel,
	type CPaceKeys,
	type CPaceMessages,
	type Handshake
} from '#core/crypto';
import { parseCard } from './device-card.ts';
import { partsOf, printMessage, printWelcome } from './messages.ts';
import type { Offer } from './offers.ts';
import type { DeviceCard, PairingFailure, Welcome } from './schema.ts';
import { checkWords, codeAgreement, commitmentTo, ephemeralBytes, nonceBytes } from './secrets.ts';
import { pairingHandshake, sessionBytes, shareMessages, shareSeedBytes } from './secrets.ts';
import { ended, objectionTo, openMessage, ownCard, parseRefusal, printRefusal, sealMessage } from './side.ts';
import type { Ended, Own } from './side.ts';

/** Where the pairing is, on the device that has the library. */
export type ExistingState =
	| { readonly step: 'offered' }
	| { readonly step: 'talking' }
	/** A person compares the words with those of the new device's screen, and says yes or no. */
	| { readonly step: 'checking'; readonly words: readonly string[]; readonly peer: DeviceCard }
	/** The person said yes: from here on the device is known by its keys. It has not said yet that it kept the library's. */
	| { readonly step: 'welcoming'; readonly peer: DeviceCard }
	| { readonly step: 'paired'; readonly peer: DeviceCard }
	| Ended;

/** One talk with one device that came for an offer. Every call gives what is to be sent, or null; times are `elapsedMs`. */
export type ExistingSide = {
	state(): ExistingState;
	/** Takes the next message, from whoever sent it. */
	receive(message: Uint8Array, nowMs: number): Uint8Array | null;
	/** The person has compared the words and lets the device in. Does nothing in any step but `checking`. */
	confirm(welcome: Welcome, nowMs: number): Uint8Array | null;
	/** The person says no, or leaves. */
	cancel(): Uint8Array | null;
	/** Ends what has taken longer than an offer is good for. */
	tick(nowMs: number): Uint8Array | null;
};

const none = new Uint8Array(0);

/** What is known besides the state; each part from a certain message on. */
type Talk = {
	readonly own: Own;
	readonly offer: Offer;
	state: ExistingState;
	/** When the last message came. */
	nowMs: number;
	code: { readonly keys: CPaceKeys; readonly messages: CPaceMessages; right(): void } | null;
	handshake: Handshake | null;
	commitment: Uint8Array;
	hashOfSecond: Uint8Array;
	channel: Channel | null;
};

function fail(talk: Talk, failure: PairingFailure): Uint8Array {
	talk.state = ended(failure);
	return printRefusal(failure);
}

const broken = (talk: Talk) => fail(talk, { type: 'PairingBroken' });

/** Answers a share with a share. From here on the code is used up: whoever sent this had its one guess. */
function receiveShare(talk: Talk, message: Uint8Array): Uint8Array {
	const { own, offer } = talk;
	const [session, share] = partsOf(message, 'share', 2) ?? [];
	if (offer.door.type !== 'code' || session?.length !== sessionBytes || share === undefined) return broken(talk);
	const use = offer.use(talk.nowMs);
	if (use === null) return fail(talk, { type: 'PairingUsed' });
	const agreed = codeAgreement(offer.door.code, session);
	const mine = cpaceShare(agreed, own.random.bytes(shareSeedBytes));
	const messages = shareMessages(share, mine.share);
	const keys = cpaceKeys(agreed, mine.scalar, share, messages);
	if (keys === null) return broken(talk);
	talk.code = { keys, messages, right: () => use.right() };
	talk.state = { step: 'talking' };
	return printMessage('share', mine.share);
}

/** Answers the first message of the handshake; `material` is what both know, `tag` what stands before the answer. */
function answerFirst(talk: Talk, first: Uint8Array, material: Uint8Array, tag: Uint8Array): Uint8Array {
	const { own, offer } = talk;
	const fresh = own.random.bytes(ephemeralBytes);
	const handshake = pairingHandshake('responder', offer.door.type, material, own.keys, fresh);
	const commitment = handshake.read(first);
	if (!commitment.ok) return broken(talk);
	// Without the secret nobody comes this far: of 128 bits a wrong guess uses nothing up, or strangers could.
	if (offer.door.type === 'secret' && offer.use(talk.nowMs) === null) return fail(talk, { type: 'PairingUsed' });
	const second = handshake.write(ownCard(own));
	if (!second.ok) return broken(talk);
	talk.handshake = handshake;
	talk.commitment = commitment.value;
	talk.hashOfSecond = handshake.hash();
	talk.state = { step: 'talking' };
	return printMessage('second', tag, second.value);
}

function receiveFirst(talk: Talk, message: Uint8Array): Uint8Array {
	const [tag, first] = partsOf(message, 'first', 2) ?? [];
	if (tag === undefined || first === undefined) return broken(talk);
	const { offer, code } = talk;
	if (offer.door.type === 'secret') return answerFirst(talk, first, offer.door.secret, none);
	if (code === null) return broken(talk);
	const { initiator, responder } = code.messages;
	if (!isSameBytes(tag, code.keys.confirmation(initiator))) return fail(talk, { type: 'PairingCodeWrong' });
	code.right();
	return answerFirst(talk, first, code.keys.key, code.keys.confirmation(responder));
}

/** Takes the new device's card, once it has shown that it is what it had committed to. */
function receiveThird(talk: Talk, message: Uint8Array): Uint8Array | null {
	const [third] = partsOf(message, 'third', 1) ?? [];
	const opened = third === undefined ? undefined : talk.handshake?.read(third);
	const [nonce, card] = opened?.ok === true ? (unpackParts(opened.value, 2) ?? []) : [];
	if (talk.handshake === null || nonce?.length !== nonceBytes || card === undefined) return broken(talk);
	if (!isSameBytes(commitmentTo(nonce, card), talk.commitment)) return broken(talk);
	const peer = parseCard(card);
	const objection = objectionTo(peer, talk.handshake.peer(), talk.own);
	if (peer === null || objection !== null) return fail(talk, objection ?? { type: 'PairingBroken' });
	talk.channel = talk.handshake.channel();
	talk.state = { step: 'checking', words: checkWords(talk.hashOfSecond, nonce, card), peer };
	return null;
}

/** Takes what the new device says over the channel: that it has kept the library's key, or that its person said no. */
function receiveSealed(talk: Talk, message: Uint8Array): Uint8Array | null {
	const { state, channel } = talk;
	const said = channel === null ? null : openMessage(channel, message);
	if (said?.kind === 'refused') talk.state = ended({ type: 'PairingRefused' });
	else if (said?.kind === 'kept' && state.step === 'welcoming') talk.state = { step: 'paired', peer: state.peer };
	else return broken(talk);
	return null;
}

function receive(talk: Talk, message: Uint8Array, nowMs: number): Uint8Array | null {
	talk.nowMs = nowMs;
	const { step } = talk.state;
	if (step === 'ended' || step === 'paired') return null;
	const refusal = parseRefusal(message);
	// Once there is a channel a refusal comes over it: in the clear it may be anybody's.
	if (refusal !== null && talk.channel === null) {
		talk.state = ended(refusal);
		return null;
	}
	if (step === 'offered')
		return talk.offer.door.type === 'code' ? receiveShare(talk, message) : receiveFirst(talk, message);
	if (step === 'talking') return talk.handshake === null ? receiveFirst(talk, message) : receiveThird(talk, message);
	return receiveSealed(talk, message);
}

function confirm(talk: Talk, welcome: Welcome): Uint8Array | null {
	const { state, channel } = talk;
	if (state.step !== 'checking' || channel === null) return null;
	const message = sealMessage(channel, 'welcome', printWelcome(welcome));
	if (message === null) return broken(talk);
	talk.state = { step: 'welcoming', peer: state.peer };
	return message;
}

function cancel(talk: Talk): Uint8Array | null {
	const { step } = talk.state;
	if (step === 'ended' || step === 'paired') return null;
	talk.state = ended({ type: 'PairingCancelled' });
	if (talk.channel !== null) return sealMessage(talk.channel, 'refused');
	return step === 'offered' ? null : printRefusal({ type: 'PairingCancelled' });
}

function tick(talk: Talk, nowMs: number): Uint8Array | null {
	const isWaiting = ['offered', 'talking', 'checking'].includes(talk.state.step);
	return isWaiting && nowMs >= talk.offer.expiresAtMs ? fail(talk, { type: 'PairingExpired' }) : null;
}

/** The side of the device that has the library and shows the offer: pure, message in and message out. */
export function createExistingSide(offer: Offer, own: Own): ExistingSide {
	const talk: Talk = {
		own,
		offer,
		state: { step: 'offered' },
		nowMs: 0,
		code: null,
		handshake: null,
		commitment: none,
		hashOfSecond: none,
		channel: null
	};
	return {
		state: () => talk.state,
		receive: (message, nowMs) => tick(talk, nowMs) ?? receive(talk, message, nowMs),
		confirm: (welcome, nowMs) => tick(talk, nowMs) ?? confirm(talk, welcome),
		cancel: () => cancel(talk),
		tick: (nowMs) => tick(talk, nowMs)
	};
}
