import type { DeviceId } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import { agree, type Agreed, type OwnSide } from './agree.ts';
import { createBell } from './bell.ts';
import type { SyncChannel } from './channel.ts';
import { StorageFault, type SyncDomain } from './domain.ts';
import { Exchange } from './exchange.ts';
import { parseMessage, type ByeCode, type Message, type MessageOf } from './messages/message.ts';
import type { DomainStatus, SessionEnd } from './status.ts';
import type { Turns } from './turns.ts';

/** Who is there says hello within this. */
const helloWithinMs = 10_000;
/** Who has said nothing else for so long says that it is there: eight short messages a minute. */
const pingMs = 8_000;
/** Who was not heard for so long is not there: of two pings none came. */
const silentMs = 20_000;
/** For the last word; who does not take it by then does not get it. */
const partingMs = 1_000;

export type SessionOptions = {
	readonly channel: SyncChannel;
	/** Whom the channel leads to: its carrier has made sure of that. */
	readonly peer: DeviceId;
	readonly own: OwnSide;
	readonly domains: readonly SyncDomain[];
	readonly clock: ClockPort;
	readonly turns: Turns;
	/** Something came of this domain that this device did not have. */
	readonly onMerged: (domain: string) => void;
	/** The status is another. */
	readonly onChange: () => void;
};

/** Why this device ends a session, and what it says then. */
const lastWords = { Closed: 'closing', Replaced: 'replaced', Removed: 'removed' } as const;
export type Parting = keyof typeof lastWords;

/** What two devices tell each other over one channel, until it ends. */
export type Session = {
	/** Something was written here: the other side is told. */
	changed(domain: string): void;
	/** Asks again at once for what was refused. */
	retry(domain: string): void;
	readonly agreed: Agreed | null;
	readonly heardMs: number | null;
	domains(): readonly DomainStatus[];
	close(why: Parting): void;
	/** Why it ended, once nothing of it goes on any more. */
	readonly ended: Promise<SessionEnd>;
};

class RunningSession implements Session {
	agreed: Agreed | null = null;
	heardMs: number | null = null;
	readonly ended: Promise<SessionEnd>;
	readonly #options: SessionOptions;
	readonly #bell;
	readonly #life = new AbortController();
	#exchanges: readonly Exchange[] = [];
	#end: SessionEnd | null = null;
	#lastWord: ByeCode | null = null;
	#isGreeted = false;
	#heardAtMs: number;
	#sentAtMs: number;

	constructor(options: SessionOptions) {
		const { clock } = options;
		this.#options = options;
		this.#bell = createBell(clock);
		this.#heardAtMs = clock.elapsedMs();
		this.#sentAtMs = this.#heardAtMs;
		this.ended = this.#run();
	}

	changed(domain: string): void {
		this.#exchange(domain)?.giving.changedHere();
		this.#bell.ring();
	}

	retry(domain: string): void {
		this.#exchange(domain)?.pulling.retry();
		this.#bell.ring();
	}

	domains(): readonly DomainStatus[] {
		return this.#exchanges.map((exchange) => exchange.status());
	}

	close(why: Parting): void {
		this.#finish({ type: why }, lastWords[why]);
	}

	async #run(): Promise<SessionEnd> {
		const { channel, onChange } = this.#options;
		await Promise.all([this.#guard(this.#read()), this.#guard(this.#write()), this.#guard(this.#watch())]);
		if (this.#lastWord !== null) await this.#part(this.#lastWord);
		channel.close();
		for (const exchange of this.#exchanges) exchange.pulling.close();
		onChange();
		return this.#end ?? { type: 'Closed' };
	}

	/** A defect, or a disk that fails, ends this session and nothing else. */
	async #guard(loop: Promise<void>): Promise<void> {
		try {
			await loop;
		} catch (thrown) {
			if (this.#life.signal.aborted) return;
			if (thrown instanceof StorageFault) this.#finish({ type: 'StorageFailed', why: thrown.why }, 'storage');
			else this.#finish({ type: 'SessionFailed', detail: String(thrown) }, 'failed');
		}
	}

	#finish(end: SessionEnd, lastWord: ByeCode | null): void {
		if (this.#end !== null) return;
		this.#end = end;
		this.#lastWord = lastWord;
		this.#life.abort();
		this.#bell.ring();
	}

	async #part(code: ByeCode): Promise<void> {
		const patience = new AbortController();
		const stop = () => patience.abort();
		const parted = this.#sayBye(code, patience.signal).then(stop, stop);
		await this.#options.clock.wait(partingMs, patience.signal);
		stop();
		await parted;
	}

	/**
	 * Leaves it to the other side to end the channel: what is under way when this one does may be lost. Where there is
	 * another channel already, that does no harm.
	 */
	async #sayBye(code: ByeCode, signal: AbortSignal): Promise<void> {
		const { channel } = this.#options;
		const isSent = await channel.send({ kind: 'bye', code }, signal);
		for (let goesOn = isSent && code !== 'replaced'; goesOn;) {
			const value = await channel.receive(signal);
			const message = value === null ? null : parseMessage(value);
			goesOn = message !== null && !(message.ok && message.value?.kind === 'bye');
		}
	}

	async #read(): Promise<void> {
		const { channel, clock, onChange } = this.#options;
		const { signal } = this.#life;
		while (!signal.aborted) {
			const value = await channel.receive(signal);
			if (signal.aborted) return;
			if (value === null) return this.#finish({ type: 'Cut' }, null);
			this.#heardAtMs = clock.elapsedMs();
			this.heardMs = clock.nowMs();
			const message = parseMessage(value);
			if (!message.ok) return this.#breach(`a message of kind '${message.failure.kind}'`);
			if (message.value === null || message.value.kind === 'ping') continue;
			const isMerged = this.#take(message.value);
			onChange();
			this.#bell.ring();
			// A transaction at a time: whoever else waits for this thread goes in between.
			if (isMerged) await clock.wait(0, signal);
		}
	}

	/** Acts on a message; whether a batch was merged. */
	#take(message: Exclude<Message, MessageOf<'ping'>>): boolean {
		if (message.kind === 'bye') {
			this.#finish({ type: 'PeerEnded', code: message.code }, null);
			return false;
		}
		if (message.kind === 'hello') {
			this.#meet(message);
			return false;
		}
		if (this.agreed === null) {
			this.#breach('no hello');
			return false;
		}
		const took = this.#exchange(message.domain)?.take(message);
		if (took === 'breach') this.#breach(`more of ${message.domain} than was asked for`);
		return took === 'merged';
	}

	#meet(hello: MessageOf<'hello'>): void {
		const { own, peer, domains, clock, turns, onMerged } = this.#options;
		if (this.agreed !== null) return this.#breach('a second hello');
		const agreed = agree(own, peer, hello);
		if ('end' in agreed) return this.#finish(agreed.end, agreed.code);
		this.agreed = agreed;
		this.#exchanges = domains
			.filter(({ name }) => hello.domains.includes(name))
			.map(
				(domain) =>
					new Exchange({
						domain,
						peer,
						clock,
						turn: turns.of(domain.name, () => this.#bell.ring()),
						onMerged: () => onMerged(domain.name)
					})
			);
	}

	#levels(): number {
		return this.domains().reduce(
			(sum, { pull, give }) => sum + Number(pull.type === 'level') + Number(give.type === 'level'),
			0
		);
	}

	async #write(): Promise<void> {
		const { channel, clock, onChange } = this.#options;
		const { signal } = this.#life;
		while (!signal.aborted) {
			const before = this.#levels();
			const message = this.#due();
			// Two that have the same find that out without another word.
			if (this.#levels() !== before) onChange();
			if (message === null) {
				await this.#bell.wait(this.#nextMs() - clock.elapsedMs());
				continue;
			}
			const isSent = await channel.send(message, signal);
			if (signal.aborted) return;
			if (!isSent) return this.#finish({ type: 'Cut' }, null);
			this.#sentAtMs = clock.elapsedMs();
		}
	}

	/** The next message that is to go out. The domains take turns, so that a long one does not hold up a short one. */
	#due(): Message | null {
		const { own, clock, domains } = this.#options;
		if (!this.#isGreeted) {
			this.#isGreeted = true;
			const { versions, features, library, device } = own;
			return {
				kind: 'hello',
				versions,
				features: [...features],
				library,
				device,
				domains: domains.map(({ name }) => name)
			};
		}
		for (const [at, exchange] of this.#exchanges.entries()) {
			const message = exchange.due();
			if (message === null) continue;
			this.#exchanges = [...this.#exchanges.slice(at + 1), ...this.#exchanges.slice(0, at + 1)];
			return message;
		}
		return clock.elapsedMs() - this.#sentAtMs >= pingMs ? { kind: 'ping' } : null;
	}

	#nextMs(): number {
		return Math.min(this.#sentAtMs + pingMs, ...this.#exchanges.map(({ nextMs }) => nextMs));
	}

	/** Ends the session when nothing is heard. */
	async #watch(): Promise<void> {
		const { clock } = this.#options;
		const { signal } = this.#life;
		while (!signal.aborted) {
			const limitMs = this.agreed === null ? helloWithinMs : silentMs;
			const isSilent = () => clock.elapsedMs() - this.#heardAtMs >= limitMs;
			// After a long sleep of the whole machine what has come is read first.
			if (isSilent()) await clock.wait(0, signal);
			const isUnanswered = this.#exchanges.some(({ pulling }) => pulling.isUnanswered());
			if (isSilent() || isUnanswered) return this.#finish({ type: 'Silent' }, null);
			await clock.wait(Math.min(helloWithinMs, this.#heardAtMs + limitMs - clock.elapsedMs()), signal);
		}
	}

	#exchange(domain: string): Exchange | undefined {
		return this.#exchanges.find(({ name }) => name === domain);
	}

	#breach(what: string): void {
		this.#finish({ type: 'Breach', what }, 'breach');
	}
}

/** Begins to talk over `channel`, which is closed when the session ends. */
export function startSession(options: SessionOptions): Session {
	return new RunningSession(options);
}
