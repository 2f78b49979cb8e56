import type { FromMaker } from '#core/direct';
import type { StartMessage, WorkerLock, WorkerMessage } from '../../workers/session/protocol.ts';
import { whenFree } from './locks.ts';
import { lendConnections } from './lend-connections.ts';

/** So many deaths in a row without any core to talk to in between: it will not get better by itself. */
const deathsMax = 5;

export type OwnWorkerEvents = {
	/** The worker waits in the queue; `build` is its version. */
	onUp(build: string): void;
	/** The worker serves the core; `port` is this tab's line to it. */
	onLeading(worker: string, port: MessagePort): void;
	/** The browser waits for a person to let this page into the network around it, or does so no more. */
	onNetworkAsked(isAsked: boolean): void;
	/** The worker does not load, cannot make a core, or has died too often. */
	onBroken(): void;
};

/** What makes connections is fetched with the first of them; where it cannot be, there is none. */
async function makeConnection(port: MessagePort): Promise<void> {
	try {
		const { serveConnection } = await import('../../page/direct-connection.ts');
		serveConnection(port);
	} catch (thrown) {
		const end: FromMaker = { type: 'end', end: { type: 'LinkLost', what: String(thrown) } };
		port.postMessage(end);
	}
}

/** This tab's core worker: started again whenever it dies, until `signal` aborts. */
export class OwnWorker {
	readonly #tab: string;
	readonly #create: () => Worker;
	readonly #events: OwnWorkerEvents;
	readonly #signal: AbortSignal;
	#deaths = 0;
	#id = '';

	constructor(tab: string, create: () => Worker, events: OwnWorkerEvents, signal: AbortSignal) {
		this.#tab = tab;
		this.#create = create;
		this.#events = events;
		this.#signal = signal;
		this.#start();
	}

	/** Who leads when this tab does. */
	get id(): string {
		return this.#id;
	}

	/** There is a core to talk to: what died before is forgiven. */
	settled(): void {
		this.#deaths = 0;
	}

	#start(): void {
		const id = crypto.randomUUID();
		this.#id = id;
		const worker = this.#create();
		const connections = lendConnections(worker, (isAsked) => this.#events.onNetworkAsked(isAsked));
		const stop = () => {
			worker.terminate();
			connections.close();
		};
		this.#signal.addEventListener('abort', stop, { once: true });
		let isUp = false;
		let isBroken = false;
		const broken = () => {
			if (isBroken) return;
			isBroken = true;
			this.#events.onBroken();
		};
		worker.addEventListener('error', () => {
			// Once it is up, what it throws stops nothing but the work that threw.
			if (!isUp) broken();
		});
		worker.addEventListener('message', (event: MessageEvent<WorkerMessage>) => {
			const message = event.data;
			const [port] = event.ports;
			if (message.type === 'up') {
				isUp = true;
				this.#events.onUp(message.build);
				void this.#watch(id, () => !isBroken, stop).finally(() => connections.close());
			} else if (message.type === 'broken') broken();
			else if (message.type === 'signalled' && port !== undefined) void makeConnection(port);
			else if (message.type === 'leading' && port !== undefined) this.#events.onLeading(id, port);
		});
		worker.postMessage({ type: 'start', worker: id, tab: this.#tab } satisfies StartMessage);
	}

	async #watch(id: string, mayRestart: () => boolean, stop: () => void): Promise<void> {
		const lock: WorkerLock = `atoll:worker:${id}`;
		const died = await whenFree(lock, this.#signal);
		this.#signal.removeEventListener('abort', stop);
		if (!died || !mayRestart()) return;
		this.#deaths++;
		if (this.#deaths > deathsMax) this.#events.onBroken();
		else this.#start();
	}
}
