import { bytesToWords, secretBytes } from '#core/crypto';
import { err, ok, type Result } from '#core/kernel';
import { closeCodes, type Stream } from '#core/net';
import {
	createExistingSide,
	createOffers,
	drawShortCode,
	nameplateMax,
	offerMs,
	printInvitation,
	printShortCode,
	type DeviceCard,
	type ExistingSide,
	type Offer,
	type OfferFailure,
	type Own,
	type Welcome
} from '#core/pairing';
import type { ClockPort, RandomPort } from '#core/ports';
import { createPairingTalk, type PairingTalk } from './pairing-talk.ts';
import type { PairingView } from './view.ts';

export type OfferKind = 'link' | 'words' | 'code';
/** What a person carries to the new device; good until `expiresMs`. */
export type MadeOffer = { readonly text: string; readonly expiresMs: number };

export type OfferingDeps = {
	readonly clock: ClockPort;
	readonly random: RandomPort;
	/** Knows a device from now on; gives what takes that back, or null where it could not be written down. */
	readonly pin: (card: DeviceCard) => (() => void) | null;
	/** What a device that was let in is given; null where the library was closed meanwhile. */
	readonly welcome: () => Promise<Welcome | null>;
	readonly onChange: () => void;
};

type Asked = {
	readonly kind: OfferKind;
	/** The address that an invitation is part of. */
	readonly app: string;
	readonly addresses: readonly string[];
};

/** The device that has the library, and what it offers: one thing at a time. */
export type Offering = {
	/** Takes the place of what was offered before. */
	make(own: Own, asked: Asked): Result<MadeOffer, OfferFailure>;
	/** Whether somebody may come for it. */
	isOpen(): boolean;
	/** Talks over a stream that somebody who is not known has opened, from this machine itself or not. Resolves when that is over. */
	serve(stream: Stream, isHere: boolean, signal: AbortSignal): Promise<void>;
	view(): PairingView;
	/** The person's answer to the words; a no at any time ends the offer. */
	confirm(yes: boolean): Promise<void>;
};

type Talk = {
	readonly side: ExistingSide;
	readonly talk: PairingTalk;
	readonly isHere: boolean;
	/** It was this one that the offer was used up by. */
	hasUsed: boolean;
	isLost: boolean;
	unpin: (() => void) | null;
};
type Current = { readonly own: Own; readonly offer: Offer; readonly life: AbortController; talk: Talk | null };

function drawDoor(random: RandomPort, kind: OfferKind): Offer['door'] {
	if (kind !== 'code') return { type: 'secret', secret: random.bytes(secretBytes) };
	const [high = 0, low = 0] = random.bytes(2);
	return { type: 'code', code: drawShortCode((((high << 8) | low) % nameplateMax) + 1, random) };
}

function printDoor(door: Offer['door'], { kind, app, addresses }: Asked, expiresMs: number): string {
	if (door.type === 'code') return printShortCode(door.code);
	const { secret } = door;
	return kind === 'words' ? bytesToWords(secret).join(' ') : printInvitation(app, { secret, expiresMs, addresses });
}

function viewOf(current: Current | null): PairingView {
	if (current === null) return { step: 'none' };
	if (current.talk === null) return { step: current.life.signal.aborted ? 'none' : 'offered' };
	const state = current.talk.side.state();
	if (state.step === 'paired') return { step: 'paired', device: state.peer.id, name: state.peer.name };
	if (state.step === 'ended') return state;
	if (current.talk.isLost) return { step: 'ended', failure: { type: 'PairingLost' } };
	if (state.step === 'welcoming') return { step: 'waiting', peer: state.peer };
	return state.step === 'checking' ? { ...state, isHere: current.talk.isHere, isAgreed: false } : state;
}

class LibraryOffering implements Offering {
	readonly #deps: OfferingDeps;
	readonly #offers = createOffers();
	#current: Current | null = null;
	#ended: PairingView | null = null;

	constructor(deps: OfferingDeps) {
		this.#deps = deps;
	}

	make(own: Own, asked: Asked): Result<MadeOffer, OfferFailure> {
		const { clock, random } = this.#deps;
		const offer = this.#offers.make(drawDoor(random, asked.kind), clock.elapsedMs());
		if (!offer.ok) return err(offer.failure);
		this.#current?.life.abort();
		const current = { own, offer: offer.value, life: new AbortController(), talk: null };
		this.#current = current;
		this.#ended = null;
		void this.#expire(current);
		const expiresMs = clock.nowMs() + offerMs;
		return ok({ text: printDoor(offer.value.door, asked, expiresMs), expiresMs });
	}

	isOpen(): boolean {
		return this.#current !== null && this.#current.talk === null && !this.#current.life.signal.aborted;
	}

	view(): PairingView {
		return this.#ended ?? viewOf(this.#current);
	}

	async serve(stream: Stream, isHere: boolean, signal: AbortSignal): Promise<void> {
		const current = this.#current;
		if (current === null || !this.isOpen()) return stream.close(closeCodes.none);
		const { clock } = this.#deps;
		const offer: Offer = {
			...current.offer,
			use: (nowMs) => {
				const use = current.offer.use(nowMs);
				one.hasUsed ||= use !== null;
				return use;
			}
		};
		const side = createExistingSide(offer, current.own);
		const life = AbortSignal.any([signal, current.life.signal]);
		const talk = createPairingTalk({ side, stream, clock, onChange: () => this.#look(current, one) }, life);
		const one: Talk = { side, talk, isHere, hasUsed: false, isLost: false, unpin: null };
		await talk.run();
		one.isLost = true;
		await this.#look(current, one);
	}

	async confirm(yes: boolean): Promise<void> {
		const current = this.#current;
		const one = current?.talk;
		if (current === null) return;
		if (one === null || one === undefined) return this.#end(current, { type: 'PairingCancelled' });
		const state = one.side.state();
		if (!yes || state.step !== 'checking') return this.#say(current, one, yes ? null : one.side.cancel());
		const welcome = await this.#deps.welcome();
		// Pinned before it is welcomed: cut off in between, it is known and may come back, or be removed.
		one.unpin = welcome === null ? null : this.#deps.pin(state.peer);
		const isKept = welcome !== null && one.unpin !== null;
		const { clock } = this.#deps;
		await this.#say(current, one, isKept ? one.side.confirm(welcome, clock.elapsedMs()) : one.side.cancel());
	}

	async #say(current: Current, one: Talk, message: Uint8Array | null): Promise<void> {
		await one.talk.say(message);
		await this.#look(current, one);
	}

	/** The talk that has used the offer up is the one that a person is shown; others came to nothing. */
	#look(current: Current, one: Talk): Promise<void> {
		if (current.talk === null && one.hasUsed) current.talk = one;
		if (current.talk !== one) return Promise.resolve();
		const { step } = one.side.state();
		if (step === 'ended') {
			one.unpin?.();
			one.unpin = null;
		}
		if (step === 'ended' || step === 'paired' || one.isLost) current.life.abort();
		this.#deps.onChange();
		return Promise.resolve();
	}

	async #expire(current: Current): Promise<void> {
		const { clock } = this.#deps;
		await clock.wait(current.offer.expiresAtMs - clock.elapsedMs(), current.life.signal);
		if (current.life.signal.aborted) return;
		const one = current.talk;
		if (one === null) return this.#end(current, { type: 'PairingExpired' });
		await this.#say(current, one, one.side.tick(clock.elapsedMs()));
	}

	#end(current: Current, failure: { readonly type: 'PairingCancelled' | 'PairingExpired' }): void {
		if (this.#current === current) this.#ended = { step: 'ended', failure };
		current.life.abort();
		this.#deps.onChange();
	}
}

export function createOffering(deps: OfferingDeps): Offering {
	return new LibraryOffering(deps);
}
