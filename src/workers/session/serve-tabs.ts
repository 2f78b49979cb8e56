import { expose, type Endpoint } from 'comlink';
import { Calls, type RunCommand } from './calls.ts';
import { whenFree } from './locks.ts';
import type { ControlChannel, ControlMessage, SessionApi, SessionChannel, TabLock } from './protocol.ts';

/** Answers the calls that come in at `endpoint`. */
export function serveCalls(endpoint: Endpoint, calls: Calls): void {
	const api: SessionApi = {
		invoke: (callId, name, input, command) => calls.invoke(callId, name, input, command),
		cancel: (callId) => calls.cancel(callId)
	};
	expose(api, endpoint);
}

/** A broadcast channel as Comlink wants it. What Comlink posts after the end is dropped: nobody is there. */
function channelEndpoint(channel: BroadcastChannel, signal: AbortSignal): Endpoint {
	return {
		postMessage: (message: unknown) => {
			if (!signal.aborted) channel.postMessage(message);
		},
		addEventListener: channel.addEventListener.bind(channel),
		removeEventListener: channel.removeEventListener.bind(channel)
	};
}

export type TabsServed = {
	readonly leader: string;
	/** The version of the app; tabs of another one are refused. */
	readonly build: string;
	runFor(tab: string): RunCommand;
	/** The tab is closed or has crashed, and its calls are aborted. */
	onGone(tab: string): Promise<void>;
};

/** Gives every other tab that says hello a session of its own, until that tab dies, and tells all that a leader is there. */
export function serveTabs(served: TabsServed): void {
	const { leader, build } = served;
	const controlName: ControlChannel = 'atoll:control';
	const control = new BroadcastChannel(controlName);
	const tell = (message: ControlMessage) => control.postMessage(message);
	const tabs = new Set<string>();

	async function serve(tab: string): Promise<void> {
		const name: SessionChannel = `atoll:session:${leader}:${tab}`;
		const channel = new BroadcastChannel(name);
		const calls = new Calls(served.runFor(tab));
		const gone = new AbortController();
		serveCalls(channelEndpoint(channel, gone.signal), calls);
		tell({ type: 'welcome', tab, leader });
		const lock: TabLock = `atoll:tab:${tab}`;
		await whenFree(lock, gone.signal);
		gone.abort();
		calls.end();
		channel.close();
		tabs.delete(tab);
		await served.onGone(tab);
	}

	control.onmessage = (event: MessageEvent<ControlMessage>) => {
		const message = event.data;
		if (message.type !== 'hello') return;
		const { tab } = message;
		if (message.build !== build) tell({ type: 'refused', tab, leader });
		else if (tabs.has(tab)) tell({ type: 'welcome', tab, leader });
		else {
			tabs.add(tab);
			void serve(tab);
		}
	};
	tell({ type: 'leading', leader });
}
