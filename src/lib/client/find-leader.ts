import type { ControlChannel, ControlMessage, TabLock } from '../../workers/session/protocol.ts';
import type { ConnectionCell, FailedReason } from './connection.svelte.ts';
import type { Line } from './line.ts';
import { holdLock } from './locks.ts';
import { OwnWorker } from './own-worker.ts';
import { channelSession, portSession, type Session } from './session.ts';

export type LeaderSearch = {
	readonly line: Line;
	readonly connection: ConnectionCell;
	readonly createWorker: () => Worker;
	/** The core is reachable again, and what was read before may be old. */
	readonly onMoved: () => void;
	readonly signal: AbortSignal;
};

/** Keeps `line` on the session of whoever leads, for as long as this page lives. */
export class LeaderFinder {
	readonly #search: LeaderSearch;
	readonly #tab = crypto.randomUUID();
	readonly #control: BroadcastChannel;
	#own: OwnWorker | null = null;
	/** Known once this tab's worker is up; before that no other tab's leader can be judged. */
	#build: string | null = null;
	/** This tab has no worker any more; another tab's may still serve it. */
	#isBroken = false;
	#wasAnswered = false;

	constructor(search: LeaderSearch) {
		this.#search = search;
		const name: ControlChannel = 'atoll:control';
		this.#control = new BroadcastChannel(name);
		this.#control.onmessage = (event: MessageEvent<ControlMessage>) => this.#hear(event.data);
		const end = () => {
			this.#control.close();
			search.line.session?.close();
		};
		search.signal.addEventListener('abort', end, { once: true });
	}

	/** Takes this tab's lock, then starts its worker. */
	async start(): Promise<void> {
		const { createWorker, signal } = this.#search;
		// First of all: a leader takes a tab without its lock for a dead one.
		await holdLock(`atoll:tab:${this.#tab}` satisfies TabLock, signal);
		if (signal.aborted) return;
		const events = {
			onUp: (build: string) => {
				this.#build = build;
				if (this.#search.line.session === null) this.#hello();
			},
			onLeading: (worker: string, port: MessagePort) => this.#adopt(portSession(worker, port), 'leader'),
			onNetworkAsked: (isAsked: boolean) => (this.#search.connection.isNetworkAsked = isAsked),
			onBroken: () => {
				this.#isBroken = true;
				this.#fail('core-failed');
			}
		};
		this.#own = new OwnWorker(this.#tab, createWorker, events, signal);
	}

	#hear(message: ControlMessage): void {
		if (message.type === 'leading') {
			if (message.leader !== this.#own?.id) this.#hello();
			return;
		}
		if (message.type === 'hello' || message.tab !== this.#tab) return;
		if (message.type === 'refused') this.#fail('other-version');
		else if (message.leader !== this.#search.line.session?.leader)
			this.#adopt(channelSession(message.leader, this.#tab), 'follower');
	}

	#hello(): void {
		if (this.#build === null) return;
		this.#control.postMessage({ type: 'hello', tab: this.#tab, build: this.#build } satisfies ControlMessage);
	}

	#adopt(session: Session, state: 'leader' | 'follower'): void {
		const { line, connection, onMoved } = this.#search;
		line.session?.close();
		line.set({ session });
		connection.set(state);
		this.#own?.settled();
		session.ended.addEventListener('abort', () => this.#lose(session), { once: true });
		if (this.#wasAnswered) onMoved();
		this.#wasAnswered = true;
	}

	#lose(session: Session): void {
		const { line, connection } = this.#search;
		if (line.session !== session) return;
		line.set(null);
		connection.set('connecting');
		if (this.#isBroken) this.#fail('core-failed');
	}

	#fail(reason: FailedReason): void {
		const { line, connection } = this.#search;
		if (line.session !== null) return;
		line.set({ reason });
		connection.fail(reason);
		this.#wasAnswered = true;
	}
}
