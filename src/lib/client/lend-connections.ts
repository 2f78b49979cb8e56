import { networkLeave } from './network-leave.ts';
import type { ConnectionNews, ConnectionOrder, WorkerMessage } from '../../workers/session/protocol.ts';

/** A connection that has tried nothing of what it was told by then is held back by the browser; others take milliseconds. */
const heldAfterMs = 1_000;

/** It was told where to go and knows addresses of its own, yet it sends nothing. */
function isHeld({ iceConnectionState, localDescription }: RTCPeerConnection): boolean {
	return iceConnectionState === 'new' && /^a=candidate:/m.test(localDescription?.sdp ?? '');
}

/** Tells it again where to go: leave that is given elsewhere than in the question, as in the settings, moves nothing that is held. */
function tellAgain(connection: RTCPeerConnection): void {
	const [, candidate] = /^a=(candidate:.*)$/m.exec(connection.remoteDescription?.sdp ?? '') ?? [];
	if (candidate !== undefined) void connection.addIceCandidate({ candidate: candidate.trim(), sdpMLineIndex: 0 });
}

type Lent = { readonly connection: RTCPeerConnection; readonly host: string };
type OnAsked = (isAsked: boolean) => void;

/** The connections of WebRTC that this page has for its worker. */
class LentConnections {
	readonly #worker: Worker;
	readonly #onAsked: OnAsked;
	readonly #open = new Map<number, Lent>();
	/** Those that wait for a person's word. */
	readonly #asking = new Set<number>();

	constructor(worker: Worker, onAsked: OnAsked) {
		this.#worker = worker;
		this.#onAsked = onAsked;
	}

	take(order: ConnectionOrder): void {
		if (order.type === 'connection-open') return this.#openOne(order.id, order.host);
		const lent = this.#open.get(order.id);
		if (lent === undefined) return;
		if (order.type === 'connection-close') return this.#end(order.id);
		void this.#answer(order.id, lent, order.sdp);
	}

	close(): void {
		for (const id of this.#open.keys()) this.#end(id);
	}

	#openOne(id: number, host: string): void {
		const connection = new RTCPeerConnection();
		this.#open.set(id, { connection, host });
		const channel = connection.createDataChannel('', { negotiated: true, id: 0 });
		// In the same turn of the page: afterwards it stays here.
		this.#tell({ type: 'connection-channel', id, channel }, [channel]);
		connection.addEventListener('connectionstatechange', () => {
			if (connection.connectionState === 'failed') this.#fail(id, connection);
		});
		void this.#offer(id, connection);
	}

	async #offer(id: number, connection: RTCPeerConnection): Promise<void> {
		try {
			await connection.setLocalDescription();
			this.#tell({ type: 'connection-offer', id, sdp: connection.localDescription?.sdp ?? '' });
		} catch {
			this.#fail(id, connection);
		}
	}

	async #answer(id: number, lent: Lent, sdp: string): Promise<void> {
		try {
			await lent.connection.setRemoteDescription({ type: 'answer', sdp });
			setTimeout(() => void this.#lookForLeave(id, lent), heldAfterMs);
		} catch {
			this.#fail(id, lent.connection);
		}
	}

	/** Tells what a person says, where the browser holds a connection back for that. */
	async #lookForLeave(id: number, { connection, host }: Lent): Promise<void> {
		if (!this.#open.has(id) || !isHeld(connection)) return;
		const leave = await networkLeave(host);
		if (leave === null) return;
		const tell = () => {
			if (!this.#open.has(id)) return;
			this.#noteAsking(id, leave.state === 'prompt');
			if (leave.state === 'granted' && isHeld(connection)) tellAgain(connection);
			this.#tell({ type: 'connection-held', id, leave: leave.state });
		};
		leave.addEventListener('change', tell);
		tell();
	}

	#noteAsking(id: number, isAsked: boolean): void {
		if (isAsked) this.#asking.add(id);
		else this.#asking.delete(id);
		this.#onAsked(this.#asking.size > 0);
	}

	#fail(id: number, { iceConnectionState }: RTCPeerConnection): void {
		if (!this.#open.has(id)) return;
		const isReached = iceConnectionState === 'connected' || iceConnectionState === 'completed';
		this.#tell({ type: 'connection-failed', id, isReached });
		this.#end(id);
	}

	#end(id: number): void {
		this.#open.get(id)?.connection.close();
		this.#open.delete(id);
		if (this.#asking.has(id)) this.#noteAsking(id, false);
	}

	#tell(news: ConnectionNews, transfer: Transferable[] = []): void {
		this.#worker.postMessage(news, transfer);
	}
}

/**
 * Has connections of WebRTC for `worker`, as it asks, until they are closed. `onAsked` hears whether one of them waits for a
 * person to let this page into the network around it.
 */
export function lendConnections(worker: Worker, onAsked: OnAsked): { close(): void } {
	const connections = new LentConnections(worker, onAsked);
	worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
		if (data.type === 'connection-open' || data.type === 'connection-answer' || data.type === 'connection-close')
			connections.take(data);
	});
	return connections;
}
