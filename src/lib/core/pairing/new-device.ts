import {
	cpaceKeys,
	cpaceShare,
	isSameBytes,
	packParts,
	type Channel,
	type CPaceAgreed,
	type Handshake
} from '#core/crypto';
import { parseCard } from './device-card.ts';
import { parseWelcome, partsOf, printMessage } from './messages.ts';
import { offerMs, type Door } from './offers.ts';
import type { DeviceCard, PairingFailure, Welcome } from './schema.ts';
import { checkWords, codeAgreement, commitmentTo, ephemeralBytes, nonceBytes } from './secrets.ts';
import { pairingHandshake, sessionBytes, shareMessages, shareSeedBytes } from './secrets.ts';
import { ended, objectionTo, openMessage, ownCard, parseRefusal, printRefusal, sealMessage } from './side.ts';
import type { Ended, Own } from './side.ts';

/** Where the pairing is, on the device that comes to a library. */
export type NewState =
	/** An invitation was opened or scanned, or a code typed. Nothing was sent, and nothing is until a person begins. */
	| { readonly step: 'scanned' }
	| { readonly step: 'talking' }
	/** A person compares the words with those of the other screen; `isAgreed`: the other device has said yes already. */
	| {
			readonly step: 'checking';
			readonly words: readonly string[];
			readonly peer: DeviceCard;
			readonly isAgreed: boolean;
	  }
	/** The person said yes here, and the other device's person has not yet. */
	| { readonly step: 'waiting'; readonly peer: DeviceCard }
	/** Both said yes: the library's key is to be kept now, and then `kept` called. */
	| { readonly step: 'welcomed'; readonly welcome: Welcome; readonly peer: DeviceCard }
	| { readonly step: 'paired'; readonly peer: DeviceCard }
	| Ended;

/** The talk with the device that made the offer. Every call gives what is to be sent, or null; times are `elapsedMs`. */
export type NewSide = {
	state(): NewState;
	/** A person wants this. Does nothing in any step but `scanned`. */
	begin(nowMs: number): Uint8Array | null;
	/** Takes the next message, from whoever sent it. */
	receive(message: Uint8Array, nowMs: number): Uint8Array | null;
	/** The person has compared the words. Does nothing in any step but `checking`. */
	confirm(nowMs: number): null | Uint8Array;
	/** The library's key is kept on this device. Does nothing in any step but `welcomed`. */
	kept(): Uint8Array | null;
	/** The person says no, or leaves. */
	cancel(): Uint8Array | null;
	/** Ends what has taken longer than an offer is good for. */
	tick(nowMs: number): Uint8Array | null;
};

/** What is known besides the state; each part from a certain message on. */
type Talk = {
	readonly own: Own;
	readonly door: Door;
	/** Shown in the first message by its commitment only. */
	readonly nonce: Uint8Array;
	readonly card: Uint8Array;
	state: NewState;
	expiresAtMs: number;
	exchange: { readonly agreed: CPaceAgreed; readonly scalar: bigint; readonly share: Uint8Array } | null;
	/** What the other device's confirmation of the code must be; empty where there is no code. */
	expectedTag: Uint8Array;
	handshake: Handshake | null;
	channel: Channel | null;
	/** The welcome, where it came before the person said yes. */
	early: Welcome | null;
};

const none = new Uint8Array(0);

function fail(talk: Talk, failure: PairingFailure): Uint8Array {
	talk.state = ended(failure);
	return printRefusal(failure);
}

const broken = (talk: Talk) => fail(talk, { type: 'PairingBroken' });

/** The first message of the handshake: `tag` confirms the code, and the payload binds this device to its card. */
function writeFirst(talk: Talk, material: Uint8Array, tag: Uint8Array): Uint8Array {
	const { own, door, nonce, card } = talk;
	talk.handshake = pairingHandshake('initiator', door.type, material, own.keys, own.random.bytes(ephemeralBytes));
	const first = talk.handshake.write(commitmentTo(nonce, card));
	return first.ok ? printMessage('first', tag, first.value) : broken(talk);
}

function begin(talk: Talk, nowMs: number): Uint8Array | null {
	const { own, door, state } = talk;
	if (state.step !== 'scanned') return null;
	talk.state = { step: 'talking' };
	talk.expiresAtMs = nowMs + offerMs;
	if (door.type === 'secret') return writeFirst(talk, door.secret, none);
	const agreed = codeAgreement(door.code, own.random.bytes(sessionBytes));
	talk.exchange = { agreed, ...cpaceShare(agreed, own.random.bytes(shareSeedBytes)) };
	return printMessage('share', agreed.session, talk.exchange.share);
}

function receiveShare(talk: Talk, message: Uint8Array): Uint8Array {
	const { exchange } = talk;
	const [share] = partsOf(message, 'share', 1) ?? [];
	if (exchange === null || share === undefined) return broken(talk);
	const messages = shareMessages(exchange.share, share);
	const keys = cpaceKeys(exchange.agreed, exchange.scalar, share, messages);
	if (keys === null) return broken(talk);
	talk.expectedTag = keys.confirmation(messages.responder);
	return writeFirst(talk, keys.key, keys.confirmation(messages.initiator));
}

/** Takes the other device's card, and shows this device's. */
function receiveSecond(talk: Talk, handshake: Handshake, message: Uint8Array): Uint8Array {
	const [tag, second] = partsOf(message, 'second', 2) ?? [];
	if (tag === undefined || second === undefined) return broken(talk);
	if (!isSameBytes(tag, talk.expectedTag)) return fail(talk, { type: 'PairingCodeWrong' });
	const opened = handshake.read(second);
	const peer = opened.ok ? parseCard(opened.value) : null;
	const objection = objectionTo(peer, handshake.peer(), talk.own);
	if (peer === null || objection !== null) return fail(talk, objection ?? { type: 'PairingBroken' });
	const words = checkWords(handshake.hash(), talk.nonce, talk.card);
	const third = handshake.write(packParts(talk.nonce, talk.card));
	if (!third.ok) return broken(talk);
	talk.channel = handshake.channel();
	talk.state = { step: 'checking', words, peer, isAgreed: false };
	return printMessage('third', third.value);
}

/** Takes what the other device says over the channel: the welcome, or that its person said no. */
function receiveSealed(talk: Talk, message: Uint8Array): Uint8Array | null {
	const { state, channel } = talk;
	const said = channel === null ? null : openMessage(channel, message);
	const welcome = said?.kind === 'welcome' ? parseWelcome(said.parts) : null;
	if (said?.kind === 'refused') talk.state = ended({ type: 'PairingRefused' });
	else if (welcome !== null && state.step === 'waiting') talk.state = { step: 'welcomed', welcome, peer: state.peer };
	else if (welcome !== null && state.step === 'checking' && talk.early === null) {
		talk.early = welcome;
		talk.state = { ...state, isAgreed: true };
	} else return broken(talk);
	return null;
}

function receive(talk: Talk, message: Uint8Array): Uint8Array | null {
	const { step } = talk.state;
	// Whoever is asked nothing says nothing: a message cannot begin a pairing on this side.
	if (step === 'scanned' || step === 'ended' || step === 'paired') return null;
	const refusal = parseRefusal(message);
	// Once there is a channel a refusal comes over it: in the clear it may be anybody's.
	if (refusal !== null && talk.channel === null) {
		talk.state = ended(refusal);
		return null;
	}
	if (step !== 'talking') return receiveSealed(talk, message);
	return talk.handshake === null ? receiveShare(talk, message) : receiveSecond(talk, talk.handshake, message);
}

function confirm(talk: Talk): null {
	const { state, early } = talk;
	if (state.step !== 'checking') return null;
	const { peer } = state;
	talk.state = early === null ? { step: 'waiting', peer } : { step: 'welcomed', welcome: early, peer };
	return null;
}

function kept(talk: Talk): Uint8Array | null {
	const { state, channel } = talk;
	if (state.step !== 'welcomed' || channel === null) return null;
	talk.state = { step: 'paired', peer: state.peer };
	return sealMessage(channel, 'kept');
}

function cancel(talk: Talk): Uint8Array | null {
	const { step } = talk.state;
	if (step === 'ended' || step === 'paired') return null;
	talk.state = ended({ type: 'PairingCancelled' });
	if (talk.channel !== null) return sealMessage(talk.channel, 'refused');
	return step === 'scanned' ? null : printRefusal({ type: 'PairingCancelled' });
}

function tick(talk: Talk, nowMs: number): Uint8Array | null {
	const isWaiting = ['talking', 'checking', 'waiting'].includes(talk.state.step);
	return isWaiting && nowMs >= talk.expiresAtMs ? fail(talk, { type: 'PairingExpired' }) : null;
}

/** The side of the device that opened an invitation, scanned it or was told a code: pure, message in and message out. */
export function createNewSide(door: Door, own: Own): NewSide {
	const talk: Talk = {
		own,
		door,
		nonce: own.random.bytes(nonceBytes),
		card: ownCard(own),
		state: { step: 'scanned' },
		expiresAtMs: 0,
		exchange: null,
		expectedTag: none,
		handshake: null,
		channel: null,
		early: null
	};
	return {
		state: () => talk.state,
		begin: (nowMs) => begin(talk, nowMs),
		receive: (message, nowMs) => tick(talk, nowMs) ?? receive(talk, message),
		confirm: (nowMs) => tick(talk, nowMs) ?? confirm(talk),
		kept: () => kept(talk),
		cancel: () => cancel(talk),
		tick: (nowMs) => tick(talk, nowMs)
	};
}
