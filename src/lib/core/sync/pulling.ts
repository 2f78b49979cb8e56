import type { DeviceId } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import { digestOf, isSameDigest } from './digest.ts';
import type { Have, MergeRefusal, Progress, SyncDomain } from './domain.ts';
import type { Message, MessageOf, RefusalCode } from './messages/message.ts';
import type { PullState } from './status.ts';
import type { Turn } from './turns.ts';

/** Batches that may be on their way at once: enough for a line of 80 ms, and a mebibyte at the most. */
export const batchesInFlightMax = 4;
/** Merged batches in a row that bring nothing new; what another device brought meanwhile is less than this. */
const barrenMax = 1_000;
/** When what was refused is asked for again at the earliest, each time twice as late; a person may ask sooner. */
const retryFirstMs = 60_000;
const retryLongestMs = 15 * 60_000;
/** A pull that is given nothing for so long will not be. */
export const answerWithinMs = 60_000;

const codes: Readonly<Record<MergeRefusal['type'], RefusalCode>> = {
	BatchWrong: 'wrong',
	BatchFromTheFuture: 'future',
	BatchNotTheirs: 'not-theirs',
	BatchDeletesMuch: 'deletes-much'
};

export function refusalCode(why: MergeRefusal): RefusalCode {
	return codes[why.type];
}

type Pull = {
	readonly number: number;
	/** What this device had when it asked. */
	readonly before: Uint8Array;
	now: Uint8Array;
	merged: number;
	barren: number;
	atMs: number;
	/** Something changed on the other side after it was asked. */
	isStale: boolean;
};

export type PullingDeps = {
	readonly domain: SyncDomain;
	readonly peer: DeviceId;
	readonly clock: ClockPort;
	/** One pull of a domain at a time, whoever it goes to: the same is not fetched twice. */
	readonly turn: Turn;
	/** Called when a batch has brought something. */
	readonly onMerged: () => void;
	/** Called when both sides were found to have the same. */
	readonly onSame: (have: Have) => void;
};

/**
 * This device's side of a domain as the one that asks: wants, merges in order, acknowledges what is durable. Where a
 * batch is refused it stops; what it has and lacks stands in the database alone, so that a new session goes on.
 */
export class Pulling {
	state: PullState = { type: 'unknown' };
	levelMs: number | null = null;
	/** What the other side said last that it has. */
	told: Uint8Array | null = null;
	readonly #deps: PullingDeps;
	#pulls = 0;
	#pull: Pull | null = null;
	/** It is to ask, as soon as it is its turn. */
	#isWanted = false;
	#refusal: Message | null = null;
	/** Acknowledgements of a pull that are not sent yet. */
	#owed = { pull: 0, count: 0 };
	#retryAtMs = Infinity;
	#notBeforeMs = 0;
	#retryMs = retryFirstMs;

	constructor(deps: PullingDeps) {
		this.#deps = deps;
	}

	/** The next message that is due, or null. */
	due(): Message | null {
		const refusal = this.#refusal;
		this.#refusal = null;
		if (refusal !== null) return refusal;
		if (this.#owed.count > 0) {
			this.#owed.count--;
			return { kind: 'merged', domain: this.#deps.domain.name, pull: this.#owed.pull };
		}
		return this.#pull === null && this.#isWanted ? this.#begin() : null;
	}

	/** When something is to be looked at again by itself, in elapsed time. */
	get nextMs(): number {
		return this.#isWanted ? this.#deps.turn.nextMs : this.#retryAtMs;
	}

	/** Whether what was asked for never came. */
	isUnanswered(): boolean {
		return this.#pull !== null && this.#deps.clock.elapsedMs() - this.#pull.atMs >= answerWithinMs;
	}

	/** Of what this device is being given; others that have the same wait for their turn. */
	progress(): Progress | null {
		return this.#pull === null ? null : (this.#deps.domain.progress?.() ?? null);
	}

	/** Asks again for what was refused, if its time has come. */
	tick(): void {
		if (this.#pull === null && this.#deps.clock.elapsedMs() >= this.#retryAtMs) this.retry();
	}

	/** Asks again now. */
	retry(): void {
		this.#retryAtMs = Infinity;
		this.#isWanted = true;
	}

	changed({ digest }: MessageOf<'changed'>): void {
		this.told = digest;
		const isHeldUp = this.state.type === 'refused' || this.state.type === 'denied';
		if (this.#pull !== null) this.#pull.isStale = true;
		else if (isHeldUp) this.#retryAtMs = Math.min(this.#retryAtMs, this.#notBeforeMs);
		else this.#isWanted = true;
	}

	batch(message: MessageOf<'batch'>): 'merged' | 'passed' | 'breach' {
		const pull = this.#pull;
		const { domain, peer, clock, turn, onMerged } = this.#deps;
		if (pull === null || message.pull !== pull.number) return 'passed';
		if (this.#owed.count >= batchesInFlightMax) return 'breach';
		const merged = domain.merge(peer, message.batch);
		if (!merged.ok) {
			this.#refuse(pull, merged.failure);
			return 'passed';
		}
		const now = digestOf(domain.have());
		const isNew = !isSameDigest(pull.now, now);
		pull.now = now;
		pull.atMs = clock.elapsedMs();
		pull.barren = isNew ? 0 : pull.barren + 1;
		if (pull.barren >= barrenMax) return 'breach';
		pull.merged++;
		this.#owed = { pull: pull.number, count: this.#owed.count + 1 };
		turn.goOn();
		this.state = { type: 'behind', merged: pull.merged };
		if (isNew) onMerged();
		return 'merged';
	}

	level({ pull: number, digest }: MessageOf<'level'>): void {
		const pull = this.#pull;
		if (pull === null || number !== pull.number) return;
		const hasCome = !isSameDigest(pull.before, pull.now);
		// What did not become here what it was meant to is asked for again, as long as that brings something.
		const isShort = hasCome && !isSameDigest(digestOf(this.#deps.domain.have()), digest);
		this.#end();
		this.#retryMs = retryFirstMs;
		this.#isWanted = isShort || pull.isStale;
		if (!this.#isWanted) this.#setLevel();
	}

	refused({ pull: number, code }: MessageOf<'refused'>): void {
		if (number !== this.#pull?.number) return;
		this.#end();
		this.state = { type: 'denied', code };
		this.#holdUp();
	}

	/** Lets go of the turn; to be called when the session ends. */
	close(): void {
		this.#end();
	}

	#begin(): Message | null {
		const { domain, clock, turn, onSame } = this.#deps;
		if (this.state.type !== 'behind') this.state = { type: 'behind', merged: 0 };
		if (!turn.take()) return null;
		this.#isWanted = false;
		this.#retryAtMs = Infinity;
		const have = domain.have();
		const digest = digestOf(have);
		if (isSameDigest(this.told, digest)) {
			turn.release();
			this.#setLevel();
			onSame(have);
			return null;
		}
		const number = ++this.#pulls;
		const atMs = clock.elapsedMs();
		this.#pull = { number, before: digest, now: digest, atMs, merged: 0, barren: 0, isStale: false };
		return { kind: 'want', domain: domain.name, pull: number, have };
	}

	#setLevel(): void {
		this.state = { type: 'level' };
		this.levelMs = this.#deps.clock.nowMs();
	}

	#refuse(pull: Pull, why: MergeRefusal): void {
		const { name } = this.#deps.domain;
		this.#refusal = { kind: 'refused', domain: name, pull: pull.number, by: 'asker', code: refusalCode(why) };
		this.#end();
		this.state = { type: 'refused', why };
		this.#holdUp();
		// Time alone makes it right.
		if (why.type === 'BatchFromTheFuture') this.#retryAtMs = this.#notBeforeMs;
	}

	/** What the other side tells now is not asked for at once: each try costs a batch. */
	#holdUp(): void {
		this.#notBeforeMs = this.#deps.clock.elapsedMs() + this.#retryMs;
		this.#retryMs = Math.min(this.#retryMs * 2, retryLongestMs);
	}

	#end(): void {
		this.#pull = null;
		this.#deps.turn.release();
	}
}
