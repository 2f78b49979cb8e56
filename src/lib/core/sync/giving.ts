import type { DeviceId } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import { batchBytes } from './channel.ts';
import { digestOf, isSameDigest } from './digest.ts';
import type { Have, SyncDomain } from './domain.ts';
import type { Message, MessageOf, RefusalCode } from './messages/message.ts';
import { batchesInFlightMax, refusalCode } from './pulling.ts';
import type { GiveState } from './status.ts';

/** What changes within so much is told at once; the first change is told immediately. */
const announceGapMs = 100;

type Gift = {
	readonly pull: number;
	/** What the other side has once it has merged all that was sent. */
	have: Have;
	inFlight: number;
	merged: number;
	isAllSent: boolean;
};

type Deps = { readonly domain: SyncDomain; readonly peer: DeviceId; readonly clock: ClockPort };

/**
 * This device's side of a domain as the one that is asked: says that there is something new, and answers a pull with
 * batches, each made when there is room to send it. It remembers nothing of the other side beyond the pull.
 */
export class Giving {
	state: GiveState = { type: 'unknown' };
	givenMs: number | null = null;
	readonly #deps: Deps;
	#gift: Gift | null = null;
	/** What the other side was told, or found to have. */
	#announced: Uint8Array | null = null;
	/** What the other side has by each of the batches that it has not answered yet. */
	#unanswered: readonly { readonly pull: number; readonly have: Have }[] = [];
	#isChanged = true;
	#announceAtMs = 0;

	constructor(deps: Deps) {
		this.#deps = deps;
	}

	/** The next message that is due, or null; the other side has said that it has `told`. */
	due(told: Uint8Array | null): Message | null {
		const gift = this.#gift;
		if (gift !== null && !gift.isAllSent)
			// What has changed meanwhile is among what is given.
			return gift.inFlight < batchesInFlightMax ? this.#give(gift) : null;
		return this.#isChanged && this.#deps.clock.elapsedMs() >= this.#announceAtMs ? this.#announce(told) : null;
	}

	/** When something is due by itself, in elapsed time. */
	get nextMs(): number {
		return this.#isChanged && (this.#gift?.isAllSent ?? true) ? this.#announceAtMs : Infinity;
	}

	changedHere(): void {
		this.#isChanged = true;
	}

	want({ pull, have }: MessageOf<'want'>): void {
		this.#noteHad(have);
		this.#gift = { pull, have, inFlight: 0, merged: 0, isAllSent: false };
	}

	merged({ pull }: MessageOf<'merged'>): void {
		const gift = this.#gift;
		if (gift?.pull !== pull || gift.inFlight === 0) return;
		gift.inFlight--;
		gift.merged++;
		this.state = { type: 'behind', merged: gift.merged };
		this.#answer(pull, null);
		this.#endIfAll(gift);
	}

	refused({ pull, code }: MessageOf<'refused'>): void {
		if (this.#gift?.pull !== pull) return;
		this.#gift = null;
		this.state = { type: 'refused', code };
		this.#answer(pull, code);
	}

	/** The other side has all that this one has, which is `have`. */
	setLevel(have: Have): void {
		this.#noteHad(have);
		this.state = { type: 'level' };
		this.givenMs = this.#deps.clock.nowMs();
	}

	#give(gift: Gift): Message {
		const { domain } = this.#deps;
		const about = { domain: domain.name, pull: gift.pull };
		const next = domain.next(gift.have, batchBytes);
		if (next === null) {
			gift.isAllSent = true;
			this.#isChanged = false;
			this.#announced = digestOf(domain.have());
			this.#endIfAll(gift);
			return { kind: 'level', ...about, digest: digestOf(gift.have) };
		}
		if (!next.ok) {
			this.#gift = null;
			this.state = { type: 'denied', why: next.failure };
			return { kind: 'refused', ...about, by: 'giver', code: refusalCode(next.failure) };
		}
		gift.inFlight++;
		gift.have = next.value.have;
		this.#unanswered = [...this.#unanswered, { pull: gift.pull, have: gift.have }];
		this.state = { type: 'behind', merged: gift.merged };
		return { kind: 'batch', ...about, batch: next.value.batch };
	}

	#answer(pull: number, refused: RefusalCode | null): void {
		const [first, ...others] = this.#unanswered.filter((one) => one.pull === pull);
		this.#unanswered = others;
		if (first !== undefined) this.#deps.domain.answered?.(first.have, refused);
	}

	#announce(told: Uint8Array | null): Message | null {
		const { domain, clock } = this.#deps;
		this.#isChanged = false;
		const have = domain.have();
		const digest = digestOf(have);
		const isFirst = this.#announced === null;
		if (isSameDigest(digest, this.#announced)) return null;
		this.#announced = digest;
		// Said once in any case, so that both sides know that they are level.
		const isTheirs = isSameDigest(digest, told);
		if (isTheirs) this.setLevel(have);
		if (isTheirs && !isFirst) return null;
		this.#announceAtMs = clock.elapsedMs() + announceGapMs;
		return { kind: 'changed', domain: domain.name, digest };
	}

	#endIfAll(gift: Gift): void {
		if (!gift.isAllSent || gift.inFlight > 0) return;
		this.#gift = null;
		this.setLevel(gift.have);
	}

	#noteHad(have: Have): void {
		const { domain, peer } = this.#deps;
		domain.noteHad?.(peer, have);
	}
}
