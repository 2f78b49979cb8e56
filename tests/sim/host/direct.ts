import { readDescription, type DirectPort, type DirectSide, type Signal } from '#core/direct';
import { err, ok } from '#core/kernel';
import type { Link } from '#core/net';
import type { ClockPort } from '#core/ports';
import { createSimLink, type SimLinkPair } from './network.ts';
import type { SimRandom } from './random.ts';

/** ICE takes so long to find that there is no way. */
const giveUpMs = 15_000;

/** A description of a data channel as Chromium prints it, of who shows the certificate with that fingerprint. */
export function describeChannel(user: string, fingerprint: Uint8Array): string {
	const print = Array.from(fingerprint, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
	const lines = [
		'v=0',
		'o=- 1 2 IN IP4 127.0.0.1',
		's=-',
		't=0 0',
		'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
		'c=IN IP4 0.0.0.0',
		`a=ice-ufrag:${user}`,
		'a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa',
		`a=fingerprint:sha-256 ${print}`,
		'a=setup:actpass',
		'a=mid:0',
		'a=sctp-port:5000'
	];
	return lines.map((line) => `${line}\r\n`).join('');
}

/** Whom one end of a connection looks for: by its own certificate and the one that it was told of. */
type Looking = {
	readonly side: DirectSide;
	readonly own: Uint8Array;
	readonly theirs: Uint8Array;
	readonly meet: (link: Link, shown: Uint8Array) => void;
};

const isSame = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;

export type EtherOptions = {
	readonly clock: ClockPort;
	readonly random: SimRandom;
	/**
	 * Somebody between the two, who gets both ends and the certificates that these were told of, and shows each some
	 * certificate; null where nobody is.
	 */
	readonly between?:
		((near: Link, far: Link, told: readonly [Uint8Array, Uint8Array]) => readonly [Uint8Array, Uint8Array]) | null;
	/** A host as it must not be: it believes whatever certificate is shown, and says that it was the one it was told of. */
	readonly believesAll?: boolean;
};

/** What lies between hosts that make connections by themselves: who describes whom they want is put together there. */
export class SimEther {
	/** Whether there is a way at all. */
	isOpen = true;
	readonly links: SimLinkPair[] = [];
	/** Tries, whatever came of them. */
	tries = 0;
	readonly #options: EtherOptions;
	readonly #looking = new Set<Looking>();

	constructor(options: EtherOptions) {
		this.#options = options;
	}

	port(): DirectPort {
		return {
			connect: async (side, talk, signal) => {
				const { random, believesAll = false } = this.#options;
				if (side === 'offers') this.tries++;
				const own = random.bytes(32);
				const sdp = describeChannel(Buffer.from(random.bytes(6)).toString('hex'), own);
				const say = (kind: 'offer' | 'answer') => {
					talk.say({ kind, sdp });
					talk.say({ kind: 'candidate', candidate: 'candidate:1 1 udp 1 10.0.0.1 9 typ host', mid: '0' });
				};
				if (side === 'offers') say('offer');
				const theirs = await this.#hearDescription(talk.hear);
				if (theirs === null) return err({ type: 'DirectFailed', what: 'nothing was said' });
				if (side === 'answers') say('answer');
				const met = await this.#find(side, own, theirs, signal);
				signal.throwIfAborted();
				if (met === null) return err({ type: 'DirectFailed', what: 'there is no way' });
				if (!believesAll && !isSame(met.shown, theirs)) {
					met.link.close(0);
					return err({ type: 'DirectFailed', what: 'another certificate was shown' });
				}
				return ok({
					link: met.link,
					fingerprints: { own, theirs: believesAll ? theirs : met.shown },
					drop: () => met.link.close(0)
				});
			}
		};
	}

	/** Ends all connections; no more come while it is not open. */
	cut(): void {
		for (const link of this.links) link.cut();
	}

	async #hearDescription(hear: () => Promise<Signal | null>): Promise<Uint8Array | null> {
		const word = await hear();
		return word === null || word.kind === 'candidate' ? null : (readDescription(word.sdp)?.fingerprint ?? null);
	}

	async #find(side: DirectSide, own: Uint8Array, theirs: Uint8Array, signal: AbortSignal) {
		const { clock } = this.#options;
		const found: { met: { readonly link: Link; readonly shown: Uint8Array } | null } = { met: null };
		const over = new AbortController();
		const looking: Looking = {
			side,
			own,
			theirs,
			meet: (link, shown) => {
				found.met = { link, shown };
				over.abort();
			}
		};
		this.#looking.add(looking);
		this.#join(looking);
		await clock.wait(giveUpMs, AbortSignal.any([signal, over.signal]));
		this.#looking.delete(looking);
		return found.met;
	}

	/** Puts two together that look for each other; somebody between takes any two. */
	#join(one: Looking): void {
		const { clock, random, between = null } = this.#options;
		const isOther = (other: Looking) =>
			other.side !== one.side && (between !== null || (isSame(other.own, one.theirs) && isSame(one.own, other.theirs)));
		const other = [...this.#looking].find(isOther);
		if (other === undefined || !this.isOpen) return;
		for (const met of [one, other]) this.#looking.delete(met);
		const [offers, answers] = one.side === 'offers' ? [one, other] : [other, one];
		const pair = () => {
			const link = createSimLink(clock, random, { delayMs: [1, 5], messageBytesMax: 65_536 });
			this.links.push(link);
			return link.ends;
		};
		const [near, far] = pair();
		if (between === null) {
			offers.meet(near, answers.own);
			answers.meet(far, offers.own);
			return;
		}
		const [nearer, farther] = pair();
		const [toOffers, toAnswers] = between(far, nearer, [offers.theirs, answers.theirs]);
		offers.meet(near, toOffers);
		answers.meet(farther, toAnswers);
	}
}
