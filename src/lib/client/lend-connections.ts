import type { ConnectionNews, ConnectionOrder, WorkerMessage } from '../../workers/session/protocol.ts';

/** The connections of WebRTC that this page has for its worker. */
class LentConnections {
	readonly #worker: Worker;
	readonly #open = new Map<number, RTCPeerConnection>();

	constructor(worker: Worker) {
		this.#worker = worker;
	}

	take(order: ConnectionOrder): void {
		if (order.type === 'connection-open') return this.#openOne(order.id);
		const connection = this.#open.get(order.id);
		if (connection === undefined) return;
		if (order.type === 'connection-close') return this.#end(order.id);
		connection.setRemoteDescription({ type: 'answer', sdp: order.sdp }).catch(() => this.#fail(order.id, connection));
	}

	close(): void {
		for (const id of this.#open.keys()) this.#end(id);
	}

	#openOne(id: number): void {
		const connection = new RTCPeerConnection();
		this.#open.set(id, connection);
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

	#fail(id: number, { iceConnectionState }: RTCPeerConnection): void {
		if (!this.#open.has(id)) return;
		const isReached = iceConnectionState === 'connected' || iceConnectionState === 'completed';
		this.#tell({ type: 'connection-failed', id, isReached });
		this.#end(id);
	}

	#end(id: number): void {
		this.#open.get(id)?.close();
		this.#open.delete(id);
	}

	#tell(news: ConnectionNews, transfer: Transferable[] = []): void {
		this.#worker.postMessage(news, transfer);
	}
}

/** Has connections of WebRTC for `worker`, as it asks, until they are closed. */
export function lendConnections(worker: Worker): { close(): void } {
	const connections = new LentConnections(worker);
	worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
		if (data.type === 'connection-open' || data.type === 'connection-answer' || data.type === 'connection-close')
			connections.take(data);
	});
	return connections;
}
