/** A page with a client and nothing else: the tests drive it from outside through `window.atoll`. */
import { wrap } from 'comlink';
import { createClient, LiveQuery, type Client } from '#client/mod.ts';
import { Writer, type Answer, type Call } from './writer.ts';
import type { SessionApi, StartMessage, WorkerMessage } from '../../../src/workers/session/protocol.ts';

const create: Readonly<Record<string, () => Worker>> = {
	'stand-in': () => new Worker(new URL('./stand-in.worker.ts', import.meta.url), { type: 'module' }),
	'other-version': () => new Worker(new URL('./other-version.worker.ts', import.meta.url), { type: 'module' })
};

/** This tab's workers, so that a test can terminate the one of the moment. */
const workers: Worker[] = [];

const NativeWorker = Worker;
window.Worker = class extends NativeWorker {
	constructor(...parameters: ConstructorParameters<typeof Worker>) {
		super(...parameters);
		workers.push(this);
	}
};

const client: Client = createClient(create[new URLSearchParams(location.search).get('core') ?? '']);
const call = client.call as unknown as Call;

/** A call as bare Comlink makes it: a worker of its own, no race with its death. */
class BareCall {
	isSettled = false;
	isDead = false;
	constructor(worker: Worker) {
		const id = crypto.randomUUID();
		worker.addEventListener('message', (event: MessageEvent<WorkerMessage>) => {
			const [port] = event.ports;
			if (event.data.type === 'up')
				void navigator.locks.request(`atoll:worker:${id}`, () => {
					this.isDead = true;
				});
			if (event.data.type !== 'leading' || port === undefined) return;
			const settled = () => {
				this.isSettled = true;
			};
			void wrap<SessionApi>(port).invoke(1, 'test.kill', {}, '0'.repeat(32)).then(settled, settled);
		});
		worker.postMessage({ type: 'start', worker: id, tab: crypto.randomUUID() } satisfies StartMessage);
	}
}

export type Page = {
	readonly client: Client;
	readonly call: Call;
	readonly writer: Writer;
	readonly results: Record<string, Answer>;
	bare: BareCall | null;
	query: LiveQuery<'entries.ids'> | null;
	readonly LiveQuery: typeof LiveQuery;
	readonly callBare: () => void;
	readonly endWorker: () => void;
};

declare global {
	interface Window {
		atoll: Page;
	}
}

window.atoll = {
	client,
	call,
	writer: new Writer(client, call),
	results: {},
	bare: null,
	query: null,
	LiveQuery,
	callBare: () => {
		const worker = create['stand-in']?.();
		if (worker !== undefined) window.atoll.bare = new BareCall(worker);
	},
	endWorker: () => workers.at(-1)?.terminate()
};
