import { wrap, type Endpoint, type Remote } from 'comlink';
import type { SessionApi, SessionChannel, WorkerLock } from '../../workers/session/protocol.ts';
import { whenFree } from './locks.ts';

/**
 * One tab's line to one leader. Comlink does not notice when the other side dies: `ended` does, and every call
 * is raced with it.
 */
export class Session {
	readonly leader: string;
	/** Held here for the whole life of the session: Comlink lets go of a proxy that is collected in mid-call. */
	readonly remote: Remote<SessionApi>;
	/** Aborted when the leader has died or the session was closed. */
	readonly ended: AbortSignal;
	readonly #end = new AbortController();

	constructor(leader: string, endpoint: (signal: AbortSignal) => Endpoint) {
		this.leader = leader;
		this.ended = this.#end.signal;
		this.remote = wrap<SessionApi>(endpoint(this.ended));
		const lock: WorkerLock = `atoll:worker:${leader}`;
		void whenFree(lock, this.ended).then(() => this.close());
	}

	close(): void {
		this.#end.abort();
	}
}

/** A line to this tab's own worker. */
export function portSession(leader: string, port: MessagePort): Session {
	return new Session(leader, (signal) => {
		signal.addEventListener('abort', () => port.close(), { once: true });
		return port;
	});
}

/** A line to the worker of another tab. What Comlink posts after the end is dropped: nobody is there. */
export function channelSession(leader: string, tab: string): Session {
	return new Session(leader, (signal) => {
		const name: SessionChannel = `atoll:session:${leader}:${tab}`;
		const channel = new BroadcastChannel(name);
		signal.addEventListener('abort', () => channel.close(), { once: true });
		return {
			postMessage: (message: unknown) => {
				if (!signal.aborted) channel.postMessage(message);
			},
			addEventListener: channel.addEventListener.bind(channel),
			removeEventListener: channel.removeEventListener.bind(channel)
		};
	});
}
